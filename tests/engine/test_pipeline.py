"""Files through one model: together or alone, left, failing, in doubt."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from desktop.core import doubts, errors
from desktop.core.options import Options
from desktop.core.ports import Work
from desktop.core.transcript import Segment
from desktop.engine import hardware, protocol
from desktop.engine.hardware import Threads
from desktop.engine.media import SAMPLE_RATE_HZ, Samples
from desktop.engine.pipeline import Pipeline
from desktop.engine.whisper import Encoded, Features, Recogniser
from tests.conftest import DEMO_MODEL, SAMPLES
from tests.models import SENTENCE, recogniser_of, scripted_model
from tests.sounds import long_sound, plain, write_sound

OPTIONS = Options(language="en")
ONE_PASS = replace(OPTIONS, temperatures=(0.0,))
MINUTE = SAMPLES / "demo-minute.flac"
SHORT = SAMPLES / "demo-short.flac"

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


def heard(reports: list[protocol.Report], number: int = 1) -> list[protocol.Segments]:
    return [one for one in reports if isinstance(one, protocol.Segments) and one.number == number]


def segments(reports: list[protocol.Report], number: int = 1) -> list[Segment]:
    return [segment for one in heard(reports, number) for segment in one.segments]


def run(pipeline: Pipeline, *works: Work) -> None:
    for number, work in enumerate(works, 1):
        pipeline.add(number, work)
        pipeline.claim(number)
    while pipeline.has_work:
        pipeline.step()


def test_files_heard_together_say_what_each_says_alone(started: MakePipeline) -> None:
    works = [Work(SHORT, OPTIONS), Work(MINUTE, OPTIONS), Work(SHORT, OPTIONS)]
    pipeline, together = started(recogniser_of())
    run(pipeline, *works)
    for number, work in enumerate(works, 1):
        pipeline, alone = started(recogniser_of(workers=1))
        run(pipeline, work)
        assert segments(together, number) == segments(alone)
    ends = [one.number for one in together if isinstance(one, protocol.Done)]
    assert ends == [1, 2, 3]


def test_a_file_that_nobody_waits_for_only_fills_up_batches(started: MakePipeline) -> None:
    pipeline, reports = started(recogniser_of())
    pipeline.add(1, Work(SHORT, OPTIONS))
    assert not pipeline.has_work
    pipeline.claim(1)
    pipeline.add(2, Work(MINUTE, OPTIONS))
    while pipeline.has_work:
        pipeline.step()
    assert [one.number for one in reports if isinstance(one, protocol.Done)] == [1]
    pipeline.claim(2)
    while pipeline.has_work:
        pipeline.step()
    assert heard(reports, 2)[-1].heard_ms == 74_620


def test_one_of_two_files_is_left_and_the_other_goes_on(started: MakePipeline) -> None:
    pipeline, reports = started(recogniser_of())
    for number in (1, 2):
        pipeline.add(number, Work(MINUTE, OPTIONS))
        pipeline.claim(number)
    pipeline.stop(1)
    while pipeline.has_work:
        pipeline.step()
    assert protocol.Stopped(1) in reports
    assert not heard(reports, 1)
    assert heard(reports, 2)[-1].heard_ms == 74_620


def test_a_file_that_cannot_be_read_does_not_stop_the_next(started: MakePipeline, tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.mp3"
    rubbish.write_bytes(b"rubbish" * 1000)
    pipeline, reports = started(recogniser_of())
    run(pipeline, Work(rubbish, OPTIONS), Work(SHORT, OPTIONS))
    (failure,) = [one for one in reports if isinstance(one, protocol.Failed)]
    assert (failure.number, failure.error["code"]) == (1, "NotMedia")
    assert segments(reports, 2)


class ShortOfMemory(Recogniser):
    """Has room for so many windows at once and no more."""

    room = 1
    tried: list[int]

    def read(self, encoded: Encoded, prompts: list[list[int]], *rest: object, **more: object) -> list:  # type: ignore
        self.tried = [*getattr(self, "tried", []), len(prompts)]
        if len(prompts) > self.room:
            raise errors.EngineOutOfMemory
        return super().read(encoded, prompts, *rest, **more)  # type: ignore[arg-type]


def test_a_batch_without_memory_is_halved_until_it_fits(started: MakePipeline, tmp_path: Path) -> None:
    source = long_sound(tmp_path / "long.flac", 150)
    pipeline, plenty = started(recogniser_of())
    run(pipeline, Work(source, ONE_PASS))
    short = ShortOfMemory(SAMPLES.parent / "models" / "demo", "cpu", "int8", Threads(1, 2))
    pipeline, reports = started(short)
    run(pipeline, Work(source, ONE_PASS))
    assert segments(reports) == segments(plenty)
    assert max(short.tried) > 1
    assert short.tried[-1] == 1


def test_no_memory_for_a_single_window_is_a_failure(started: MakePipeline) -> None:
    short = ShortOfMemory(SAMPLES.parent / "models" / "demo", "cpu", "int8", Threads(1, 2))
    short.room = 0
    pipeline, _reports = started(short)
    with pytest.raises(errors.EngineOutOfMemory):
        run(pipeline, Work(SHORT, ONE_PASS))
    assert pipeline.leave() == [1]
    assert not pipeline.has_work


def test_while_memory_is_short_fewer_windows_are_heard_together(started: MakePipeline, tmp_path: Path) -> None:
    source = long_sound(tmp_path / "long.flac", 300)
    roomy = ShortOfMemory(SAMPLES.parent / "models" / "demo", "cpu", "int8", Threads(1, 2))
    roomy.room = 99
    pipeline, reports = started(roomy)
    pipeline.add(1, Work(source, ONE_PASS))
    pipeline.claim(1)
    pipeline.limit(1)
    while len(heard(reports)) < 3:
        pipeline.step()
    assert set(roomy.tried) == {1}
    pipeline.limit(0)
    while pipeline.has_work:
        pipeline.step()
    assert max(roomy.tried) == hardware.SMALL_BATCH


def test_so_many_windows_as_were_measured_to_be_best_are_usual(tmp_path: Path) -> None:
    source = long_sound(tmp_path / "long.flac", 200)
    roomy = ShortOfMemory(SAMPLES.parent / "models" / "demo", "cpu", "int8", Threads(1, 2))
    roomy.room = 99
    pipeline = Pipeline(roomy, lambda _report: None, usual_windows=4)
    try:
        run(pipeline, Work(source, ONE_PASS))
    finally:
        pipeline.close()
    assert max(roomy.tried) == 4


def test_the_first_words_come_soon_and_the_last_windows_are_shared_whatever_the_size_asked_for(
    started: MakePipeline, tmp_path: Path
) -> None:
    source = long_sound(tmp_path / "long.flac", 140)
    roomy = ShortOfMemory(SAMPLES.parent / "models" / "demo", "cpu", "int8", Threads(2, 1))
    roomy.room = 99
    pipeline, reports = started(roomy)
    pipeline.add(1, Work(source, replace(ONE_PASS, batch_size=99)))
    pipeline.claim(1)
    pipeline._sources[1].prepared.result()
    while pipeline.has_work:
        pipeline.step()
    assert len([one for one in heard(reports) if one.segments]) == 4
    assert sorted(roomy.tried) == [1, 1, 2]


def test_one_temperature_means_one_pass(started: MakePipeline) -> None:
    counted = ShortOfMemory(SAMPLES.parent / "models" / "demo", "cpu", "int8", Threads(1, 2))
    counted.room = 99
    pipeline, reports = started(counted)
    run(pipeline, Work(MINUTE, ONE_PASS))
    assert sum(counted.tried) == len([one for one in heard(reports) if one.segments])


class Forgetful(Recogniser):
    """Hears only the beginning of what is long."""

    def features(self, samples: Samples) -> Features:
        if len(samples) > 15 * SAMPLE_RATE_HZ:
            samples = np.where(np.arange(len(samples)) < 5 * SAMPLE_RATE_HZ, samples, np.float32(0))
        return super().features(samples)


def test_sentences_that_a_full_window_loses_are_found_in_short_ones(started: MakePipeline, tmp_path: Path) -> None:
    source = long_sound(tmp_path / "long.flac", 60)
    missing = {}
    for options in (ONE_PASS, OPTIONS):
        pipeline, reports = started(Forgetful(DEMO_MODEL, "cpu", "int8", Threads(1, 2)))
        run(pipeline, Work(source, options))
        parts = [part for one in heard(reports) for part in one.parts]
        missing[options] = sum(part.length_ms for part in parts if part.kind == "missing")
    assert missing[OPTIONS] < missing[ONE_PASS]


def test_the_map_covers_the_file_without_gaps(started: MakePipeline) -> None:
    pipeline, reports = started(recogniser_of())
    run(pipeline, Work(MINUTE, OPTIONS))
    parts = [part for one in heard(reports) for part in one.parts]
    assert parts[0].start_ms == 0
    assert [part.end_ms for part in parts[:-1]] == [part.start_ms for part in parts[1:]]
    assert parts[-1].end_ms == heard(reports)[-1].heard_ms


def test_words_lie_in_speech_and_make_up_their_segments(started: MakePipeline) -> None:
    pipeline, reports = started(recogniser_of())
    run(pipeline, Work(MINUTE, OPTIONS))
    for segment in segments(reports):
        assert "".join(word.text for word in segment.words).strip() == segment.text
        assert (segment.start_ms, segment.end_ms) == (segment.words[0].start_ms, segment.words[-1].end_ms)
        assert segment.end_ms - segment.start_ms <= 15_000


def test_precise_passes_the_text_on_and_goes_on_from_a_bookmark(started: MakePipeline, tmp_path: Path) -> None:
    work = Work(long_sound(tmp_path / "long.flac", 100), replace(ONE_PASS, mode="precise"))
    pipeline, reports = started(recogniser_of(workers=1))
    run(pipeline, work)
    whole = heard(reports)
    assert len(whole) > 2
    for at, one in enumerate(whole[:-1]):
        pipeline, rest = started(recogniser_of(workers=1))
        run(pipeline, replace(work, start_ms=one.heard_ms, language=one.language, bookmark=one.bookmark))
        assert heard(rest) == whole[at + 1 :]


# --- a model that says one sentence whatever it hears ---


def music(seconds: int) -> np.ndarray:
    """Chords with an attack, three a second."""
    random, rate_hz = np.random.default_rng(3), 16_000
    sound = np.zeros(seconds * rate_hz, np.float32)
    for at in range(0, len(sound) - rate_hz, rate_hz // 3):
        time_s = np.arange(rate_hz) / rate_hz
        for pitch_hz in random.choice([220, 247, 262, 294, 330, 349, 392, 440], 3):
            wave = sum(np.sin(2 * np.pi * pitch_hz * k * time_s) / k for k in (1, 2, 3, 4))
            sound[at : at + rate_hz] += (0.08 * np.exp(-2 * time_s) * np.minimum(1, 50 * time_s) * wave).astype(
                np.float32
            )
    return sound


NOT_SPEECH = {
    "silence": lambda: np.zeros(70 * 16_000, np.float32),
    "noise": lambda: np.random.default_rng(1).standard_normal(70 * 16_000).astype(np.float32) * 0.1,
    "music": lambda: music(70),
}


@pytest.mark.parametrize("vad", [True, False])
@pytest.mark.parametrize("kind", list(NOT_SPEECH))
def test_where_nobody_speaks_text_is_none_or_suspect(
    started: MakePipeline, tmp_path: Path, kind: str, vad: bool
) -> None:
    source = write_sound(tmp_path / "sound.wav", NOT_SPEECH[kind]())
    pipeline, reports = started(recogniser_of(scripted_model(tmp_path / "says")))
    run(pipeline, Work(source, replace(OPTIONS, vad=vad)))
    found = segments(reports)
    assert all(segment.suspect for segment in found)
    assert vad or {segment.suspect for segment in found} <= set(doubts.REASONS)


def test_where_somebody_speaks_the_same_text_is_kept(started: MakePipeline, tmp_path: Path) -> None:
    pipeline, reports = started(recogniser_of(scripted_model(tmp_path / "says")))
    run(pipeline, Work(MINUTE, ONE_PASS))
    found = segments(reports)
    assert found
    assert not any(segment.suspect for segment in found)
    assert " ".join(segment.text for segment in heard(reports)[0].segments) == SENTENCE.strip()


def test_an_echo_of_the_prompt_is_marked(started: MakePipeline, tmp_path: Path) -> None:
    # A hint moves the script of this model by its own length: the sentence is written so that the end of it comes out.
    pipeline, reports = started(recogniser_of(scripted_model(tmp_path / "says", SENTENCE * 6)))
    run(pipeline, Work(MINUTE, replace(ONE_PASS, prompt=SENTENCE)))
    first = [segment for segment in segments(reports) if segment.suspect == doubts.ECHO]
    assert plain(" ".join(segment.text for segment in first[:3])) == plain(SENTENCE)


# --- languages ---


def test_the_language_of_a_file_is_found_and_told(started: MakePipeline, tmp_path: Path) -> None:
    pipeline, reports = started(recogniser_of(scripted_model(tmp_path / "says", language="de")))
    run(pipeline, Work(MINUTE, Options(temperatures=(0.0,))))
    assert {one.language for one in heard(reports)} == {"de"}


def test_several_places_decide_on_the_language(started: MakePipeline, tmp_path: Path) -> None:
    asked: list[int] = []

    class ByTurns(Recogniser):
        """English at the beginning, German wherever else it listens."""

        def detect(self, encoded: Encoded) -> list[dict[str, float]]:
            asked.append(1)
            rows = super().detect(encoded)
            return [{"en": 0.99} if len(asked) == 1 else {"de": 0.9} for _row in rows]

    recogniser = ByTurns(scripted_model(tmp_path / "says"), "cpu", "int8", Threads(2, 1))
    pipeline, reports = started(recogniser)
    run(pipeline, Work(long_sound(tmp_path / "long.flac", 150), Options(temperatures=(0.0,))))
    assert len(asked) == 4
    assert {one.language for one in heard(reports)} == {"de"}


def test_each_window_can_have_its_own_language(started: MakePipeline, tmp_path: Path) -> None:
    class Changing(Recogniser):
        def detect(self, encoded: Encoded) -> list[dict[str, float]]:
            return [{"fr": 0.9} if row % 2 else {"ja": 0.8} for row in range(len(super().detect(encoded)))]

    recogniser = Changing(scripted_model(tmp_path / "says"), "cpu", "int8", Threads(1, 2))
    pipeline, reports = started(recogniser)
    options = Options(temperatures=(0.0,), languages="per-window")
    run(pipeline, Work(long_sound(tmp_path / "long.flac", 150), options))
    assert {segment.language for segment in segments(reports)} == {"ja", "fr"}


def test_a_language_that_the_model_does_not_know_is_refused(started: MakePipeline) -> None:
    pipeline, _reports = started(recogniser_of())
    with pytest.raises(errors.LanguageUnknown):
        pipeline.add(1, Work(SHORT, Options(language="ja")))
