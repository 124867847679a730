"""The text of a recording while people speak: what is certain, what is a guess, marks and gaps."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEasingCurve, QEvent, QPropertyAnimation, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QPushButton, QStyle, QTextEdit, QWidget

from desktop.core.i18n import _
from desktop.core.names import clock
from desktop.ui import icons
from desktop.ui.document.column import EDGE, MOST_SPEAKER, SPACE, margin_font
from desktop.ui.document.paragraph import LINE_PX, MOST_CHARACTERS_A_LINE, TEXT_PX
from desktop.ui.recorder.script import Kind, Line
from desktop.ui.recorder.words import with_dots
from desktop.ui.theme import GRID, READABLE, legible

GLIDE_MS = 180
AFTER_PX = 10
"""Between two lines, as in a transcript."""
FLAG = "⚑"
NEAR_PX = LINE_PX


class LiveText(QTextEdit):
    """Shows the newest line as long as the reader does not scroll back; then it stays where the reader is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint = ""
        self._shown: list[Line] = []
        self._names: tuple[str, ...] = ()
        self._follows, self._is_gliding = True, False
        self._glide = QPropertyAnimation(self.verticalScrollBar(), b"value", self)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._glide.finished.connect(self._on_glided)
        self._to_end = QPushButton(icons.icon("down"), _("Follow"), self)
        self._to_end.setToolTip(_("Back to what is being said (End)"))
        self._to_end.clicked.connect(self.follow)
        self._to_end.hide()
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(_("Text of the recording"))
        # With the keyboard as well there would be a caret, blinking where nobody can write.
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(0)
        frame = self.document().rootFrame().frameFormat()
        frame.setTopMargin(2 * GRID)
        frame.setBottomMargin(2 * GRID)
        self.document().rootFrame().setFrameFormat(frame)
        font = self.font()
        font.setPixelSize(TEXT_PX)
        self.document().setDefaultFont(font)
        self._place()
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(self._on_scrolled)
        bar.rangeChanged.connect(self._on_grown)

    # --- what is shown ---

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines; what is there already stays as it is."""
        names = tuple(sorted({line.speaker for line in lines if line.speaker}))
        if names != self._names:
            self._names, self._shown = names, []  # the text moves over for the names
        same = _same(self._shown, lines)
        if same == len(lines) == len(self._shown):
            return
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        self._remove_from(cursor, same)
        self._shown[same:] = lines[same:]
        for at in range(same, len(lines)):
            self._add(cursor, at)
        cursor.endEditBlock()

    def show_hint(self, hint: str) -> None:
        """What is to be read as long as there is no text."""
        self._hint = hint
        self.setAccessibleDescription(hint)
        self.viewport().update()

    @property
    def follows(self) -> bool:
        """Whether new text is brought into sight."""
        return self._follows

    @Slot()
    def follow(self) -> None:
        """Show what is being said."""
        self._follows = True
        self._to_end.hide()
        self._scroll_to_end()

    # --- lines ---

    def _remove_from(self, cursor: QTextCursor, number: int) -> None:
        if number == 0:
            cursor.select(QTextCursor.SelectionType.Document)
        else:
            block = self.document().findBlockByNumber(number - 1)
            cursor.setPosition(block.position() + block.length() - 1)
            cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()

    def _add(self, cursor: QTextCursor, at: int) -> None:
        line = self._shown[at]
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if at:
            cursor.insertBlock()
        cursor.setBlockFormat(self._block_format())
        quiet = self._format(self._quiet)
        quiet.setProperty(QTextCharFormat.Property.FontPixelSize, margin_font(self.font()).pixelSize())
        cursor.insertText(f"{clock(line.at_ms)}\t", quiet)
        if self._names:
            name = QTextCharFormat(quiet)
            name.setFontWeight(QFont.Weight.DemiBold)
            name.setForeground(self.palette().color(QPalette.ColorRole.Text))
            before = next((one for one in reversed(self._shown[:at]) if one.speaker), None)
            is_turn = before is None or before.speaker != line.speaker
            cursor.insertText(f"{line.speaker if is_turn else ''}\t", name)
        text, look = _text_of(line), self._format_of(line)
        if line.stable:
            sure = QTextCharFormat(look)
            sure.setForeground(self.palette().color(QPalette.ColorRole.Text))
            cursor.insertText(text[: line.stable], sure)
        cursor.insertText(text[line.stable :], look)

    def _format_of(self, line: Line) -> QTextCharFormat:
        match line.kind:
            case Kind.SAID:
                return self._format(self.palette().color(QPalette.ColorRole.Text))
            case Kind.MARK:
                marked = self._format(legible(self.palette().color(QPalette.ColorRole.Accent), self._ground, READABLE))
                marked.setFontWeight(QFont.Weight.DemiBold)
                return marked
            case Kind.GAP:
                return self._format(self._quiet)
            case Kind.PREVIEW:
                guess = self._format(self._quiet)
                guess.setFontItalic(True)
                return guess

    def _format(self, colour: QColor) -> QTextCharFormat:
        result = QTextCharFormat()
        result.setForeground(colour)
        return result

    def _block_format(self) -> QTextBlockFormat:
        """The text hangs beside its time, and beside the name of who speaks where there are names."""
        times = QFontMetrics(margin_font(self.font())).horizontalAdvance("0:00:00") + SPACE
        tabs = [times, times + self._name_width] if self._names else [times]
        result = QTextBlockFormat()
        result.setLeftMargin(tabs[-1])
        result.setTextIndent(-tabs[-1])
        result.setTabPositions([QTextOption.Tab(float(one), QTextOption.TabType.LeftTab) for one in tabs])
        result.setBottomMargin(AFTER_PX)
        result.setLineHeight(LINE_PX, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        return result

    @property
    def _name_width(self) -> int:
        names = QFontMetrics(margin_font(self.font(), QFont.Weight.DemiBold))
        widest = max((names.horizontalAdvance(name) for name in self._names), default=0)
        return min(MOST_SPEAKER, widest) + SPACE

    @property
    def _ground(self) -> QColor:
        return self.palette().color(QPalette.ColorRole.Base)

    @property
    def _quiet(self) -> QColor:
        return legible(self.palette().color(QPalette.ColorRole.PlaceholderText), self._ground, READABLE)

    # --- following ---

    @Slot()
    def _on_scrolled(self) -> None:
        bar = self.verticalScrollBar()
        if not self._is_gliding:
            self._follows = bar.value() >= bar.maximum() - NEAR_PX
            self._to_end.setVisible(not self._follows)

    @Slot()
    def _on_grown(self) -> None:
        if self._follows:
            self._scroll_to_end()

    def _scroll_to_end(self) -> None:
        bar = self.verticalScrollBar()
        takes_ms = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) and GLIDE_MS
        self._is_gliding = True
        self._glide.stop()
        if takes_ms and self.isVisible() and bar.maximum() > bar.value():
            self._glide.setDuration(takes_ms)
            self._glide.setStartValue(bar.value())
            self._glide.setEndValue(bar.maximum())
            self._glide.start()
        else:
            bar.setValue(bar.maximum())
            self._is_gliding = False

    @Slot()
    def _on_glided(self) -> None:
        self._is_gliding = False

    # --- events ---

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._shown:
            painter = QPainter(self.viewport())
            painter.setPen(self._quiet)
            place = self.viewport().rect().adjusted(0, 6 * GRID, 0, 0)
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, self._hint)
            painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_End:
            self.follow()
            return
        self._stop_gliding()
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.selectAll()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: object) -> None:
        self._stop_gliding()
        super().wheelEvent(event)  # type: ignore[arg-type]

    def mousePressEvent(self, event: object) -> None:
        self._stop_gliding()
        super().mousePressEvent(event)  # type: ignore[arg-type]

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self._shown:
            lines, self._shown = self._shown, []
            self.show_lines(lines)

    def _stop_gliding(self) -> None:
        self._glide.stop()
        self._is_gliding = False

    def _place(self) -> None:
        """The column of text is as wide as in a transcript, and begins where it begins there."""
        line = QFontMetrics(self.document().defaultFont()).averageCharWidth() * MOST_CHARACTERS_A_LINE
        times = QFontMetrics(margin_font(self.font())).horizontalAdvance("0:00:00")
        most = EDGE + times + SPACE + MOST_SPEAKER + line
        self.setViewportMargins(EDGE, 0, max(EDGE, self.width() - most - EDGE), 0)
        size = self._to_end.sizeHint()
        self._to_end.setGeometry(
            (self.width() - size.width()) // 2, self.height() - size.height() - GRID, size.width(), size.height()
        )


def _same(one: Sequence[Line], other: Sequence[Line]) -> int:
    """How many lines both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a is not b and a != b), min(len(one), len(other)))


def _text_of(line: Line) -> str:
    match line.kind:
        case Kind.MARK:
            return f"{FLAG} {line.text or _('Marked')}"
        case Kind.GAP:
            return f"— {line.gap.said}" if line.gap else ""
        case Kind.PREVIEW:
            return with_dots(line.text)
        case _:
            return line.text.replace("\n", "\u2028")
