"""The bar that finds and replaces, as in a browser: hits as you type, the next one with Enter, Escape to be gone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import QEasingCurve, QLocale, QPropertyAnimation, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPalette, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStyle,
    QToolButton,
    QWidget,
)

from desktop.core import editing, search
from desktop.core.document import Edit
from desktop.core.errors import AppError
from desktop.core.i18n import _, mark
from desktop.core.search import Hit, Query
from desktop.core.transcript import Transcript
from desktop.ui import icons
from desktop.ui.replace_preview import ReplacePreview
from desktop.ui.theme import GRID, RADIUS, blend

_WAIT_MS = 40
"""So long after a letter the search begins, so that quick typing in ten hours of text is searched once."""
_FIELD_WIDTHS = (220, 440)
_COUNT_LETTERS = "00,000 of 00,000"


class FindBar(QFrame):
    """Knows the transcript and the caret, and says what it found; changes nothing itself."""

    hits_changed = Signal(object)
    """All hits, in order; an empty list when nothing is looked for or the bar is closed."""
    hit_chosen = Signal(object)
    """The one that is to be shown and selected; the focus stays in the bar."""
    edit_wanted = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._transcript = Transcript(())
        self._query = Query("")
        self._hits: list[Hit] = []
        self._at = -1
        self._from = (0, 0)
        self._came_from: QWidget | None = None
        self._clock = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._clock.timeout.connect(self._search)
        self._field = _Field(_("Find"))
        self._case = _Toggle("Aa", _("Match case"), "Alt+C")
        self._words = _Toggle("ab", _("Whole words"), "Alt+W")
        self._pattern = _Toggle(".*", _("Regular expression"), "Alt+X")
        self._count = QLabel(alignment=Qt.AlignmentFlag.AlignVCenter)
        self._previous = _button("up", _("Previous hit"), "Shift+Enter")
        self._next = _button("down", _("Next hit"), "Enter")
        self._more = QToolButton()
        self._close = _button("cancel", _("Close"), "Esc")
        self._replacement = _Field(_("Replace with"))
        self._replace = QPushButton(_("Replace"), autoDefault=False)
        self._replace_all = QPushButton(_("Replace all…"), autoDefault=False)
        self._trouble = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._slide = QPropertyAnimation(self, b"maximumHeight", self)
        self._make()
        self._lay_out()
        self.hide()

    # --- what the window says ---

    def open(self, text: str = "", caret: tuple[int, int] = (0, 0), replacing: bool = False) -> None:
        """Slide in, with a text to find if there is one. The first hit is the one after the caret: segment, letter."""
        focused = QApplication.focusWidget()
        if focused is None or not self.isAncestorOf(focused):
            self._came_from = focused
        self._from = caret
        self._show_replacing(replacing or (self.isVisible() and self._more.isChecked()))
        if text and "\n" not in text:
            self._field.setText(text)
        if self.isHidden():
            self.show()
            self._slide_in()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()
        self._search()

    def show_transcript(self, transcript: Transcript) -> None:
        """Another transcript, or the same with more at its end."""
        self._transcript = transcript
        if not self.isHidden():
            self._clock.start()

    def take(self, transcript: Transcript, edit: Edit) -> None:
        """The transcript after an edit. The hit that was the present one stays it, or gives way to the one after."""
        self._transcript = transcript
        if self.isHidden() or self._clock.isActive() or not self._is_valid:
            return
        place = self._hits[self._at][:2] if self._hits else self._from
        for splice in edit.splices:
            if place[0] >= splice.at + len(splice.removed):
                place = (place[0] + len(splice.inserted) - len(splice.removed), place[1])
        try:
            self._hits = search.updated(self._hits, transcript, edit, self._query)
        except AppError as error:
            self._show_trouble(error)
            return
        self._at = self._first_from(place)
        self._show_count()
        self.hits_changed.emit(self._hits)

    @Slot()
    def find_next(self) -> None:
        """Go to the next hit, from the last one to the first."""
        self._go(1)

    @Slot()
    def find_previous(self) -> None:
        """Go to the one before."""
        self._go(-1)

    @Slot()
    def close_bar(self) -> None:
        """Go away, and give the focus back."""
        if self.isHidden():
            return
        self._clock.stop()
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        self.hide()
        self._hits, self._at, self._query = [], -1, Query("")
        self.hits_changed.emit([])
        if had_focus and self._came_from is not None:
            self._came_from.setFocus(Qt.FocusReason.OtherFocusReason)
        self._came_from = None
        self.closed.emit()

    # --- finding ---

    @property
    def _is_valid(self) -> bool:
        return not self._trouble.isVisibleTo(self)

    @Slot()
    def _on_typed(self) -> None:
        self._clock.start()

    @Slot()
    def _search(self) -> None:
        self._clock.stop()
        self._query = Query(
            self._field.text(), self._pattern.isChecked(), self._words.isChecked(), self._case.isChecked()
        )
        try:
            self._hits = search.hits(self._transcript, self._query)
            self._show_trouble(None)
        except AppError as error:
            self._hits = []
            self._show_trouble(error)
        self._at = self._first_from(self._from)
        self._show_count()
        self.hits_changed.emit(self._hits)
        if self._hits:
            self.hit_chosen.emit(self._hits[self._at])

    def _first_from(self, place: tuple[int, int]) -> int:
        """The first hit at a place or after it, else the very first; -1 where there is none."""
        if not self._hits:
            return -1
        return bisect_left(self._hits, place, key=_place) % len(self._hits)

    def _go(self, step: int) -> None:
        if self._clock.isActive():  # Enter is quicker than the wait
            self._search()
            if step > 0:
                return
        if not self._hits:
            return
        self._at = (self._at + step) % len(self._hits)
        self._from = self._hits[self._at][:2]
        self._show_count()
        self.hit_chosen.emit(self._hits[self._at])

    # --- replacing ---

    @Slot()
    def _on_replace(self) -> None:
        """The present hit, and on to the next."""
        if self._clock.isActive():
            self._search()
        if not self._hits:
            return
        hit = self._hits[self._at]
        done = self._substitutes([hit])
        if not done:
            return
        # What comes after the replacement is next: a replacement that has the text in it is not replaced again.
        self._from = (hit.segment, hit.start + len(done[0][1]))
        texts = search.replacements(self._transcript, self._query, self._replacement.text(), [hit])
        if texts:
            self.edit_wanted.emit(editing.rewritten(self._transcript, texts))
            self._at = self._first_from(self._from)
            self._show_count()
            if self._hits:
                self.hit_chosen.emit(self._hits[self._at])
        else:
            self._go(1)

    @Slot()
    def _on_replace_all(self) -> None:
        if self._clock.isActive():
            self._search()
        changes = self._substitutes(self._hits)
        if changes:
            preview = ReplacePreview(self._transcript, changes, self)
            preview.chosen.connect(self._on_chosen)
            preview.open()

    @Slot(object)
    def _on_chosen(self, hits: Sequence[Hit]) -> None:
        texts = search.replacements(self._transcript, self._query, self._replacement.text(), hits)
        if texts:
            self.edit_wanted.emit(editing.rewritten(self._transcript, texts, mark("Replace all")))

    def _substitutes(self, hits: Sequence[Hit]) -> list[tuple[Hit, str]]:
        try:
            done = search.substitutes(self._transcript, self._query, self._replacement.text(), hits)
        except AppError as error:
            self._show_trouble(error)
            return []
        self._show_trouble(None)
        return done

    # --- what is shown ---

    def _show_count(self) -> None:
        number = QLocale().toString
        if not self._query.text or not self._is_valid:
            text = ""
        elif self._hits:
            text = _("{number} of {count}").format(number=number(self._at + 1), count=number(len(self._hits)))
        else:
            text = _("No hits")
        self._count.setText(text)
        self._field.setAccessibleDescription(text)
        for button in (self._previous, self._next, self._replace, self._replace_all):
            button.setEnabled(bool(self._hits))

    def _show_trouble(self, error: AppError | None) -> None:
        self._trouble.setText(str(error) if error else "")
        self._trouble.setVisible(error is not None)
        self._sign.setVisible(error is not None)
        self._field.setAccessibleDescription(str(error) if error else "")
        self._free_height()

    @Slot(bool)
    def _show_replacing(self, shown: bool) -> None:
        self._more.setChecked(shown)
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        aside = Qt.ArrowType.LeftArrow if is_mirrored else Qt.ArrowType.RightArrow
        self._more.setArrowType(Qt.ArrowType.DownArrow if shown else aside)
        for widget in (self._replacement, self._replace, self._replace_all):
            widget.setVisible(shown)
        self._free_height()

    def _slide_in(self) -> None:
        length_ms = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self)
        if length_ms > 0:
            self._slide.setDuration(min(length_ms, 140))
            self._slide.setStartValue(0)
            self._slide.setEndValue(self.sizeHint().height())
            self._slide.start()

    @Slot()
    def _free_height(self) -> None:
        self._slide.stop()
        self.setMaximumHeight(16_777_215)  # QWIDGETSIZE_MAX

    # --- the bar ---

    def _make(self) -> None:
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.finished.connect(self._free_height)
        self._field.textChanged.connect(self._on_typed)
        self._field.put_inside([self._case, self._words, self._pattern])
        for toggle in (self._case, self._words, self._pattern):
            toggle.toggled.connect(self._on_typed)
            keys = QShortcut(QKeySequence(toggle.key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            keys.activated.connect(toggle.toggle)
        self._more.setCheckable(True)
        self._more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._more.setAccessibleName(_("Replace"))
        self._more.setToolTip(_("Replace"))
        self._more.toggled.connect(self._show_replacing)
        self._next.clicked.connect(self.find_next)
        self._previous.clicked.connect(self.find_previous)
        self._close.clicked.connect(self.close_bar)
        self._replace.clicked.connect(self._on_replace)
        self._replace_all.clicked.connect(self._on_replace_all)
        self._count.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._count.setMinimumWidth(self.fontMetrics().horizontalAdvance(_COUNT_LETTERS))
        self._trouble.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._sign = QLabel()
        self._sign.setPixmap(icons.icon("warning").pixmap(QSize(16, 16)))
        self._show_replacing(False)
        self._show_trouble(None)
        self._show_count()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(GRID, GRID, GRID, GRID)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID - 2)
        steps = QHBoxLayout()
        steps.setSpacing(2)
        for widget in (self._previous, self._next):
            steps.addWidget(widget)
        pair = QHBoxLayout()
        pair.setSpacing(GRID)
        pair.addWidget(self._replace)
        pair.addWidget(self._replace_all)
        pair.addStretch(1)
        trouble = QHBoxLayout()
        trouble.setSpacing(GRID)
        trouble.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        trouble.addWidget(self._trouble, 1)
        grid.addWidget(self._more, 0, 0)
        grid.addWidget(self._field, 0, 1)
        grid.addLayout(steps, 0, 2)
        grid.addWidget(self._count, 0, 3)
        grid.addWidget(self._close, 0, 5)
        grid.addWidget(self._replacement, 1, 1)
        grid.addLayout(pair, 1, 2, 1, 3)
        grid.addLayout(trouble, 2, 1, 1, 4)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(4, 1)
        self.setTabOrder(self._field, self._replacement)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif is_return and self._replacement.hasFocus():
            if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
                self._on_replace_all()
            else:
                self._on_replace()
        elif is_return:
            self._go(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        palette = self.palette()
        painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Window))
        painter.fillRect(0, self.height() - 1, self.width(), 1, palette.color(QPalette.ColorRole.Mid))
        painter.end()


class _Field(QLineEdit):
    """A field with room for small buttons at its end."""

    def __init__(self, name: str) -> None:
        super().__init__(placeholderText=name)
        self.setAccessibleName(name)
        self.setMinimumWidth(_FIELD_WIDTHS[0])
        self.setMaximumWidth(_FIELD_WIDTHS[1])

    def put_inside(self, buttons: Sequence[QWidget]) -> None:
        """Buttons at the end, which the text does not reach."""
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 3, 0)
        layout.setSpacing(2)
        layout.addStretch(1)
        for button in buttons:
            layout.addWidget(button)
        wide = sum(button.sizeHint().width() + 2 for button in buttons)
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        self.setTextMargins(wide if is_mirrored else 0, 0, 0 if is_mirrored else wide, 0)


class _Toggle(QToolButton):
    """A sign that is on or off: on, it has a frame and a line under it."""

    def __init__(self, sign: str, name: str, key: str) -> None:
        super().__init__()
        self.key = key
        self.setText(sign)
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setToolTip(f"{name} ({QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)})")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return QSize(28, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self.palette()
        base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        accent = palette.color(QPalette.ColorRole.Accent)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.isChecked():
            painter.setPen(accent)
            painter.setBrush(blend(base, accent, 0.18))
        else:
            painter.setPen(accent if self.hasFocus() else Qt.GlobalColor.transparent)
            painter.setBrush(blend(base, text, 0.08) if self.underMouse() else Qt.GlobalColor.transparent)
        painter.drawRoundedRect(frame, RADIUS - 2, RADIUS - 2)
        font = self.font()
        font.setPixelSize(12)
        font.setBold(self.isChecked())
        painter.setFont(font)
        painter.setPen(text if self.isChecked() else palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


def _button(icon: str, name: str, key: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icons.icon(icon))
    button.setIconSize(QSize(18, 18))
    button.setAccessibleName(name)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    shown = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    button.setToolTip(f"{name} ({shown})" if key else name)
    return button


def _place(hit: Hit) -> tuple[int, int]:
    return hit.segment, hit.start
