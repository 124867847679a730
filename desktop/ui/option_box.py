"""A box for one option of the chosen jobs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

from desktop.core.i18n import _
from desktop.core.jobs import Job
from desktop.core.names import shown_name
from desktop.ui.commands import LOCKED, Choices

WIDTHS = (72, 190)


class OptionBox(QComboBox):
    """Gives way where room is short; what does not fit ends in an ellipsis."""

    def __init__(self, option: str, label: str, choices: Choices) -> None:
        super().__init__()
        for value, text in choices:
            self.addItem(text, value)
        self.setAccessibleName(label)
        self.setToolTip(label)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContentsOnFirstShow)
        self.setMinimumWidth(WIDTHS[0])
        self.setMaximumWidth(WIDTHS[1])
        self.setPlaceholderText(_("Several"))
        self.setProperty("option", option)

    def show_choices(self, choices: Choices) -> None:
        """Offer these from now on; the value that is shown stays."""
        shown = self.currentData()
        with QSignalBlocker(self):
            self.clear()
            for value, text in choices:
                self.addItem(text, value)
            if shown is not None and self.findData(shown) < 0:
                self.addItem(shown_name(str(shown)), shown)
            self.setCurrentIndex(self.findData(shown) if shown is not None else -1)

    def show_jobs(self, jobs: Sequence[Job]) -> None:
        """Show the value that all of them have, if there is one."""
        values = {getattr(job.options, self.property("option")) for job in jobs}
        with QSignalBlocker(self):
            value = values.pop() if len(values) == 1 else None
            if value is not None and self.findData(value) < 0:
                self.addItem(shown_name(str(value)), value)  # a model given as a folder
            self.setCurrentIndex(self.findData(value) if value is not None else -1)
        self.setEnabled(any(job.state not in LOCKED for job in jobs))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        text = option.currentText
        if self.currentIndex() < 0:
            text = self.placeholderText()
            quiet = option.palette.placeholderText()
            option.palette.setBrush(QPalette.ColorRole.ButtonText, quiet)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width()
        elided = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        option.currentText = elided
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()
