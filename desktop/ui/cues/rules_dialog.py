"""A small form for the rules of a style of one's own."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QPalette, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop.core.i18n import _
from desktop.core.rules import About, Rules
from desktop.ui.theme import GRID, MARGIN

SIZE = (580, 620)
CONTROL_WIDTH = 132
LONGEST_DASH = 3


class RulesDialog(QDialog):
    """Every rule with its control. Nothing changes before “Use these rules”."""

    chosen = Signal(object)
    """The `Rules` that were made."""

    def __init__(self, rules: Rules, base: Rules, base_label: str, parent: QWidget | None = None) -> None:
        """`base` is the style that “Reset” goes back to."""
        super().__init__(parent)
        self._base = base
        self._rules = rules
        self._controls = {one.name: _control(one.name, one.default, one.metadata["about"]) for one in fields(Rules)}
        self._problem = QLabel(wordWrap=True)
        self._reset = QPushButton(_("&Reset to “{style}”").format(style=base_label), autoDefault=False)
        self._use = QPushButton(_("&Use these rules"), default=True)
        self._cancel = QPushButton(_("&Cancel"), autoDefault=False)
        self._reset.clicked.connect(self._on_reset)
        self._use.clicked.connect(self._on_use)
        self._cancel.clicked.connect(self.reject)
        self._lay_out()
        self._show(rules)
        self.setWindowTitle(_("Own style"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE)

    @property
    def rules(self) -> Rules:
        """As the form shows them."""
        shown: dict[str, Any] = {name: one.shown_value() for name, one in self._controls.items()}
        return replace(self._rules, **shown)

    def _show(self, rules: Rules) -> None:
        for name, control in self._controls.items():
            with QSignalBlocker(control):
                control.show_value(getattr(rules, name))
        self._on_edited()

    @Slot()
    def _on_edited(self) -> None:
        rules = self.rules
        is_possible = rules.shortest_ms <= rules.longest_ms
        self._problem.setText("" if is_possible else _("The shortest time is longer than the longest."))
        self._problem.setVisible(not is_possible)
        self._use.setEnabled(is_possible)
        self._reset.setEnabled(rules != self._base)

    @Slot()
    def _on_reset(self) -> None:
        self._show(self._base)

    @Slot()
    def _on_use(self) -> None:
        self.chosen.emit(self.rules)
        self.accept()

    def _lay_out(self) -> None:
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(MARGIN, 0, MARGIN, 0)
        grid.setHorizontalSpacing(MARGIN)
        grid.setVerticalSpacing(GRID // 2)
        grid.setColumnStretch(0, 1)
        for row, one in enumerate(fields(Rules)):
            control, about = self._controls[one.name], one.metadata["about"]
            label = QLabel(_(about.help), wordWrap=True)
            label.setBuddy(control)
            control.setAccessibleName(_(about.help))
            control.setFixedWidth(CONTROL_WIDTH)
            control.edited.connect(self._on_edited)
            grid.addWidget(label, row, 0)
            grid.addWidget(control, row, 1)
        grid.setRowStretch(grid.rowCount(), 1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        foot = QHBoxLayout()
        foot.setContentsMargins(MARGIN, 0, MARGIN, 0)
        foot.addWidget(self._reset)
        foot.addStretch(1)
        foot.addWidget(self._cancel)
        foot.addWidget(self._use)
        advice = QLabel(_("Cues that were set by hand stay as they are."))
        advice.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        advice.setContentsMargins(MARGIN, 0, MARGIN, 0)
        self._problem.setContentsMargins(MARGIN, 0, MARGIN, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, MARGIN, 0, MARGIN)
        column.setSpacing(MARGIN)
        column.addWidget(scroll, 1)
        column.addWidget(advice)
        column.addWidget(self._problem)
        column.addLayout(foot)


class _Whole(QSpinBox):
    """A whole number; times have their unit."""

    edited = Signal()

    def __init__(self, about: About, suffix: str) -> None:
        super().__init__()
        self.setRange(round(about.minimum), round(about.maximum))
        self.setSuffix(suffix)
        _make_room(self)
        self.valueChanged.connect(self.edited)

    def show_value(self, value: Any) -> None:
        self.setValue(value)

    def shown_value(self) -> int:
        return self.value()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # scrolling the form past a control must not change it


class _Figure(QDoubleSpinBox):
    """A number with a decimal."""

    edited = Signal()

    def __init__(self, about: About) -> None:
        super().__init__()
        self.setDecimals(1)
        self.setRange(about.minimum, about.maximum)
        _make_room(self)
        self.valueChanged.connect(self.edited)

    def show_value(self, value: Any) -> None:
        self.setValue(value)

    def shown_value(self) -> float:
        return self.value()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _Rate(QComboBox):
    """One of the frame rates."""

    edited = Signal()

    def __init__(self, about: About) -> None:
        super().__init__()
        for rate in about.choices:
            self.addItem(f"{rate:g}" if rate else _("Any time"), rate)
        self.currentIndexChanged.connect(self.edited)

    def show_value(self, value: Any) -> None:
        self.setCurrentIndex(self.findData(value))

    def shown_value(self) -> float:
        return float(self.currentData())

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _Switch(QCheckBox):
    """On or off."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.toggled.connect(self.edited)

    def show_value(self, value: Any) -> None:
        self.setChecked(value)

    def shown_value(self) -> bool:
        return self.isChecked()


class _Sign(QLineEdit):
    """A sign or two."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMaxLength(LONGEST_DASH)
        self.textChanged.connect(self.edited)

    def show_value(self, value: Any) -> None:
        self.setText(value)

    def shown_value(self) -> str:
        return self.text()


_Control = _Whole | _Figure | _Rate | _Switch | _Sign


def _control(name: str, default: object, about: About) -> _Control:
    match default:
        case bool():
            return _Switch()
        case str():
            return _Sign()
        case int():
            return _Whole(about, " ms" if name.endswith("_ms") else "")
        case _ if about.choices:
            return _Rate(about)
        case _:
            return _Figure(about)


def _make_room(box: QSpinBox | QDoubleSpinBox) -> None:
    # A style sheet's padding does not reach the text of a spin box (Qt 6.11).
    box.lineEdit().setTextMargins(GRID - 1, 0, GRID - 1, 0)
