"""What an export format is, and how times are written in one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePath

from desktop.core.cues import Cue, compose, one_line
from desktop.core.rules import DEFAULT, Rules
from desktop.core.transcript import Transcript


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """What a person may choose about the text of an export; a format takes what concerns it."""

    word_timestamps: bool = False
    """Whether subtitles hold the time of each word: VTT and ASS have a place for it. Karaoke always has them."""
    suspects: bool = False
    """Whether text that may not have been said is written too."""
    rules: Rules | None = DEFAULT
    """How cues are composed. None: each segment is a cue, its lines and times as they are."""
    frame_rate: float = 0
    """That of the picture: cues begin and end with frames of it. 0: as the rules say."""
    times: bool | None = None
    """Whether text to read says when each part was said. None: as is usual for the format."""
    speakers: bool = True
    """Whether the names of speakers are written. SRT has no place for them."""
    paragraph_pause_ms: int = 0
    """Text to read is one paragraph up to a pause of this length or another speaker. 0: one for each segment."""
    title: str = ""
    """The heading of a document. Empty: the name of the source without its suffix."""
    line_percent: int = 0
    """How far down the picture subtitles begin, for VTT, ASS and TTML. 0: they end at its bottom."""

    def chosen(self, transcript: Transcript) -> Transcript:
        """The transcript as it is to be read by people; formats that keep everything do not ask."""
        return transcript if self.suspects else transcript.without_suspects()

    def cues(self, transcript: Transcript) -> list[Cue]:
        """The cues of what is chosen, in order; each lasts a millisecond at least, since readers refuse others."""
        chosen, rules = self.chosen(transcript), self.rules_in_use
        if self.rules is None:
            chosen = replace(chosen, segments=tuple(replace(one, is_pinned=True) for one in chosen.segments))
        found = compose(chosen, rules)
        lasting = [one if one.end_ms > one.start_ms else replace(one, end_ms=one.start_ms + 1) for one in found]
        return sorted(lasting, key=lambda one: one.start_ms)

    def shows_times(self, usual: bool) -> bool:
        """Whether text to read says when it was said, given whether it usually does."""
        return usual if self.times is None else self.times

    @property
    def rules_in_use(self) -> Rules:
        """The rules with the frame rate that was chosen."""
        rules = self.rules or DEFAULT
        return replace(rules, frame_rate=self.frame_rate) if self.frame_rate else rules

    @property
    def sings(self) -> bool:
        """Whether words are lit up one after the other."""
        return self.word_timestamps or (self.rules is not None and self.rules.karaoke)

    def heading(self, transcript: Transcript) -> str:
        """The title, on one line and fit for any format; empty when nothing has a name."""
        return one_line(self.title or PurePath(transcript.source).stem)


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file. `write` is pure; where it gives text, UTF-8 can always encode it."""

    name: str
    suffix: str
    label: str
    write: Callable[[Transcript, WriteOptions], str | bytes]

    def content(self, transcript: Transcript, options: WriteOptions) -> bytes:
        """What the file holds."""
        written = self.write(transcript, options)
        return written if isinstance(written, bytes) else written.encode()


def timed_pieces(cue: Cue) -> list[tuple[int, str]]:
    """The text of a cue in pieces, each with the time at which it begins: inside the cue, and increasing.

    A word whose time is none of these belongs to the piece before it.
    """
    times_ms, texts, rest = [cue.start_ms], [""], cue.text
    for word in cue.words:
        text = one_line(word.text)
        if not text or text not in rest:
            continue
        before, said, rest = rest.partition(text)
        texts[-1] += before
        if times_ms[-1] < word.start_ms < cue.end_ms:
            times_ms.append(word.start_ms)
            texts.append("")
        texts[-1] += said
    texts[-1] += rest
    return list(zip(times_ms, texts, strict=True))


def timestamp(ms: int, point: str) -> str:
    """A time as `00:01:02,345` with the given decimal point; from 100 hours on with more digits."""
    seconds, ms = divmod(ms, 1000)
    return f"{short_timestamp(1000 * seconds)}{point}{ms:03}"


def short_timestamp(ms: int) -> str:
    """The second in which something begins, as `00:01:02`."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}"
