"""The choice of a subtitle style: one of the presets, or rules of one's own, kept as a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from desktop.core.errors import AppError, ExportFailed, FileForbidden, FileMissing
from desktop.core.i18n import _
from desktop.core.names import shown_name
from desktop.core.rules import PRESETS, Rules, read_rules, write_rules
from desktop.ui import icons
from desktop.ui.cues.rules_dialog import RulesDialog
from desktop.ui.theme import GRID

OWN = ""
"""The name of a style that is no preset."""


class StyleBox(QWidget):
    """A box with the styles, and a button for what can be done with their rules."""

    rules_changed = Signal(object, str)
    """The `Rules` that the user has chosen, and the name of their preset; empty for rules of one's own."""
    failed = Signal(object)
    """An `AppError`: a file could not be read or written."""

    def __init__(self) -> None:
        super().__init__()
        self._preset = "default"
        self._rules = PRESETS[self._preset].rules
        self._box = QComboBox()
        self._box.setAccessibleName(_("Subtitle style"))
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for preset in PRESETS.values():
            self._box.addItem(_(preset.label), preset.name)
            self._box.setItemData(self._box.count() - 1, _(preset.source), Qt.ItemDataRole.ToolTipRole)
        self._box.activated.connect(self._on_activated)
        label = QLabel(_("St&yle"))
        label.setBuddy(self._box)
        self._more = QToolButton(popupMode=QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setIcon(icons.icon("tune"))
        self._more.setToolTip(_("Rules of the style"))
        self._more.setAccessibleName(_("Rules of the style"))
        self._more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._more.setMenu(self._menu())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(label)
        layout.addSpacing(GRID // 2)
        layout.addWidget(self._box)
        layout.addWidget(self._more)
        self._show()

    def show_rules(self, rules: Rules) -> None:
        """Show these; if they are those of a preset, its name."""
        self._rules = rules
        known = next((name for name, preset in PRESETS.items() if preset.rules == rules), OWN)
        # Rules of one's own remember which preset they came from.
        self._preset = known or self._preset
        self._show()

    @property
    def rules(self) -> Rules:
        """What is shown."""
        return self._rules

    @property
    def label(self) -> str:
        """What the user reads for the style."""
        return self._box.currentText()

    @property
    def is_own(self) -> bool:
        """Whether the rules are those of no preset."""
        return self._rules != PRESETS[self._preset].rules

    def _show(self) -> None:
        with QSignalBlocker(self._box):
            at = self._box.findData(OWN)
            if self.is_own and at < 0:
                self._box.addItem(_("Own style"), OWN)
            elif not self.is_own and at >= 0:
                self._box.removeItem(at)
            self._box.setCurrentIndex(self._box.findData(OWN if self.is_own else self._preset))
        preset = PRESETS[self._preset]
        source = _("Rules of your own") if self.is_own else _(preset.source)
        self._box.setToolTip(source)
        self._box.setAccessibleDescription(source)
        self._reset.setText(_("&Reset to “{style}”").format(style=_(preset.label)))
        self._reset.setEnabled(self.is_own)

    def _take(self, rules: Rules) -> None:
        if rules != self._rules:
            self.show_rules(rules)
            self.rules_changed.emit(rules, OWN if self.is_own else self._preset)

    @Slot()
    def _on_activated(self) -> None:
        name = self._box.currentData()
        if name:
            self._preset = name
            self._take(PRESETS[name].rules)
            self._show()

    # --- rules of one's own ---

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        edit = menu.addAction(icons.icon("tune"), _("&Own style…"))
        edit.triggered.connect(self.edit_rules)
        menu.addSeparator()
        menu.addAction(icons.icon("open-folder"), _("&Load from file…")).triggered.connect(self._on_load)
        menu.addAction(icons.icon("export"), _("&Save as file…")).triggered.connect(self._on_save)
        menu.addSeparator()
        self._reset: QAction = menu.addAction(icons.icon("undo"), "")
        self._reset.triggered.connect(self._on_reset)
        return menu

    @Slot()
    def edit_rules(self) -> None:
        """Open the form."""
        preset = PRESETS[self._preset]
        dialog = RulesDialog(self._rules, preset.rules, _(preset.label), self)
        dialog.chosen.connect(self._take)
        dialog.open()

    @Slot()
    def _on_reset(self) -> None:
        self._take(PRESETS[self._preset].rules)

    @Slot()
    def _on_load(self) -> None:
        self._ask(QFileDialog.AcceptMode.AcceptOpen, self.load)

    @Slot()
    def _on_save(self) -> None:
        self._ask(QFileDialog.AcceptMode.AcceptSave, self.save)

    @Slot(str)
    def load(self, file: str) -> None:
        """Take the rules of a file."""
        path = Path(file)
        try:
            rules = read_rules(path.read_text(encoding="utf-8", errors="replace"), path.name)
        except FileNotFoundError:
            self.failed.emit(FileMissing(name=shown_name(path)))
        except OSError:
            self.failed.emit(FileForbidden(name=shown_name(path)))
        except AppError as error:
            self.failed.emit(error)
        else:
            self._take(rules)

    @Slot(str)
    def save(self, file: str) -> None:
        """Write the rules as a file that says what each of them means."""
        path = Path(file)
        try:
            path.write_text(write_rules(self._rules), encoding="utf-8")
        except OSError as error:
            self.failed.emit(ExportFailed(name=shown_name(path), reason=error.strerror or str(error)))

    def _ask(self, mode: QFileDialog.AcceptMode, take: object) -> None:
        dialog = QFileDialog(self, _("Subtitle style"))
        dialog.setAcceptMode(mode)
        dialog.setNameFilter(_("Subtitle styles (*.toml)"))
        dialog.setDefaultSuffix("toml")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(take)
        dialog.open()
