"""What this machine can do for the engine, line after line as it is found out, and a report of it to send."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont, QGuiApplication, QHideEvent, QPainter, QPaintEvent, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.core.errors import AppError
from desktop.core.i18n import _
from desktop.core.machine import Machine
from desktop.ui import icons
from desktop.ui.theme import GRID, MARGIN

_NAMES_WIDTH = 190
_SIGN = 16
_BIG_SIGN = 28


class MachinePage(QWidget):
    """The doctor. Wishes to look at the machine when it is shown for the first time, and when it is asked to."""

    look_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, home: str, parent: QWidget | None = None) -> None:
        """`home` is the user's own folder, which is written as ~ in the report."""
        super().__init__(parent)
        self._home = home
        self._machine: Machine | None = None
        self._is_looking = False
        self._sign = QLabel()
        self._verdict = QLabel(wordWrap=True)
        self._about = QLabel(wordWrap=True)
        self._sections: list[_Section] = []
        self._busy = QProgressBar(textVisible=False, maximum=0)
        self._again = QPushButton(icons.icon("retry"), _("&Look again"), autoDefault=False)
        self._copy = QPushButton(icons.icon("copy"), _("Copy &report"), autoDefault=False)
        self._again.clicked.connect(self._on_again)
        self._copy.clicked.connect(self._on_copy)
        self._lay_out()
        self._show_state()

    # --- what is shown ---

    @Slot(object)
    def show_machine(self, machine: Machine) -> None:
        """Show what is known by now."""
        self._machine = machine
        for number, (heading, rows) in enumerate(machine.rows()):
            if number == len(self._sections):
                self._sections.append(_Section(heading))
                self._column.insertWidget(self._column.count() - 1, self._sections[-1])
            is_proof = heading == _("Self-test")
            signs = ["done" if proof.passed else "failed" for proof in machine.proofs] if is_proof else []
            self._sections[number].show_rows(rows, signs)
        self._show_state()

    @Slot()
    def show_begun(self) -> None:
        """The machine is being looked at."""
        self._is_looking = True
        self._copy.setText(_("Copy &report"))
        self._show_state()

    @Slot()
    def show_ended(self) -> None:
        """All that could be found out is shown."""
        self._is_looking = False
        self._show_state()

    @Slot(object)
    def show_error(self, error: AppError) -> None:
        """It could not be looked at to the end."""
        self._is_looking = False
        self._show_state()
        self._tell("warning", error.said_headline, error.said_advice)

    def report(self) -> str:
        """All of it as text that can be sent to somebody."""
        return self._machine.to_text(self._home) if self._machine else ""

    def _show_state(self) -> None:
        self._busy.setVisible(self._is_looking)
        self._again.setText(_("&Stop") if self._is_looking else _("&Look again"))
        self._again.setIcon(icons.icon("stop" if self._is_looking else "retry"))
        self._copy.setEnabled(self._machine is not None)
        choice = self._machine.choice if self._machine else None
        if self._is_looking or choice is None:
            proved = len(self._machine.proofs) if self._machine else 0
            about = _("Ways to compute that have proved themselves: {count}.").format(count=proved) if proved else ""
            self._tell("tune", _("Looking at this machine…"), about or _("Each device has to give a known answer."))
        elif choice.problem:
            self._tell("warning", _("No model can run here as things are."), choice.problem)
        elif not choice.reason:
            self._tell("info", _("Not looked at to the end."), "")
        else:
            about = _("{model}: what works best is taken by itself.").format(model=choice.model)
            self._tell("done", choice.reason, about)

    def _tell(self, sign: str, verdict: str, about: str) -> None:
        self._sign.setPixmap(icons.icon(sign).pixmap(_BIG_SIGN, _BIG_SIGN))
        self._verdict.setText(verdict)
        self._about.setText(about)
        self._about.setVisible(bool(about))

    # --- wishes ---

    @Slot()
    def _on_again(self) -> None:
        (self.stop_wanted if self._is_looking else self.look_wanted).emit()

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report())
        self._copy.setText(_("&Report copied"))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._machine is None and not self._is_looking:
            self.look_wanted.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._copy.setText(_("Copy &report"))

    # --- the page ---

    def _lay_out(self) -> None:
        font = self._verdict.font()
        font.setPointSizeF(font.pointSizeF() * 1.25)
        font.setWeight(QFont.Weight.DemiBold)
        self._verdict.setFont(font)
        self._about.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._busy.setFixedHeight(3)
        self._busy.setAccessibleName(_("Looking at this machine…"))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._verdict)
        words.addWidget(self._about)
        head = QHBoxLayout()
        head.setSpacing(GRID + GRID // 2)
        head.addWidget(self._sign, alignment=Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, GRID, 0)
        self._column.setSpacing(MARGIN + GRID)
        self._column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.setAccessibleName(_("What was found"))
        foot = QHBoxLayout()
        foot.addWidget(self._again)
        foot.addStretch(1)
        foot.addWidget(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(MARGIN)
        layout.addLayout(head)
        layout.addWidget(self._busy)
        layout.addWidget(scroll, 1)
        layout.addLayout(foot)


class _Section(QWidget):
    """A heading over its rows."""

    def __init__(self, heading: str) -> None:
        super().__init__()
        self._rows: list[tuple[QLabel, QLabel, QLabel]] = []
        title = QLabel(heading)
        font = title.font()
        font.setWeight(QFont.Weight.DemiBold)
        title.setFont(font)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, GRID, 0, 0)
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(GRID // 2)
        self._grid.setColumnStretch(2, 1)
        self._grid.addWidget(title, 0, 0, 1, 3)

    def show_rows(self, rows: list[tuple[str, str]], signs: list[str]) -> None:
        """Show these; those that have a sign show it before what there is to say. Nothing at all without rows."""
        self.setVisible(bool(rows))
        while len(self._rows) < len(rows):
            self._add_row()
        for number, (name, sign, said) in enumerate(self._rows):
            is_used = number < len(rows)
            for label in (name, said):
                label.setVisible(is_used)
            sign.setVisible(is_used and number < len(signs))
            if is_used:
                name.setText(rows[number][0])
                said.setText(rows[number][1])
            if sign.isVisibleTo(self):
                sign.setPixmap(icons.icon(signs[number]).pixmap(_SIGN, _SIGN))

    def _add_row(self) -> None:
        name, sign = QLabel(wordWrap=True), QLabel()
        said = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        name.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        name.setFixedWidth(_NAMES_WIDTH)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        said.setMinimumWidth(_NAMES_WIDTH)
        at = len(self._rows) + 1
        for column, label in enumerate((name, sign, said)):
            self._grid.addWidget(label, at, column, Qt.AlignmentFlag.AlignTop)
        self._rows.append((name, sign, said))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, self.palette().color(QPalette.ColorRole.Mid))
        painter.end()
