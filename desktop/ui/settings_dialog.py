"""The settings, drawn from their declarations: pages, search, and a way back from every change."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QFont, QKeySequence, QPainter, QPaintEvent, QPalette, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.errors import AppError
from desktop.core.i18n import _
from desktop.core.recording import Device
from desktop.core.settings import PAGES, About, Settings, about_settings, default_of
from desktop.ui import icons
from desktop.ui.dictation.pair_table import MethodsTable, PairTable
from desktop.ui.dictation.shortcut_field import ShortcutField
from desktop.ui.notices import Notices
from desktop.ui.setting_controls import control_for, name_aloud, show_devices, show_models
from desktop.ui.theme import GRID, MARGIN

_CONTROL_LETTERS = 40
_WIDEST_PAGES = 176
_FIRST_SIZE = (860, 600)
_SMALLEST = (720, 420)


class SettingsDialog(QDialog):
    """Every setting of core/settings.py, a page for each of its pages. A change holds at once."""

    changed = Signal(str, object)
    """Name and value of a setting that the user has changed."""
    shortcut_recording = Signal(bool)
    """Keys for a shortcut of the whole desktop are recorded now, or no more: till then that shortcut must not act."""
    machine_wanted = Signal()
    models_wanted = Signal()

    def __init__(self, models: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = Settings()
        self._before_reset = self._settings
        self._page = 0
        self._search = QLineEdit(placeholderText=_("Search settings"), clearButtonEnabled=True)
        self._pages = QListWidget()
        self._reset_all = QPushButton(_("Reset &all"), autoDefault=False)
        self._machine = QPushButton(icons.icon("machine"), _("This &machine…"), autoDefault=False)
        self._models = QPushButton(icons.icon("model"), _("M&odels…"), autoDefault=False)
        self._close = QPushButton(_("&Close"), autoDefault=False)
        taken = {_letter(button.text()) for button in (self._reset_all, self._models, self._machine, self._close)}
        self._sections = [_Section(page, models, taken) for page in PAGES]
        self._rows = {row.name: row for section in self._sections for row in section.rows}
        self._nothing = QLabel(_("No setting has these words."))
        self._notices = Notices()
        self._make()
        self._lay_out()
        self._show_page()
        self.show_settings(self._settings)

    @Slot(object)
    def show_settings(self, settings: Settings) -> None:
        """Show these values."""
        self._settings = settings
        for name, row in self._rows.items():
            row.show_value(getattr(settings, name))
        self._reset_all.setEnabled(settings != Settings())

    @Slot(list)
    def show_models(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer these models from now on."""
        for row in self._rows.values():
            row.show_models(choices)

    @Slot(object)
    def show_devices(self, devices: Sequence[Device]) -> None:
        """Offer these devices for recordings."""
        for row in self._rows.values():
            row.show_devices(devices)

    def show_shortcut(self, name: str, reading: str, error: AppError | None = None) -> None:
        """Say of the setting of a shortcut how it reads that works now, or why none does."""
        control = self._rows[name].control
        assert isinstance(control, ShortcutField)
        control.show_grabbed(reading, error)

    @Slot(object)
    def offer_programs(self, programs: Sequence[str]) -> None:
        """Offer the names of these programs where one is asked for."""
        for row in self._rows.values():
            if isinstance(row.control, MethodsTable):
                row.control.offer(programs)

    def show_page(self, page: str) -> None:
        """Bring the dialog up with this page."""
        self._search.clear()
        self._pages.setCurrentRow(PAGES.index(page))
        self.show()
        self.raise_()
        self.activateWindow()

    # --- changes ---

    @Slot(str, object)
    def _on_edited(self, name: str, value: object) -> None:
        self._change({name: value})

    def _change(self, values: dict[str, object]) -> None:
        settings = self._settings
        for name, value in values.items():
            settings = settings.with_value(name, value)
        self.show_settings(settings)
        for name, value in values.items():
            self.changed.emit(name, value)

    @Slot()
    def _on_reset_all(self) -> None:
        self._before_reset = self._settings
        self._change(_differences(self._settings, Settings()))
        self._notices.show_notice(_("All settings were reset."), _("Undo"), self._undo_reset)

    def _undo_reset(self) -> None:
        self._change(_differences(Settings(), self._before_reset))

    # --- pages and search ---

    @Slot()
    def _on_searched(self) -> None:
        with QSignalBlocker(self._pages):
            self._pages.setCurrentRow(-1 if self._search.text().strip() else self._page)
        self._show_page()

    @Slot(int)
    def _on_page_chosen(self, page: int) -> None:
        self._page = page
        self._search.clear()
        self._show_page()

    def _show_page(self) -> None:
        """The chosen page, or all that the search finds on any page."""
        words = self._search.text().casefold().split()
        for number, section in enumerate(self._sections):
            section.filter(words, number == self._page)
        self._nothing.setHidden(not words or any(not section.isHidden() for section in self._sections))
        self._scroll.verticalScrollBar().setValue(0)

    # --- the dialog ---

    def _make(self) -> None:
        self.setWindowTitle(_("Settings"))
        self.setMinimumSize(*_SMALLEST)
        self.resize(*_FIRST_SIZE)
        self._search.setAccessibleName(_("Search settings"))
        self._search.textChanged.connect(self._on_searched)
        QShortcut(QKeySequence.StandardKey.Find, self, self._search.setFocus)
        self._pages.setObjectName("pages")
        self._pages.setAccessibleName(_("Pages"))
        self._pages.addItems([_(page) for page in PAGES])
        self._pages.setCurrentRow(0)
        self._pages.setFrameShape(QFrame.Shape.NoFrame)
        self._pages.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._pages.setFixedWidth(min(_WIDEST_PAGES, self._pages.sizeHintForColumn(0) + 3 * GRID))
        self._pages.currentRowChanged.connect(self._on_page_chosen)
        self._nothing.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._reset_all.clicked.connect(self._on_reset_all)
        self._machine.clicked.connect(self.machine_wanted)
        self._models.clicked.connect(self.models_wanted)
        self._close.clicked.connect(self.close)
        for row in self._rows.values():
            row.edited.connect(self._on_edited)
            if isinstance(row.control, ShortcutField):
                row.control.recording.connect(self.shortcut_recording)

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(MARGIN, 0, MARGIN, MARGIN)
        column.setSpacing(MARGIN)
        for section in self._sections:
            column.addWidget(section)
        column.addWidget(self._nothing)
        column.addStretch(1)
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        foot = QHBoxLayout()
        foot.addWidget(self._reset_all)
        foot.addStretch(1)
        foot.addWidget(self._models)
        foot.addWidget(self._machine)
        foot.addWidget(self._close)
        grid = QGridLayout(self)
        grid.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        grid.setSpacing(MARGIN)
        grid.addWidget(self._search, 0, 0, 1, 2)
        grid.addWidget(self._pages, 1, 0)
        grid.addWidget(self._scroll, 1, 1)
        grid.addWidget(self._notices, 2, 0, 1, 2)
        grid.addLayout(foot, 3, 0, 1, 2)
        grid.setColumnStretch(1, 1)


class _Section(QWidget):
    """The settings of one page under its name."""

    def __init__(self, page: str, models: Sequence[tuple[str, str]], taken: set[str]) -> None:
        super().__init__()
        letters = set(taken)
        self.rows = [_Row(name, about, models, letters) for name, about in about_settings() if about.page == page]
        heading = QLabel(_(page))
        font = heading.font()
        font.setPointSizeF(font.pointSizeF() * 1.35)
        font.setWeight(QFont.Weight.DemiBold)
        heading.setFont(font)
        heading.setContentsMargins(0, 0, 0, GRID)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(heading)
        for row in self.rows:
            layout.addWidget(row)

    def filter(self, words: Sequence[str], is_chosen: bool) -> None:
        """Show what has all these words; without words, all or nothing."""
        for row in self.rows:
            row.setHidden(not row.has(words))
        self.setHidden(all(row.isHidden() for row in self.rows) if words else not is_chosen)


class _Row(QWidget):
    """One setting: what it is, what it does, its control, and the way back to its default."""

    edited = Signal(str, object)

    def __init__(self, name: str, about: About, models: Sequence[tuple[str, str]], taken: set[str]) -> None:
        super().__init__()
        self.name = name
        self._about = about
        self.control = control_for(about, models)
        self.control.edited.connect(self._on_edited)
        self._words = " ".join(_(part) for part in (about.label, about.help, *about.choices.values())).casefold()
        self._label = QLabel(_with_letter(_(about.label), taken), wordWrap=True)
        self._label.setBuddy(self.control.focusProxy() or self.control)
        self._help = QLabel(_(about.help), wordWrap=True)
        self._help.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._reset = QToolButton()
        self._reset.setIcon(icons.icon("undo"))
        self._reset.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._reset.setAccessibleName(_("Reset “{setting}”").format(setting=_(about.label)))
        self._reset.setToolTip(_("Reset"))
        self._reset.clicked.connect(self._on_reset)
        name_aloud(self.control, about)
        self._lay_out()

    def show_value(self, value: object) -> None:
        """Show this value, without saying that it was edited."""
        self.control.show_value(value)
        self._reset.setVisible(value != default_of(self.name))

    def show_devices(self, devices: Sequence[Device]) -> None:
        """Offer these devices, if the setting is about devices."""
        show_devices(self.control, devices)

    def show_models(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer these models, if the setting is about models."""
        show_models(self.control, choices)

    def has(self, words: Sequence[str]) -> bool:
        """Whether all these words stand in its label, help or choices."""
        return all(word in self._words for word in words)

    @Slot(object)
    def _on_edited(self, value: object) -> None:
        self.edited.emit(self.name, value)

    @Slot()
    def _on_reset(self) -> None:
        self.control.setFocus()
        self.edited.emit(self.name, default_of(self.name))

    def _lay_out(self) -> None:
        kept = self._reset.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self._reset.setSizePolicy(kept)
        is_table = isinstance(self.control, PairTable)
        if not is_table:
            # One width for all, as wide as the longest choice is likely to be in any language.
            self.control.setFixedWidth(self.fontMetrics().averageCharWidth() * _CONTROL_LETTERS)
        words = QVBoxLayout()
        words.setSpacing(GRID // 2)
        words.addStretch(1)
        words.addWidget(self._label)
        words.addWidget(self._help)
        words.addStretch(1)
        beside = QHBoxLayout()
        beside.setSpacing(GRID)
        beside.addLayout(words, 1)
        beside.addSpacing(MARGIN)
        if not is_table:
            beside.addWidget(self.control)
        beside.addWidget(self._reset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, GRID + GRID // 2, 0, GRID + GRID // 2)
        layout.setSpacing(GRID)
        layout.addLayout(beside)
        if is_table:
            layout.addWidget(self.control)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, self.palette().color(QPalette.ColorRole.Mid))
        painter.end()


def _letter(text: str) -> str:
    """The Alt letter of a button's text."""
    return text.partition("&")[2][:1].casefold()


def _with_letter(label: str, taken: set[str]) -> str:
    """The label with an Alt letter that nothing else on the page has, at the start of a word if possible."""
    starts = [at for at in range(len(label)) if at == 0 or label[at - 1] == " "]
    for at in (*starts, *range(len(label))):
        letter = label[at].casefold()
        # Letters that have a capital can be typed; Chinese or Arabic ones mostly not.
        if letter != label[at].upper() and letter not in taken:
            taken.add(letter)
            return f"{label[:at].replace('&', '&&')}&{label[at:].replace('&', '&&')}"
    return label.replace("&", "&&")


def _differences(one: Settings, other: Settings) -> dict[str, object]:
    names = [name for name, _about in about_settings()]
    return {name: getattr(other, name) for name in names if getattr(one, name) != getattr(other, name)}
