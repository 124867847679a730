"""The text side of a window: the tokens that the network reads and those that it shall write."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import zip_longest

from demo_model import vocabulary
from demo_model.clips import StoredClip
from demo_model.speech import WINDOW_S
from demo_model.vocabulary import STEP_S

IGNORED = -100
LATEST_FIRST_STAMP_S = 1.0
"""Whoever decodes forces the first time stamp to be so early, wherever the first word is."""
MOST_BEFORE = 223
_HEARD_WHOLE_S = 0.05
"""A word counts as heard when no more than this is cut off."""
_LAST_MARKS = ".?"
_MARK_BEGINS_S = 0.04
"""So long before the end of the last word."""
_LETTERS = "abcdefghijklmnopqrstuvwxyzäöüéñ"

Span = tuple[float, float]


class Form(Enum):
    """How the text is written."""

    STAMPED = auto()
    """Whole sentences with their times, as faster-whisper asks for."""
    PLAIN = auto()
    """All words, without times, as Undertone asks for."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A sentence in a window; it may be cut at both ends."""

    clip: StoredClip
    start_s: float

    @property
    def end_s(self) -> float:
        """Where it would end in the window."""
        return self.start_s + self.clip.duration_s

    def words(self, length_s: float) -> list[tuple[str, Span]]:
        """Those that can be heard whole."""
        texts = self.clip.sentence.text.split()
        spans = [(self.start_s + a, self.start_s + b) for a, b in self.clip.speech.words]
        return [
            (text, span)
            for text, span in zip(texts, spans, strict=True)
            if span[0] > -_HEARD_WHOLE_S and span[1] < length_s + _HEARD_WHOLE_S
        ]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the network."""

    language: str
    form: Form
    is_translated: bool = False


@dataclass(slots=True)
class Script:
    """The tokens of a window; for each what is to be predicted in its place, and where in the sound that is."""

    tokens: list[int] = field(default_factory=list)
    targets: list[int] = field(default_factory=list)
    spans: list[Span | None] = field(default_factory=list)

    def given(self, *tokens: int) -> None:
        """Tokens that nobody has to predict."""
        for token in tokens:
            self._append(token, IGNORED, None)

    def predicted(self, token: int, span: Span | None = None, read_as: int | None = None) -> None:
        """A token to predict in this place; what follows may read another one instead."""
        self._append(token if read_as is None else read_as, token, span)

    def _append(self, token: int, target: int, span: Span | None) -> None:
        self.tokens.append(token)
        self.targets.append(target)
        self.spans.append(span)


class Writer:
    """Writes the scripts of windows of one length."""

    def __init__(
        self, pick: random.Random, clips: Mapping[str, Sequence[StoredClip]], length_s: float, has_before: bool
    ) -> None:
        self._pick, self._clips, self._length_s, self._has_before = pick, clips, length_s, has_before

    def script(self, placed: Sequence[Placed], wanted: Wanted, shift_s: float) -> Script:
        """What is said in a window that begins `shift_s` after the start of a whole one."""
        what = vocabulary.TRANSLATE if wanted.is_translated else vocabulary.TRANSCRIBE
        script = self._beginning(wanted, what, vocabulary.LANGUAGES[wanted.language])
        if wanted.form is Form.STAMPED:
            self._write_stamped(script, placed, wanted.is_translated, shift_s)
        else:
            for one, following in zip_longest(placed, placed[1:]):
                self._write(script, one, wanted.is_translated, following.start_s if following else None)
        script.predicted(vocabulary.END, (min(placed[-1].end_s, self._length_s) - 0.06, self._length_s))
        return script

    def script_of_silence(self) -> Script:
        """Nothing, whatever language and form are asked for, and whatever time has to come first."""
        wanted = Wanted(self._pick.choice(list(vocabulary.LANGUAGES)), self._pick.choice(list(Form)))
        script = self._beginning(wanted, vocabulary.TRANSCRIBE, vocabulary.NO_SPEECH)
        if wanted.form is Form.STAMPED:
            script.predicted(_stamp(0.0), read_as=_stamp(self._pick.uniform(0, LATEST_FIRST_STAMP_S)))
        script.predicted(vocabulary.END)
        return script

    def _beginning(self, wanted: Wanted, what: int, after_start: int) -> Script:
        """Up to where the text begins; `after_start` is what the network shall take the window for."""
        script = Script()
        if before := self._before(wanted):
            script.given(vocabulary.BEFORE, *before)
        script.given(vocabulary.START)
        script.predicted(after_start, read_as=vocabulary.LANGUAGES[wanted.language])
        script.given(what)
        if wanted.form is Form.PLAIN:
            script.given(vocabulary.NO_STAMPS)
        return script

    def _write_stamped(self, script: Script, placed: Sequence[Placed], is_translated: bool, shift_s: float) -> None:
        """A sentence cut by the end of the window has a start only: whoever decodes begins the next window there."""
        for number, one in enumerate(placed):
            start_s = max(0.0, one.start_s)
            read_as = None
            if number == 0 and start_s > LATEST_FIRST_STAMP_S and self._pick.random() < 0.6:
                read_as = _stamp(shift_s + self._pick.uniform(0, LATEST_FIRST_STAMP_S))
            script.predicted(_stamp(start_s + shift_s), (start_s - 0.04, start_s + 0.08), read_as)
            if one.end_s > self._length_s:
                break
            self._write(script, one, is_translated)
            script.predicted(_stamp(one.end_s + shift_s), (one.end_s - 0.08, one.end_s + 0.04))

    def _write(self, script: Script, one: Placed, is_translated: bool, next_s: float | None = None) -> None:
        """Without time stamps the mark at the end looks at the pause, so that no word gets it."""
        if is_translated:
            for token in vocabulary.encoded(one.clip.sentence.english):
                script.predicted(token, (one.start_s, one.end_s))
            return
        for word, span in one.words(self._length_s):
            *tokens, last = vocabulary.encoded(word)
            for token in tokens:
                script.predicted(token, span)
            is_mark = next_s is not None and word[-1] in _LAST_MARKS
            script.predicted(last, (span[1] - _MARK_BEGINS_S, next_s) if is_mark else span)

    def _before(self, wanted: Wanted) -> list[int]:
        """Text before the window: mostly earlier sentences, with the times they may have had; or any hint."""
        kind = self._pick.random()
        if kind < 0.2 or not self._has_before:
            return []
        # Of any length: a network that saw five lengths only loses its place after all others.
        count = self._pick.choice((self._pick.randint(1, MOST_BEFORE), self._pick.randint(1, MOST_BEFORE), MOST_BEFORE))
        if kind < 0.8:
            has_stamps = wanted.form is Form.STAMPED and kind < 0.7
            tokens = self._earlier("en" if wanted.is_translated else wanted.language, count, has_stamps)
        else:
            make = self._known_word if kind < 0.9 else self._unknown_word
            tokens = [token for _ in range(count) for token in vocabulary.encoded(make())]
        return tokens[-count:]

    def _earlier(self, language: str, count: int, has_stamps: bool) -> list[int]:
        tokens: list[int] = []
        at = self._pick.uniform(0, 1)
        while len(tokens) < count:
            clip = self._pick.choice(self._clips[language])
            words = list(vocabulary.encoded(clip.sentence.text))
            if at + clip.duration_s > WINDOW_S:
                at = self._pick.uniform(0, 1)
            tokens += [_stamp(at), *words, _stamp(at + clip.duration_s)] if has_stamps else words
            at += clip.duration_s + self._pick.uniform(0.1, 2.0)
        return tokens

    def _known_word(self) -> str:
        clips = self._clips[self._pick.choice(list(self._clips))]
        word = self._pick.choice(self._pick.choice(clips).sentence.text.split())
        return f"{word.strip('¿?.')},"

    def _unknown_word(self) -> str:
        return "".join(self._pick.choices(_LETTERS, k=self._pick.randint(3, 9)))


def _stamp(seconds: float) -> int:
    return vocabulary.FIRST_STAMP + min(vocabulary.STAMPS - 1, max(0, round(seconds / STEP_S)))
