"""Dictations on their way to text: heard piece by piece while they are spoken, so that little is left at their end.

A piece is heard with some silence after it, and not filled up to the 30 s that the model was trained on: that takes
half of the time or less. Where the result is doubtful it is heard once more in full.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from desktop.core import doubts, errors
from desktop.core.dictated import Read, Utterance
from desktop.core.options import AUTO
from desktop.core.transcript import Segment
from desktop.core.words import is_spaceless
from desktop.engine import protocol
from desktop.engine.media import SAMPLE_RATE_HZ, Samples
from desktop.engine.pieces import PieceCutter, Unfinished
from desktop.engine.speech import Window
from desktop.engine.voice import FRAME_MS
from desktop.engine.whisper import FRAMES_PER_S, Reading, Recogniser

PAUSES = ((4_000, 900), (7_000, 450), (10_000, 300), (20_000, 200))
"""As those of recordings; pieces end sooner, since somebody waits for the last one."""
MOST_FRAMES = 14_000 // FRAME_MS
AHEAD_MS = 150
"""After so long a pause the rest is heard in case nothing follows: then its text is there when the key comes up."""
QUICK_S = 0.2
"""Only where hearing takes no longer, words are shown before a pause: the key may come up in the middle of it."""
PREVIEW_EVERY_S = 0.6
LEAST, MARGIN = 20 * FRAMES_PER_S, 5 * FRAMES_PER_S
"""How much of the 30 s the encoder gets at least, and after the sound: with less, small models say things twice.

Measured with the demo model on 200 sentences and 50 pairs of them (`tests/benchmarks/dictation.py`): as good as with
30 s, one pair of 50 is heard again. With 10 s three sentences of four are, and seven words of a hundred are wrong.
"""
LEAST_SPEECH_MS = 120
LEAST_HINTED_MS = 1000
"""Shorter speech is not hinted at: models repeat the hint where they hear nothing."""
TOKENS_PER_S, MORE_TOKENS = 7, 12
TWICE = 3
"""So many words are not said twice in a row; one or two are."""
SURE = -0.7
"""In the precise way of working, text that is heard so surely is told to the model as what came before the next."""
FULL_SCALE = 32_768
TONES_MS = 1000
TONE_WIDTH_HZ = 45.0

Send = Callable[[protocol.Report], None]


@dataclass(frozen=True, slots=True)
class Piece:
    """What was heard of one window."""

    segment: Segment
    reading: Reading
    language: str
    is_doubtful: bool
    encode_ms: int = 0
    decode_ms: int = 0
    retries: int = 0


class Hearer:
    """Hears windows with one model, as quickly as it can."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that the model knows; the first where there is only one."""
        return self._recogniser.languages if self._recogniser.is_multilingual else self._recogniser.languages[:1]

    @property
    def name(self) -> str:
        """Of the model."""
        return self._recogniser.name

    def heard(
        self,
        window: Window,
        utterance: Utterance,
        before: str,
        language: Callable[[object], str],
        is_sketch: bool = False,
    ) -> Piece:
        """What is said in a window. A sketch is not heard twice."""
        piece = self._heard_once(window, utterance, before, language, utterance.in_full)
        if not piece.is_doubtful or is_sketch:
            return piece
        whole = window.unabridged() or window
        others = [self._heard_once(window, utterance, "", language, in_full=True)]
        if others[-1].is_doubtful and whole is not window:
            others.append(self._heard_once(whole, utterance, "", language, in_full=True))
        best = min((piece, *others), key=lambda one: (one.is_doubtful, -one.reading.avg_logprob))
        return replace(
            best,
            encode_ms=sum(one.encode_ms for one in (piece, *others)),
            decode_ms=sum(one.decode_ms for one in (piece, *others)),
            retries=len(others),
        )

    def likely(self, encoded: object) -> dict[str, float]:
        """The likeliest languages of a window."""
        (found,) = self._recogniser.detect(encoded)  # type: ignore[arg-type]
        return found

    def _heard_once(
        self, window: Window, utterance: Utterance, before: str, language: Callable[[object], str], in_full: bool
    ) -> Piece:
        recogniser = self._recogniser
        began = time.monotonic()
        samples = window.samples
        features = recogniser.features(samples) if in_full else recogniser.short_features(samples, LEAST, MARGIN)
        encoded = recogniser.encode([features])
        encoded_at = time.monotonic()
        options = utterance.options
        if _speech_ms(window) < LEAST_HINTED_MS:
            options = replace(options, hotwords="", prompt="")
        most = MORE_TOKENS + TOKENS_PER_S * window.length_ms // 1000
        spoken = language(encoded)
        prompt = recogniser.prompt(spoken, options, before)
        (reading,) = recogniser.read(encoded.all, [prompt], replace(options, max_new_tokens=most))
        segment = _segment(window, reading, f"{options.hotwords} {options.prompt}".strip())
        is_doubtful = bool(segment.suspect) or len(reading.tokens) >= most or _is_odd(reading.text)
        return Piece(segment, reading, spoken, is_doubtful, _ms(encoded_at - began), _ms(time.monotonic() - encoded_at))


def _is_odd(text: str) -> bool:
    """Whether there is nothing, or something stands there twice in a row, as models write where sound ends early."""
    words = doubts.plain_words(text)
    lengths = range(TWICE, len(words) // 2 + 1)
    return not words or any(
        words[at : at + length] == words[at + length : at + 2 * length]
        for length in lengths
        for at in range(len(words) - 2 * length + 1)
    )


def _ms(seconds: float) -> int:
    return round(1000 * seconds)


def _speech_ms(window: Window) -> int:
    return sum(end - start for start, end in window.speech)


def _segment(window: Window, reading: Reading, hint: str) -> Segment:
    """A piece as one segment, judged as a whole: words are not timed, since nobody sees when they were said."""
    start_ms, end_ms = (
        (window.speech[0][0], window.speech[-1][1]) if window.speech else (window.start_ms, window.end_ms)
    )
    evidence = doubts.Evidence(
        text=reading.text,
        room_ms=window.end_ms - window.start_ms,
        avg_logprob=reading.avg_logprob,
        no_speech_prob=reading.no_speech_prob,
        speech=min(1.0, _speech_ms(window) / max(1, end_ms - start_ms)),
        clearness=window.clearness(window.start_ms, window.end_ms),
        hint=hint,
    )
    return Segment(
        start_ms,
        end_ms,
        reading.text,
        (),
        round(reading.avg_logprob, 4),
        round(reading.no_speech_prob, 4),
        round(doubts.compression(reading.text), 4),
        reading.temperature,
        doubts.doubt(evidence),
    )


class _Tones:
    """Takes the pure tones of the start sound out of the first second; what is said at the same time stays."""

    def __init__(self, tones_hz: tuple[int, ...]) -> None:
        self._tones_hz = tones_hz
        self._held: list[Samples] = []
        self._left = TONES_MS * SAMPLE_RATE_HZ // 1000 if tones_hz else 0

    def without(self, block: Samples, is_last: bool = False) -> Samples:
        """The sound without them; it is held back until all of it is there."""
        if not self._tones_hz:
            return block
        self._held.append(block)
        self._left -= len(block)
        if self._left > 0 and not is_last:
            return block[:0]
        sound, end = np.concatenate(self._held), max(0, self._left + sum(map(len, self._held)))
        sound[:end] = _filtered(sound[:end], self._tones_hz)
        self._tones_hz, self._held = (), []
        return sound


def _filtered(samples: Samples, tones_hz: tuple[int, ...]) -> Samples:
    if not len(samples):
        return samples
    spectrum = np.fft.rfft(samples)
    at_hz = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE_HZ)
    for tone in tones_hz:
        spectrum[np.abs(at_hz - tone) < TONE_WIDTH_HZ] = 0
    found: Samples = np.fft.irfft(spectrum, len(samples)).astype(np.float32)
    return found


@dataclass(eq=False)
class _Take:
    """One dictation at work."""

    number: int
    utterance: Utterance
    tones: _Tones
    language: str
    cutter: PieceCutter = field(
        default_factory=lambda: PieceCutter(0, vad=True, pauses=PAUSES, most_frames=MOST_FRAMES)
    )
    blocks: deque[bytes] = field(default_factory=deque)
    windows: deque[Window] = field(default_factory=deque)
    """Pieces that are waiting to be heard."""
    pieces: list[Piece] = field(default_factory=list)
    ahead: tuple[Window, Piece] | None = None
    """What was heard in case nothing follows."""
    shown: str = ""
    sketched_at: float = 0.0
    sketched_ms: int = 0
    took_s: float = 0.0
    is_ended: bool = False
    is_cut: bool = False
    """Whether the last sound is in a window."""
    encode_ms: int = 0
    decode_ms: int = 0


class Dictations:
    """All dictations that are under way: one is spoken, others may still be heard. `step` does one thing.

    What was said comes first: a sketch of what is being said is only made where nothing else waits.
    """

    def __init__(self, recogniser: Recogniser, send: Send) -> None:
        self._hearer = Hearer(recogniser)
        self._send = send
        self._takes: dict[int, _Take] = {}
        self._is_dry = True

    @property
    def has_work(self) -> bool:
        """Whether something can be done before more sound comes."""
        return bool(self._takes) and not self._is_dry

    def begin(self, number: int, utterance: Utterance) -> None:
        """Sound will come. Raises LanguageUnknown."""
        wanted, known = utterance.options.language, self._hearer.languages
        if len(known) == 1 and wanted == AUTO:
            wanted = known[0]
        if wanted not in (*known, AUTO):
            raise errors.LanguageUnknown(model=self._hearer.name, language=wanted, languages=", ".join(known))
        self._takes[number] = _Take(number, utterance, _Tones(utterance.tones_hz), wanted)

    def feed(self, number: int, samples: bytes) -> None:
        """More sound."""
        if take := self._takes.get(number):
            take.blocks.append(samples)
            self._is_dry = False

    def end(self, number: int) -> None:
        """That was all of it."""
        if take := self._takes.get(number):
            take.is_ended = True
            self._is_dry = False

    def stop(self, number: int) -> None:
        """Nobody waits for it any more."""
        if self._takes.pop(number, None):
            self._send(protocol.Stopped(number))

    def leave(self) -> list[int]:
        """Leave all at once; their numbers."""
        numbers = list(self._takes)
        self._takes.clear()
        return numbers

    def step(self) -> None:
        """Do what is most urgent. Raises AppError when the model fails."""
        takes = list(self._takes.values())
        for take in takes:
            self._take_in(take)
        for do in (self._hear, self._tell, self._hear_ahead, self._sketch):
            if any(do(take) for take in takes):
                return
        self._is_dry = True

    def _take_in(self, take: _Take) -> None:
        if take.blocks:
            raw = b"".join(take.blocks)
            take.blocks.clear()
            self._cut(take, np.frombuffer(raw, "<i2").astype(np.float32) / np.float32(FULL_SCALE))
        if take.is_ended and not take.is_cut:
            take.is_cut = True
            self._cut(take, np.empty(0, np.float32))
            take.windows.extend(one for one in take.cutter.ended() if _has_speech(one))

    def _cut(self, take: _Take, samples: Samples) -> None:
        sound = take.tones.without(samples, take.is_cut)
        take.windows.extend(one for one in take.cutter.fed(sound) if _has_speech(one))

    def _hear(self, take: _Take) -> bool:
        if not take.windows:
            return False
        window = take.windows.popleft()
        piece = self._known_ahead(take, window) or self._heard(take, window)
        take.ahead = None
        take.pieces.append(piece)
        take.language = piece.language  # where it was open, the first piece decides
        if take.is_cut:
            take.encode_ms += piece.encode_ms
            take.decode_ms += piece.decode_ms
        self._show(take, "")
        return True

    @staticmethod
    def _known_ahead(take: _Take, window: Window) -> Piece | None:
        """What was heard ahead, if that is all that is in this window: it cost nothing after the end."""
        if take.ahead and take.ahead[0].speech == window.speech:
            return replace(take.ahead[1], encode_ms=0, decode_ms=0)
        return None

    def _tell(self, take: _Take) -> bool:
        if not take.is_cut:
            return False
        segments = _joined(take.pieces)
        retries = sum(piece.retries for piece in take.pieces)
        language = take.language if take.language != AUTO else ""
        del self._takes[take.number]
        self._send(Read(take.number, segments, language, take.encode_ms, take.decode_ms, retries))
        return True

    def _hear_ahead(self, take: _Take) -> bool:
        unfinished = take.cutter.unfinished()
        window = unfinished.window
        if not _has_speech(window) or (take.ahead and take.ahead[0].speech == window.speech):
            return False
        if window.end_ms - window.speech[-1][1] < AHEAD_MS:
            return False
        piece = self._heard(take, window)
        take.ahead = window, piece
        self._show(take, piece.reading.text)
        return True

    def _sketch(self, take: _Take) -> bool:
        """Show words before there is a pause, where the machine is quick enough for that not to be felt."""
        if take.took_s > QUICK_S or time.monotonic() - take.sketched_at < PREVIEW_EVERY_S:
            return False
        unfinished: Unfinished = take.cutter.unfinished()
        window = unfinished.window
        if not _has_speech(window) or window.speech[-1][1] - take.sketched_ms < 1000 * PREVIEW_EVERY_S / 2:
            return False
        take.sketched_ms = window.speech[-1][1]
        self._show(take, self._heard(take, window, is_sketch=True).reading.text)
        take.sketched_at = time.monotonic()
        return True

    def _heard(self, take: _Take, window: Window, is_sketch: bool = False) -> Piece:
        began = time.monotonic()
        last = take.pieces[-1] if take.pieces and take.utterance.options.mode == "precise" else None
        before = last.reading.text if last and last.reading.avg_logprob > SURE and not last.is_doubtful else ""
        # Languages are told apart by the full window: short ones are taken for another.
        utterance = replace(take.utterance, in_full=take.utterance.in_full or take.language == AUTO)
        piece = self._hearer.heard(window, utterance, before, lambda one: self._language(take, one), is_sketch)
        take.took_s = time.monotonic() - began
        return piece

    def _language(self, take: _Take, encoded: object) -> str:
        if take.language != AUTO:
            return take.language
        likely = self._hearer.likely(encoded)
        return max(likely, key=lambda one: likely[one])

    def _show(self, take: _Take, rest: str) -> None:
        settled = "".join(one.text for one in _joined(take.pieces) if not one.suspect)
        gap = " " if settled and rest and not is_spaceless(rest[0]) else ""
        if (text := f"{settled}{gap}{rest}".strip()) != take.shown:
            take.shown = text
            self._send(protocol.Preview(take.number, 0, text, len(settled)))


def _has_speech(window: Window) -> bool:
    return _speech_ms(window) >= LEAST_SPEECH_MS


def _joined(pieces: list[Piece]) -> tuple[Segment, ...]:
    """Their segments as they follow each other, with a space between where the script has any."""
    return tuple(_spaced(pieces))


def _spaced(pieces: list[Piece]) -> Iterator[Segment]:
    is_first = True
    for segment in (piece.segment for piece in pieces if piece.segment.text):
        yield segment if is_first or is_spaceless(segment.text[0]) else replace(segment, text=f" {segment.text}")
        is_first = False
