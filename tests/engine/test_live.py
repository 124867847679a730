"""A recording heard while it grows: previews, pieces, two speakers, its end, and going on after a death."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import jiwer
import numpy as np
import pytest

from desktop.core.coverage import Coverage, Kind
from desktop.core.options import Options
from desktop.core.ports import Work
from desktop.core.transcript import Segment
from desktop.engine import protocol
from desktop.engine.front import Bookmark
from desktop.engine.hardware import Threads
from desktop.engine.pipeline import DECIDED_MS, Pipeline
from desktop.engine.whisper import Encoded, Recogniser
from tests.models import recogniser_of, scripted_model
from tests.sounds import RATE_HZ, plain, said_in, samples_of
from tests.tapes import Tape, taped

OPTIONS = Options(language="en")
MakePipeline = Callable[[Recogniser], tuple[Pipeline, list[protocol.Report]]]


@pytest.fixture
def started() -> Iterator[MakePipeline]:
    pipelines: list[Pipeline] = []

    def start(recogniser: Recogniser) -> tuple[Pipeline, list[protocol.Report]]:
        reports: list[protocol.Report] = []
        pipelines.append(Pipeline(recogniser, reports.append))
        return pipelines[-1], reports

    yield start
    for pipeline in pipelines:
        pipeline.close()


@pytest.fixture
def recogniser() -> Recogniser:
    return recogniser_of(workers=1)


def heard(reports: list[protocol.Report]) -> list[protocol.Segments]:
    return [one for one in reports if isinstance(one, protocol.Segments)]


def previews(reports: list[protocol.Report]) -> list[protocol.Preview]:
    return [one for one in reports if isinstance(one, protocol.Preview)]


def segments(reports: list[protocol.Report]) -> list[Segment]:
    return [segment for one in heard(reports) for segment in one.segments]


def text_of(reports: list[protocol.Report], speaker: str = "") -> str:
    return plain(" ".join(one.text for one in segments(reports) if one.speaker == speaker))


def silence(seconds: float) -> np.ndarray:
    return np.zeros(int(seconds * RATE_HZ), np.float32)


def follow(pipeline: Pipeline, work: Work) -> None:
    """Hear it to its end."""
    pipeline.add(1, work)
    pipeline.claim(1)
    while pipeline.has_work:
        pipeline.step()


def recorded(pipeline: Pipeline, work: Work, tape: Tape, *sounds: np.ndarray) -> None:
    """Hear a recording of this sound, which is made at the same time, a tenth of a second at a time."""

    def record() -> None:
        for at in range(0, len(sounds[0]), RATE_HZ // 10):
            tape.write(*(sound[at : at + RATE_HZ // 10] for sound in sounds))
            threading.Event().wait(0.01)
        tape.stop()

    with tape:
        recorder = threading.Thread(target=record)
        recorder.start()
        follow(pipeline, work)
        recorder.join()


def live(path: Path, options: Options = OPTIONS) -> Work:
    return Work(path, options, is_growing=True)


# --- one track ---


def test_a_recording_is_heard_to_its_last_word(started: MakePipeline, recogniser: Recogniser, tmp_path: Path) -> None:
    pipeline, reports = started(recogniser)
    recorded(pipeline, live(tmp_path / "a.mka"), Tape(tmp_path / "a.mka"), samples_of("demo-short"))
    assert text_of(reports) == plain(said_in("demo-short"))
    assert heard(reports)[-1].heard_ms == len(samples_of("demo-short")) * 1000 // RATE_HZ
    assert isinstance(reports[-1], protocol.Done)


def test_words_are_as_right_as_those_of_the_same_file(
    started: MakePipeline, recogniser: Recogniser, tmp_path: Path
) -> None:
    said, found = [], {True: [], False: []}
    for name in ("demo-minute", "demo-pauses", "demo-short"):
        path = taped(tmp_path / f"{name}.mka", samples_of(name))
        said.append(plain(said_in(name)))
        for is_growing in (True, False):
            pipeline, reports = started(recogniser)
            follow(pipeline, Work(path, OPTIONS, is_growing=is_growing))
            found[is_growing].append(text_of(reports))
    assert jiwer.wer(said, found[True]) <= jiwer.wer(said, found[False]) + 0.02


def test_previews_come_before_the_text_and_what_stands_does_not_change(
    started: MakePipeline, recogniser: Recogniser, tmp_path: Path
) -> None:
    pipeline, reports = started(recogniser)
    path = tmp_path / "a.mka"
    recorded(pipeline, live(path), Tape(path), samples_of("demo-minute")[: 30 * RATE_HZ])
    assert previews(reports)
    standing, heard_ms = "", 0
    for one in reports:
        if isinstance(one, protocol.Segments):
            standing, heard_ms = "", one.heard_ms
        elif isinstance(one, protocol.Preview) and one.text:
            assert one.text.startswith(standing)
            assert one.start_ms >= heard_ms
            assert 0 <= one.stable <= len(one.text)
            standing = one.text[: one.stable]
    assert previews(reports)[-1].text == "", "at the end nothing is left that is not certain"


def test_the_map_has_no_gaps_and_the_place_never_goes_back(
    started: MakePipeline, recogniser: Recogniser, tmp_path: Path
) -> None:
    sound = np.concatenate([silence(5), samples_of("demo-pauses")[: 40 * RATE_HZ], silence(5)])
    pipeline, reports = started(recogniser)
    recorded(pipeline, live(tmp_path / "a.mka"), Tape(tmp_path / "a.mka"), sound)
    parts = [part for one in heard(reports) for part in one.parts]
    assert parts[0].start_ms == 0
    assert all(one.end_ms == other.start_ms for one, other in pairwise(parts))
    assert parts[-1].end_ms == 50_000
    places = [one.at_ms for one in reports if isinstance(one, protocol.Progress)]
    assert places == sorted(places)


@pytest.mark.parametrize("is_growing", [True, False])
def test_work_goes_on_from_any_piece(
    started: MakePipeline, recogniser: Recogniser, tmp_path: Path, is_growing: bool
) -> None:
    path = taped(tmp_path / "a.mka", samples_of("demo-pauses")[: 45 * RATE_HZ])
    pipeline, reports = started(recogniser)
    follow(pipeline, live(path))
    whole = heard(reports)
    for number in range(1, len(whole), 3):
        at = whole[number - 1]
        pipeline, rest = started(recogniser)
        follow(pipeline, Work(path, OPTIONS, at.heard_ms, "en", at.bookmark, is_growing=is_growing))
        assert heard(rest)[0].parts[0].start_ms == at.heard_ms
        if is_growing:
            assert segments(rest) == [segment for one in whole[number:] for segment in one.segments]


def test_a_pause_of_the_recorder_completes_what_was_said(
    started: MakePipeline, recogniser: Recogniser, tmp_path: Path
) -> None:
    pipeline, reports = started(recogniser)
    path = tmp_path / "a.mka"
    with Tape(path) as tape:
        tape.write(samples_of("demo-short"))
        pipeline.add(1, live(path))
        pipeline.claim(1)
        while not segments(reports):
            pipeline.step()
        assert pipeline.has_work
        tape.write(samples_of("demo-short"))
        tape.stop()
        while pipeline.has_work:
            pipeline.step()
    assert text_of(reports) == plain(f"{said_in('demo-short')} {said_in('demo-short')}")


def test_a_recorder_that_dies_leaves_what_it_wrote(
    started: MakePipeline, recogniser: Recogniser, tmp_path: Path
) -> None:
    pipeline, reports = started(recogniser)
    path = tmp_path / "a.mka"
    with Tape(path) as tape:
        tape.write(
            samples_of("demo-short"),
        )
        tape.write(silence(1))
        tape.die()
        follow(pipeline, live(path))
    assert text_of(reports) == plain(said_in("demo-short"))
    assert isinstance(reports[-1], protocol.Done)


def test_a_recording_is_left_at_once(started: MakePipeline, recogniser: Recogniser, tmp_path: Path) -> None:
    pipeline, reports = started(recogniser)
    path = tmp_path / "a.mka"
    with Tape(path) as tape:
        tape.write(samples_of("demo-short"))
        pipeline.add(1, live(path))
        pipeline.claim(1)
        while not previews(reports):
            pipeline.step()
        pipeline.stop(1)
        while pipeline.has_work:
            pipeline.step()
    assert reports[-1] == protocol.Stopped(1)


class Counted(Recogniser):
    """Counts what it is asked to do."""

    encoded = 0

    def encode(self, features: list, *rest: object) -> Encoded:  # type: ignore[type-arg, override]
        self.encoded += len(features)
        return super().encode(features, *rest)  # type: ignore[arg-type]


def test_where_nobody_speaks_nothing_is_asked_of_the_model(started: MakePipeline, tmp_path: Path) -> None:
    counted = Counted(scripted_model(tmp_path / "says"), "cpu", "int8", Threads(1, 1))
    pipeline, reports = started(counted)
    noise = np.random.default_rng(1).standard_normal(40 * RATE_HZ).astype(np.float32) * 1e-3
    recorded(pipeline, live(tmp_path / "a.mka"), Tape(tmp_path / "a.mka"), noise)
    assert counted.encoded == 0
    assert heard(reports)[-1].heard_ms == 40_000


def test_who_is_behind_drops_previews_and_takes_longer_pieces(
    started: MakePipeline, recogniser: Recogniser, tmp_path: Path
) -> None:
    path = taped(tmp_path / "a.mka", np.tile(samples_of("demo-minute"), 2))
    pipeline, reports = started(recogniser)
    follow(pipeline, live(path))
    lengths = np.diff([0, *(one.heard_ms for one in heard(reports))])
    assert np.median(lengths) > 12_000
    assert len(previews(reports)) < len(lengths)


# --- languages ---


def test_the_language_may_change_until_enough_was_said(started: MakePipeline, tmp_path: Path) -> None:
    class Unsure(Recogniser):
        """English at first, German from the second time on."""

        asked = 0

        def detect(self, encoded: Encoded) -> list[dict[str, float]]:
            self.asked += 1
            return [{"en": 0.5} if self.asked == 1 else {"de": 0.9} for _row in super().detect(encoded)]

    unsure = Unsure(scripted_model(tmp_path / "says"), "cpu", "int8", Threads(1, 1))
    pipeline, reports = started(unsure)
    path = taped(tmp_path / "a.mka", samples_of("demo-pauses"))
    follow(pipeline, live(path, Options(temperatures=(0.0,))))
    languages = [one.language for one in heard(reports) if one.segments]
    assert languages[0] == "en"
    assert languages[-1] == "de"
    asked = unsure.asked
    assert asked < len(languages), "once it is decided nobody asks"
    assert heard(reports)[-1].heard_ms > DECIDED_MS


# --- two speakers ---

ME, THEM = "Me", "Them"


def conversation() -> tuple[np.ndarray, np.ndarray]:
    """Sentences by turns: what one says is silence on the track of the other."""
    sound = samples_of("demo-pauses")
    turns = np.repeat(np.arange(len(sound) // (8 * RATE_HZ) + 1) % 2, 8 * RATE_HZ)[: len(sound)]
    return np.where(turns == 0, sound, 0), np.where(turns == 1, sound, 0)


def alone(recogniser: Recogniser, started: MakePipeline, folder: Path, sound: np.ndarray, is_growing: bool) -> str:
    path = taped(folder / f"alone{is_growing}.mka", sound)
    pipeline, reports = started(recogniser)
    follow(pipeline, Work(path, OPTIONS, is_growing=is_growing))
    path.unlink()
    return text_of(reports)


@pytest.mark.parametrize("is_growing", [True, False])
def test_two_tracks_are_two_speakers_in_the_order_of_time(
    started: MakePipeline, recogniser: Recogniser, tmp_path: Path, is_growing: bool
) -> None:
    mine, theirs = conversation()
    path = taped(tmp_path / "a.mka", mine, theirs, speakers=(ME, THEM))
    pipeline, reports = started(recogniser)
    follow(pipeline, Work(path, OPTIONS, is_growing=is_growing))
    found = segments(reports)
    assert {one.speaker for one in found} == {ME, THEM}
    assert [one.start_ms for one in found] == sorted(one.start_ms for one in found)
    for speaker, sound in ((ME, mine), (THEM, theirs)):
        assert text_of(reports, speaker) == alone(recogniser, started, tmp_path, sound, is_growing)
    parts = [part for one in heard(reports) for part in one.parts]
    assert all(one.end_ms == other.start_ms for one, other in pairwise(parts))
    assert (parts[0].start_ms, parts[-1].end_ms) == (0, len(mine) * 1000 // RATE_HZ)
    assert Coverage().joined(parts).fraction > 0.8
    for segment in found:
        kinds = {part.kind for part in parts if part.start_ms < segment.end_ms and part.end_ms > segment.start_ms}
        assert kinds - {Kind.SILENCE}


@pytest.mark.parametrize("is_growing", [True, False])
def test_two_speakers_go_on_from_wherever_work_was_left(
    started: MakePipeline, recogniser: Recogniser, tmp_path: Path, is_growing: bool
) -> None:
    mine, theirs = conversation()
    if is_growing:
        # They interrupt each other.
        mine, theirs = mine[: 40 * RATE_HZ], np.roll(theirs, 3 * RATE_HZ)[: 40 * RATE_HZ]
    else:
        mine = np.tile(samples_of("demo-minute"), 2)
        theirs = np.roll(mine, 5 * RATE_HZ)
    path = taped(tmp_path / "a.mka", mine, theirs, speakers=(ME, THEM))
    work = Work(path, replace(OPTIONS, temperatures=(0.0,)), is_growing=is_growing)
    pipeline, reports = started(recogniser)
    follow(pipeline, work)
    whole = heard(reports)
    everything = segments(reports)
    assert len(whole) > 2
    for number in range(1, len(whole), 3):
        at = whole[number - 1]
        pipeline, rest = started(recogniser)
        follow(pipeline, replace(work, start_ms=at.heard_ms, language="en", bookmark=at.bookmark))
        before = [segment for one in whole[:number] for segment in one.segments]
        assert [*before, *segments(rest)] == everything
        parts = [part for one in (*whole[:number], *heard(rest)) for part in one.parts]
        assert all(one.end_ms == other.start_ms for one, other in pairwise(parts))


def test_what_waits_for_the_other_speaker_is_shown_meanwhile(
    started: MakePipeline, recogniser: Recogniser, tmp_path: Path
) -> None:
    short, path = samples_of("demo-short"), tmp_path / "a.mka"
    talk = samples_of("demo-minute")[: 12 * RATE_HZ]
    interruption = np.concatenate([silence(2), short, silence(12)])[: len(talk)]
    pipeline, reports = started(recogniser)
    recorded(pipeline, live(path), Tape(path, (ME, THEM)), talk, interruption)
    told = [one for one in reports if isinstance(one, protocol.Segments | protocol.Preview)]
    first = next(
        at
        for at, one in enumerate(told)
        if isinstance(one, protocol.Segments) and any(segment.speaker == THEM for segment in one.segments)
    )
    shown = [one for one in told[:first] if isinstance(one, protocol.Preview) and one.speaker == THEM]
    assert plain(shown[-1].text) == plain(said_in("demo-short"))
    assert shown[-1].stable == len(shown[-1].text)
    last = {one.speaker: one.text for one in previews(reports)}
    assert not any(last.values())


def test_one_track_may_be_chosen_of_two(started: MakePipeline, recogniser: Recogniser, tmp_path: Path) -> None:
    short = samples_of("demo-short")
    path = taped(tmp_path / "a.mka", silence(len(short) / RATE_HZ), short, speakers=(ME, THEM))
    pipeline, reports = started(recogniser)
    follow(pipeline, Work(path, replace(OPTIONS, audio_track=2)))
    assert text_of(reports) == plain(said_in("demo-short"))


def test_a_bookmark_of_one_track_is_no_bookmark_of_two() -> None:
    one = Bookmark.from_text(Bookmark.from_text("").to_text())
    assert one.strands == ()
    assert Bookmark.from_text('{"strands": [{}]}').strands == ()
