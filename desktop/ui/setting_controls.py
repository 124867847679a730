"""One control for each kind of setting; each shows a value and tells when the user has changed it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.i18n import _
from desktop.core.languages import LANGUAGES
from desktop.core.options import AUTO
from desktop.core.recording import Device, SourceKind
from desktop.core.settings import About
from desktop.ui import icons
from desktop.ui.dictation.pair_table import MethodsTable, WordsTable
from desktop.ui.dictation.shortcut_field import ShortcutField
from desktop.ui.file_dialogs import ask_for_folder
from desktop.ui.theme import GRID

_MANY = 12
"""A choice among more than these is searched by typing."""

_SHORT = 12
"""Letters. Two check boxes with names up to this length fit beside each other."""


_LINES = 3
"""So much of a text is seen without scrolling."""


class _Switch(QCheckBox):
    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.clicked.connect(self._on_clicked)

    def show_value(self, value: object) -> None:
        self.setChecked(value is True)

    @Slot(bool)
    def _on_clicked(self, checked: bool) -> None:
        self.edited.emit(checked)


class _Choice(QComboBox):
    """One of a few; one of many is found by typing a part of its name."""

    edited = Signal(object)

    def __init__(self, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for value, label in choices:
            self.addItem(label, value)
        self.activated.connect(self._on_activated)
        if len(choices) > _MANY:
            self._let_type()

    def _let_type(self) -> None:
        line = QLineEdit()
        self.setLineEdit(line)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = QCompleter(self.model(), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        suggestions = QListView()
        suggestions.setObjectName("suggestions")
        completer.setPopup(suggestions)
        self.setCompleter(completer)
        line.editingFinished.connect(self._on_typed)

    def show_value(self, value: object) -> None:
        self.setCurrentIndex(self.findData(value))

    @Slot()
    def _on_activated(self) -> None:
        self.edited.emit(self.currentData())

    @Slot()
    def _on_typed(self) -> None:
        """Part of a name means the first that has it; anything else means no change."""
        typed = self.currentText()
        if typed == self.itemText(self.currentIndex()):
            return
        starts, contains = Qt.MatchFlag.MatchStartsWith, Qt.MatchFlag.MatchContains
        found = next((at for at in (self.findText(typed, how) for how in (starts, contains)) if typed and at >= 0), -1)
        if found >= 0:
            self.setCurrentIndex(found)
            self._on_activated()
        else:
            self.setEditText(self.itemText(self.currentIndex()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # scrolling the page past a control must not change it


class _Model(_Choice):
    """One of the installed models, or a folder of the user's own."""

    def __init__(self, models: Sequence[tuple[str, str]]) -> None:
        self._shown: object = AUTO
        super().__init__(_offered(models))

    def show_models(self, models: Sequence[tuple[str, str]]) -> None:
        """Offer these from now on; the chosen one stays."""
        shown = self._shown
        with QSignalBlocker(self):
            self.clear()
            for value, label in _offered(models):
                self.addItem(label, value)
            self.show_value(shown)

    def show_value(self, value: object) -> None:
        if self.findData(value) < 0:
            self.insertItem(self.count() - 1, Path(str(value)).name, value)
            self.setItemData(self.count() - 2, str(value), Qt.ItemDataRole.ToolTipRole)
        self._shown = value
        super().show_value(value)

    @Slot()
    def _on_activated(self) -> None:
        if self.currentData():
            super()._on_activated()
        else:
            super().show_value(self._shown)
            ask_for_folder(self, _("Folder of a model"), "", self.edited.emit)


def _offered(models: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    known = list(models) if AUTO in dict(models) else [(AUTO, _("Automatic")), *models]
    return [*known, ("", _("Choose folder…"))]


class _DeviceChoice(_Choice):
    """A device by its name, also one that is not plugged in just now."""

    def __init__(self, kind: SourceKind) -> None:
        self._kind = kind
        self._shown: object = ""
        super().__init__([("", _("The one that the system uses"))])

    def show_devices(self, devices: Sequence[Device]) -> None:
        """Offer these, as far as they are of the right kind."""
        while self.count() > 1:
            self.removeItem(1)
        for device in devices:
            if device.kind is self._kind and self.findData(device.name) < 0:
                self.addItem(device.name, device.name)
        self.show_value(self._shown)

    def show_value(self, value: object) -> None:
        self._shown = value
        if self.findData(value) < 0:
            self.addItem(_("{name} (not plugged in)").format(name=value), value)
        super().show_value(value)


class _Choices(QWidget):
    """Any of a few."""

    edited = Signal(object)

    def __init__(self, about: About) -> None:
        super().__init__()
        self._boxes = {value: QCheckBox(_(label)) for value, label in about.choices.items()}
        columns = 2 if max(len(box.text()) for box in self._boxes.values()) <= _SHORT else 1
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for at, box in enumerate(self._boxes.values()):
            box.setAccessibleName(f"{_(about.label)}: {box.text()}")
            box.setAccessibleDescription(_(about.help))
            box.clicked.connect(self._on_clicked)
            layout.addWidget(box, at // columns, at % columns)
        self.setFocusProxy(next(iter(self._boxes.values())))

    def show_value(self, value: object) -> None:
        assert isinstance(value, tuple)
        for name, box in self._boxes.items():
            box.setChecked(name in value)

    @Slot()
    def _on_clicked(self) -> None:
        self.edited.emit(tuple(name for name, box in self._boxes.items() if box.isChecked()))


class _Number(QSpinBox):
    edited = Signal(object)

    def __init__(self, about: About) -> None:
        super().__init__()
        self.setRange(round(about.minimum), round(about.maximum))
        # A style sheet's padding does not reach the text of a spin box (Qt 6.11).
        self.lineEdit().setTextMargins(GRID - 1, 0, GRID - 1, 0)
        self.valueChanged.connect(self._on_value_changed)

    def show_value(self, value: object) -> None:
        assert isinstance(value, int)
        with QSignalBlocker(self):
            self.setValue(value)

    @Slot(int)
    def _on_value_changed(self, value: int) -> None:
        self.edited.emit(value)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _Typed(QWidget):
    """A line to type in, with room under it to say what is wrong with what was typed."""

    edited = Signal(object)

    def __init__(self, about: About) -> None:
        super().__init__()
        self._about = about
        self.line = QLineEdit()
        self._problem = QLabel(wordWrap=True)
        self._problem.hide()
        self.setFocusProxy(self.line)
        self.beside = QHBoxLayout()
        self.beside.setSpacing(GRID // 2)
        self.beside.addWidget(self.line)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addLayout(self.beside)
        layout.addWidget(self._problem)

    def _say(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self.line.setAccessibleDescription(problem or _(self._about.help))


class _Numbers(_Typed):
    """Numbers within limits, separated by commas or spaces."""

    def __init__(self, about: About) -> None:
        super().__init__(about)
        self.line.textEdited.connect(self._on_typed)

    def show_value(self, value: object) -> None:
        assert isinstance(value, tuple)
        if self._value() != value:
            self.line.setText(", ".join(str(part).removesuffix(".0") for part in value))
        self._say("")

    def _value(self) -> tuple[float, ...] | None:
        try:
            return tuple(float(part) for part in self.line.text().replace(",", " ").replace(";", " ").split())
        except ValueError:
            return None

    @Slot()
    def _on_typed(self) -> None:
        value = self._value()
        if self._about.accepts(value):
            self._say("")
            self.edited.emit(value)
        else:
            wanted = _("Numbers from {minimum} to {maximum}, such as {example}.")
            least, most = self._about.minimum, self._about.maximum
            example = f"{least:g}, {(least + most) / 2:g}"
            self._say(wanted.format(minimum=f"{least:g}", maximum=f"{most:g}", example=example))


class _Text(QPlainTextEdit):
    """A sentence or two. What was typed counts once the keyboard goes elsewhere, or with Enter."""

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._shown = ""
        self.setTabChangesFocus(True)
        around = self.height() - self.viewport().height()
        margins = 2 * round(self.document().documentMargin())
        self.setFixedHeight(_LINES * self.fontMetrics().lineSpacing() + margins + min(around, GRID))

    def show_value(self, value: object) -> None:
        self._shown = str(value)
        if self._typed() != self._shown:
            self.setPlainText(self._shown)

    def _typed(self) -> str:
        return " ".join(self.toPlainText().split())

    def _report(self) -> None:
        if self._typed() != self._shown:
            self.edited.emit(self._typed())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._report()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._report()
        else:
            super().keyPressEvent(event)


class _Folder(_Typed):
    """A folder of this machine, or none."""

    def __init__(self, about: About) -> None:
        super().__init__(about)
        self._title = _(about.label)
        self.line.setClearButtonEnabled(True)
        self.line.textEdited.connect(self._on_edited)
        self.line.editingFinished.connect(self._on_typed)
        browse = QToolButton()
        browse.setIcon(icons.icon("open-folder"))
        browse.setToolTip(_("Browse…"))
        browse.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        browse.setAccessibleName(_("Browse for “{setting}”").format(setting=self._title))
        browse.clicked.connect(self._on_browse)
        self._shown = ""
        self.beside.addWidget(browse)

    def show_value(self, value: object) -> None:
        self._shown = str(value)
        self.line.setText(self._shown)
        self._say("")

    @Slot(str)
    def _on_edited(self, text: str) -> None:
        if not text:  # the clear button
            self._on_typed()

    @Slot()
    def _on_typed(self) -> None:
        typed = self.line.text().strip()
        if typed == self._shown:
            self._say("")
        elif not typed or _is_folder(typed):
            self.edited.emit(typed)
        else:
            self._say(_("There is no such folder."))

    @Slot()
    def _on_browse(self) -> None:
        ask_for_folder(self, self._title, self._shown, self.edited.emit)


Control = (
    _Switch | _Choice | _Choices | _Number | _Numbers | _Text | _Folder | ShortcutField | MethodsTable | WordsTable
)


def control_for(about: About, models: Sequence[tuple[str, str]]) -> Control:
    control: Control
    match about.kind:
        case "switch":
            control = _Switch()
        case "choice":
            control = _Choice(_sorted([(value, _(label)) for value, label in about.choices.items()]))
        case "choices":
            control = _Choices(about)
        case "number":
            control = _Number(about)
        case "numbers":
            control = _Numbers(about)
        case "text":
            control = _Text()
        case "folder":
            control = _Folder(about)
        case "model":
            control = _Model(models)
        case "microphone" | "system-sound":
            control = _DeviceChoice(SourceKind.SYSTEM if about.kind == "system-sound" else SourceKind.MICROPHONE)
        case "shortcut":
            control = ShortcutField(about)
        case "methods":
            control = MethodsTable(about)
        case "words":
            control = WordsTable(about)
    return control


def _sorted(choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Many choices stand in the order of their names, behind those that are no language."""
    if len(choices) <= _MANY:
        return choices
    first = [choice for choice in choices if choice[0] not in LANGUAGES]
    rest = [choice for choice in choices if choice[0] in LANGUAGES]
    return [*first, *sorted(rest, key=lambda choice: choice[1].casefold())]


def show_models(control: Control, models: Sequence[tuple[str, str]]) -> None:
    """Offer these models, where the control is about models."""
    if isinstance(control, _Model):
        control.show_models(models)


def show_devices(control: Control, devices: Sequence[Device]) -> None:
    """Offer these devices, where the control is about devices."""
    if isinstance(control, _DeviceChoice):
        control.show_devices(devices)


def name_aloud(control: Control, about: About) -> None:
    """Tell screen readers what a control is for."""
    if isinstance(control, ShortcutField | MethodsTable | WordsTable):
        return  # their parts say it themselves
    widget = control.line if isinstance(control, _Typed) else control
    widget.setAccessibleName(_(about.label))
    widget.setAccessibleDescription(_(about.help))


def _is_folder(typed: str) -> bool:
    try:
        path = Path(typed).expanduser()
        return path.is_absolute() and path.is_dir()
    except (OSError, RuntimeError):  # a name too long; the home of nobody
        return False
