"""Dictation as the window and the tray see it: key, microphone, engine and keyboard of others, joined."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from desktop.core import dictation_events as events
from desktop.core.dictated import Entry, EntryId, ModelLoading, ModelReady, ModelUnusable, ScribeNews, Sketched
from desktop.core.dictation import Dictation, Waiting
from desktop.core.dictation_actions import NothingHeard
from desktop.core.options import Options
from desktop.core.ports import Library, Purpose, Recorder, Transcriber
from desktop.core.settings import Settings
from desktop.services.dictation_history import DictationHistory
from desktop.services.dictation_loop import DictationLoop, Grabbed, Loud, Means, News, Timed, Told
from desktop.services.task import Task, Work, reported

LEAVE_WITHIN_MS = 4000

log = logging.getLogger(__name__)


class Dictating(QObject):
    """Wishes come in as calls, news go out as signals; everything that waits is done on other threads."""

    changed = Signal(object)
    """The `Dictation` is another one. `shown` is the take for the overlay; nothing to show when it is None."""
    level = Signal(float)
    """How loud it is, 0 to 1 of full scale (rms), some twenty times a second while a take is spoken."""
    preview = Signal(str)
    """The text so far of the take that is shown; empty when a new one begins."""
    said = Signal(object)
    """An `AppError` for the user: nothing was inserted, the microphone is gone, the shortcut is taken."""
    nothing_heard = Signal()
    """In passing: a take without any speech has ended."""
    waiting = Signal(object)
    """The texts that wait, a tuple of `core.dictation.Waiting`, whenever they are others."""
    kept = Signal(object)
    """An `Entry` of the history is new or has another value."""
    forgotten = Signal(object)
    """A tuple of `EntryId`: these entries are no more."""
    entries = Signal(object)
    """The answer to `look`: all entries, a tuple of `Entry`, the newest first."""
    ready_changed = Signal(bool)
    """Whether dictation is switched on and its model is loaded: false while it loads."""
    shortcut_changed = Signal(str)
    """What starts dictation, as a person reads it; empty while none is grabbed."""
    drop_shortcut_changed = Signal(str)
    """Likewise what inserts the text that waits."""
    engine_changed = Signal(object)
    """An `Engine`: the model for dictation, and where it runs."""
    recovered = Signal(object)
    """An `Entry` that the program was killed over: its text is there now, and waits."""
    timed = Signal(object)
    """A `Waterfall`: a text was inserted, and how long each step took."""

    def __init__(
        self, means: Means, library: Library, recorder: Recorder, transcriber: Transcriber, folder: Path
    ) -> None:
        """`recorder` and `transcriber` are for sound that was kept in `folder`. It begins with `use_settings`."""
        super().__init__()
        self._settings = Settings(dictation=False)
        self._means = means
        self._waiting: tuple[Waiting, ...] = ()
        self._is_ready = False
        self._dictation = Dictation()
        self._history = DictationHistory(library, recorder, transcriber, folder)
        for name in ("kept", "forgotten", "entries"):
            getattr(self._history, name).connect(getattr(self, name))
        self._history.failed.connect(self.said)
        self._history.recovered.connect(self._on_recovered)
        self._loop = DictationLoop(means, self._history)
        self._tasks = [self._task(self._loop.run), self._task(self._loop.insert_texts)]
        self._reading = Task(self._loop.recognise)
        self._reading.produced.connect(self._on_read)
        self._reading.failed.connect(self._on_failed)

    def _task(self, work: Work) -> Task:
        task = Task(work)
        task.produced.connect(self._on_produced)
        task.failed.connect(self._on_failed)
        return task

    @property
    def is_busy(self) -> bool:
        """Whether something is spoken, recognised or inserted just now."""
        return not self._dictation.is_idle

    # --- wishes: each returns at once ---

    @Slot(object)
    def use_settings(self, settings: Settings) -> None:
        """Dictate as they say from the next take on; switched on or off, with another key or model."""
        is_first = not self._reading.isRunning()
        self._settings = settings
        self._history.use_settings(settings)
        self._loop.use_settings(settings)
        if is_first:
            for task in (*self._tasks, self._reading):
                task.start()

    @Slot()
    def recover(self) -> None:
        """Recognise what the program was killed over, and let wait what never came into another program."""
        self._history.waiting(self._on_waiting_found)
        self._history.recover(self._again_options(self._settings.dictation_model))

    @Slot()
    def press(self) -> None:
        """As if the key went down."""
        self._loop.tell(events.Pressed(_now_ms()))

    @Slot()
    def release(self) -> None:
        """As if it came up."""
        self._loop.tell(events.Released(_now_ms()))

    @Slot()
    def toggle(self) -> None:
        """Start, or end what is being spoken."""
        self._loop.tell(events.Toggled(_now_ms()))

    @Slot()
    def cancel(self) -> None:
        """Away with what is being spoken."""
        self._loop.tell(events.Cancelled())

    @Slot()
    @Slot(int)
    def drop(self, number: int = 0) -> None:
        """Insert a waiting text where the keyboard is: that of the number, or the newest."""
        self._loop.tell(events.DropWanted(number))

    @Slot(int)
    def dismiss(self, number: int) -> None:
        """A text need not wait any longer; it stays in the history if there is one."""
        self._loop.tell(events.Dismissed(number))

    @Slot()
    def look(self) -> None:
        """Tell all `entries` of the history."""
        self._history.look()

    @Slot(object)
    def forget(self, entry_ids: Sequence[EntryId]) -> None:
        """Delete entries with their sound; `forgotten` follows."""
        self._history.forget(entry_ids)

    @Slot()
    def forget_all(self) -> None:
        """Delete the whole history."""
        self._history.forget_all()

    @Slot(int, str)
    def hear_again(self, entry_id: EntryId, model: str) -> None:
        """Recognise the sound of an entry once more, with this model; `kept` or `said` follows."""
        options = self._again_options(model)
        self._history.find(entry_id, lambda entry: self._history.hear_again(entry, options))

    @Slot(int)
    def insert_again(self, entry_id: EntryId) -> None:
        """Insert the text of an entry where the keyboard is. The window of ours should be gone by then."""
        self._history.find(entry_id, self._loop.insert_entry)

    @Slot(int)
    def copy(self, entry_id: EntryId) -> None:
        """Put the text of an entry on the clipboard for good."""
        self._history.find(entry_id, lambda entry: self._loop.put(entry.text))

    @Slot(str)
    def copy_text(self, text: str) -> None:
        """Put a text on the clipboard for good."""
        self._loop.put(text)

    def close(self) -> None:
        """End what is under way: sound and text are kept, the key, clipboard and media given back."""
        self._loop.leave()
        self._reading.cancel()
        for task in (*self._tasks, self._reading):
            if task.isRunning():
                task.wait(LEAVE_WITHIN_MS)
        self._loop.let_hands_go()
        self._history.close()

    # --- news ---

    @Slot(object)
    def _on_produced(self, news: News) -> None:
        match news:
            case Dictation():
                self._dictation = news
                self.changed.emit(news)
                if news.waiting != self._waiting:
                    self._waiting = news.waiting
                    self.waiting.emit(news.waiting)
            case Loud(level):
                self.level.emit(level)
            case Sketched():
                self.preview.emit(news.text)
            case Told(error):
                log.info("dictation: %s", type(error).__name__)
                self.said.emit(error)
            case NothingHeard():
                self.nothing_heard.emit()
            case Grabbed(purpose, shortcut):
                is_drop = purpose is Purpose.DROP
                (self.drop_shortcut_changed if is_drop else self.shortcut_changed).emit(shortcut)
            case Timed(waterfall):
                self.timed.emit(waterfall)

    @Slot(object)
    def _on_read(self, news: ScribeNews) -> None:
        match news:
            case ModelReady(engine):
                self._show_ready(True)
                self.engine_changed.emit(engine)
            case ModelLoading():
                self._show_ready(False)
            case ModelUnusable(error):
                self._show_ready(False)
                self.said.emit(error)

    def _show_ready(self, is_ready: bool) -> None:
        if is_ready is not self._is_ready:
            self._is_ready = is_ready
            log.info("dictation is %s", "ready" if is_ready else "not ready")
            self.ready_changed.emit(is_ready)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self.said.emit(reported(error))

    @Slot(object)
    def _on_recovered(self, entry: Entry) -> None:
        self._loop.wait_with(entry)
        self.recovered.emit(entry)

    def _on_waiting_found(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self._loop.wait_with(entry)

    def _again_options(self, model: str) -> Options:
        """Nobody waits for it at the key: it is heard as carefully as a file."""
        options = self._settings.options()
        return replace(self._settings.dictation_options(), model=model, beam_size=options.beam_size)


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000
