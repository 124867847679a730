"""How long the document view takes with ten hours of speech: 10,000 segments, 100,000 words.

    .venv/bin/python -m tests.benchmarks.document

Draws without a screen.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable
from functools import partial

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.core import editing
from desktop.core.document import Document, Edit
from desktop.core.transcript import Segment, Transcript
from desktop.core.words import Word
from desktop.ui.document.document_view import DocumentView

SEGMENTS = 10_000
WORDS = 10
STEPS = 200
VOCABULARY = "the of and harbour a to in is you that spring it he was for on are compiler as with they".split()


def main() -> None:
    """Print every figure."""
    app = QApplication([])
    chance = random.Random(4)
    transcript = Transcript(tuple(_segment(number, chance) for number in range(SEGMENTS)), duration_ms=36_000_000)
    started, worked = time.perf_counter(), time.process_time()
    view = DocumentView()
    view.resize(900, 800)
    view.set_doubt_threshold(0.5)
    view.show_transcript(transcript)
    view.show()
    view.grab()
    app.processEvents()
    worked_ms = 1000 * (time.process_time() - worked)
    print(f"{SEGMENTS:,} segments, {SEGMENTS * WORDS:,} words")
    print(f"open: {_ms(started):.0f} ms until painted, {worked_ms:.0f} ms of them on the processor")
    _scroll(view)
    _edit(view, transcript)


def _segment(number: int, chance: random.Random) -> Segment:
    start_ms = number * 3600
    words = tuple(
        Word(
            start_ms + 300 * place,
            start_ms + 300 * place + 250,
            (" " if place else "") + chance.choice(VOCABULARY) * chance.choice((1, 1, 2)),
            chance.random() ** 0.2,
        )
        for place in range(WORDS)
    )
    text = "".join(word.text for word in words)
    return Segment(start_ms, start_ms + 3300, text, words, speaker=f"Speaker {number // 7 % 3 + 1}")


def _scroll(view: DocumentView) -> None:
    bar, chance = view.verticalScrollBar(), random.Random(5)
    wheel = [_timed(lambda: bar.setValue(bar.value() + 120), view) for _step in range(STEPS)]
    _say("scroll by the wheel", wheel)
    jumps = [_timed(lambda: bar.setValue(chance.randrange(bar.maximum())), view) for _step in range(STEPS)]
    _say("jump anywhere", jumps)
    back = [_timed(lambda: bar.setValue(bar.value() - 120), view) for _step in range(STEPS)]
    _say("scroll back by the wheel", back)
    played = [_timed(partial(view.set_playhead, 300 * at), view) for at in range(STEPS)]
    _say("mark the next word", played)


def _edit(view: DocumentView, transcript: Transcript) -> None:
    document = Document.of(transcript)

    def did(edit: Edit) -> None:
        nonlocal document
        document = document.did(edit)
        view.take(document.current, edit)

    view.edit_wanted.connect(did)
    view.setFocus()
    view.show_place(18_000_000)
    target = QApplication.focusWidget() or view
    keys = [_timed(lambda: QTest.keyClick(target, Qt.Key.Key_A), view) for _step in range(50)]
    _say("type a letter", keys)
    started = time.perf_counter()
    view.commit()
    print(f"keep what was typed: {_ms(started):.1f} ms, with the edit itself")
    for name, wish in (
        ("split", view.split_here),
        ("merge", view.merge_with_previous),
        ("delete", view.delete_selected),
    ):
        _say(name, [_timed(wish, view)])
    texts = {at: one.text.replace("harbour", "port") for at, one in enumerate(document.current.segments)}
    edit = editing.rewritten(document.current, {at: text for at, text in texts.items() if "port" in text})
    document = document.did(edit)
    _say(f"take an edit of {len(edit.splices):,} segments", [_timed(lambda: view.take(document.current, edit), view)])
    more = Document.of(document.current).heard([_segment(SEGMENTS + 1, random.Random(6))], transcript.coverage)
    _say("add a segment at the end", [_timed(lambda: view.add_segments(more.current), view)])


def _timed(step: Callable[[], object], view: DocumentView) -> float:
    started = time.perf_counter()
    step()
    view.viewport().grab()
    return _ms(started)


def _say(name: str, frames: list[float]) -> None:
    print(f"{name}: median {statistics.median(frames):.1f} ms, most {max(frames):.1f} ms, painted each time")


def _ms(started: float) -> float:
    return 1000 * (time.perf_counter() - started)


if __name__ == "__main__":
    main()
