"""How far live text lags behind speech: ours, and pieces of five seconds as other programs take them, in one run.

python -m tests.benchmarks.live [SOUND.flac] [--busy N] [--seconds S] [--model NAME] [--server]

A known recording (its text and times lie beside it as .json) is played in real time into a growing file, from which the
engine hears it; with `--server` through a sound server, PortAudio and the recorder. The lag of a word is the time from
the end of its sound to its first showing. `--busy` keeps so many cores busy with other work meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path

import jiwer
import numpy as np
import psutil
import soundfile

from desktop.core import events
from desktop.core.doubts import plain_words
from desktop.core.options import Options
from desktop.core.ports import Work
from desktop.core.recording import State, Status
from desktop.core.words import Word, pieces, spread
from desktop.engine.child import child_at_once
from desktop.engine.client import EngineClient
from desktop.engine.models import DEMO_NAME, Models
from desktop.store.paths import Paths
from desktop.system.microphones import SystemMicrophones
from desktop.system.recorder import SystemRecorder
from tests.journeys.sound_server import open_sound_server
from tests.journeys.sound_server import recorded as samples_of
from tests.tapes import Tape

RESOURCES = Path(__file__).parents[2] / "resources"
RATE_HZ = 16_000
CHUNK = RATE_HZ // 10
PIECE_S = 5
QUIET_S = 20
LOUD = 1000
EARLY_MS = 300
"""A preview may begin so long before the known start of its first word."""


@dataclass
class Known:
    """A recording with what is said in it and when."""

    sound: np.ndarray
    words: list[Word]

    @staticmethod
    def read(path: Path, seconds: float) -> Known:
        """Words are spread over the known times of their sentence by their length."""
        sound, rate_hz = soundfile.read(path, dtype="float32")
        assert rate_hz == RATE_HZ
        segments = json.loads(path.with_suffix(".json").read_text("utf-8"))["segments"]
        fitting = [one for one in segments if not seconds or one["end_ms"] < 1000 * seconds]
        end = min(len(sound), (fitting[-1]["end_ms"] + 800) * RATE_HZ // 1000)
        words = [word for one in fitting for word in spread(pieces(one["text"]), one["start_ms"], one["end_ms"])]
        return Known(sound[:end], words)

    @property
    def plain(self) -> list[str]:
        """The words to compare with."""
        return [plain(word.text) for word in self.words]


@dataclass
class Shown:
    """What was shown, and when: milliseconds since the first sample."""

    known: Known
    said: list[tuple[str, float]] = field(default_factory=list)
    """Each confirmed word with its time."""
    previewed: dict[int, float] = field(default_factory=dict)
    stood: dict[int, float] = field(default_factory=dict)
    changed: int = 0
    """Words that stood and then were others, before they were confirmed."""
    waited_s: list[float] = field(default_factory=list)
    """For each piece from its last word to its confirmation."""
    rest_s: float = 0.0
    """From the end of the recording to the last word."""

    def confirm(self, text: str, at_ms: float) -> None:
        """Words that are there for good."""
        self.said += [(plain(word), at_ms) for word in text.split()]

    def preview(self, news: events.Preview, at_ms: float, lead_ms: int) -> None:
        """Words that are shown for now, of a file in which the known sound begins after so long."""
        known = self.known.words
        start_ms = news.start_ms - lead_ms - EARLY_MS
        first = next((at for at, word in enumerate(known) if word.start_ms >= start_ms), len(known))
        spoken = [plain(word.text) for word in known[first:] if word.start_ms <= at_ms]
        words = list(map(plain, news.text.split()))
        stable = len(news.text[: news.stable].split())
        for left, right, size in SequenceMatcher(None, spoken, words, autojunk=False).get_matching_blocks():
            for step in range(size):
                self.previewed.setdefault(first + left + step, at_ms)
                if right + step < stable:
                    self.stood.setdefault(first + left + step, at_ms)

    @property
    def confirmed(self) -> dict[int, float]:
        """For each known word that was heard right, when."""
        matcher = SequenceMatcher(None, self.known.plain, [word for word, _at in self.said], autojunk=False)
        return {
            left + step: self.said[right + step][1]
            for left, right, size in matcher.get_matching_blocks()
            for step in range(size)
        }

    @property
    def word_errors(self) -> float:
        """Of the confirmed text."""
        return float(jiwer.wer(" ".join(self.known.plain), " ".join(word for word, _at in self.said) or "-"))

    def lags_s(self, times: dict[int, float]) -> list[float]:
        """Of the words of which the time is known."""
        return sorted((at_ms - self.known.words[number].end_ms) / 1000 for number, at_ms in times.items())


def main() -> None:
    """Print the table."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("sound", nargs="?", type=Path, default=RESOURCES / "samples" / "demo-minute.flac")
    given.add_argument("--busy", type=int, default=0)
    given.add_argument("--seconds", type=float, default=0)
    given.add_argument("--model", default=DEMO_NAME)
    given.add_argument("--server", action="store_true")
    chosen = given.parse_args()
    known = Known.read(chosen.sound, chosen.seconds)
    length_s = len(known.sound) / RATE_HZ
    print(
        f"{chosen.sound.name}: {length_s:.0f} s, {len(known.words)} words; {chosen.busy} other cores busy", flush=True
    )
    with busy(chosen.busy):
        mine = ours(known, chosen.model, recorded if chosen.server else playing)
        theirs = fixed_pieces(known, chosen.model)
    everything = {number: min(at, mine.previewed.get(number, at)) for number, at in mine.confirmed.items()}
    row("preview", mine.lags_s(everything | mine.previewed), len(known.words))
    row("preview, standing", mine.lags_s(mine.stood), len(known.words))
    row("confirmed", mine.lags_s(mine.confirmed), len(known.words))
    row("since the pause", sorted(mine.waited_s), len(mine.waited_s), "pieces")
    row(f"pieces of {PIECE_S} s", theirs.lags_s(theirs.confirmed), len(known.words))
    print(
        f"word errors: {mine.word_errors:.1%}; pieces of {PIECE_S} s: {theirs.word_errors:.1%}; "
        f"as a file: {as_a_file(known, chosen.model):.1%}"
    )
    print(f"words that stood and changed: {mine.changed}; last word {mine.rest_s:.2f} s after the end")
    print(f"processor of the engine while nobody speaks: {quiet_share(chosen.model):.1%} of one core")


def row(name: str, lags: Sequence[float], of: int, what: str = "words") -> None:
    """One line of the table."""
    if not lags:
        print(f"{name:20}  nothing")
        return
    late = lags[min(len(lags) - 1, round(0.95 * (len(lags) - 1)))]
    print(f"{name:20}  median {statistics.median(lags):5.2f} s   95 % {late:5.2f} s   {len(lags)} of {of} {what}")


def ours(known: Known, model: str, source: Callable[[np.ndarray], AbstractContextManager[Growing]]) -> Shown:
    """The engine on a file that grows in real time."""
    shown, standing = Shown(known), ""
    with engine(model) as client, source(known.sound) as growing:
        for news in client.transcribe(Work(growing.path, options(model), is_growing=True), threading.Event()):
            at_s = time.monotonic()
            if isinstance(news, events.Preview):
                now_standing = news.text[: news.stable]
                if news.text and not now_standing.startswith(standing):
                    shown.changed += 1
                standing = now_standing
                if news.text:
                    shown.preview(news, growing.played_ms(at_s), growing.lead_ms)
            elif isinstance(news, events.Heard):
                standing = ""
                for segment in news.segments:
                    shown.confirm(segment.text, growing.played_ms(at_s))
                if news.segments:
                    end_ms = news.segments[-1].end_ms - growing.lead_ms
                    shown.waited_s.append((growing.played_ms(at_s) - end_ms) / 1000)
        shown.rest_s = growing.played_ms(time.monotonic()) / 1000 - len(known.sound) / RATE_HZ
    return shown


def fixed_pieces(known: Known, model: str) -> Shown:
    """Every five seconds what was recorded since: read as a whole, shown as it is."""
    from faster_whisper import WhisperModel

    whisper = WhisperModel(
        str(Models(Path("/"), RESOURCES / "models" / "demo").find(model).path),
        "cpu",
        compute_type="int8",
        local_files_only=True,
    )
    shown, began = Shown(known), time.monotonic()
    for at in range(0, len(known.sound), PIECE_S * RATE_HZ):
        piece = known.sound[at : at + PIECE_S * RATE_HZ]
        wait_s = began + (at + len(piece)) / RATE_HZ - time.monotonic()
        threading.Event().wait(max(0, wait_s))
        found, _info = whisper.transcribe(piece, language="en", vad_filter=True, condition_on_previous_text=False)
        text = " ".join(segment.text for segment in found)
        shown.confirm(text, 1000 * (time.monotonic() - began))
    return shown


def as_a_file(known: Known, model: str) -> float:
    """The word errors of the same sound, heard as a file."""
    shown = Shown(known)
    with tempfile.TemporaryDirectory() as folder, engine(model) as client:
        path = Path(folder) / "sound.flac"
        soundfile.write(path, known.sound, RATE_HZ)
        for news in client.transcribe(Work(path, options(model)), threading.Event()):
            if isinstance(news, events.Heard):
                shown.confirm(" ".join(segment.text for segment in news.segments), 0)
    return shown.word_errors


def quiet_share(model: str) -> float:
    """How much of a core the engine takes for a recording of a quiet room."""
    noise = np.random.default_rng(1).standard_normal(QUIET_S * RATE_HZ).astype(np.float32) * 1e-4
    with engine(model) as client, playing(noise) as growing:
        used = began = 0.0
        for news in client.transcribe(Work(growing.path, options(model), is_growing=True), threading.Event()):
            now = time.monotonic()
            if isinstance(news, events.Working) and client.child_pid:
                times = psutil.Process(client.child_pid).cpu_times()
                began = began or now
                used = used or times.user + times.system
                last, at = times.user + times.system, now
    return float((last - used) / (at - began))


def options(model: str) -> Options:
    """English, on the processor."""
    return Options(language="en", model=model, device="cpu")


def models() -> Models:
    """Those of the user, and the demo model."""
    paths = Paths.default()
    return Models(paths.models, paths.demo_model)


@contextmanager
def engine(model: str) -> Iterator[EngineClient]:
    """The engine with its model loaded: a recorder starts it before it is needed."""
    client = EngineClient(Models(Paths.default().models, RESOURCES / "models" / "demo"), child_at_once)
    client.prove(model, options(model), threading.Event(), is_live=True)
    yield client
    client.close()


class Growing:
    """A recording that goes on. It may have begun before what is played."""

    def __init__(self, path: Path, sound: np.ndarray) -> None:
        self.path = path
        self._sound = sound
        self.began_s = 0.0
        """When the first sample of the file was there, on the clock of `time.monotonic`."""

    def played_ms(self, at_s: float) -> float:
        """How much of what is played was over at a moment."""
        return 1000 * (at_s - self.began_s) - self.lead_ms

    @cached_property
    def lead_ms(self) -> int:
        """Where that lies in the file; asked once some of it is there."""
        return _first_loud_ms(samples_of(self.path)[0][:, 0], 48_000) - _first_loud_ms(self._sound * 32767, RATE_HZ)


def _first_loud_ms(samples: np.ndarray, rate_hz: int) -> int:
    return int(np.flatnonzero(np.abs(samples.astype(np.int32)) > LOUD)[0]) * 1000 // rate_hz


@contextmanager
def playing(sound: np.ndarray) -> Iterator[Growing]:
    """A recording of this sound that goes on in real time."""
    with tempfile.TemporaryDirectory() as folder:
        growing, running = Growing(Path(folder) / "live.mka", sound), threading.Event()
        growing.lead_ms = 0

        def record() -> None:
            with Tape(growing.path) as tape:
                growing.began_s = time.monotonic()
                running.set()
                for at in range(0, len(sound), CHUNK):
                    over_s = growing.began_s + min(len(sound), at + CHUNK) / RATE_HZ
                    threading.Event().wait(max(0, over_s - time.monotonic()))  # it is there when its time is over
                    tape.write(sound[at : at + CHUNK])

        recorder = threading.Thread(target=record)
        recorder.start()
        running.wait()
        yield growing
        recorder.join()


@contextmanager
def recorded(sound: np.ndarray) -> Iterator[Growing]:
    """The same, played to a microphone of a sound server and recorded from there."""
    with tempfile.TemporaryDirectory() as folder, open_sound_server(Path(folder)) as server:
        os.environ["PULSE_SERVER"] = server.address
        microphones = SystemMicrophones()
        desk = next(one for one in microphones.devices() if one.name == "Desk")
        growing, running = Growing(Path(folder) / "live.mka", sound), threading.Event()
        take = SystemRecorder(microphones).take([desk], growing.path)

        def record() -> None:
            for news in take.run():
                if isinstance(news, Status) and news.state is State.RECORDING:
                    growing.began_s = take._origin_s
                    running.set()

        def play() -> None:
            server.play(np.stack([sound * 32767] * 2, axis=1).astype(np.int16), rate=RATE_HZ).wait()
            threading.Event().wait(1)
            take.stop()

        threads = [threading.Thread(target=record), threading.Thread(target=play)]
        threads[0].start()
        running.wait()
        threads[1].start()
        yield growing
        for thread in threads:
            thread.join()


@contextmanager
def busy(count: int) -> Iterator[None]:
    """Other programs at work."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _number in range(count)]
    yield
    for one in others:
        one.kill()
        one.wait()


def plain(word: str) -> str:
    """What counts of a word."""
    return " ".join(plain_words(word))


if __name__ == "__main__":
    main()
