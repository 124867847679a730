"""Puts the subtitles of a job into a copy of its video, in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from desktop.core.events import Finished, Working
from desktop.core.formats import WriteOptions
from desktop.core.jobs import Job
from desktop.core.ports import Library, Muxer
from desktop.services.errand import Errand


class NewFile(Protocol):
    """A file that gets its name when it is whole."""

    file: BinaryIO
    path: Path | None

    def give_up(self) -> None: ...


OpenFile = Callable[[Path, Path], AbstractContextManager[NewFile]]
"""Opens a target for a source."""


class VideoCopy(QObject):
    """One copy at a time."""

    copied_to = Signal(int)
    """Up to which millisecond the copy is there."""
    done = Signal(object, object)
    """The file, and notes on what of the video had no place in it."""
    failed = Signal(object)
    ended = Signal()

    def __init__(self, library: Library, muxer: Muxer) -> None:
        super().__init__()
        self._library = library
        self._muxer = muxer
        self._errand = Errand()
        self._errand.produced.connect(self._on_produced)
        self._errand.failed.connect(self.failed)
        self._errand.ended.connect(self.ended)

    @property
    def is_at_work(self) -> bool:
        """Whether a copy is being made."""
        return self._errand.is_at_work

    def copy(self, job: Job, target: Path, open_file: OpenFile, options: WriteOptions) -> None:
        """Make a copy of the job's video at `target`; nothing is there before it is whole. Another one goes on."""
        if not self.is_at_work:
            self._errand.begin(partial(self._work, job, target, open_file, options))

    @Slot()
    def cancel(self) -> None:
        """Leave the copy; nothing of it stays."""
        self._errand.cancel()

    def close(self) -> None:
        """Leave the copy, and wait until nothing of it is left."""
        self._errand.close()

    def _work(
        self, job: Job, target: Path, open_file: OpenFile, options: WriteOptions, stop: threading.Event
    ) -> Iterator[Working | tuple[Path, Finished]]:
        cues = options.cues(self._library.transcript(job.id))
        finished = None
        with open_file(target, job.source) as new:
            for news in self._muxer(job.source, new.file, target.suffix.lower(), cues, options, stop, job.language):
                if isinstance(news, Finished):
                    finished = news
                else:
                    yield news
            if finished is None:
                new.give_up()
        if finished and new.path:
            yield new.path, finished

    @Slot(object)
    def _on_produced(self, news: Working | tuple[Path, Finished]) -> None:
        if isinstance(news, Working):
            self.copied_to.emit(news.at_ms)
        else:
            self.done.emit(news[0], news[1].notes)
