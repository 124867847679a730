"""A small table of two columns that is filled in by hand: own words, and how text gets into programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QComboBox,
    QCompleter,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.core.errors import AppError, ExportFailed, FileForbidden, FileMissing
from desktop.core.i18n import _
from desktop.core.insertion import METHODS, Method
from desktop.core.names import shown_name
from desktop.core.reading.encodings import decoded
from desktop.core.replacements import Replacement, read_replacements, write_replacements
from desktop.core.settings import About, Pairs
from desktop.ui import icons
from desktop.ui.theme import GRID

_ROW = 34
_ROWS_IN_SIGHT = 5
_LARGEST_FILE = 4_000_000
Index = QModelIndex | QPersistentModelIndex


class PairTable(QWidget):
    """Rows that are not whole yet are shown and not told; what is told is always the whole table."""

    edited = Signal(object)

    def __init__(self, about: About, columns: tuple[str, str], empty: str) -> None:
        super().__init__()
        self._about = about
        self._shown: Pairs = ()
        self.table = _Table(columns)
        self.table.setAccessibleName(_(about.label))
        self.table.setAccessibleDescription(_(about.help))
        self.table.cellChanged.connect(self._on_cell_changed)
        self.table.itemSelectionChanged.connect(self._show_buttons)
        self.table.delete_wanted.connect(self._on_remove)
        self._empty = QLabel(empty)
        self._empty.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._add = QPushButton(icons.icon("add"), _("Add"), autoDefault=False)
        self._add.setAccessibleName(_("Add a row to “{setting}”").format(setting=_(about.label)))
        self._add.clicked.connect(self._on_add)
        self._remove = QPushButton(icons.icon("remove"), _("Remove"), autoDefault=False)
        self._remove.setAccessibleName(_("Remove a row of “{setting}”").format(setting=_(about.label)))
        self._remove.clicked.connect(self._on_remove)
        self._problem = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._problem.hide()
        self.buttons = QHBoxLayout()
        self.setFocusProxy(self._add)
        self._lay_out()
        self._show_buttons()

    @property
    def problem(self) -> str:
        """What is wrong; empty if nothing is."""
        return "" if self._problem.isHidden() else self._problem.text()

    def show_value(self, value: object) -> None:
        """Show these rows."""
        assert isinstance(value, tuple)
        self._shown = value
        if self._rows() != value:
            with QSignalBlocker(self.table):
                self.table.setRowCount(0)
                for pair in value:
                    self._append(pair)
            self._say("")
        self._show_buttons()

    def set_cell(self, row: int, column: int, text: str) -> None:
        """As if it was typed there."""
        self.table.setItem(row, column, QTableWidgetItem(text))

    # --- what is meant ---

    def cells(self) -> list[tuple[str, str]]:
        """What stands in the rows, whole or not."""
        items = ([self.table.item(row, column) for column in (0, 1)] for row in range(self.table.rowCount()))
        return [self.pair_of(*(item.text() if item else "" for item in row)) for row in items]

    def pair_of(self, first: str, second: str) -> tuple[str, str]:
        """A row as it is kept."""
        return first.strip(), second.strip()

    def key_of(self, pair: tuple[str, str]) -> str:
        """What makes two rows one: the later of them counts."""
        return (pair[0] or pair[1]).casefold()

    def _rows(self) -> Pairs:
        found: dict[str, tuple[str, str]] = {}
        for pair in self.cells():
            if self._about.accepts((pair,)):
                found.pop(self.key_of(pair), None)
                found[self.key_of(pair)] = pair
        return tuple(found.values())

    # --- changes ---

    @Slot(int, int)
    def _on_cell_changed(self, _row: int, _column: int) -> None:
        self._tell()

    @Slot()
    def _on_add(self) -> None:
        """The keyboard goes into the new row."""
        with QSignalBlocker(self.table):
            row = self._append(self.new_row())
        self._show_buttons()
        self.table.setFocus()
        self.table.setCurrentCell(row, 0)
        self.table.edit(self.table.model().index(row, 0))

    def new_row(self) -> tuple[str, str]:
        """What a row begins with."""
        return "", ""

    @Slot()
    def _on_remove(self) -> None:
        rows = {index.row() for index in self.table.selectedIndexes()}
        with QSignalBlocker(self.table):
            for row in sorted(rows, reverse=True):
                self.table.removeRow(row)
        self.table.setCurrentCell(min(rows, default=0) - 1 if self.table.rowCount() else -1, 0)
        self._tell()
        self._show_buttons()

    def take(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Add these rows; one that is there already gets the new meaning."""
        merged = {self.key_of(pair): pair for pair in (*self._rows(), *pairs)}
        with QSignalBlocker(self.table):
            self.table.setRowCount(0)
            for pair in merged.values():
                self._append(pair)
        self._tell()
        self._show_buttons()

    def _append(self, pair: tuple[str, str]) -> int:
        row = self.table.rowCount()
        self.table.insertRow(row)
        for column, text in enumerate(pair):
            self.table.setItem(row, column, QTableWidgetItem(text))
        return row

    def _tell(self) -> None:
        self._say(self.problem_of())
        rows = self._rows()
        if rows != self._shown:
            self._shown = rows
            self.edited.emit(rows)

    def problem_of(self) -> str:
        """What is wrong with the rows."""
        return ""

    def _say(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self.table.setAccessibleDescription(problem or _(self._about.help))

    def _show_buttons(self) -> None:
        count = self.table.rowCount()
        self.table.setVisible(count > 0)
        self._empty.setVisible(count == 0)
        self._remove.setVisible(count > 0)
        self._remove.setEnabled(bool(self.table.selectedIndexes()))
        rows = min(count, _ROWS_IN_SIGHT)
        self.table.setFixedHeight(self.table.horizontalHeader().sizeHint().height() + rows * _ROW + 2)

    def _lay_out(self) -> None:
        self.buttons.setSpacing(GRID)
        self.buttons.addWidget(self._add)
        self.buttons.addWidget(self._remove)
        self.buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        for widget in (self.table, self._empty, self._problem):
            layout.addWidget(widget)
        layout.addLayout(self.buttons)


class WordsTable(PairTable):
    """Own words and replacements, which come from a file and go into one."""

    def __init__(self, about: About) -> None:
        super().__init__(about, (_("What is heard"), _("What is written")), _("No words of your own yet."))
        self.table.setItemDelegateForColumn(0, _HeardDelegate(self.table))
        for text, name, do in (
            (_("Import…"), _("Import own words"), self._on_import),
            (_("Export…"), _("Export own words"), self._on_export),
        ):
            button = QPushButton(text, autoDefault=False)
            button.setAccessibleName(name)
            button.clicked.connect(do)
            self.buttons.addWidget(button)

    def problem_of(self) -> str:
        """A row needs something that can be heard."""
        is_deaf = any(any(pair) and not self._about.accepts((pair,)) for pair in self.cells())
        return _("A row without letters cannot be heard: it does not count.") if is_deaf else ""

    @Slot(str)
    def load(self, file: str) -> None:
        """Add the rows of a file."""
        path = Path(file)
        try:
            with path.open("rb") as opened:
                text, _encoding = decoded(opened.read(_LARGEST_FILE))
            rows = read_replacements(text, shown_name(path))
        except FileNotFoundError:
            self._say(str(FileMissing(name=shown_name(path))))
        except OSError:
            self._say(str(FileForbidden(name=shown_name(path))))
        except AppError as error:
            self._say(str(error))
        else:
            self.take([(one.heard, one.written) for one in rows])

    @Slot(str)
    def save(self, file: str) -> None:
        """Write the rows into a file."""
        path = Path(file)
        try:
            text = write_replacements(Replacement(heard, written) for heard, written in self._rows())
            path.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            self._say(str(ExportFailed(name=shown_name(path), reason=error.strerror or str(error))))
        else:
            self._say("")

    @Slot()
    def _on_import(self) -> None:
        self._ask(QFileDialog.AcceptMode.AcceptOpen, self.load)

    @Slot()
    def _on_export(self) -> None:
        self._ask(QFileDialog.AcceptMode.AcceptSave, self.save)

    def _ask(self, mode: QFileDialog.AcceptMode, take: object) -> None:
        dialog = QFileDialog(self, _(self._about.label))
        dialog.setAcceptMode(mode)
        if mode is QFileDialog.AcceptMode.AcceptOpen:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(_("Tables (*.csv *.tsv *.txt)"))
        dialog.setDefaultSuffix("csv")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(take)
        dialog.open()


class MethodsTable(PairTable):
    """Programs, and how text gets into each."""

    def __init__(self, about: About) -> None:
        super().__init__(about, (_("Program"), _("How")), _("No program has a way of its own."))
        self._labels = {_(label): method for method, label in METHODS.items()}
        self._programs = _ProgramDelegate(self.table)
        self.table.setItemDelegateForColumn(0, self._programs)
        self.table.setItemDelegateForColumn(1, _MethodDelegate(self.table, list(self._labels)))

    def offer(self, programs: Sequence[str]) -> None:
        """Offer these names to whoever types one: programs that were dictated into."""
        self._programs.names = sorted(set(programs))

    def pair_of(self, first: str, second: str) -> tuple[str, str]:
        """Programs are known in small letters; the way by its name in the settings."""
        return first.strip().casefold().removesuffix(".exe"), self._labels.get(second, second)

    def key_of(self, pair: tuple[str, str]) -> str:
        """Each program has one way."""
        return pair[0]

    def new_row(self) -> tuple[str, str]:
        """What is usual is there at once."""
        return "", _(METHODS.get(Method.TERMINAL, METHODS[Method.TYPE]))

    def _append(self, pair: tuple[str, str]) -> int:
        label = METHODS.get(Method(pair[1])) if pair[1] in METHODS else None
        return super()._append((pair[0], _(label) if label else pair[1]))


class _Table(QTableWidget):
    """Edited in place; Delete takes rows away."""

    delete_wanted = Signal()

    def __init__(self, columns: tuple[str, str]) -> None:
        super().__init__(0, 2)
        self.setHorizontalHeaderLabels(list(columns))
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_editing = self.state() is QAbstractItemView.State.EditingState
        if event.key() == Qt.Key.Key_Delete and not is_editing:
            self.delete_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not is_editing:
            self.edit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Enter leads on to the other half of a row, if that is empty."""
        super().closeEditor(editor, hint)
        beside = self.currentIndex().siblingAtColumn(1)
        is_entered = hint is QAbstractItemDelegate.EndEditHint.SubmitModelCache
        if is_entered and self.currentColumn() == 0 and not beside.data():
            self.setCurrentIndex(beside)
            self.edit(beside)


class _HeardDelegate(QStyledItemDelegate):
    """Nothing to be heard means a word that is spelt as it stands beside it, and says so."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        if not index.data() and index.model().index(index.row(), 1).data():
            option.text = _("spelt like this")
            for role in (QPalette.ColorRole.Text, QPalette.ColorRole.HighlightedText):
                option.palette.setColor(role, option.palette.color(QPalette.ColorRole.PlaceholderText))


class _ProgramDelegate(QStyledItemDelegate):
    """A name is typed, with the known ones offered."""

    names: Sequence[str] = ()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        line = QLineEdit(parent)
        completer = QCompleter(list(self.names), line)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        line.setCompleter(completer)
        return line


class _MethodDelegate(QStyledItemDelegate):
    """One of the ways."""

    def __init__(self, table: QTableWidget, labels: list[str]) -> None:
        super().__init__(table)
        self._labels = labels

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        box = QComboBox(parent)
        box.addItems(self._labels)
        box.activated.connect(lambda _row: self._on_chosen(box))
        QTimer.singleShot(0, box, box.showPopup)
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, QComboBox)
        editor.setCurrentText(str(index.data()))

    def _on_chosen(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, _ROW)
