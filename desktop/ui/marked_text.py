"""Text whose changes can be seen: what is gone is struck through, what is new is underlined, in any colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QPalette, QTextCharFormat, QTextLayout, QTextOption

from desktop.core.comparison import How, Piece
from desktop.ui.theme import READABLE, blend, legible

LINE_SPACING = 1.35
_RED, _GREEN = QColor("#b3261e"), QColor("#1b7f3b")
_TINT = 0.14


def ground_of(palette: QPalette, is_chosen: bool) -> QColor:
    """What a row of text stands on: chosen rows keep the colours of their text."""
    base = palette.color(QPalette.ColorRole.Base)
    return blend(base, palette.color(QPalette.ColorRole.Accent), 0.16) if is_chosen else base


def letters(palette: QPalette, ground: QColor) -> Mapping[How, QTextCharFormat]:
    """How each kind of text is written on that ground."""
    same, gone, new = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
    same.setForeground(palette.color(QPalette.ColorRole.Text))
    for form, tint in ((gone, _RED), (new, _GREEN)):
        form.setBackground(blend(ground, tint, _TINT))
        form.setForeground(legible(tint, blend(ground, tint, _TINT), READABLE))
    gone.setFontStrikeOut(True)
    new.setFontUnderline(True)
    new.setFontWeight(QFont.Weight.DemiBold)
    return {How.SAME: same, How.GONE: gone, How.NEW: new}


def laid_out(
    pieces: Sequence[Piece], forms: Mapping[How, QTextCharFormat], font: QFont, width: float, most_lines: int = 0
) -> QTextLayout:
    """The text in lines of that width, ready to be drawn; its height is that of its bounding rectangle.

    Spaces at the edges of a change are not marked.
    """
    layout = QTextLayout("".join(piece.text for piece in pieces).replace("\n", "\u2028"), font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    layout.setTextOption(option)
    layout.setFormats(_ranges(pieces, forms))
    layout.beginLayout()
    top = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, top))
        top += line.height() * LINE_SPACING
        if most_lines and layout.lineCount() == most_lines:
            break
    layout.endLayout()
    return layout


def height_of(layout: QTextLayout) -> float:
    """How high its lines are, with the spacing between them."""
    last = layout.lineAt(layout.lineCount() - 1)
    return last.y() + last.height() if layout.lineCount() else 0.0


def _ranges(pieces: Sequence[Piece], forms: Mapping[How, QTextCharFormat]) -> list[QTextLayout.FormatRange]:
    ranges, at = [], 0
    for piece in pieces:
        length = _units(piece.text)
        left = 0 if piece.how is How.SAME else length - _units(piece.text.lstrip())
        one = QTextLayout.FormatRange()
        one.start, one.length, one.format = at + left, length - left, forms[piece.how]
        ranges.append(one)
        at += length
    return ranges


def _units(text: str) -> int:
    """Qt counts in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
