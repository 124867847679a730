"""Everything that can only be seen on a machine with an NVIDIA card, in one run: `python -m tests.gpu.check_cuda`.

Prints one JSON object a line for each section as it ends; a section that fails or takes too long costs only itself.
Where there is no card it says so and does nothing. `--cpu` walks through the same sections with small models on the
processor, to see that the script itself works. Needs no Qt.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from desktop.benchmark import words
from desktop.benchmark.contestants import contestant_for
from desktop.benchmark.material import Material
from desktop.benchmark.models import Wanted
from desktop.benchmark.task import FW_BATCHED, FW_SEQUENTIAL, Task
from desktop.core import events
from desktop.core.errors import AppError
from desktop.core.jobs import Engine
from desktop.core.options import Options
from desktop.core.ports import Work
from desktop.engine import cuda
from desktop.engine.child import Child
from desktop.engine.client import EngineClient
from desktop.engine.models import Models

ROOT = Path(__file__).parents[2]
SAMPLES, DEMO = ROOT / "resources" / "samples", ROOT / "resources" / "models" / "demo"
NEVER = threading.Event()
MB = 1 << 20
TOKENS = 42
"""A random model never ends a text by itself: so many steps for each window, for all alike."""


class Check:
    """One run: what is used, what was found, and what has to be ended when a section is given up."""

    def __init__(self, is_dry: bool, folder: Path, size: str, minutes: float) -> None:
        self.is_dry = is_dry
        self.folder = folder
        self.size = size
        self.seconds = 60.0 * minutes
        self.device = "cpu" if is_dry else "cuda"
        self.compute_type = "int8" if is_dry else "int8_float16"
        self.results: dict[str, dict[str, Any]] = {}
        self.to_end: list[Any] = []
        self.models = Models(Path(os.devnull), DEMO)
        self.material = Material(SAMPLES, folder / "sound")
        self.makers = {
            name: self._maker(name) for name in dict.fromkeys((size, "tiny", *(() if is_dry else ("large-v3",))))
        }

    def section(self, name: str, limit_s: float, work: Callable[[], dict[str, Any]]) -> None:
        """Run one section on a thread of its own and tell what came of it."""
        began = time.monotonic()
        result: dict[str, Any] = {}

        def run() -> None:
            try:
                result.update(work())
            except BaseException as error:  # noqa: BLE001 - whatever it is, the other sections go on
                result["error"] = f"{type(error).__name__}: {error}"[:600]
                result["traceback"] = traceback.format_exc()[-1500:]

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(limit_s)
        if thread.is_alive():
            result = {**result, "error": f"not done after {limit_s:.0f} s"}
        for one in self.to_end:
            try:
                one()
            except Exception as error:  # noqa: BLE001
                print(f"while ending {name}: {error}", file=sys.stderr)
        self.to_end.clear()
        self.results[name] = {"seconds": round(time.monotonic() - began, 1), **result}
        print(json.dumps({"section": name, **self.results[name]}, ensure_ascii=False), flush=True)

    # --- parts ---

    def engine(self, main: Any = None) -> EngineClient:
        """An engine of this program that ends with the section."""
        engine = EngineClient(self.models, partial(Child, main=main) if main else Child)
        self.to_end.append(engine.close)
        return engine

    def model(self, size: str) -> str:
        """The folder of a random model; waits until it is made."""
        maker = self.makers[size]
        if maker.wait() != 0:
            raise RuntimeError(f"the model {size} could not be made")
        return str(Wanted(size, "ctranslate2").place(self.folder))

    def options(self, **how: Any) -> Options:
        """For random models: the same number of tokens in each window, no second try."""
        plain = {"language": "en", "device": self.device, "temperatures": (0.0,), "max_new_tokens": TOKENS}
        return Options(**plain | how)

    def _maker(self, size: str) -> subprocess.Popen[bytes]:
        code = (
            "from pathlib import Path; from desktop.benchmark.models import Wanted; "
            f"Wanted({size!r}, 'ctranslate2').make(Path({str(self.folder)!r}))"
        )
        return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)


# --- hearing ---


class Story:
    """What an engine told while it heard a file."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.parts: list[tuple[int, int]] = []
        self.lines: list[str] = []
        self.engine = Engine()
        self.heard_ms = self.work_s = self.first_s = self.load_s = 0.0
        self.notes: list[str] = []
        self.is_finished = False

    def to_record(self) -> dict[str, Any]:
        return {
            "engine": str(self.engine),
            "reason": self.engine.reason,
            "told": self.lines,
            "notes": self.notes,
            "finished": self.is_finished,
            "heard_ms": int(self.heard_ms),
            "load_s": round(self.load_s, 2),
            "work_s": round(self.work_s, 2),
            "first_s": round(self.first_s, 2),
        }


def told(engine: EngineClient, source: Path, options: Options) -> Iterator[Story]:
    """The story so far after each piece of news."""
    story = Story()
    began = started = time.monotonic()
    for news in engine.transcribe(Work(source, options), NEVER):
        match news:
            case events.Loading(_model, device, kind):
                story.lines.append(f"loading on {device} {kind}")
            case events.Started(found):
                started = time.monotonic()
                story.load_s = story.load_s or started - began
                story.engine = found
                story.lines.append(f"started: {found.reason}")
            case events.Restarted(cause):
                story.lines.append(f"restarted: {cause}")
            case events.SteppedDown(left, cause):
                story.lines.append(f"stepped down from {left}: {cause}")
            case events.Heard():
                story.text += [segment.text for segment in news.segments]
                story.parts += [(part.start_ms, part.end_ms) for part in news.parts]
                story.heard_ms = news.heard_ms
                story.first_s = story.first_s or time.monotonic() - started
            case events.Finished(notes):
                story.is_finished = True
                story.notes = [str(note) for note in notes]
        story.work_s = time.monotonic() - started
        yield story


def heard(engine: EngineClient, source: Path, options: Options) -> Story:
    """The whole story."""
    *_before, story = told(engine, source, options)
    return story


def gaps(story: Story) -> list[tuple[int, int]]:
    """Stretches of the file that nobody accounts for: there must be none."""
    return [(one[1], two[0]) for one, two in zip(story.parts, story.parts[1:], strict=False) if two[0] > one[1]]


def said_in(name: str) -> str:
    record = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return " ".join(segment["text"] for segment in record["segments"])


# --- the card's memory ---


class Memory:
    """How much of the card's memory is in use beyond what was at the start; the most of it is kept."""

    def __init__(self, is_dry: bool) -> None:
        self.peak = self._start = 0
        self._is_dry = is_dry
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        self._start = used(self._is_dry)
        self._thread.start()
        return self

    def __exit__(self, *_about: object) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def peak_mb(self) -> int:
        return max(0, self.peak - self._start) // MB

    def _watch(self) -> None:
        while not self._stop.wait(0.02):
            self.peak = max(self.peak, used(self._is_dry))


def used(is_dry: bool) -> int:
    if is_dry:
        return 0
    import pynvml

    pynvml.nvmlInit()
    return int(pynvml.nvmlDeviceGetMemoryInfo(pynvml.nvmlDeviceGetHandleByIndex(0)).used)


class Hog:
    """Another program that takes the card's memory, through the driver alone."""

    def __init__(self, check: Check) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.gpu.check_cuda", "--hog"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        check.to_end.append(self._process.kill)

    def leave(self, megabytes: int) -> str:
        """Take all but so much; what is free afterwards."""
        assert self._process.stdin
        assert self._process.stdout
        print(megabytes, file=self._process.stdin, flush=True)
        return self._process.stdout.readline().strip()

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


def run_hog() -> None:
    """Reads how many megabytes to leave, a line each."""
    driver = ctypes.CDLL(cuda.DRIVER)
    device, context = ctypes.c_int(), ctypes.c_void_p()
    assert driver.cuInit(0) == 0
    assert driver.cuDeviceGet(ctypes.byref(device), 0) == 0
    assert driver.cuCtxCreate_v2(ctypes.byref(context), 0, device) == 0
    free, total, pointer = ctypes.c_size_t(), ctypes.c_size_t(), ctypes.c_uint64()
    for line in sys.stdin:
        wanted = int(line) * MB
        chunk = 1024 * MB
        while chunk >= 2 * MB:
            driver.cuMemGetInfo_v2(ctypes.byref(free), ctypes.byref(total))
            if free.value - chunk < wanted or driver.cuMemAlloc_v2(ctypes.byref(pointer), ctypes.c_size_t(chunk)):
                chunk //= 2
        print(f"{free.value // MB} MB free", flush=True)


# --- faster-whisper, in a process that stays ---


class Rival:
    """faster-whisper as its documentation uses it; loaded once, hears as often as asked."""

    def __init__(self, check: Check, task: Task) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.gpu.check_cuda", "--rival"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        check.to_end.append(self._process.kill)
        self._ask(json.dumps(task.to_record()))

    def hear(self) -> float:
        """The seconds that it took."""
        return self._ask("hear")

    def _ask(self, line: str) -> float:
        assert self._process.stdin
        assert self._process.stdout
        print(line, file=self._process.stdin, flush=True)
        return float(self._process.stdout.readline() or "nan")

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


def run_rival() -> None:
    """The other end of `Rival`."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    contestant = contestant_for(Task.from_record(json.loads(sys.stdin.readline())))
    contestant.load()
    print(0.0, file=answers, flush=True)
    for _line in sys.stdin:
        began = time.monotonic()
        for _piece in contestant.hear(NEVER):
            pass
        print(time.monotonic() - began, file=answers, flush=True)


# --- the sections ---


def facts(check: Check) -> dict[str, Any]:
    """The machine in the words of its own tools."""
    smi = "nvidia-smi --query-gpu=name,driver_version,memory.total,memory.used,compute_cap --format=csv,noheader"
    found = cuda.find()
    return {
        "nvidia_smi": ""
        if check.is_dry
        else subprocess.run(smi.split(), check=False, capture_output=True, text=True).stdout.strip(),
        "python": sys.version.split()[0],
        "processors": os.cpu_count(),
        "cublas": [one.path for one in found.libraries],
        "other": found.other,
    }


def doctor(check: Check) -> dict[str, Any]:
    """`undertone doctor`, twice: the first time the driver translates the kernels for a card newer than they are."""
    home = str(check.folder / "home")
    environment = {**os.environ, "HOME": home} | {
        f"XDG_{one}_HOME": home for one in ("CONFIG", "DATA", "STATE", "CACHE")
    }
    first_s, record = _doctor(environment, "--json")
    second_s, text = _doctor(environment)
    report = json.loads(record) if record.startswith("{") else record
    return {"first_s": first_s, "second_s": second_s, "report": report, "text": text.splitlines()}


def _doctor(environment: dict[str, str], *arguments: str) -> tuple[float, str]:
    began = time.monotonic()
    command = [sys.executable, "-m", "desktop", "doctor", *arguments]
    done = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=160)
    return round(time.monotonic() - began, 1), done.stdout or done.stderr[-800:]


def demo(check: Check) -> dict[str, Any]:
    """The demo model on the processor and on the card: what was chosen, and whether the text is the same."""
    ways = {"processor": {"device": "cpu"}, "automatic": {"device": "auto"}}
    if not check.is_dry:
        ways |= {kind: {"device": "cuda", "compute_type": kind} for kind in ("float16", "int8_float32", "float32")}
    texts: dict[str, list[str]] = {}
    chosen: dict[str, str] = {}
    names = ("demo-short", "demo-minute", "demo-pauses")
    for way, how in ways.items():
        engine = check.engine()
        stories = [
            heard(engine, SAMPLES / f"{name}.flac", Options(model="demo", language="en", **how)) for name in names
        ]
        texts[way] = [" ".join(story.text) for story in stories]
        chosen[way] = f"{stories[0].engine.reason}; load {stories[0].load_s:.1f} s"
        engine.close()
    said = [said_in(name) for name in names]
    rates = {way: round(words.errors(said, text, "en").rate, 4) for way, text in texts.items()}
    same = {way: text == texts["processor"] for way, text in texts.items()}
    return {"chosen": chosen, "word_error_rate": rates, "same_text_as_processor": same}


def speed(check: Check) -> dict[str, Any]:
    """Ours beside faster-whisper on the same model and sound, in turn; medians of three."""
    model, source = check.model(check.size), check.material.speech(check.seconds)
    engine = check.engine()
    options = check.options(model=model, compute_type=check.compute_type)
    task = Task("", model, (str(source),), TOKENS, device=check.device, compute_type=check.compute_type)
    peaks: dict[str, int] = {}
    with Memory(check.is_dry) as memory:
        first = heard(engine, source, options)
    peaks["ours"] = memory.peak_mb
    rivals: dict[str, Rival] = {}
    for name, batch in ((FW_SEQUENTIAL, 0), (FW_BATCHED, 16)):
        with Memory(check.is_dry) as memory:
            rivals[name] = Rival(check, replace(task, contestant=name, batch_size=batch))
            rivals[name].hear()
        peaks[name] = memory.peak_mb
    times: dict[str, list[float]] = {"ours": [], **{name: [] for name in rivals}}
    for _round in range(3):
        times["ours"].append(heard(engine, source, options).work_s)
        for name, rival in rivals.items():
            times[name].append(rival.hear())
    medians = {name: statistics.median(values) for name, values in times.items()}
    return {
        "model": check.size,
        "audio_s": check.seconds,
        "engine": str(first.engine),
        "load_s": round(first.load_s, 1),
        "first_words_s": round(first.first_s, 2),
        "seconds": {name: [round(value, 2) for value in values] for name, values in times.items()},
        "times_real_time": {name: round(check.seconds / value, 1) for name, value in medians.items()},
        "ours_is_faster_by": {name: round(medians[name] / medians["ours"], 2) for name in rivals},
        "peak_card_mb": peaks,
    }


def batches(check: Check) -> dict[str, Any]:
    """How many windows together are best."""
    model, source = check.model(check.size), check.material.speech(check.seconds)
    found: dict[str, Any] = {}
    ways = {"int8": (4, 8, 16, 32)} if check.is_dry else {"int8_float16": (4, 8, 16, 32), "float16": (8, 16, 32)}
    for kind, sizes in ways.items():
        engine = check.engine()
        options = check.options(model=model, compute_type=kind)
        heard(engine, check.material.speech(30), options)
        for size in sizes:
            with Memory(check.is_dry) as memory:
                story = heard(engine, source, replace(options, batch_size=size))
            found[f"{kind} {size}"] = {
                "times_real_time": round(check.seconds / story.work_s, 1),
                "card_mb_more": memory.peak_mb,
                "notes": story.notes,
            }
        engine.close()
    return found


def workers(check: Check) -> dict[str, Any]:
    """How many batches at once are best: while one computes, the words of another are put in their places."""
    model, source = check.model(check.size), check.material.speech(check.seconds)
    found: dict[str, Any] = {}
    for count in (1, 2, 3):
        engine = check.engine(partial(with_workers, count=count))
        options = check.options(model=model, compute_type=check.compute_type)
        with Memory(check.is_dry) as memory:
            first = heard(engine, source, options)
            times = [heard(engine, source, options).work_s for _round in range(2)]
        found[str(count)] = {
            "times_real_time": round(check.seconds / min(times), 1),
            "peak_card_mb": memory.peak_mb,
            "finished": first.is_finished,
        }
        engine.close()
    return found


def with_workers(connection: Any, stderr_path: str, with_model: bool, count: int) -> None:
    """The real engine process with so many batches at once."""
    from desktop.engine import hardware, process

    hardware.shared = lambda cores, *_: hardware.Threads(count, max(1, cores // count))
    process.main(connection, stderr_path, with_model)


def cut(check: Check) -> dict[str, Any]:
    """A row of a batch on the card, cut where it lies, beside the same window encoded alone."""
    code = """
import json, sys, time
import ctranslate2, numpy as np
from pathlib import Path
from desktop.engine import cuda
cuda.prepare()
from desktop.engine.hardware import Threads
from desktop.engine.whisper import Recogniser
model, device, kind = sys.argv[1:]
one = Recogniser(Path(model), device, kind, Threads(1, 2))
bands = one._whisper.feature_extractor.mel_filters.shape[0]
random = np.random.default_rng(0)
features = [random.standard_normal((bands, 3000)).astype(np.float32) for _ in range(4)]
encoded = one.encode(features)
plain = lambda view: np.asarray(view.to_device(ctranslate2.Device.cpu).to(ctranslate2.DataType.float32))
began = time.monotonic()
rows = [plain(encoded.one(row)) for row in range(4)]
cut_s = time.monotonic() - began
alone = [plain(one.encode([each]).all) for each in features]
answer = {"differs_by": float(max(np.abs(a - b).max() for a, b in zip(rows, alone))), "cut_s": round(cut_s, 4),
          "scale": float(max(np.abs(each).max() for each in alone)), "can_be_cut": encoded.can_be_cut,
          "rows_differ": float(np.abs(alone[0] - alone[1]).max())}
print(json.dumps(answer))
"""
    command = [sys.executable, "-c", code, check.model("tiny"), check.device, check.compute_type]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=60)
    return json.loads(done.stdout) if done.stdout.startswith("{") else {"error": done.stderr[-800:]}


def large(check: Check) -> dict[str, Any]:
    """The largest shape, once: ours beside faster-whisper's batches."""
    model, source = check.model("large-v3"), check.material.speech(check.seconds / 2)
    engine = check.engine()
    options = check.options(model=model, compute_type=check.compute_type)
    with Memory(check.is_dry) as memory:
        first = heard(engine, source, options)
    ours = heard(engine, source, options)
    task = Task(FW_BATCHED, model, (str(source),), TOKENS, device=check.device, compute_type=check.compute_type)
    rival = Rival(check, replace(task, batch_size=16))
    rival.hear()
    seconds = {"ours": ours.work_s, FW_BATCHED: rival.hear()}
    return {
        "engine": str(first.engine),
        "load_s": round(first.load_s, 1),
        "peak_card_mb": memory.peak_mb,
        "times_real_time": {name: round(check.seconds / 2 / value, 1) for name, value in seconds.items()},
    }


def two_jobs(check: Check) -> dict[str, Any]:
    """Two engines at once on one card, as the queue and a dictation would be."""
    model = check.model(check.size)
    sources = [check.material.speech(check.seconds / 2, seed=seed) for seed in (0, 1)]
    options = check.options(model=model)
    engines = [check.engine(), check.engine()]
    alone = [heard(engine, source, options) for engine, source in zip(engines, sources, strict=True)]
    again = [heard(engine, source, options) for engine, source in zip(engines, sources, strict=True)]
    together: list[Story | None] = [None, None]

    def run(number: int) -> None:
        together[number] = heard(engines[number], sources[number], options)

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in (0, 1)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.monotonic() - began
    return {
        "engines": [str(story.engine) for story in alone],
        "one_after_the_other_s": round(sum(story.work_s for story in again), 2),
        "together_s": round(wall, 2),
        "same_text": [one.text == two.text for one, two in zip(alone, together, strict=True) if two],
        "finished": [story.is_finished for story in together if story],
    }


def full_at_load(check: Check) -> dict[str, Any]:
    """Another program has all of the card's memory when the model is to be loaded."""
    hog = Hog(check)
    free = hog.leave(300)
    engine = check.engine()
    source = check.material.speech(30)
    story = heard(engine, source, check.options(model=check.model("tiny"), device="auto"))
    big = heard(engine, source, check.options(model=check.model(check.size), device="auto", max_new_tokens=8))
    hog.end()
    engine.close()
    after = heard(check.engine(), source, check.options(model=check.model("tiny"), device="auto"))
    return {
        "left": free,
        "tiny": story.to_record(),
        check.size: big.to_record(),
        "after": after.to_record(),
    }


def full_at_work(check: Check, left_mb: int) -> dict[str, Any]:
    """Another program takes the card's memory in the middle of the work."""
    hog = Hog(check)
    engine = check.engine()
    source = check.material.speech(120)
    free, story = "", Story()
    options = check.options(model=check.model(check.size), device="auto", batch_size=32, max_new_tokens=16)
    heard(engine, check.material.speech(30), replace(options, batch_size=1))
    for story in told(engine, source, options):
        if not free and story.lines and story.lines[-1].startswith("started"):
            free = hog.leave(left_mb)
    hog.end()
    return {"left": free, **story.to_record(), "gaps": gaps(story)}


def without_library(check: Check, how: str) -> dict[str, Any]:
    """cuBLAS hidden, or only one of another major version there: what is said, asked for and by itself."""
    from tests.engine import failing

    if check.is_dry:
        fails = failing.missing_library
        main: Any = partial(failing.main, fails=fails)
    else:
        main = partial(hidden, how=how)
    engine = check.engine(main)
    source = SAMPLES / "demo-short.flac"
    found = heard(engine, source, Options(model="demo", language="en")).to_record()
    try:
        heard(engine, source, Options(model="demo", language="en", device="cuda"))
        asked = "no error"
    except AppError as error:
        asked = f"{type(error).__name__}: {error}"
    return {**found, "asked_for_cuda": asked}


def hidden(connection: Any, stderr_path: str, with_model: bool, how: str) -> None:
    """The real engine process on the real card, where cuBLAS 12 cannot be found."""
    from desktop.engine import process

    real = list(cuda.places())
    others = [one for one in real if not (one / cuda.POSIX_NAMES[-1]).is_file()]
    cuda.places = lambda *_: iter([] if how == "missing" else others)
    process.main(connection, stderr_path, with_model)


def unwatched(check: Check) -> dict[str, Any]:
    """What CTranslate2 itself does without cuBLAS: the failure that must never reach a user."""
    code = (
        "import ctranslate2, numpy as np\n"
        f"model = ctranslate2.models.Whisper({str(DEMO)!r}, device='cuda', compute_type='float16')\n"
        "print('loaded without a word')\n"
        "model.encode(ctranslate2.StorageView.from_array(np.zeros((1, 80, 3000), np.float32)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60)
    return {"status": done.returncode, "stdout": done.stdout[-300:], "stderr": done.stderr[-400:]}


def killed(check: Check) -> dict[str, Any]:
    """The process dies with SIGABRT in the middle of the work on the card, twice."""
    engine = check.engine()
    source = check.material.speech(120)
    options = check.options(model=check.model("tiny"), device="auto", batch_size=1, max_new_tokens=16)
    struck, before_ms, story = 0, 0.0, Story()
    for story in told(engine, source, options):
        # Not while it loads again; on the processor there is no way left after the second time.
        if engine.child_pid and struck < (1 if check.is_dry else 2) and story.heard_ms > before_ms:
            struck, before_ms = struck + 1, story.heard_ms
            os.kill(engine.child_pid, signal.SIGABRT)
    return {**story.to_record(), "struck": struck, "gaps": gaps(story)}


@contextmanager
def place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="undertone-check-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def main() -> int:
    """0 also when a section failed: what it says is the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cpu", action="store_true", help="walk through it with small models on the processor")
    parser.add_argument("--size", default="", help="random weights of this shape (default: turbo; with --cpu: micro)")
    parser.add_argument("--minutes", type=float, default=0.0, help="of sound for the figures (default: 10; --cpu: 1)")
    parser.add_argument("--only", default="", help="these sections, with commas between")
    parser.add_argument("--hog", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--rival", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.hog or arguments.rival:
        (run_hog if arguments.hog else run_rival)()
        return 0
    if not arguments.cpu and not cuda.has_driver():
        print("skipped: this machine has no NVIDIA card with a working driver")
        return 0
    with place() as folder:
        size = arguments.size or ("micro" if arguments.cpu else "turbo")
        check = Check(arguments.cpu, folder, size, arguments.minutes or (1.0 if arguments.cpu else 10.0))
        sections: dict[str, tuple[float, Callable[[], dict[str, Any]]]] = {
            "facts": (20, lambda: facts(check)),
            "unwatched": (60, lambda: {} if check.is_dry else unwatched(check)),
            "doctor": (170, lambda: doctor(check)),
            "demo": (60, lambda: demo(check)),
            "cut": (60, lambda: cut(check)),
            "missing library": (30, lambda: without_library(check, "missing")),
            "wrong major": (30, lambda: without_library(check, "wrong")),
            "speed": (100, lambda: speed(check)),
            "batches": (60, lambda: batches(check)),
            "workers": (60, lambda: workers(check)),
            "two jobs": (40, lambda: two_jobs(check)),
            "killed": (40, lambda: killed(check)),
            "full at load": (60, lambda: {} if check.is_dry else full_at_load(check)),
            "little left at work": (60, lambda: {} if check.is_dry else full_at_work(check, 1200)),
            "nothing left at work": (60, lambda: {} if check.is_dry else full_at_work(check, 0)),
            "large": (90, lambda: {} if check.is_dry else large(check)),
        }
        chosen = [one.strip() for one in arguments.only.split(",") if one.strip()] or list(sections)
        began = time.monotonic()
        for name in chosen:
            check.section(name, *sections[name])
        check.results["total"] = {"seconds": round(time.monotonic() - began, 1)}
        if out := os.environ.get("OUT"):
            text = json.dumps(check.results, ensure_ascii=False, indent=1)
            (Path(out) / "check_cuda.json").write_text(text, encoding="utf-8")
        print(json.dumps({"section": "total", **check.results["total"]}), flush=True)
        for maker in check.makers.values():
            maker.kill()
            maker.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
