"""Hear a stretch again in another way, and choose between what is there and what was heard now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from html import escape

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from desktop.core.errors import AppError
from desktop.core.events import Loading, Started
from desktop.core.i18n import _
from desktop.core.names import clock
from desktop.core.options import FALLBACK_TEMPERATURES, Options
from desktop.core.transcript import Segment
from desktop.ui.commands import Choices, language_choices
from desktop.ui.theme import GRID, MARGIN

SIZE = (680, 420)


class OpinionDialog(QDialog):
    """Asks for a hearing with the chosen model, language and temperature; shows it beside the present text."""

    hearing_wanted = Signal(object)
    """The Options to hear with."""
    cancel_wanted = Signal()
    taken = Signal(object)
    """The segments that shall take the place of those that are there."""

    def __init__(
        self, start_ms: int, end_ms: int, present: Sequence[Segment], options: Options, models: Choices, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._options = options
        self._present = tuple(present)
        self._found: tuple[Segment, ...] = ()
        self._is_new = False
        self.setWindowTitle(_("Hear {start}–{end} again").format(start=clock(start_ms), end=clock(end_ms)))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE)
        self._model = _box(models, options.model)
        self._language = _box(language_choices(), options.language)
        temperatures: list[tuple[object, str]] = [
            (FALLBACK_TEMPERATURES, _("Automatic: rising where there is doubt")),
            *(((one,), f"{one:g}") for one in FALLBACK_TEMPERATURES),
        ]
        self._temperature = _box(temperatures, FALLBACK_TEMPERATURES)
        self._hear = QPushButton(_("&Hear again"))
        self._hear.setDefault(True)
        self._hear.clicked.connect(self._on_hear)
        self._bar = QProgressBar(maximum=0, textVisible=False)
        self._bar.setSizePolicy(self._hear.sizePolicy())
        self._told = QLabel(wordWrap=True)
        self._told.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._before, self._after = QTextBrowser(), QTextBrowser()
        for side, name in ((self._before, _("The text now")), (self._after, _("What was heard now"))):
            side.setAccessibleName(name)
            side.setTabChangesFocus(True)
        buttons = QDialogButtonBox()
        self._take = buttons.addButton(_("&Take what was heard"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(_("&Leave it as it is"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._on_taken)
        buttons.rejected.connect(self.reject)
        self.finished.connect(self.cancel_wanted)
        self._lay_out(buttons)
        self._before.setPlainText(_joined(present))
        self._show_idle()

    @Slot(object)
    def show_told(self, news: Loading | Started) -> None:
        """Say what the engine is doing."""
        self._told.setText(_("Loading the model…") if isinstance(news, Loading) else _("Listening…"))

    @Slot(tuple)
    def show_found(self, segments: Sequence[Segment]) -> None:
        """Show what was heard, and where it differs."""
        self._found = tuple(segments)
        before, after = _joined(self._present), _joined(segments)
        left, right = _differences(before.split(), after.split())
        self._before.setHtml(left)
        self._after.setHtml(right)
        same = before.split() == after.split()
        if not segments:
            self._told.setText(_("Nothing was heard there."))
        else:
            self._told.setText(_("It was heard just like that.") if same else "")
        self._is_new = bool(segments) and not same
        self._show_idle()
        (self._take if self._take.isEnabled() else self._hear).setFocus()

    @Slot(object)
    def show_error(self, error: AppError) -> None:
        """Say why nothing could be heard."""
        self._told.setText(str(error))

    @Slot()
    def show_ended(self) -> None:
        """Nothing is at work any more."""
        self._show_idle()

    def _show_idle(self) -> None:
        self._bar.hide()
        self._hear.show()
        self._take.setEnabled(self._is_new)

    @Slot()
    def _on_hear(self) -> None:
        self._found, self._is_new = (), False
        self._take.setEnabled(False)
        self._after.clear()
        self._hear.hide()
        self._bar.show()
        self._told.setText(_("Loading the model…"))
        options = replace(
            self._options,
            model=self._model.currentData(),
            language=self._language.currentData(),
            temperatures=tuple(self._temperature.currentData()),
        )
        self.hearing_wanted.emit(options)

    @Slot()
    def _on_taken(self) -> None:
        self.taken.emit(self._found)
        self.accept()

    def _lay_out(self, buttons: QDialogButtonBox) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.addRow(_("Model"), self._model)
        form.addRow(_("Language"), self._language)
        form.addRow(_("Temperature"), self._temperature)
        texts = QGridLayout()
        texts.setSpacing(GRID)
        for column, (name, side) in enumerate(((_("Now"), self._before), (_("Heard again"), self._after))):
            label = QLabel(name)
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            texts.addWidget(label, 0, column)
            texts.addWidget(side, 1, column)
            texts.setColumnStretch(column, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(GRID)
        layout.addLayout(form)
        layout.addWidget(self._hear, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._bar)
        layout.addWidget(self._told)
        layout.addLayout(texts, 1)
        layout.addWidget(buttons)


def _box(choices: Sequence[tuple[object, str]], chosen: object) -> QComboBox:
    box = QComboBox()
    for value, label in choices:
        box.addItem(label, value)
    rows = [row for row in range(box.count()) if box.itemData(row) == chosen]
    if not rows:
        box.addItem(str(chosen), chosen)
        rows = [box.count() - 1]
    box.setCurrentIndex(rows[0])
    return box


def _joined(segments: Sequence[Segment]) -> str:
    return "\n".join(one.text.strip() for one in segments)


def _differences(before: Sequence[str], after: Sequence[str]) -> tuple[str, str]:
    """Both texts as HTML: what only one of them has is struck through or underlined."""
    left, right = [], []
    for kind, begin, end, start, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old, new = escape(" ".join(before[begin:end])), escape(" ".join(after[start:stop]))
        left += [old if kind == "equal" else f"<s>{old}</s>"] if old else []
        right += [new if kind == "equal" else f"<b><u>{new}</u></b>"] if new else []
    return " ".join(left), " ".join(right)
