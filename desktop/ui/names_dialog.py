"""Asks for the names and words of one file or a few."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.core.i18n import _
from desktop.core.settings import about_setting
from desktop.ui.theme import GRID, MARGIN

SIZE = (440, 240)


class NamesDialog(QDialog):
    """One field; `chosen` has what was typed, with commas between the names, if it is not what was there before."""

    chosen = Signal(str)

    def __init__(self, names: str | None, parent: QWidget) -> None:
        """`names` is what is there already, or None where the files differ."""
        super().__init__(parent)
        about = about_setting("hotwords")
        self._before = names
        self._field = QPlainTextEdit(names or "")
        self._field.setTabChangesFocus(True)
        self._field.setAccessibleName(_(about.label))
        self._field.setAccessibleDescription(_(about.help))
        self._field.setPlaceholderText(_("Several") if names is None else "")
        self._field.selectAll()
        advice = QLabel(_(about.help), wordWrap=True)
        advice.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        buttons = QDialogButtonBox()
        buttons.addButton(_("&Use these"), QDialogButtonBox.ButtonRole.AcceptRole).setDefault(True)
        buttons.addButton(_("&Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(GRID)
        layout.addWidget(self._field, 1)
        layout.addWidget(advice)
        layout.addSpacing(GRID)
        layout.addWidget(buttons)
        self.setWindowTitle(_(about.label))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE)

    @Slot()
    def _on_accepted(self) -> None:
        names = _in_one_line(self._field.toPlainText())
        if names != (self._before or ""):
            self.chosen.emit(names)
        self.accept()


def _in_one_line(typed: str) -> str:
    """Names may be typed one a line."""
    return ", ".join(part for part in (" ".join(name.split()) for name in re.split(r"[,;\n]", typed)) if part)
