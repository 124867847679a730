"""The waveform of a ten-hour file: how long its peaks take, what they weigh, and how fast it is painted."""

import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

HOURS = 10
SEGMENTS = 10_000
FRAMES = 60


def main() -> None:
    """Measure and print."""
    hours = float(sys.argv[1]) if len(sys.argv) > 1 else HOURS
    with tempfile.TemporaryDirectory() as folder:
        _measure_peaks(Path(folder), hours)
    _measure_painting(hours)


def _measure_peaks(folder: Path, hours: float) -> None:
    from desktop.core.peaks import Peaks
    from desktop.engine.client import PeaksDrawer
    from desktop.store.peaks_cache import PeaksCache
    from tests.sounds import with_ffmpeg

    minute = Path("resources/samples/demo-minute.flac")
    for suffix, how in (("flac", []), ("mp3", ["-b:a", "64k"])):
        source = folder / f"long.{suffix}"
        with_ffmpeg("-i", minute, *how, folder / f"minute.{suffix}")
        seconds = str(3600 * hours)
        with_ffmpeg("-stream_loop", "-1", "-i", folder / f"minute.{suffix}", "-t", seconds, "-c", "copy", source)
        peaks = Peaks()
        began = time.monotonic()
        first = None
        for parts in PeaksDrawer().draw(source, 0, threading.Event()):
            first = first or time.monotonic() - began
            for part in parts:
                peaks.add(part)
        taken = time.monotonic() - began
        most_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"{hours:g} h of {suffix}: first peaks after {first:.2f} s, all after {taken:.1f} s, "
              f"{3600 * hours / taken:.0f}x; the process needs {most_mb:.0f} MB")  # fmt: skip
        source.unlink()
    cache = PeaksCache(folder / "cache")
    began = time.monotonic()
    cache.write("hash", 0, peaks)
    written = time.monotonic() - began
    began = time.monotonic()
    assert cache.read("hash", 0) == peaks
    size_mb = sum(path.stat().st_size for path in (folder / "cache").iterdir()) / 1e6
    print(f"kept on disk: {size_mb:.1f} MB, written in {1000 * written:.0f} ms, "
          f"read and compared in {1000 * (time.monotonic() - began):.0f} ms")  # fmt: skip


def _measure_painting(hours: float) -> None:
    import os

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    import numpy as np
    from PySide6.QtWidgets import QApplication

    from desktop.core.coverage import Coverage, Kind, Part
    from desktop.core.peaks import PART_BINS, Peaks
    from desktop.core.transcript import Segment, Transcript
    from desktop.engine.peaks import PART_SAMPLES, part_of
    from desktop.ui.player.waveform import Waveform
    from tests.sounds import samples_of

    app = QApplication.instance() or QApplication([])
    length_ms = int(3_600_000 * hours)
    part = part_of(np.resize(samples_of("demo-minute"), PART_SAMPLES))
    peaks = Peaks()
    for _number in range(-(-length_ms // (PART_BINS * 10))):
        peaks.add(part)
    each = length_ms // SEGMENTS
    segments = tuple(
        Segment(at * each, at * each + each * 9 // 10, "").reworded("And then we will meet at the old bridge")
        for at in range(SEGMENTS)
    )
    parts = tuple(
        Part(at * each, (at + 1) * each, Kind.MISSING if at % 97 == 0 else Kind.TEXT) for at in range(SEGMENTS)
    )
    transcript = Transcript(segments, duration_ms=length_ms, coverage=Coverage(parts))
    waveform = Waveform()
    waveform.resize(1600, 240)
    waveform.show()

    def play(start_ms: float, step_ms: float, step: int) -> None:
        waveform.set_playhead(int(start_ms + step_ms * step))
        app.processEvents()

    print(f"1600 px wide, {hours:g} h, {SEGMENTS} segments; median (slowest) of {FRAMES}, in time of the processor")
    _say("show another file", 5, lambda _n: (waveform.show_media(peaks, length_ms), waveform.grab()))
    _say("show another transcript", 5, lambda _n: (waveform.show_transcript(transcript), waveform.grab()))
    for label, zoom in (("30 s in view", None), ("4 min in view", 1 / 8), ("1 h in view", 1 / 120), ("all", 0.0)):
        waveform.show_media(peaks, length_ms)
        waveform.show_all() if zoom == 0.0 else waveform.canvas.zoom(zoom or 1.0)
        _say(f"scroll, {label}", FRAMES, lambda _n: (waveform.canvas.travel(3), waveform.grab()))
        start_ms = waveform.canvas.view.start_ms
        step_ms = waveform.canvas.view.ms_per_px
        _say(f"playhead, {label}", FRAMES, partial(play, start_ms, step_ms))
    waveform.show_all()
    _say("zoom, from all to the finest", 30, lambda _n: (waveform.canvas.zoom(1.5, 800), waveform.grab()))


def _say(label: str, times: int, step: Callable[[int], object]) -> None:
    taken = []
    for number in range(times):
        began = time.thread_time()
        step(number)
        taken.append(1000 * (time.thread_time() - began))
    print(f"{label:32} {statistics.median(taken):6.1f} ms ({max(taken):.1f} ms)")


if __name__ == "__main__":
    main()
