"""Asks what shall become of edits that could not be kept, before the program is quit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.core.errors import AppError
from desktop.core.i18n import _
from desktop.ui.file_dialogs import ask_for_folder


class UnkeptDialog(QMessageBox):
    """One question, one answer; without an answer the program goes on."""

    again_wanted = Signal()
    elsewhere_wanted = Signal(str)
    """The folder in which copies shall be saved."""
    leave_wanted = Signal()

    def __init__(self, names: Sequence[str], reason: AppError, parent: QWidget | None = None) -> None:
        """`names` of the files whose text was edited, and why the last try failed."""
        super().__init__(parent)
        self.setWindowTitle("Undertone")
        self.setIcon(QMessageBox.Icon.Warning)
        self.setText(_("Edits of {names} could not be kept.").format(names=", ".join(f"“{name}”" for name in names)))
        lost = _("These edits are lost if you quit now. A copy saved elsewhere can be imported again.")
        self.setInformativeText(f"{reason}\n\n{lost}")
        self._back = self.addButton(_("&Go back"), QMessageBox.ButtonRole.RejectRole)
        self._again = self.addButton(_("&Try again"), QMessageBox.ButtonRole.AcceptRole)
        self._elsewhere = self.addButton(_("&Save them elsewhere…"), QMessageBox.ButtonRole.ActionRole)
        self._leave = self.addButton(_("&Quit all the same"), QMessageBox.ButtonRole.DestructiveRole)
        self.setDefaultButton(self._back)
        self.setEscapeButton(self._back)
        self.finished.connect(self._on_finished)

    @Slot()
    def _on_finished(self) -> None:
        answer = self.clickedButton()
        if answer is self._elsewhere:
            self._ask_where()
            return
        self.deleteLater()
        if answer is self._again:
            self.again_wanted.emit()
        elif answer is self._leave:
            self.leave_wanted.emit()

    def _ask_where(self) -> None:
        dialog = ask_for_folder(self.parentWidget(), _("Save elsewhere"), str(Path.home()), self._on_folder)
        dialog.rejected.connect(self._on_no_folder)

    @Slot(str)
    def _on_folder(self, folder: str) -> None:
        self.deleteLater()
        self.elsewhere_wanted.emit(folder)

    @Slot()
    def _on_no_folder(self) -> None:
        self.open()
