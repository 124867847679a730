"""The models: those that are here, those that can be had, how each suits this machine, and one that is recommended."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.catalogue import Entry, Progress, Standing, megabytes, time_for
from desktop.core.i18n import _, mark
from desktop.core.names import shown_name
from desktop.ui import icons
from desktop.ui.notices import Notices
from desktop.ui.theme import GRID, MARGIN

_FIRST_SIZE = (820, 640)
_SMALLEST = (620, 420)
_SIGN = 20
_BAR_STEPS = 1000
_BAR = 6
_SIGNS = {
    Standing.OFFERED: "model",
    Standing.INSTALLED: "done",
    Standing.SHARED: "done",
    Standing.DEMO: "info",
    Standing.BROKEN: "warning",
}
_ORIGINS = {
    Standing.SHARED: mark("In the cache of Hugging Face, shared with other programs: used where it lies."),
    Standing.DEMO: mark(
        "Came with the program to try it out. It knows few words: install a real model for your files."
    ),
}


class ModelsPage(QWidget):
    """A row for each model. Nothing is fetched before a button that says so is pressed."""

    install_wanted = Signal(str)
    """A name, a name on the hub, or the path of a folder or a zip."""
    cancel_wanted = Signal(str)
    remove_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()
        self._at_work = ""
        self._waiting: tuple[str, ...] = ()
        self._progress: Progress | None = None
        self._rows: dict[str, _Row] = {}
        self._here, self._offered = _heading(_("On this machine")), _heading(_("Can be installed"))
        self._room = QLabel(wordWrap=True)
        self._add = QToolButton()
        self._name = QLineEdit(placeholderText=_("owner/name on Hugging Face"), clearButtonEnabled=True)
        self._fetch = QPushButton(_("&Install"), autoDefault=False)
        self.notices = Notices()
        self._make()
        self._lay_out()

    # --- what is shown ---

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these models."""
        self._entries = tuple(entries)
        self._show()

    def show_work(self, at_work: str, waiting: Sequence[str]) -> None:
        """What is being installed, and what comes next."""
        if at_work != self._at_work:
            self._progress = None
        self._at_work, self._waiting = at_work, tuple(waiting)
        self._show()

    @Slot(str, object)
    def show_progress(self, wanted: str, progress: Progress) -> None:
        """How far that is."""
        if wanted == self._at_work:
            self._progress = progress
            if row := self._rows.get(wanted):
                row.show_progress(progress)

    def show_room(self, used: int, free: int, offline: bool) -> None:
        """What models take on the disk and what is left, in bytes."""
        said = _("Models take {used}; {free} are free.").format(used=megabytes(used), free=megabytes(free))
        if offline:
            said += " " + _("Undertone is set to stay offline: only what lies on the disk can be added.")
        self._room.setText(said)
        self._name.setEnabled(not offline)
        self._fetch.setEnabled(not offline)

    def _show(self) -> None:
        busy = [*([self._at_work] if self._at_work else []), *self._waiting]
        known = {entry.name for entry in self._entries}
        strange = [Entry(wanted, repository=wanted) for wanted in busy if wanted not in known]
        entries = [*strange, *sorted(self._entries, key=_order)]
        if list(self._rows) != [entry.name for entry in entries]:
            self._make_rows(entries)
        for entry in entries:
            row = self._rows[entry.name]
            row.show_entry(entry, entry.name == self._at_work, entry.name in self._waiting)
            if entry.name == self._at_work and self._progress:
                row.show_progress(self._progress)
        self._offered.setVisible(any(not _is_here(entry) for entry in entries))
        self._here.setVisible(any(_is_here(entry) for entry in entries))

    def _make_rows(self, entries: Sequence[Entry]) -> None:
        for row in self._rows.values():
            row.hide()
            row.deleteLater()
        self._rows = {entry.name: _Row(entry) for entry in entries}
        at_here, at_offered = self._column.indexOf(self._here) + 1, 0
        for entry in entries:
            row = self._rows[entry.name]
            row.install_wanted.connect(self.install_wanted)
            row.cancel_wanted.connect(self.cancel_wanted)
            row.remove_wanted.connect(self._on_remove_wanted)
            if _is_here(entry):
                self._column.insertWidget(at_here, row)
                at_here += 1
            else:
                at_offered = max(at_offered, self._column.indexOf(self._offered) + 1)
                self._column.insertWidget(at_offered, row)
                at_offered += 1

    # --- wishes ---

    @Slot(str)
    def _on_remove_wanted(self, name: str) -> None:
        entry = next((one for one in self._entries if one.name == name), Entry(name))
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Undertone")
        box.setText(_("Remove the model “{model}”?").format(model=name))
        box.setInformativeText(
            _("This frees {size}. It can be installed again.").format(size=megabytes(entry.size or entry.fetched))
        )
        remove = box.addButton(_("Remove"), QMessageBox.ButtonRole.AcceptRole)
        keep = box.addButton(_("Keep it"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.buttonClicked.connect(lambda button: self.remove_wanted.emit(name) if button is remove else None)
        box.open()

    @Slot()
    def _on_named(self) -> None:
        if name := self._name.text().strip():
            self._name.clear()
            self.install_wanted.emit(name)

    @Slot()
    def _on_folder(self) -> None:
        dialog = self._dialog(_("Folder of a model"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.open()

    @Slot()
    def _on_zip(self) -> None:
        dialog = self._dialog(_("Zip with a model"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(_("Zip files (*.zip)"))
        dialog.open()

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.install_wanted)
        return dialog

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._name.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isWindow():
            self.close()
        else:
            super().keyPressEvent(event)

    # --- the page ---

    def _make(self) -> None:
        self.setWindowTitle(_("Models"))
        self.setMinimumSize(*_SMALLEST)
        self.resize(*_FIRST_SIZE)
        self._room.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._name.setAccessibleName(_("A model of Hugging Face, by its owner and name"))
        self._name.returnPressed.connect(self._on_named)
        self._fetch.clicked.connect(self._on_named)
        menu = QMenu(self._add)
        menu.addAction(icons.icon("folder"), _("&Folder…")).triggered.connect(self._on_folder)
        menu.addAction(icons.icon("open-folder"), _("&Zip…")).triggered.connect(self._on_zip)
        self._add.setText(_("Add from the disk"))
        self._add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._add.setMenu(menu)
        self._add.setIcon(icons.icon("add"))
        self._add.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._add.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _lay_out(self) -> None:
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, MARGIN, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._here)
        self._column.addSpacing(MARGIN)
        self._column.addWidget(self._offered)
        self._column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self._add)
        foot.addStretch(1)
        foot.addWidget(self._name, 2)
        foot.addWidget(self._fetch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(MARGIN)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._room)
        layout.addWidget(self.notices)
        layout.addLayout(foot)


class _Row(QWidget):
    """One model: what it is, how far its installation is, and what can be done with it."""

    install_wanted = Signal(str)
    cancel_wanted = Signal(str)
    remove_wanted = Signal(str)

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self._entry = entry
        self._is_busy = False
        self._sign, self._name, self._chip = QLabel(), QLabel(), QLabel()
        self._facts, self._said = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self._bar = QProgressBar(textVisible=False)
        self._install = QPushButton(autoDefault=False)
        self._remove = QToolButton()
        self._install.clicked.connect(self._on_install)
        self._remove.clicked.connect(self._on_remove)
        self._lay_out()

    def show_entry(self, entry: Entry, is_at_work: bool, waits: bool) -> None:
        """Show this model; it is being installed, or waits for it."""
        self._entry = entry
        self._is_busy = is_at_work or waits
        name = shown_name(entry.name) if Path(entry.name).is_absolute() else entry.name
        sign = "warning" if entry.problem else _SIGNS[entry.standing]
        self._sign.setPixmap(icons.icon(sign).pixmap(_SIGN, _SIGN))
        self._name.setText(_("Demo model") if entry.standing is Standing.DEMO else name)
        self._chip.setText(_("recommended"))
        self._chip.setVisible(bool(entry.reason))
        self._facts.setText(" · ".join(entry.facts) if entry.size or entry.speed else "")
        self._facts.setVisible(bool(self._facts.text()))
        self._say(_("Waits for its turn.") if waits else _about(entry))
        self._bar.setVisible(is_at_work)
        if is_at_work:
            self._bar.setRange(0, 0)
        self._show_buttons(name)

    def show_progress(self, progress: Progress) -> None:
        """How far its installation is."""
        self._say(progress.said)
        self._bar.setRange(0, _BAR_STEPS if progress.total else 0)
        self._bar.setValue(round(_BAR_STEPS * progress.fraction))

    def _say(self, text: str) -> None:
        self._said.setText(text)
        self._said.setVisible(bool(text))

    def _show_buttons(self, name: str) -> None:
        entry = self._entry
        if self._is_busy:
            text, spoken = _("Stop"), _("Stop installing {model}")
        elif entry.fetched and not entry.is_there:
            text, spoken = _("Go on"), _("Go on installing {model}")
        elif entry.standing is Standing.BROKEN:
            text, spoken = _("Install again"), _("Install {model} again")
        else:
            text, spoken = _("Install"), _("Install {model}")
        self._install.setText(text)
        self._install.setAccessibleName(spoken.format(model=name))
        can_be_had = bool(entry.repository) and not entry.is_there
        self._install.setVisible(self._is_busy or can_be_had)
        self._install.setDefault(bool(entry.reason) and not self._is_busy and can_be_had)
        is_ours = entry.standing in (Standing.INSTALLED, Standing.BROKEN) or entry.fetched > 0
        self._remove.setVisible(is_ours and not self._is_busy)
        spoken = _("Remove {model}") if entry.is_there else _("Throw away what there is of {model}")
        self._remove.setAccessibleName(spoken.format(model=name))
        self._remove.setToolTip(self._remove.accessibleName())

    @Slot()
    def _on_install(self) -> None:
        (self.cancel_wanted if self._is_busy else self.install_wanted).emit(self._entry.name)

    @Slot()
    def _on_remove(self) -> None:
        self.remove_wanted.emit(self._entry.name)

    def _lay_out(self) -> None:
        font = self._name.font()
        font.setWeight(QFont.Weight.DemiBold)
        self._name.setFont(font)
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._chip.setForegroundRole(QPalette.ColorRole.Link)
        self._facts.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        for label in (self._facts, self._said):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._bar.setFixedHeight(_BAR)
        self._remove.setIcon(icons.icon("remove"))
        self._remove.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self._name)
        head.addWidget(self._chip)
        head.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(GRID // 2)
        words.addLayout(head)
        words.addWidget(self._facts)
        words.addWidget(self._said)
        words.addWidget(self._bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, GRID + GRID // 2, 0, GRID + GRID // 2)
        layout.setSpacing(MARGIN)
        layout.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        layout.addWidget(self._install, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._remove, 0, Qt.AlignmentFlag.AlignVCenter)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, self.palette().color(QPalette.ColorRole.Mid))
        painter.end()


def _is_here(entry: Entry) -> bool:
    return entry.is_there or entry.standing is Standing.BROKEN


def _order(entry: Entry) -> tuple[bool, bool]:
    """What is here first; of the others the recommended one. The rest keeps its order: best first."""
    return not _is_here(entry), not entry.reason


def _about(entry: Entry) -> str:
    """The one thing to know about it now."""
    if entry.problem:
        return entry.problem
    if entry.standing in _ORIGINS:
        return _(_ORIGINS[entry.standing])
    if entry.fetched and not entry.is_there:
        return _("{size} of it are here: installing goes on from there.").format(size=megabytes(entry.fetched))
    if not entry.reason:
        return ""
    reason = entry.reason[0].upper() + entry.reason[1:] + "."
    if entry.is_there:
        return reason
    return _("{reason} Takes {time} at 50 Mbit/s.").format(reason=reason, time=time_for(entry.size))


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * 1.2)
    font.setWeight(QFont.Weight.DemiBold)
    label.setFont(font)
    label.setContentsMargins(0, 0, 0, GRID)
    return label
