"""From the key to the text in another program, and what the shortened window costs in words.

python -m tests.benchmarks.dictation [--model FOLDER] [--seconds 2 5 15 60] [--times 5] [--utterances 200]

Speech of the known lengths is played into a microphone of a sound server of its own while the real key is held on an X
server of its own; the text arrives in the text field of another process. Each step is shown as a waterfall, and the
time from letting go to the receipt as a ratio to `WhisperModel.transcribe` on the same sound with the same model, in
the same run. Then that many single sentences by voices of espeak-ng are heard with the shortened and the full window.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import soundfile

from desktop.core.dictated import Read, Utterance, Waterfall
from desktop.core.doubts import plain_words
from desktop.core.options import Options
from desktop.core.settings import Settings
from desktop.core.spoken import said
from desktop.engine import hardware, protocol
from desktop.engine.client import EngineClient
from desktop.engine.models import Models
from desktop.engine.scribe import Scribe
from desktop.engine.utterance import Dictations
from desktop.engine.whisper import Recogniser
from desktop.store.library import Library
from desktop.store.paths import Paths
from tests.journeys.desk import Desk, open_desk
from tests.journeys.studio import Studio, open_studio
from tests.journeys.test_typing import Another

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "packaging"))

RATE_HZ = 16_000
LINGERS_S = 0.25
"""A finger leaves the key so long after the last word."""
KEY, KEY_UP = ("keydown", "F9"), ("keyup", "F9")
STEPS = ("first_sound", "released", "closed", "recognised", "inserted")


def speech(seconds: float, seed: int) -> np.ndarray:
    """Sentences one after the other, as near to the length as whole sentences come."""
    from demo_model import recordings, voices

    pieces: list[np.ndarray] = []
    while sum(map(len, pieces)) < (seconds - 1) * RATE_HZ:
        seed += 1
        one = recordings.single(seed, "en", lambda pick: voices.held_out_voice(pick, "en"))
        pieces.append(one.samples[round(0.2 * RATE_HZ) : -round(0.3 * RATE_HZ)])
    return np.concatenate(pieces)


def plain_ms(model: Path, sounds: Sequence[Path]) -> list[float]:
    """`WhisperModel.transcribe` as it comes, on what the microphone has recorded."""
    from faster_whisper import WhisperModel

    whisper = WhisperModel(str(model), device="cpu", compute_type="int8", cpu_threads=hardware.cpu_threads())
    times = []
    for sound in [sounds[0], *sounds]:
        began = time.monotonic()
        for _segment in whisper.transcribe(str(sound), language="en")[0]:
            pass
        times.append(1000 * (time.monotonic() - began))
    return times[1:]


class Booth:
    """The service with all its real parts, without a window."""

    def __init__(self, model: Path, folder: Path) -> None:
        from PySide6.QtCore import QCoreApplication

        from desktop.services.dictation import Dictating
        from desktop.services.dictation_loop import Hands, Means
        from desktop.system import caret, hotkey, typist
        from desktop.system.chime import SystemChime
        from desktop.system.clipboard.apart import ClipboardApart
        from desktop.system.ear import SystemEars
        from desktop.system.microphones import SystemMicrophones
        from desktop.system.recorder import SystemRecorder

        self.app = QCoreApplication([])
        models = Models(folder / "none", model)
        microphones = SystemMicrophones(0.06)
        microphones.prepare()
        means = Means(
            SystemEars(lambda: microphones),
            Scribe(models),
            SystemChime(),
            lambda on_key, wanted: Hands(
                hotkey.choose(on_key, wanted),
                typist.choose("", lambda _token: None),
                ClipboardApart(),
                caret.choose(),
            ),
            lambda _is_over: None,
            models.quick,
        )
        library = Library(folder / "library.sqlite3", folder / "locks")
        self.dictating = Dictating(
            means, library, SystemRecorder(microphones), EngineClient(models), folder / "dictations"
        )
        self.sounds: list[Path] = []
        self.waterfalls: list[Waterfall] = []
        self.is_ready = threading.Event()
        self.dictating.timed.connect(self.waterfalls.append)
        self.dictating.ready_changed.connect(lambda is_ready: self.is_ready.set() if is_ready else None)
        self.dictating.kept.connect(lambda entry: self.sounds.append(entry.sound) if not entry.text else None)
        self.dictating.said.connect(lambda error: print(f"said: {error}"))
        self.dictating.use_settings(
            Settings(dictation=True, dictation_shortcut="F9", language="en", dictation_history="always")
        )
        self.wait(self.is_ready.is_set)

    def wait(self, until: object, seconds: float = 60) -> None:
        """Let news come in until something holds."""
        deadline = time.monotonic() + seconds
        while not until() and time.monotonic() < deadline:  # type: ignore[operator]
            self.app.processEvents()
            time.sleep(0.005)


@contextlib.contextmanager
def booth(model: Path, folder: Path) -> Iterator[tuple[Booth, Desk, Studio, Another]]:
    """Screen, sound server, another program and the service."""
    with open_desk(folder, tray=False) as desk, open_studio(folder) as studio:
        os.environ |= {"DISPLAY": desk.display, "PULSE_SERVER": studio.server}
        silence = ["pacat", "--raw", "--latency-msec=40", "-d", "usb", "/dev/zero"]
        awake = subprocess.Popen(silence, env=studio.environment)
        target = Another(desk, "target")
        target.take_keyboard()
        one = Booth(model, folder)
        try:
            yield one, desk, studio, target
        finally:
            one.dictating.close()
            target.end()
            awake.kill()
            awake.wait()


def release_to_text(model: Path, seconds: Sequence[float], times: int) -> None:
    """The waterfall for each length of speech."""
    print("seconds  " + "  ".join(f"{step:>11}" for step in STEPS) + "   release to text: median, p95; plain; ratio")
    medians: dict[float, float] = {}
    with tempfile.TemporaryDirectory() as name, booth(model, Path(name)) as (one, desk, studio, target):
        for length in seconds:
            first = len(one.waterfalls)
            for turn in range(times):
                voice = Path(name) / "voice.wav"
                sound = speech(length, 1000 * turn + round(10 * length))
                soundfile.write(voice, sound, RATE_HZ)
                count = len(one.waterfalls)
                desk.run("xdotool", *KEY)
                played = subprocess.Popen(["paplay", "--latency-msec=60", "-d", "usb", voice], env=studio.environment)
                one.wait(lambda played=played: played.poll() is not None, length + 20)
                one.wait(lambda: False, LINGERS_S)
                desk.run("xdotool", *KEY_UP)
                one.wait(lambda count=count: len(one.waterfalls) > count, 30)
                target("clear")
            found = one.waterfalls[first:]
            took = sorted(each.inserted - each.released for each in found)
            plain = statistics.median(plain_ms(model, one.sounds[first : first + len(found)]))
            medians[length] = statistics.median(took)
            steps = {step: statistics.median(asdict(each)[step] for each in found) for step in STEPS}
            print(
                f"{length:7g}  " + "  ".join(f"{steps[step]:11.0f}" for step in STEPS),
                f"  {medians[length]:6.0f} {took[min(len(took) - 1, round(0.95 * len(took)))]:6.0f} ms"
                f" {plain:6.0f} ms {medians[length] / plain:6.2f}",
                flush=True,
            )
    if len(seconds) > 1:
        print(f"{max(seconds):g} s against 5 s: {medians[max(seconds)] / medians.get(5, min(medians.values())):.2f}")


def word_errors(model: Path, count: int) -> None:
    """Sentences and pairs of them with the shortened and the full window: words wrong, heard twice, time for each."""
    from demo_model import recordings, voices
    from demo_model.recordings import Recording

    singles = [recordings.single(at, "en", lambda pick: voices.held_out_voice(pick, "en")) for at in range(count)]
    pairs = [
        Recording(np.concatenate([one.samples, two.samples]), one.said + two.said)
        for one, two in zip(singles[: count // 2 : 2], singles[1 : count // 2 : 2], strict=False)
    ]
    recogniser = Recogniser(model, "cpu", "int8", hardware.shared(hardware.cpu_threads(), "cpu", 0, True))
    for name, sentences in (("sentences", singles), ("pairs", pairs)):
        for in_full in (False, True):
            _report_errors(recogniser, name, sentences, in_full)


def _report_errors(recogniser: Recogniser, name: str, sentences: Sequence[Any], in_full: bool) -> None:
    told: list[Read] = []

    def take(report: protocol.Report) -> None:
        if isinstance(report, Read):
            told.append(report)

    dictations = Dictations(recogniser, take)
    began = time.monotonic()
    for number, one in enumerate(sentences):
        dictations.begin(number, Utterance(Options(language="en", beam_size=1), in_full=in_full))
        dictations.feed(number, (one.samples * 32_767).astype("<i2").tobytes())
        dictations.end(number)
        while dictations.has_work:
            dictations.step()
    took_ms = 1000 * (time.monotonic() - began) / len(sentences)
    truth = [" ".join(plain_words(" ".join(said.sentence.text for said in one.said))) for one in sentences]
    heard = [" ".join(plain_words(said(one.segments))) for one in told]
    how = "full" if in_full else "shortened"
    print(
        f"{name:>9}, {how:>9} window: {100 * jiwer.wer(truth, heard):.2f} % word errors,"
        f" {sum(one.retries > 0 for one in told)} of {len(sentences)} heard again, {took_ms:.0f} ms each",
        flush=True,
    )


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=Paths.default().demo_model)
    parser.add_argument("--seconds", type=float, nargs="*", default=[2, 5, 15, 60])
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--utterances", type=int, default=200)
    asked = parser.parse_args()
    if asked.seconds:
        release_to_text(asked.model, asked.seconds, asked.times)
    if asked.utterances:
        word_errors(asked.model, asked.utterances)


if __name__ == "__main__":
    main()
