"""Speech that still goes on, in pieces: soon, not too long, nothing lost, the same from wherever work begins."""

from collections.abc import Iterator

import numpy as np
import pytest

from desktop.engine.media import SAMPLE_RATE_HZ, Samples
from desktop.engine.pieces import MOST_FRAMES, PAUSES, SILENT_FRAMES, PieceCutter
from desktop.engine.speech import PAD_FRAMES, SETTLED_FRAMES, SPEECH, Window
from desktop.engine.voice import FRAME_MS, VoiceState, listen
from tests.engine.test_speech import blocks_of, is_given, monologue, shape, speech_with_pauses
from tests.sounds import samples_of

MOST_MS = MOST_FRAMES * FRAME_MS
LIVE_BLOCK = SAMPLE_RATE_HZ // 10


def silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * SAMPLE_RATE_HZ), np.float32)


def pieces_of(sound: Samples, block: int = LIVE_BLOCK, cutter: PieceCutter | None = None) -> list[Window]:
    cutter = cutter or PieceCutter(0, True)

    def found() -> Iterator[Window]:
        for one in blocks_of(sound, block):
            yield from cutter.fed(one)
        yield from cutter.ended()

    return list(found())


@pytest.mark.parametrize("sound", [speech_with_pauses(), monologue(70)], ids=["pauses", "monologue"])
def test_no_piece_is_too_long_and_no_speech_is_lost(sound: Samples) -> None:
    found = pieces_of(sound)
    assert [one.start_ms for one in found] == [0, *(one.end_ms for one in found[:-1])]
    assert found[-1].end_ms == len(sound) * 1000 // SAMPLE_RATE_HZ
    assert max(one.length_ms for one in found) <= MOST_MS + 2 * PAD_FRAMES * FRAME_MS
    probabilities, _state = listen(sound, VoiceState())
    spoken = probabilities >= SPEECH
    assert is_given(found, len(spoken))[spoken].all()


def test_where_a_piece_ends_does_not_depend_on_how_the_sound_arrives() -> None:
    sound = speech_with_pauses()
    expected = [shape(one) for one in pieces_of(sound)]
    for block in (700, 5000, 3 * SAMPLE_RATE_HZ):
        assert [shape(one) for one in pieces_of(sound, block)] == expected


def test_work_goes_on_from_the_end_of_any_piece() -> None:
    sound = speech_with_pauses()[: 60 * SAMPLE_RATE_HZ]
    whole = pieces_of(sound)
    for number, one in enumerate(whole[:-1], 1):
        rest = PieceCutter(one.end_ms, True, one.voice)
        found = pieces_of(sound[one.end_ms * SAMPLE_RATE_HZ // 1000 :], cutter=rest)
        assert [shape(other) for other in found] == [shape(other) for other in whole[number:]]


def test_a_piece_is_given_out_as_soon_as_its_pause_is_long_enough() -> None:
    sound = samples_of("demo-short")
    _short, pause_ms = PAUSES[0]
    cutter = PieceCutter(0, True)
    assert not [one for block in blocks_of(sound, LIVE_BLOCK) for one in cutter.fed(block)]
    end_ms = cutter.unfinished().window.speech[-1][1]
    pieces = [(one, at) for at in range(20) for one in cutter.fed(silence(0.1))]
    (piece, waited), *_rest = pieces
    assert len(piece.samples)
    at_ms = len(sound) * 1000 // SAMPLE_RATE_HZ + 100 * (waited + 1)
    assert pause_ms <= at_ms - end_ms <= pause_ms + 100 + FRAME_MS * 4


def test_silence_moves_on_in_steps_and_costs_no_memory() -> None:
    cutter = PieceCutter(0, True)
    for number in range(600):
        assert all(not len(one.samples) for one in cutter.fed(silence(0.1)))
        left = cutter.unfinished()
        assert left.window.end_ms - cutter.start_ms <= SILENT_FRAMES * FRAME_MS
        assert left.nothing_before_ms >= max(0, 100 * number - (PAD_FRAMES + 4) * FRAME_MS)
    assert cutter.count == cutter.unfinished().number > 20


def test_what_was_said_is_a_piece_when_no_more_sound_comes() -> None:
    cutter = PieceCutter(0, True)
    assert not list(cutter.stalled())
    sound = samples_of("demo-short")
    list(cutter.fed(sound))
    (piece,) = cutter.stalled()
    assert len(piece.samples)
    assert not list(cutter.stalled())
    assert cutter.start_ms == piece.end_ms


def test_who_is_behind_takes_longer_pieces() -> None:
    sound = np.tile(samples_of("demo-minute"), 2)
    cutter = PieceCutter(0, True)
    cutter.is_behind = True
    behind, usual = pieces_of(sound, 10 * SAMPLE_RATE_HZ, cutter), pieces_of(sound)
    heard = [[one.length_ms for one in found if len(one.samples)] for found in (behind, usual)]
    assert np.mean(heard[0]) > 1.5 * np.mean(heard[1])
    assert max(heard[0]) <= MOST_MS + 2 * PAD_FRAMES * FRAME_MS
    assert behind[-1].end_ms == usual[-1].end_ms


def test_nothing_is_said_before_the_speech_that_is_unfinished() -> None:
    cutter = PieceCutter(0, True)
    for block in blocks_of(speech_with_pauses(), LIVE_BLOCK):
        for piece in cutter.fed(block):
            assert cutter.count > 0
            assert piece.end_ms <= cutter.start_ms
        left = cutter.unfinished()
        assert cutter.start_ms <= left.nothing_before_ms <= left.window.end_ms
        if left.window.speech:
            assert left.nothing_before_ms <= left.window.speech[0][0]
        assert (left.window.end_ms - left.window.start_ms) // FRAME_MS <= MOST_FRAMES + SETTLED_FRAMES + SILENT_FRAMES


def test_without_speech_detection_the_pieces_hold_all_sound() -> None:
    sound = speech_with_pauses()
    found = pieces_of(sound, cutter=PieceCutter(0, False))
    assert sum(len(one.samples) for one in found) == len(sound)
    assert all(one.length_ms <= MOST_MS + (SETTLED_FRAMES + SILENT_FRAMES) * FRAME_MS for one in found)
