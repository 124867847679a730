"""The bar that leads through doubtful words: hear it, type over it or leave it, Enter, and the next one is there."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QEvent, QLocale, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFont, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core import review
from desktop.core.document import Edit
from desktop.core.i18n import _, _n
from desktop.core.names import clock
from desktop.core.review import THRESHOLD, WHOLE, Doubt, Order, Walk
from desktop.core.sentences import bare
from desktop.core.transcript import Transcript
from desktop.ui import icons
from desktop.ui.theme import GRID, MARGIN

AGAIN_KEY = "F2"
SCOPE = "review"
"""The scope of the keys that work in this bar alone."""
_TEXT_PX = 16
_PROGRESS = 2
_LEAST_FIELD = 72


class ReviewBar(QFrame):
    """Knows the transcript and says what is wanted; changes nothing itself."""

    place_wanted = Signal(int, int, int, int)
    """Segment, word (`review.WHOLE` for all of the segment), start and end in ms: play it in a loop and mark it."""
    edit_wanted = Signal(object)
    closed = Signal()
    threshold_changed = Signal(float)
    order_changed = Signal(str)
    beside_missing_changed = Signal(bool)

    def __init__(
        self,
        threshold: float = THRESHOLD,
        order: str = Order.TIME,
        beside_missing: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._transcript = Transcript(())
        self._walk = Walk.of([], Order(order))
        self._typed: dict[object, str] = {}
        self._came_from: QWidget | None = None
        self._count = QLabel()
        self._order = QComboBox()
        self._threshold = QSpinBox(minimum=1, maximum=99, singleStep=5, value=round(100 * threshold), suffix=" %")
        self._beside = QCheckBox(_("Words beside gaps"))
        self._beside.setChecked(beside_missing)
        self._previous = _button("up", _("Previous word"), "Shift+Tab")
        self._next = _button("down", _("Next word"), "Tab")
        self._close = _button("cancel", _("Close"), "Esc")
        self._time = QLabel()
        self._before, self._after = _Side(Qt.TextElideMode.ElideLeft), _Side(Qt.TextElideMode.ElideRight)
        self._field = _Field()
        self._reason = QLabel()
        self._hint = QLabel(_("Enter accepts  ·  Tab goes on  ·  {key} plays again").format(key=AGAIN_KEY))
        self._accept = QPushButton(_("Accept"), autoDefault=False)
        self.again = QAction(icons.icon("play"), _("Play the doubtful word again"), self)
        """Its key can be changed like every other; it works in the bar alone."""
        self._make()
        self._lay_out()
        self.hide()

    # --- what the window says ---

    def open(self, transcript: Transcript, from_ms: int = 0) -> None:
        """Begin with the first doubt at that time or later; if the most doubtful come first, with the worst."""
        focused = QApplication.focusWidget()
        if focused is None or not self.isAncestorOf(focused):
            self._came_from = focused
        self._transcript = transcript
        self._typed = {}
        self._walk = Walk.of(self._doubted(), self._walk.order, from_ms)
        self.show()
        self._show_current()
        self._take_focus()
        self._want_place()

    def show_transcript(self, transcript: Transcript) -> None:
        """The same with more at its end, while the file is still heard."""
        self._transcript = transcript
        if not self.isHidden():
            self._go_to(self._walk.grown(self._doubted()))

    def take(self, transcript: Transcript, edit: Edit) -> None:
        """The transcript after an edit. Undoing, done from here, leads back to the word that it brings back."""
        self._transcript = transcript
        if self.isHidden():
            return
        walk = self._walk.renewed(self._doubted())
        self._go_to(walk.at_the_new(self._walk) if self._has_focus else walk)

    @Slot()
    def close_bar(self) -> None:
        """Go away, and give the focus back."""
        if self.isHidden():
            return
        had_focus = self._has_focus
        self.hide()
        self._typed = {}
        if had_focus and self._came_from is not None:
            self._came_from.setFocus(Qt.FocusReason.OtherFocusReason)
        self._came_from = None
        self.closed.emit()

    # --- the way through them ---

    @Slot()
    def accept_word(self) -> None:
        """Settle the word as it is typed, and go on."""
        doubt = self._walk.current
        if doubt is not None:
            self._typed.pop(doubt.identity, None)
            edit = review.corrected(self._transcript, doubt, self._field.typed)
            self._field.setModified(False)
            self.edit_wanted.emit(edit)

    @Slot()
    def next_word(self) -> None:
        """Leave this one undecided."""
        self._step(1)

    @Slot()
    def previous_word(self) -> None:
        """Go back."""
        self._step(-1)

    @Slot()
    def play_again(self) -> None:
        """Hear the present one once more."""
        self._want_place()

    def _step(self, by: int) -> None:
        self._keep_typed()
        self._go_to(self._walk.moved(by), always=True)

    def _keep_typed(self) -> None:
        """What was typed and not accepted is there when the word is come back to."""
        doubt = self._walk.current
        if doubt is not None and self._field.isModified():
            self._typed[doubt.identity] = self._field.text()

    def _go_to(self, walk: Walk, always: bool = False) -> None:
        before, self._walk = self._walk.current, walk
        now = walk.current
        is_same = before is not None and now is not None and before.identity == now.identity
        if is_same and not always and self._field.isModified():
            self._show_counts()
            return
        had_focus = self._has_focus or always  # a field that is hidden gives it away
        self._show_current()
        if had_focus:
            self._take_focus()
            if not is_same or always:
                self._want_place()

    def _want_place(self) -> None:
        doubt = self._walk.current
        if doubt is not None:
            self.place_wanted.emit(doubt.segment, doubt.word, doubt.start_ms, doubt.end_ms)

    def _doubted(self) -> list[Doubt]:
        return review.doubted(self._transcript, self._threshold.value() / 100, self._beside.isChecked())

    @property
    def _has_focus(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and (focused is self or self.isAncestorOf(focused))

    def _take_focus(self) -> None:
        if self._walk.current is None:
            self._close.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self._threshold.hasFocus():
            self._field.setFocus(Qt.FocusReason.OtherFocusReason)
            self._field.select_word()

    # --- what is wanted ---

    @Slot()
    def _on_typed(self) -> None:
        self._accept.setText(_("Accept") if self._field.typed else _("Delete"))

    def set_threshold(self, threshold: float) -> None:
        """Doubt the words that are less probable."""
        self._threshold.setValue(round(100 * threshold))

    @Slot()
    def _on_threshold_changed(self) -> None:
        self._begin_anew()
        self.threshold_changed.emit(self._threshold.value() / 100)

    @Slot()
    def _on_beside_changed(self) -> None:
        self._begin_anew()
        self.beside_missing_changed.emit(self._beside.isChecked())

    @Slot()
    def _on_order_changed(self) -> None:
        self._keep_typed()
        self._go_to(self._walk.ordered(Order(self._order.currentData())))
        self.order_changed.emit(self._order.currentData())

    def _begin_anew(self) -> None:
        """With others doubted, all of them count as left; the place stays."""
        self._keep_typed()
        found = self._doubted()
        walk = self._walk.renewed(found)
        self._go_to(Walk(walk.doubts, walk.order, walk.at, len(found)))

    # --- what is shown ---

    def _show_current(self) -> None:
        doubt = self._walk.current
        self._show_counts()
        for widget in (self._time, self._before, self._field, self._after, self._accept, self._hint):
            widget.setVisible(doubt is not None)
        for button in (self._previous, self._next):
            button.setEnabled(len(self._walk.doubts) > 1)
        self.again.setEnabled(doubt is not None)
        if doubt is None:
            total = self._walk.total
            done = _n("The only doubtful word is settled.", "All {count} doubtful words are settled.", total)
            self._reason.setText(done if total else _("No word is doubted at this threshold."))
            return
        segment = self._transcript.segments[doubt.segment]
        start, end = review.span(segment, doubt.word)
        directions = Qt.LayoutDirection
        self._sentence.setLayoutDirection(directions.RightToLeft if _is_rtl(segment.text) else directions.LeftToRight)
        self._before.show_text(segment.text[:start])
        self._after.show_text(segment.text[end:])
        self._time.setText(clock(doubt.start_ms))
        self._reason.setText(doubt.said)
        kept = self._typed.get(doubt.identity)
        self._field.show_word(doubt.text if kept is None else kept, doubt.word == WHOLE)
        self._field.setModified(kept is not None)
        self._on_typed()
        self._field.setAccessibleDescription(f"{doubt.said}. {segment.text}")

    def _show_counts(self) -> None:
        left, total = len(self._walk.doubts), self._walk.total
        number = QLocale().toString
        words = _("{left} left of {total}").format(left=number(left), total=number(total))
        self._count.setText(words if total else _("Nothing to review"))
        self.update()

    # --- the bar ---

    def _make(self) -> None:
        for order, label in ((Order.TIME, _("In the order of time")), (Order.DOUBT, _("Most doubtful first"))):
            self._order.addItem(label, str(order))
        self._order.setCurrentIndex(self._order.findData(str(self._walk.order)))
        self._order.setAccessibleName(_("Order"))
        self._threshold.setAccessibleName(_("Doubt words below"))
        self._threshold.setToolTip(_("Words of which the engine was less sure than this are doubted"))
        self._threshold.setKeyboardTracking(False)
        self._beside.setToolTip(_("Also the words next to speech without text"))
        count_font = self._count.font()
        count_font.setWeight(QFont.Weight.DemiBold)
        self._count.setFont(count_font)
        for quiet in (self._time, self._reason, self._hint):
            quiet.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.again.setObjectName("play-doubt")
        self.again.setData(SCOPE)
        self.again.setShortcut(QKeySequence(AGAIN_KEY))
        self.again.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.again.triggered.connect(self.play_again)
        self.again.changed.connect(self._on_key_changed)
        self.addAction(self.again)
        self._order.activated.connect(self._on_order_changed)
        self._threshold.valueChanged.connect(self._on_threshold_changed)
        self._beside.toggled.connect(self._on_beside_changed)
        self._previous.clicked.connect(self.previous_word)
        self._next.clicked.connect(self.next_word)
        self._accept.clicked.connect(self.accept_word)
        self._close.clicked.connect(self.close_bar)
        self._field.accepted.connect(self.accept_word)
        self._field.stepped.connect(self._step)
        self._field.textChanged.connect(self._on_typed)

    @Slot()
    def _on_key_changed(self) -> None:
        key = self.again.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        words = _("Enter accepts  ·  Tab goes on  ·  {key} plays again") if key else _("Enter accepts  ·  Tab goes on")
        self._hint.setText(words.format(key=key))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID)
        top.addWidget(self._count)
        top.addWidget(self._previous)
        top.addWidget(self._next)
        top.addStretch(1)
        label = QLabel(_("Below"))
        label.setBuddy(self._threshold)
        label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        for widget in (self._beside, label, self._threshold, self._order, self._close):
            top.addWidget(widget)
        self._sentence = QWidget()
        sentence = QHBoxLayout(self._sentence)
        sentence.setContentsMargins(0, 0, 0, 0)
        sentence.setSpacing(GRID // 2)
        for part in (self._time, self._before, self._field, self._after):
            sentence.addWidget(part)
        sentence.insertSpacing(1, GRID)
        sentence.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self._reason)
        foot.addStretch(1)
        foot.addWidget(self._hint, 4)
        foot.addWidget(self._accept)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, GRID + _PROGRESS, GRID, GRID)
        layout.setSpacing(GRID)
        layout.addLayout(top)
        layout.addWidget(self._sentence)
        layout.addLayout(foot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, palette = QPainter(self), self.palette()
        painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Window))
        painter.fillRect(0, 0, self.width(), 1, palette.color(QPalette.ColorRole.Mid))
        total = self._walk.total
        done = round(self.width() * (total - len(self._walk.doubts)) / total) if total else 0
        left = self.width() - done if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else 0
        painter.fillRect(left, 0, done, _PROGRESS, palette.color(QPalette.ColorRole.Accent))
        painter.end()


class _Field(QLineEdit):
    """The word itself, as wide as it is. Enter and Tab go to the bar; undoing what was not typed here to the window."""

    accepted = Signal()
    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._is_whole = False
        self._word = (0, 0)
        self._marks = ""
        font = self.font()
        font.setPixelSize(_TEXT_PX)
        font.setWeight(QFont.Weight.DemiBold)
        self.setFont(font)
        self.setAccessibleName(_("Doubtful word"))
        self.textChanged.connect(self.updateGeometry)

    def show_word(self, text: str, is_whole: bool) -> None:
        """Show it selected, so that typing replaces it; the marks around a word stay."""
        self._is_whole = is_whole
        text = " ".join(text.split())
        start, end = self._word = (0, len(text)) if is_whole else bare(text)
        self._marks = text[:start] + text[end:]
        with QSignalBlocker(self):
            self.setText(text)
        self.select_word()
        self.updateGeometry()

    def select_word(self) -> None:
        """Select it with its beginning in sight."""
        start, end = self._word
        self.setSelection(end, start - end)

    @property
    def typed(self) -> str:
        """What stands here; nothing where only the marks around the word are left of it."""
        text = self.text().strip()
        return "" if text == self._marks else text

    def sizeHint(self) -> QSize:
        wide = self.fontMetrics().horizontalAdvance(self.text() + "mm") + 2 * GRID
        return QSize(max(_LEAST_FIELD, wide), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 30 * _TEXT_PX if not self._is_whole else _LEAST_FIELD), 0)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                is_back = event.key() == Qt.Key.Key_Backtab or event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                self.stepped.emit(-1 if is_back else 1)
                return True
            if event.type() is QEvent.Type.ShortcutOverride and self._is_for_the_window(event):
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accepted.emit()
        elif self._is_for_the_window(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _is_for_the_window(self, event: QKeyEvent) -> bool:
        keys = QKeySequence.StandardKey
        undoes = event.matches(keys.Undo) and not self.isUndoAvailable()
        return undoes or (event.matches(keys.Redo) and not self.isRedoAvailable())


class _Side(QWidget):
    """What stands before or after the word; its far end gives way where room is short."""

    def __init__(self, elided: Qt.TextElideMode) -> None:
        super().__init__()
        self._elided = elided
        self._text = ""
        font = self.font()
        font.setPixelSize(_TEXT_PX)
        self.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str) -> None:
        """Show another one."""
        self._text = " ".join(text.split())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._text) + 2, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self._text, self._elided, self.width())
        is_before = (self._elided is Qt.TextElideMode.ElideLeft) is (
            self.layoutDirection() is Qt.LayoutDirection.LeftToRight
        )
        side = Qt.AlignmentFlag.AlignRight if is_before else Qt.AlignmentFlag.AlignLeft
        painter.drawText(self.rect(), side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()


def _is_rtl(text: str) -> bool:
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind != "L" for kind in kinds if kind in ("L", "R", "AL")), False)


def _button(icon: str, name: str, key: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icons.icon(icon))
    button.setIconSize(QSize(18, 18))
    button.setAccessibleName(name)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    shown = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    button.setToolTip(f"{name} ({shown})")
    return button
