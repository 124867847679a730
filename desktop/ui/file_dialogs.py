"""The dialogs in which a person chooses files and folders."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.core.i18n import _
from desktop.core.jobs import Job
from desktop.core.media import AUDIO_SUFFIXES, VIDEO_SUFFIXES

COPY_SUFFIXES = (".mkv", ".mp4", ".mov", ".m4v", ".webm")
"""Kinds of files that a copy of a video with subtitles may be; the first takes whatever a source holds."""


class FileDialogs:
    """Asks over one window, and begins where the person was the last time. Nothing chosen is an empty answer."""

    def __init__(self, window: QWidget, memory: QSettings) -> None:
        self._window, self._memory = window, memory

    def media(self) -> list[Path]:
        """Files to transcribe."""
        return self._files(_("Transcribe files"), _kinds(_("Audio and video"), sorted(AUDIO_SUFFIXES | VIDEO_SUFFIXES)))

    def media_folder(self) -> list[Path]:
        """A folder of files to transcribe."""
        return self._begin_there(QFileDialog.getExistingDirectory(self._window, _("Transcribe a folder"), self._start))

    def export_folder(self) -> str:
        """A folder to write into."""
        return QFileDialog.getExistingDirectory(self._window, _("Save elsewhere"), self._start)

    def subtitles(self) -> list[Path]:
        """Files of subtitles that become transcripts."""
        return self._files(_("Import subtitles"), _subtitles())

    def subtitles_of_this(self) -> list[Path]:
        """A file of subtitles for the text that is shown."""
        title = _("Import onto this text")
        chosen, _kind = QFileDialog.getOpenFileName(self._window, title, self._start, _subtitles())
        return self._begin_there(chosen)

    def copy_of(self, job: Job) -> Path | None:
        """Where a copy of the video of a job shall lie."""
        kinds = ";;".join(map(_kind_of, COPY_SUFFIXES))
        suffix = job.source.suffix.lower() if job.source.suffix.lower() in COPY_SUFFIXES else COPY_SUFFIXES[0]
        usual = job.source.with_name(_("{name} with subtitles").format(name=job.source.stem) + suffix)
        chosen, _kind = QFileDialog.getSaveFileName(
            self._window, _("Copy of the video with subtitles"), str(usual), kinds, _kind_of(suffix)
        )
        return Path(chosen) if chosen else None

    @property
    def _start(self) -> str:
        return str(self._memory.value("folder", str(Path.home())))

    def _files(self, title: str, kinds: str) -> list[Path]:
        chosen, _kind = QFileDialog.getOpenFileNames(self._window, title, self._start, kinds)
        return self._begin_there(*chosen)

    def _begin_there(self, *chosen: str) -> list[Path]:
        paths = [Path(name) for name in chosen if name]
        if paths:
            self._memory.setValue("folder", str(paths[0].parent))
        return paths


def ask_for_folder(parent: QWidget | None, title: str, start: str, take: Callable[[str], object]) -> QFileDialog:
    """Ask without waiting for the answer, which `take` gets."""
    dialog = QFileDialog(parent, title, start)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(take)
    dialog.open()
    return dialog


def _kinds(name: str, suffixes: list[str]) -> str:
    """These files by default, all files on request."""
    return f"{name} ({' '.join(f'*{suffix}' for suffix in suffixes)});;{_('All files')} (*)"


def _subtitles() -> str:
    from desktop.core.reading import SUFFIXES

    return _kinds(_("Subtitles and transcripts"), list(SUFFIXES))


def _kind_of(suffix: str) -> str:
    return f"{suffix[1:].upper()} (*{suffix})"
