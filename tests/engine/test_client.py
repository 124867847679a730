"""The engine seen from the program: real processes, real model."""

import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import jiwer
import numpy as np
import pytest

from desktop.core import errors, events
from desktop.core.options import Options
from desktop.core.ports import Stopped, Work
from desktop.core.transcript import Segment
from desktop.engine import protocol
from desktop.engine.child import Child, ChildDied, child_at_once
from desktop.engine.client import EngineClient, FileInspector
from desktop.engine.models import Models
from tests.conftest import SAMPLES
from tests.sounds import long_sound, plain, said_in, samples_of, with_ffmpeg, write_sound
from tests.tapes import Tape

OPTIONS = Options(language="en", model="demo")
SHORT = SAMPLES / "demo-short.flac"


def news_of(engine: EngineClient, source: Path, options: Options = OPTIONS) -> list[events.News]:
    return list(engine.transcribe(Work(source, options), threading.Event()))


def heard_of(news: Iterable[events.News]) -> list[events.Heard]:
    return [one for one in news if isinstance(one, events.Heard)]


def segments_of(news: list[events.News]) -> list[Segment]:
    return [segment for one in news if isinstance(one, events.Heard) for segment in one.segments]


def text_of(news: list[events.News]) -> str:
    return " ".join(segment.text for segment in segments_of(news))


def test_libraries_that_the_engine_has_no_use_for_stay_out_of_it(
    engine: EngineClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = tmp_path / "loaded"
    (tmp_path / "torch.py").write_text(f"open({str(loaded)!r}, 'w').close()\n")
    monkeypatch.syspath_prepend(tmp_path)
    engine.prove("demo", OPTIONS, threading.Event())
    assert not loaded.exists()


def test_a_short_file_is_heard_word_by_word(engine: EngineClient) -> None:
    news = news_of(engine, SHORT)
    assert text_of(news) == said_in("demo-short")
    assert isinstance(news[-1], events.Finished)
    (segment,) = segments_of(news)
    assert "".join(word.text for word in segment.words).strip() == segment.text
    assert all(0 <= word.start_ms <= word.end_ms <= 2588 and 0 < word.probability <= 1 for word in segment.words)
    started = next(one for one in news if isinstance(one, events.Started))
    assert (started.engine.device, started.engine.compute_type, started.engine.is_demo) == ("cpu", "int8", True)


def test_word_errors_are_no_more_than_through_faster_whisper(engine: EngineClient) -> None:
    from faster_whisper import WhisperModel
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # its thread would outlive the test
    reference = WhisperModel(str(SAMPLES.parent / "models" / "demo"), "cpu", compute_type="int8", local_files_only=True)
    said, theirs, ours = [], [], []
    for name in ("demo-short", "demo-minute", "demo-pauses"):
        source = SAMPLES / f"{name}.flac"
        found, _info = reference.transcribe(
            str(source), language="en", beam_size=5, vad_filter=True, condition_on_previous_text=False
        )
        said.append(plain(said_in(name)))
        theirs.append(plain(" ".join(segment.text for segment in found)))
        ours.append(plain(text_of(news_of(engine, source))))
        print(f"{name}: ours {jiwer.wer(said[-1], ours[-1]):.3f}, theirs {jiwer.wer(said[-1], theirs[-1]):.3f}")
    # All samples together: the last digits of one processor's arithmetic tip single sentences either way.
    assert jiwer.wer(said, ours) <= jiwer.wer(said, theirs)


def test_segments_come_in_order_and_heard_never_goes_back(engine: EngineClient) -> None:
    heard = heard_of(news_of(engine, SAMPLES / "demo-pauses.flac"))
    places = [one.heard_ms for one in heard]
    assert places == sorted(places)
    assert places[-1] == 92_727
    segments = [segment for one in heard for segment in one.segments]
    assert all(first.end_ms <= second.start_ms + 1 for first, second in zip(segments, segments[1:], strict=False))


def test_work_goes_on_from_where_it_was_left_and_gives_the_same(engine: EngineClient, tmp_path: Path) -> None:
    source = long_sound(tmp_path / "long.flac", 150)
    whole = heard_of(news_of(engine, source))
    assert len(whole) > 3
    for left_at in range(1, len(whole)):
        at = whole[left_at - 1]
        rest = Work(source, OPTIONS, at.heard_ms, at.language, at.bookmark)
        assert heard_of(engine.transcribe(rest, threading.Event())) == whole[left_at:]


def test_sound_that_starts_late_has_cues_that_fit_the_picture(engine: EngineClient, tmp_path: Path) -> None:
    late = tmp_path / "late.mkv"
    video = ["-f", "lavfi", "-i", "color=black:s=64x64:r=10:d=9"]
    with_ffmpeg(*video, "-itsoffset", "5", "-i", SHORT, "-map", "0:v", "-map", "1:a", "-c:a", "flac", late)
    (plain_segment,) = segments_of(news_of(engine, SHORT))
    (late_segment,) = segments_of(news_of(engine, late))
    assert late_segment.text == plain_segment.text
    assert abs(late_segment.start_ms - plain_segment.start_ms - 5000) < 50
    assert abs(late_segment.words[-1].end_ms - plain_segment.words[-1].end_ms - 5000) < 50


def test_silence_gives_no_text_and_ends_well(engine: EngineClient, tmp_path: Path) -> None:
    news = news_of(engine, write_sound(tmp_path / "silence.wav", np.zeros(16_000 * 70, np.float32)))
    assert segments_of(news) == []
    assert isinstance(news[-1], events.Finished)


def test_without_speech_detection_everything_is_heard(engine: EngineClient) -> None:
    assert text_of(news_of(engine, SHORT, replace(OPTIONS, vad=False))) == said_in("demo-short")


def test_the_engine_stays_warm_between_files(engine: EngineClient) -> None:
    first = news_of(engine, SHORT)
    pid = engine.child_pid
    second = news_of(engine, SHORT)
    assert engine.child_pid == pid
    assert [type(one) for one in first][:2] == [events.Loading, events.Started]
    assert events.Loading not in [type(one) for one in second]


# --- stopping ---


def test_a_stop_leaves_at_once_and_the_engine_can_be_used_again(engine: EngineClient, tmp_path: Path) -> None:
    source = long_sound(tmp_path / "long.flac", 300)
    stop = threading.Event()
    got = []
    for news in engine.transcribe(Work(source, OPTIONS), stop):
        got.append(news)
        if isinstance(news, events.Heard):
            stop.set()
    assert not isinstance(got[-1], events.Finished)
    assert text_of(news_of(engine, SHORT)) == said_in("demo-short")


def test_an_engine_that_does_not_stop_in_time_is_ended(engine: EngineClient, tmp_path: Path) -> None:
    source = long_sound(tmp_path / "long.flac", 300)
    stop = threading.Event()
    for news in engine.transcribe(Work(source, OPTIONS), stop):
        if isinstance(news, events.Heard) and engine.child_pid:
            os.kill(engine.child_pid, signal.SIGSTOP)
            stop.set()
    assert engine.child_pid is None


def test_leaving_the_news_unread_ends_the_engine(engine: EngineClient, tmp_path: Path) -> None:
    work = engine.transcribe(Work(long_sound(tmp_path / "long.flac", 300), OPTIONS), threading.Event())
    next(one for one in work if isinstance(one, events.Heard))
    assert isinstance(work, Iterator)
    work.close()  # type: ignore[attr-defined]
    assert engine.child_pid is None


# --- dying ---


def test_an_engine_that_is_killed_is_started_again_and_nothing_is_lost(engine: EngineClient, tmp_path: Path) -> None:
    source = long_sound(tmp_path / "long.flac", 150)
    undisturbed = segments_of(news_of(engine, source))
    got: list[events.News] = []
    killed = False
    for news in engine.transcribe(Work(source, OPTIONS), threading.Event()):
        got.append(news)
        if isinstance(news, events.Heard) and not killed and engine.child_pid:
            killed = True
            os.kill(engine.child_pid, signal.SIGKILL)
    assert [one for one in got if isinstance(one, events.Restarted)]
    assert segments_of(got) == undisturbed


def test_an_engine_that_is_killed_twice_fails_with_its_cause(engine: EngineClient, tmp_path: Path) -> None:
    source = long_sound(tmp_path / "long.flac", 300)
    with pytest.raises(errors.EngineKilled, match="SIGKILL"):
        for news in engine.transcribe(Work(source, OPTIONS), threading.Event()):
            if isinstance(news, events.Heard) and engine.child_pid:
                os.kill(engine.child_pid, signal.SIGKILL)


def test_a_native_crash_is_named_and_the_next_file_works(engine: EngineClient, tmp_path: Path) -> None:
    source = long_sound(tmp_path / "long.flac", 300)
    with pytest.raises(errors.EngineCrashed, match="SIGSEGV"):
        for news in engine.transcribe(Work(source, OPTIONS), threading.Event()):
            if isinstance(news, events.Heard) and engine.child_pid:
                os.kill(engine.child_pid, signal.SIGSEGV)
    assert text_of(news_of(engine, SHORT)) == said_in("demo-short")


def test_an_engine_without_a_sign_of_life_is_given_up(models: Models) -> None:
    child = Child(with_model=False, silence_s=3.0)
    assert child.say_hello(threading.Event())
    os.kill(child.pid, signal.SIGSTOP)
    child.send(protocol.Inspect(SHORT))
    with pytest.raises(ChildDied) as told:
        list(child.reports(threading.Event()))
    assert isinstance(told.value.cause, errors.EngineSilent)


def test_a_child_that_is_up_leaves_no_file_behind() -> None:
    child = Child(with_model=False)
    log = Path(child._stderr.name)
    assert child.say_hello(threading.Event())
    is_there = log.exists()
    os.kill(child.pid, signal.SIGSEGV)
    assert not is_there
    child.send(protocol.Inspect(SHORT))
    with pytest.raises(ChildDied, match="SIGSEGV"):
        list(child.reports(threading.Event()))


def test_the_engine_ends_when_the_program_is_gone() -> None:
    child = Child(with_model=False)
    assert child.say_hello(threading.Event())
    child._connection.close()  # what the death of the program does
    child._process.join(5)
    assert child._process.exitcode == 0
    child.kill()


# --- models and devices ---


def test_a_device_that_is_not_there_is_refused_in_a_sentence(engine: EngineClient) -> None:
    with pytest.raises(errors.DeviceUnusable, match="cuda"):
        news_of(engine, SHORT, replace(OPTIONS, device="cuda"))
    with pytest.raises(errors.DeviceUnusable, match="float16"):
        news_of(engine, SHORT, replace(OPTIONS, device="cpu", compute_type="float16"))


def test_a_language_that_the_model_does_not_know_is_refused(engine: EngineClient) -> None:
    with pytest.raises(errors.LanguageUnknown, match="ja"):
        news_of(engine, SHORT, replace(OPTIONS, language="ja"))


def test_a_model_that_was_not_taught_to_translate_refuses(engine: EngineClient, tmp_path: Path) -> None:
    path = shutil.copytree(SAMPLES.parent / "models" / "demo", tmp_path / "large-v3-turbo")
    with pytest.raises(errors.CannotTranslate, match=r"turbo.*demo"):
        news_of(engine, SHORT, replace(OPTIONS, model=str(path), task="translate"))


@pytest.mark.parametrize("damage", ["truncated", "rubbish", "config"])
def test_a_damaged_model_is_refused_in_a_sentence(engine: EngineClient, tmp_path: Path, damage: str) -> None:
    path = Path(shutil.copytree(SAMPLES.parent / "models" / "demo", tmp_path / "damaged"))
    binary = path / "model.bin"
    match damage:
        case "truncated":
            binary.write_bytes(binary.read_bytes()[:1_000_000])
        case "rubbish":
            binary.write_bytes(os.urandom(50_000))
        case _:
            (path / "tokenizer.json").write_text("{}")
    with pytest.raises(errors.ModelBroken, match="damaged"):
        news_of(engine, SHORT, replace(OPTIONS, model=str(path)))
    assert text_of(news_of(engine, SHORT)) == said_in("demo-short")


class FakeCudaChild(Child):
    """A process on a machine that says it has a card, and fails on it in one of the ways that real ones do."""

    fails: Callable[["FakeCudaChild"], None]

    def say_hello(self, stop: object) -> protocol.Hello | None:
        hello = super().say_hello(threading.Event())
        assert hello
        self.hello = replace(
            hello, compute_types=hello.compute_types | {"cuda": frozenset({"int8_float16", "float16"})}
        )
        return self.hello

    def send(self, request: protocol.Request) -> None:
        if isinstance(request, protocol.Load) and request.device == "cuda":
            os.kill(self.pid, signal.SIGABRT)
            self._process.join()
        super().send(request)


def test_a_card_whose_library_aborts_falls_down_to_the_processor(models: Models) -> None:
    engine = EngineClient(models, FakeCudaChild)
    news = news_of(engine, SHORT)
    engine.close()
    tried = [(one.device, one.compute_type) for one in news if isinstance(one, events.Loading)]
    assert tried == [("cuda", "int8_float16"), ("cuda", "float16"), ("cpu", "int8")]
    started = next(one for one in news if isinstance(one, events.Started))
    assert "CUDA int8_float16 failed its self-test" in started.engine.reason
    assert text_of(news) == said_in("demo-short")


class KilledOnceChild(Child):
    """A process that something ends while its first model is being loaded."""

    killed: ClassVar[list[int]] = []

    def send(self, request: protocol.Request) -> None:
        if isinstance(request, protocol.Load) and not self.killed:
            self.killed.append(self.pid)
            os.kill(self.pid, signal.SIGKILL)
            self._process.join()
        super().send(request)


def test_an_engine_that_is_killed_while_it_loads_is_no_reason_for_a_slower_way(models: Models) -> None:
    engine = EngineClient(models, KilledOnceChild)
    news = news_of(engine, SHORT)
    engine.close()
    assert KilledOnceChild.killed
    started = next(one for one in news if isinstance(one, events.Started))
    assert started.engine.compute_type == "int8"


class NotingChild(Child):
    """A process, and the limits that it is told of."""

    limits: ClassVar[list[int]] = []

    def send(self, request: protocol.Request) -> None:
        if isinstance(request, protocol.Limit):
            self.limits.append(request.windows)
        super().send(request)


def test_while_memory_is_short_the_process_is_told_so_and_once(models: Models, tmp_path: Path) -> None:
    NotingChild.limits.clear()
    engine = EngineClient(models, NotingChild)
    work = Work(long_sound(tmp_path / "long.flac", 90), OPTIONS)
    try:
        assert news_of(engine, SHORT)
        assert NotingChild.limits == []
        engine.take_fewer(True)
        for news in engine.transcribe(work, threading.Event()):
            if isinstance(news, events.Heard):
                engine.take_fewer(False)
        assert NotingChild.limits == [1, 0]
        engine.take_fewer(True)
        engine.close()
        assert news_of(engine, SHORT)
        assert NotingChild.limits == [1, 0, 1], "another process has to be told, too"
    finally:
        engine.close()


# --- looking into files ---


def test_files_are_looked_into_without_a_model(inspector: FileInspector) -> None:
    never = threading.Event()
    media = inspector.inspect(SHORT, never)
    assert (media.duration_ms, media.size, len(media.tracks)) == (2588, SHORT.stat().st_size, 1)
    with pytest.raises(errors.FileMissing):
        inspector.inspect(Path("/nowhere.mp3"), never)
    assert inspector.inspect(SHORT, never) == media


def test_looking_can_be_stopped(inspector: FileInspector) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises((Stopped, errors.AppError)):
        inspector.inspect(SHORT, stop)


# --- recordings that still go on ---


def recorded(tape: Tape, sound: np.ndarray, stop: threading.Event) -> threading.Thread:
    """Records the sound, a tenth of a second at a time, ten times as fast as it was spoken; the thread that does."""

    def record() -> None:
        with tape:
            for at in range(0, len(sound), 1600):
                tape.write(sound[at : at + 1600])
                stop.wait(0.01)

    thread = threading.Thread(target=record)
    thread.start()
    while not tape.path.exists():
        thread.join(0.01)
    return thread


def test_a_recording_is_heard_while_it_grows(engine: EngineClient, tmp_path: Path) -> None:
    path, news = tmp_path / "talk.mka", []
    with Tape(path) as tape:
        tape.write(samples_of("demo-short"))
        for one in engine.transcribe(Work(path, OPTIONS, is_growing=True), threading.Event()):
            news.append(one)
            if isinstance(one, events.Preview):
                tape.stop()
    first = next(one for one in news if isinstance(one, events.Preview))
    assert 0 <= first.stable <= len(first.text)
    assert text_of(news) == said_in("demo-short")
    assert isinstance(news[-1], events.Finished)
    assert heard_of(news)[-1].heard_ms == len(samples_of("demo-short")) * 1000 // 16_000


def test_an_engine_that_dies_while_somebody_speaks_loses_nothing(engine: EngineClient, tmp_path: Path) -> None:
    path = tmp_path / "talk.mka"
    recorder = recorded(Tape(path), samples_of("demo-pauses")[: 16_000 * 40], threading.Event())
    news, is_killed = [], False
    for one in engine.transcribe(Work(path, OPTIONS, is_growing=True), threading.Event()):
        news.append(one)
        if isinstance(one, events.Heard) and one.segments and not is_killed:
            is_killed = True
            os.kill(engine.child_pid or 0, signal.SIGKILL)
    recorder.join()
    assert [one for one in news if isinstance(one, events.Restarted)]
    assert isinstance(news[-1], events.Finished)
    parts = [part for one in heard_of(news) for part in one.parts]
    assert parts[0].start_ms == 0
    assert all(one.end_ms == other.start_ms for one, other in zip(parts, parts[1:], strict=False))
    assert parts[-1].end_ms == 40_000


def test_a_recording_is_left_at_once(engine: EngineClient, tmp_path: Path) -> None:
    path, stop, end = tmp_path / "talk.mka", threading.Event(), threading.Event()
    recorder = recorded(Tape(path), samples_of("demo-minute"), end)
    pid = 0
    for one in engine.transcribe(Work(path, OPTIONS, is_growing=True), stop):
        if isinstance(one, events.Preview):
            pid = engine.child_pid or 0
            stop.set()
    assert pid
    end.set()
    recorder.join()


def test_the_process_for_recordings_does_not_give_way() -> None:
    child = child_at_once(False)
    try:
        assert child.say_hello(threading.Event())
        assert os.getpriority(os.PRIO_PROCESS, child.pid) == os.getpriority(os.PRIO_PROCESS, 0)
    finally:
        child.kill()
