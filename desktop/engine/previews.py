"""What is being said just now, heard roughly and cheaply while there is nothing else to hear."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from desktop.core import doubts
from desktop.core.live import Draft
from desktop.core.options import Options
from desktop.core.transcript import Segment
from desktop.core.words import pieces
from desktop.engine import protocol
from desktop.engine.pieces import Unfinished
from desktop.engine.whisper import Encoded, Recogniser

STEP_MS = 400
"""There is a new preview when so much more has been heard."""
LEAST_SPEECH_MS = 250
SHARE = 0.5
"""Of the time, at most, for previews: the rest is for the pieces themselves, and for other programs."""
SLOW_S = 0.3
"""Where a preview takes longer, less of the silence after it is encoded, which costs some accuracy, and what stands is
not heard again: it is given to the decoder as the beginning."""
LEAST_TWICE = 3
"""Fewer words may be said twice."""
TOKENS_PER_S, MORE_TOKENS = 7, 12


@dataclass(slots=True)
class _Track:
    """What is shown of one, and what it was made of."""

    number: int = -1
    held: tuple[Segment, ...] = ()
    """Heard as a whole, but not to be told before what is said on another track."""
    draft: Draft = Draft()
    start_ms: int = 0
    heard_ms: int = 0
    speech_end_ms: int = 0
    shown: tuple[str, int] = ("", 0)


class Previewer:
    """The previews of one recording."""

    def __init__(
        self,
        number: int,
        recogniser: Recogniser,
        options: Options,
        send: Callable[[protocol.Report], None],
        slow_s: float = SLOW_S,
    ) -> None:
        self._number = number
        self._recogniser = recogniser
        self._options = replace(options, beam_size=1)
        self._send = send
        self._tracks: dict[int, _Track] = {}
        self._not_before = 0.0
        self._slow_s = slow_s
        self._is_slow = False

    def is_due(self, track: int, unfinished: Unfinished) -> bool:
        """Whether enough was said since the last time, and the last time is long enough ago."""
        speech = unfinished.window.speech
        if not speech or sum(end - start for start, end in speech) < LEAST_SPEECH_MS:
            return False
        known = self._tracks.setdefault(track, _Track())
        if known.number != unfinished.number:
            return time.monotonic() >= self._not_before
        is_more = speech[-1][1] > known.speech_end_ms and unfinished.window.end_ms - known.heard_ms >= STEP_MS
        return is_more and time.monotonic() >= self._not_before

    def hear(
        self, track: int, unfinished: Unfinished, language: Callable[[Encoded], str], before: str, speaker: str
    ) -> None:
        """Hear what is there and tell what is new."""
        began = time.monotonic()
        window, draft = unfinished.window, self._known(track, unfinished).draft
        features = self._recogniser.short_features if self._is_slow else self._recogniser.features
        encoded = self._recogniser.encode([features(window.samples)])
        begun = "".join(draft.standing) if self._is_slow else ""
        prompt = self._recogniser.prompt(language(encoded), self._options, before, begun)
        most = MORE_TOKENS + TOKENS_PER_S * window.length_ms // 1000
        (reading,) = self._recogniser.read(encoded.all, [prompt], replace(self._options, max_new_tokens=most))
        took_s = time.monotonic() - began
        self._is_slow = self._is_slow or took_s > self._slow_s
        self._not_before = time.monotonic() + took_s * (1 / SHARE - 1)
        self.take(track, unfinished, _said_once(reading.text), speaker)

    def take(self, track: int, unfinished: Unfinished, text: str, speaker: str) -> None:
        """Tell what is new in what was heard."""
        window, known = unfinished.window, self._known(track, unfinished)
        known.heard_ms, known.speech_end_ms = window.end_ms, window.speech[-1][1]
        if not text or doubts.is_loop(text):
            return
        if not known.draft.text:
            known.start_ms = window.speech[0][0]
        known.draft = known.draft.heard(text)
        self._show(known, speaker)

    def _known(self, track: int, unfinished: Unfinished) -> _Track:
        known = self._tracks.setdefault(track, _Track())
        if known.number != unfinished.number:
            known.number, known.draft = unfinished.number, Draft()
        return known

    def settle(self, track: int, speaker: str, is_over: bool, held: Sequence[Segment] = ()) -> None:
        """Something has been told. If a piece of this track `is_over`, what was guessed of it is over, too.

        What has been heard as a whole and cannot be told yet is `held`: it is shown in front.
        """
        known = self._tracks.setdefault(track, _Track())
        known.held = tuple(held)
        if is_over:
            known.number, known.draft = -1, Draft()
        self._show(known, speaker)

    def _show(self, known: _Track, speaker: str) -> None:
        held = " ".join(one.text for one in known.held)
        between = " " if held and known.draft.text else ""
        text = f"{held}{between}{known.draft.text}"
        shown = (text, len(held) + (len(between) + known.draft.stable if known.draft.stable else 0))
        if shown != known.shown:
            known.shown = shown
            start_ms = known.held[0].start_ms if known.held else known.start_ms
            self._send(protocol.Preview(self._number, start_ms, *shown, speaker))


def _said_once(text: str) -> str:
    """The text, or its first half where it says all of it twice: models do that that miss the silence at the end."""
    words = pieces(text)
    half = len(words) // 2
    twice = half >= LEAST_TWICE and doubts.plain_words("".join(words[:half])) == doubts.plain_words(
        "".join(words[half:])
    )
    return "".join(words[:half]) if twice else text
