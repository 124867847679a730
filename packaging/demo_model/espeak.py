"""espeak-ng through its library: many sentences a second, and it tells when each word and phone begins."""

import ctypes as c
import itertools
from collections.abc import Sequence
from functools import cache

import numpy as np

from demo_model.speech import RATE_HZ, SILENCE, Speech, resampled

_SYNCHRONOUS, _PHONE_EVENTS, _CHARACTERS, _UTF8 = 2, 1, 1, 1
_WORD, _PHONE = 1, 7
_RATE, _PITCH, _RANGE = 1, 3, 4
_LIBRARY = "libespeak-ng.so.1"


class _Event(c.Structure):
    _fields_ = (
        ("type", c.c_int),
        ("message", c.c_uint),
        ("text_position", c.c_int),
        ("length", c.c_int),
        ("audio_ms", c.c_int),
        ("sample", c.c_int),
        ("user_data", c.c_void_p),
        ("phone", c.c_char * 8),
    )


_Callback = c.CFUNCTYPE(c.c_int, c.POINTER(c.c_short), c.c_int, c.POINTER(_Event))


class _Library:
    """The library, started once in a process: it holds its voice in globals."""

    def __init__(self) -> None:
        self._espeak = c.CDLL(_LIBRARY)
        self.rate_hz = self._espeak.espeak_Initialize(_SYNCHRONOUS, 0, None, _PHONE_EVENTS)
        self._chunks: list[np.ndarray] = []
        self._events: list[tuple[int, int, int, str]] = []
        self._callback = _Callback(self._receive)  # kept: the library holds only its address
        self._espeak.espeak_SetSynthCallback(self._callback)

    def say(self, text: str, voice: str, words_a_minute: int, pitch: int, melody: int) -> tuple[np.ndarray, list]:
        """The samples, and the events as (kind, place in the text, milliseconds, phone)."""
        self._chunks, self._events = [], []
        if self._espeak.espeak_SetVoiceByName(voice.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {voice}")
        for parameter, value in ((_RATE, words_a_minute), (_PITCH, pitch), (_RANGE, melody)):
            self._espeak.espeak_SetParameter(parameter, value, 0)
        raw = text.encode() + b"\0"
        self._espeak.espeak_Synth(raw, len(raw), 0, _CHARACTERS, 0, _UTF8, None, None)
        return np.concatenate(self._chunks), self._events

    def _receive(self, samples: "c._Pointer[c.c_short]", count: int, events: "c._Pointer[_Event]") -> int:
        if samples and count:
            self._chunks.append(np.ctypeslib.as_array(samples, (count,)).copy())
        for place in itertools.count():
            event = events[place]
            if event.type == 0:
                return 0
            if event.type in (_WORD, _PHONE):
                phone = event.phone.decode() if event.type == _PHONE else ""
                self._events.append((event.type, event.text_position - 1, event.audio_ms, phone))
        raise AssertionError


@cache
def _library() -> _Library:
    return _Library()


def speak(text: str, voice: str, words_a_minute: int = 160, pitch: int = 50, melody: int = 50) -> Speech:
    """One sentence. `voice` as in `en-us+m3`; pitch and melody (how far the pitch moves) from 0 to 99."""
    raw, events = _library().say(text, voice, words_a_minute, pitch, melody)
    samples = resampled(raw.astype(np.float32) / 32768, round(len(raw) * RATE_HZ / _library().rate_hz))
    phones = [(ms / 1000, SILENCE if name.startswith("_") else name) for kind, _, ms, name in events if kind == _PHONE]
    starts = {place: ms / 1000 for kind, place, ms, _ in events if kind == _WORD}
    return Speech(samples, _words(text, starts, phones, len(samples) / RATE_HZ), tuple(phones)).trimmed()


def _words(
    text: str, events: dict[int, float], phones: Sequence[tuple[float, str]], end: float
) -> tuple[tuple[float, float], ...]:
    """Words that espeak-ng runs together ("in the") share their time evenly."""
    heard = [(number, start) for number, start in enumerate(_word_starts(text, events)) if start is not None]
    heard = [(0, 0.0), *heard[1:]] if heard else [(0, 0.0)]
    pauses = [seconds for seconds, name in phones if name == SILENCE]
    times: list[tuple[float, float]] = []
    for (number, start), (following, finish) in itertools.pairwise([*heard, (text.count(" ") + 1, end)]):
        spoken_until = min([seconds for seconds in pauses if start < seconds < finish], default=finish)
        edges = np.linspace(start, spoken_until, following - number + 1).tolist()
        times += itertools.pairwise(edges)
    return tuple(times)


def _word_starts(text: str, events: dict[int, float]) -> list[float | None]:
    """An event names the first letter of its word, not the mark before it."""
    starts: list[float | None] = []
    place = 0
    for word in text.split(" "):
        inside = [seconds for at, seconds in events.items() if place <= at < place + len(word)]
        starts.append(inside[0] if inside else None)
        place += len(word) + 1
    return starts
