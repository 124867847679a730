"""What dictation is doing, in a shape and a word. No state is told by its colour alone."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from desktop.core.dictation import LISTENING, RECORDING, Dictation, Stage, Take
from desktop.core.i18n import _
from desktop.ui import icons
from desktop.ui.recorder.level_meter import AMBER, RED
from desktop.ui.theme import READABLE, VISIBLE, blend, legible, text_on

SIZE = 22


class Sign(StrEnum):
    """What is to be seen of a take: four on its way, six at its end."""

    OPENING = "opening"
    LISTENING = "listening"
    RECOGNISING = "recognising"
    READY = "ready"
    INSERTING = "inserting"
    INSERTED = "inserted"
    KEPT = "kept"
    CANCELLED = "cancelled"
    NOTHING = "nothing"
    FAILED = "failed"


def sign_of(take: Take, key_is_down: bool) -> Sign:
    """What a take is doing."""
    if take.stage in LISTENING:
        return Sign.LISTENING if take.is_open else Sign.OPENING
    match take.stage:
        case Stage.READY:
            return Sign.READY if key_is_down else Sign.INSERTING
        case Stage.INSERTING:
            return Sign.INSERTING
        case _:
            return Sign.RECOGNISING


def end_of(take: Take, after: Dictation) -> Sign | None:
    """What became of a take; None while it is under way.

    A take that had no text yet may have been cancelled or have failed: what failed is told by an error.
    """
    if after.take(take.number):
        return None
    if take.number in {one.number for one in after.waiting}:
        return Sign.KEPT
    if take.stage is Stage.INSERTING:
        return Sign.INSERTED
    return Sign.FAILED if take.is_broken and take.stage in RECORDING else Sign.CANCELLED


def said(sign: Sign) -> str:
    """A sign in a word or two."""
    return {
        Sign.OPENING: _("One moment…"),
        Sign.LISTENING: _("Listening"),
        Sign.RECOGNISING: _("Recognising…"),
        Sign.READY: _("Let the keys go"),
        Sign.INSERTING: _("Inserting…"),
        Sign.INSERTED: _("Inserted"),
        Sign.KEPT: _("Not inserted"),
        Sign.CANCELLED: _("Cancelled"),
        Sign.NOTHING: _("Nothing was heard"),
        Sign.FAILED: _("Not recognised"),
    }[sign]


class SignPicture(QWidget):
    """A disc listens, a ring waits, an arc works; a tick, a cross or a triangle tell how it ended."""

    def __init__(self) -> None:
        super().__init__()
        self._sign = Sign.OPENING
        self.setFixedSize(QSize(SIZE, SIZE))

    @property
    def sign(self) -> Sign:
        """The one that is shown."""
        return self._sign

    def show_sign(self, sign: Sign) -> None:
        """Show what goes on."""
        self._sign = sign
        self.setAccessibleName(said(sign))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self.palette()
        ground = palette.color(QPalette.ColorRole.Base)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _draw(painter, QRectF(self.rect()), self._sign, ground, palette)
        painter.end()


def _draw(painter: QPainter, place: QRectF, sign: Sign, ground: QColor, palette: QPalette) -> None:
    quiet = palette.color(QPalette.ColorRole.PlaceholderText)
    accent = legible(palette.color(QPalette.ColorRole.Accent), ground, VISIBLE)
    match sign:
        case Sign.LISTENING:
            red = legible(RED, ground, VISIBLE)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(red)
            painter.drawEllipse(place)
            inner = place.adjusted(4, 4, -4, -4).toRect()
            icons.icon_in("microphone", text_on(red)).paint(painter, inner)
        case Sign.OPENING:
            painter.setPen(QPen(quiet, 2))
            painter.drawEllipse(place.adjusted(4, 4, -4, -4))
        case Sign.RECOGNISING | Sign.READY | Sign.INSERTING:
            ring = place.adjusted(3, 3, -3, -3)
            painter.setPen(QPen(blend(ground, quiet, 0.35), 2.5))
            painter.drawEllipse(ring)
            # It goes round with what is left to do.
            part = {Sign.RECOGNISING: 0.4, Sign.READY: 0.75, Sign.INSERTING: 0.9}[sign]
            painter.setPen(QPen(accent, 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawArc(ring, 90 * 16, round(-part * 360 * 16))
        case Sign.INSERTED:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(accent)
            painter.drawEllipse(place)
            painter.setPen(
                QPen(text_on(accent), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
            )
            x, y, side = place.x(), place.y(), place.width()
            corners = ((0.29, 0.53), (0.44, 0.67), (0.72, 0.36))
            painter.drawPolyline([QPointF(x + side * across, y + side * down) for across, down in corners])
        case Sign.KEPT | Sign.FAILED:
            icons.icon_in("warning", legible(AMBER, ground, READABLE)).paint(painter, place.toRect())
        case Sign.CANCELLED | Sign.NOTHING:
            name = "cancel" if sign is Sign.CANCELLED else "microphone-off"
            icons.icon_in(name, quiet).paint(painter, place.toRect())
