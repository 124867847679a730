"""Dictations heard piece by piece while they are spoken."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.dictated import Read, Utterance
from desktop.core.errors import LanguageUnknown
from desktop.core.options import Options
from desktop.core.spoken import said
from desktop.engine import protocol
from desktop.engine.utterance import TONES_MS, Dictations, _is_odd, _Tones
from desktop.engine.whisper import Recogniser
from desktop.system.chime import START_HZ
from tests.models import recogniser_of
from tests.sounds import RATE_HZ, plain, said_in, samples_of

ENGLISH = Options(language="en", beam_size=1)
SPOKEN = Utterance(ENGLISH)
BLOCK = RATE_HZ // 50
FIRST, FIRST_END = "My bird takes our report on a bright house.", 3_696


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return recogniser_of()


class Dictated:
    """One dictation, fed as a microphone feeds it."""

    def __init__(self, recogniser: Recogniser, utterance: Utterance = SPOKEN) -> None:
        self.told: list[protocol.Report] = []
        self.dictations = Dictations(recogniser, self.told.append)
        self.dictations.begin(3, utterance)

    def feed(self, sound: np.ndarray) -> None:
        for at in range(0, len(sound), BLOCK):
            self.dictations.feed(3, (sound[at : at + BLOCK] * 32_767).astype("<i2").tobytes())
            self.work()

    def work(self) -> None:
        while self.dictations.has_work:
            self.dictations.step()

    def end(self) -> Read:
        self.dictations.end(3)
        self.work()
        (last,) = (one for one in self.told if isinstance(one, Read))
        assert self.told[-1] is last
        return last

    @property
    def shown(self) -> list[str]:
        return [one.text for one in self.told if isinstance(one, protocol.Preview)]


def first_sentence(after_ms: int = 400) -> np.ndarray:
    return samples_of("demo-minute")[: (FIRST_END + after_ms) * RATE_HZ // 1000]


def test_words_are_shown_while_they_are_said_and_nothing_is_left_at_the_end(recogniser: Recogniser) -> None:
    one = Dictated(recogniser)
    one.feed(first_sentence())
    assert one.shown[-1] == FIRST, "a pause is worth hearing ahead"
    end = one.end()
    assert said(end.segments) == FIRST
    assert (end.encode_ms, end.decode_ms, end.language) == (0, 0, "en")


def test_what_is_said_without_a_pause_before_the_end_is_heard_then(recogniser: Recogniser) -> None:
    one = Dictated(recogniser)
    one.feed(first_sentence(after_ms=0))
    end = one.end()
    assert said(end.segments) == FIRST
    assert end.encode_ms > 0


def test_a_long_dictation_is_in_pieces_long_before_its_end(recogniser: Recogniser) -> None:
    one = Dictated(recogniser)
    sound = samples_of("demo-minute")
    one.feed(sound)
    before = one.shown[-1]
    end = one.end()
    assert len(end.segments) > 5
    assert len(before) > 0.9 * len(said(end.segments))
    truth = plain(said_in("demo-minute")).split()
    heard = plain(said(end.segments)).split()
    assert sum(word in heard for word in truth) > 0.9 * len(truth)


@pytest.mark.parametrize("sound", [np.zeros(3 * RATE_HZ), np.random.default_rng(1).normal(0, 0.003, 3 * RATE_HZ)])
def test_where_nobody_speaks_the_model_is_not_asked(recogniser: Recogniser, sound: np.ndarray) -> None:
    one = Dictated(recogniser)
    one.feed(sound)
    end = one.end()
    assert (end.segments, end.encode_ms) == ((), 0)
    assert one.shown == []


def test_the_start_sound_is_not_recognised_and_the_first_word_is(recogniser: Recogniser) -> None:
    sound = first_sentence()[300 * RATE_HZ // 1000 :].copy()
    at = np.arange(RATE_HZ // 3)
    for hz in START_HZ:
        sound[: len(at)] += 0.15 * np.sin(2 * np.pi * hz * at / RATE_HZ)
    one = Dictated(recogniser, Utterance(ENGLISH, tones_hz=START_HZ))
    one.feed(sound)
    assert said(one.end().segments) == FIRST


def test_one_that_nobody_waits_for_is_left(recogniser: Recogniser) -> None:
    one = Dictated(recogniser)
    one.feed(first_sentence())
    one.dictations.stop(3)
    one.dictations.end(3)
    one.work()
    assert one.told[-1] == protocol.Stopped(3)
    one.dictations.stop(3)
    assert one.told.count(protocol.Stopped(3)) == 1


def test_a_language_that_the_model_lacks_is_refused(recogniser: Recogniser) -> None:
    with pytest.raises(LanguageUnknown):
        Dictations(recogniser, lambda _report: None).begin(1, Utterance(Options(language="xx")))


def test_the_language_is_found_where_none_is_chosen(recogniser: Recogniser) -> None:
    one = Dictated(recogniser, Utterance(Options(beam_size=1)))
    one.feed(first_sentence())
    assert one.end().language == "en"


@pytest.mark.parametrize(
    ("text", "is_odd"),
    [
        ("", True),
        ("...", True),
        ("No, no.", False),
        ("It is what it is.", False),
        ("We go home. We go home.", True),
        ("So we go home. We go home again", True),
        ("New York, New York", False),
    ],
)
def test_what_is_heard_once_more(text: str, is_odd: bool) -> None:
    assert _is_odd(text) is is_odd


@given(st.lists(st.integers(0, 9_000), max_size=8))
def test_the_filter_keeps_every_sample(sizes: list[int]) -> None:
    tones = _Tones((1760,))
    blocks = [np.full(size, 0.1, np.float32) for size in sizes]
    out = [*(tones.without(block) for block in blocks), tones.without(np.empty(0, np.float32), is_last=True)]
    assert sum(map(len, out)) == sum(sizes)
    held = np.concatenate(out)[TONES_MS * RATE_HZ // 1000 :]
    assert (held == np.float32(0.1)).all()
