"""Ten hours in the table of cues: how soon it can be read, how long the window stands still, how it scrolls and edits.

.venv/bin/python -m tests.benchmarks.cue_table [HOURS]
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SENTENCES_AN_HOUR = 1_000
TICK_MS = 5
SCROLLS = 300


def main() -> None:
    """Open, scroll, edit, undo."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QEventLoop, Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from desktop.core.document import Document, Edit
    from desktop.services.garbage import Collector
    from desktop.store.paths import Paths
    from desktop.ui import icons
    from desktop.ui.cues.cues_pane import CuesPane
    from desktop.ui.theme import Theme
    from tests.ui.cues.talk import talk

    hours = float(sys.argv[1]) if len(sys.argv) > 1 else 10
    app = QApplication([])
    icons.use(Paths.default().icons)
    collector = Collector()
    theme = Theme(app, Path(tempfile.mkdtemp()), "light")
    transcript = talk(round(hours * SENTENCES_AN_HOUR), has_speakers=True, letter_ms=55, pause_ms=300)
    words = sum(len(one.words) for one in transcript.segments)
    print(f"{transcript.duration_ms / 3.6e6:.1f} h, {len(transcript.segments)} segments, {words} words")
    print("all times are those of the processor")
    pane = CuesPane()
    document = Document.of(transcript)

    def do(edit: Edit) -> None:
        nonlocal document
        document = document.did(edit)
        pane.take(document.current, edit)

    pane.edit_wanted.connect(do)
    pane.resize(1000, 800)
    pane.show()
    app.processEvents()

    late: list[float] = []
    due = 0.0

    def tick() -> None:
        nonlocal due
        now = time.process_time()  # other work on this machine is not counted
        if due:
            late.append(1000 * (now - due))
        due = now

    timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TICK_MS)
    timer.timeout.connect(tick)
    timer.start()
    begun = time.process_time()
    pane.show_transcript(transcript)
    _until(lambda: len(pane.cues) > 0, QEventLoop())
    pane.table.viewport().repaint()
    print(f"first rows can be read after {1000 * (time.process_time() - begun):.0f} ms")
    _until(lambda: not pane._is_due, QEventLoop())
    print(f"all {len(pane.cues)} cues are there after {1000 * (time.process_time() - begun):.0f} ms")
    print(f"meanwhile the window stood still for at most {max(late, default=0):.0f} ms")
    timer.stop()

    bar = pane.table.verticalScrollBar()
    frames = []
    for step in range(SCROLLS):
        at = time.process_time()
        bar.setValue(round(bar.maximum() * step / SCROLLS))
        pane.table.viewport().repaint()
        frames.append(1000 * (time.process_time() - at))
    print(f"a page anywhere is drawn in {statistics.median(frames):.1f} ms (99 %: {sorted(frames)[-3]:.1f} ms)")

    middle = len(pane.cues) // 2
    pane.table.choose(middle)
    times: dict[str, list[float]] = {}

    def take(name: str, step: Callable[[], object]) -> None:
        at = time.process_time()
        step()
        pane.table.viewport().repaint()
        times.setdefault(name, []).append(1000 * (time.process_time() - at))

    for number in range(9):
        text = f"Take {number}\nof something else"
        take("another text", lambda text=text: pane.table.text_typed.emit(middle, text))  # type: ignore[misc]
        take("a nudge", pane.commands["cue-end-earlier"].trigger)
        take("a merge", pane.commands["cue-merge-next"].trigger)
        take("a cut", pane.commands["cue-split"].trigger)
        take("other problems", pane.commands["problem-next"].trigger)
        pane.table.choose(middle)
    for name, all_of_it in times.items():
        print(f"{name}: shown after {statistics.median(all_of_it):.0f} ms (most: {max(all_of_it):.0f} ms)")
    pane.close()
    del theme, collector


def _until(is_done: Callable[[], bool], loop: object) -> None:
    from PySide6.QtCore import QEventLoop

    assert isinstance(loop, QEventLoop)
    while not is_done():
        loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


if __name__ == "__main__":
    main()
