"""How the machine is doing: processor, memory and graphics cards over the last minutes, and how fast the queue goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QHideEvent,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.errors import AppError
from desktop.core.i18n import _
from desktop.core.machine import gigabytes
from desktop.core.names import speed
from desktop.core.throughput import Figures
from desktop.core.usage import FULL, CardUsage, Strain, Usage
from desktop.ui import icons
from desktop.ui.theme import GRID, MARGIN, RADIUS

SHOWN_S = 300.0
COLUMNS = 2
_DRAWING = 64
_FILL = 0.22
_LINE = 1.6
_SIGN = 20


class Moment(Protocol):
    """The machine and the queue at one moment."""

    @property
    def usage(self) -> Usage: ...

    @property
    def figures(self) -> Figures: ...


@dataclass(frozen=True, slots=True)
class Line:
    """What one chart shows: `values` of 0 to 1 with their times, a limit that is not to be passed, and words."""

    title: str
    said: str
    values: tuple[tuple[float, float], ...]
    """Times in seconds and values, oldest first."""
    limit: float = 0.0


class MonitorPage(QWidget):
    """The live monitor. Says when it is looked at: only then anything has to be measured."""

    watched = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._charts: list[Chart] = []
        self._numbers = [_Number(label) for label in _number_labels()]
        self._strains: dict[Strain, AppError] = {}
        self._sign, self._state = QLabel(), QLabel(wordWrap=True)
        self._lay_out()
        self.show_moments(())
        self._show_state()

    @Slot(object)
    def show_moments(self, moments: Sequence[Moment]) -> None:
        """Show the last minutes, oldest first."""
        lines = _lines(moments)
        if len(lines) > len(self._charts):
            self._charts += [Chart() for _more in lines[len(self._charts) :]]
            self._place_charts()
        for chart, line in zip(self._charts, lines, strict=False):
            chart.show_line(line)
        figures = moments[-1].figures if moments else Figures()
        for one, said in zip(self._numbers, _said_numbers(figures), strict=True):
            one.show_said(said)

    @Slot(object, object)
    def show_strain(self, strain: Strain, problem: AppError) -> None:
        """Say what is too much, and what is done about it, until it is over."""
        self._strains[strain] = problem
        self._show_state()

    @Slot(object)
    def end_strain(self, strain: Strain) -> None:
        """This is over."""
        self._strains.pop(strain, None)
        self._show_state()

    def _place_charts(self) -> None:
        """In two columns; one that is left over gets both."""
        last = len(self._charts) - 1
        for number, chart in enumerate(self._charts):
            width = COLUMNS if number == last and number % COLUMNS == 0 else 1
            self._grid.addWidget(chart, number // COLUMNS, number % COLUMNS, 1, width)

    def _show_state(self) -> None:
        sign = "warning" if self._strains else "done"
        self._sign.setPixmap(icons.icon(sign).pixmap(_SIGN, _SIGN))
        told = [str(problem) for problem in self._strains.values()]
        self._state.setText("\n".join(told) or _("There is room: memory and temperatures are as they should be."))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.watched.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.watched.emit(False)

    def _lay_out(self) -> None:
        state = QHBoxLayout()
        state.setSpacing(GRID)
        state.addWidget(self._sign, alignment=Qt.AlignmentFlag.AlignTop)
        state.addWidget(self._state, 1)
        numbers = QHBoxLayout()
        numbers.setSpacing(MARGIN)
        for one in self._numbers:
            numbers.addWidget(one, 1)
        inside = QWidget()
        self._grid = QGridLayout()
        self._grid.setSpacing(MARGIN)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        span = QLabel(_("The last five minutes; what is dotted should not be passed."))
        span.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        all_of_it = QVBoxLayout(inside)
        all_of_it.setContentsMargins(0, 0, GRID, 0)
        all_of_it.setSpacing(MARGIN)
        all_of_it.addLayout(numbers)
        all_of_it.addLayout(self._grid)
        all_of_it.addWidget(span)
        all_of_it.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(MARGIN)
        layout.addLayout(state)
        layout.addWidget(scroll, 1)


class Chart(QWidget):
    """One line over the last minutes on a ground of its own, with its name and its newest value above it."""

    def __init__(self) -> None:
        super().__init__()
        self._line = Line("", "", ())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def line(self) -> Line:
        """What it shows."""
        return self._line

    def show_line(self, line: Line) -> None:
        """Show this."""
        self._line = line
        self.setAccessibleName(line.title)
        self.setAccessibleDescription(line.said)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(260, 3 * GRID + round(1.3 * self.fontMetrics().height()) + _DRAWING)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        self._paint_words(painter)
        place = QRectF(self.rect()).adjusted(1, self.height() - _DRAWING - GRID, -1, -GRID)
        self._paint_lines(painter, place)
        self._paint_values(painter, place)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    def _paint_words(self, painter: QPainter) -> None:
        place = self.rect().adjusted(GRID + 4, GRID, -GRID - 4, 0)
        place.setHeight(2 * self.fontMetrics().height())
        bold = QFont(self.font())
        bold.setPointSizeF(bold.pointSizeF() * 1.2)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        value, _space, more = self._line.said.partition(" · ")
        width = painter.fontMetrics().horizontalAdvance(value)
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        start, end = (right, left) if is_mirrored else (left, right)
        absolute = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignAbsolute
        painter.drawText(place, end | absolute, value)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        room = place.adjusted(width + GRID, 2, 0, 0) if is_mirrored else place.adjusted(0, 2, -width - GRID, 0)
        title = " · ".join(filter(None, (self._line.title, more)))
        title = self.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, start | absolute, title)

    def _paint_lines(self, painter: QPainter, place: QRectF) -> None:
        faint = QColor(self.palette().color(QPalette.ColorRole.Mid))
        painter.setPen(QPen(faint, 1))
        for share in (0.0, 0.5, 1.0):
            y = round(place.bottom() - share * place.height()) + 0.5
            painter.drawLine(QPointF(place.left(), y), QPointF(place.right(), y))
        if self._line.limit:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.PlaceholderText), 1, Qt.PenStyle.DotLine))
            y = round(place.bottom() - self._line.limit * place.height()) + 0.5
            painter.drawLine(QPointF(place.left(), y), QPointF(place.right(), y))

    def _paint_values(self, painter: QPainter, place: QRectF) -> None:
        points = self.points(place)
        if len(points) < 2:
            return
        accent = self.palette().color(QPalette.ColorRole.Accent)
        top, bottom = QColor(accent), QColor(accent)
        top.setAlphaF(_FILL)
        bottom.setAlphaF(_FILL / 4)
        ground = QLinearGradient(place.topLeft(), place.bottomLeft())
        ground.setColorAt(0, top)
        ground.setColorAt(1, bottom)
        outline = [QPointF(points[0].x(), place.bottom()), *points, QPointF(points[-1].x(), place.bottom())]
        area = QPainterPath()
        area.addPolygon(QPolygonF(outline))
        painter.fillPath(area, ground)
        painter.setPen(QPen(accent, _LINE, j=Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(QPolygonF(points))

    def points(self, place: QRectF) -> list[QPointF]:
        """The values in a place: the newest at the end of the line of reading, five minutes ago at its start."""
        if not self._line.values:
            return []
        now = self._line.values[-1][0]
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        points = []
        for at, value in self._line.values:
            along = max(0.0, 1 - (now - at) / SHOWN_S)
            x = place.right() - along * place.width() if is_mirrored else place.left() + along * place.width()
            points.append(QPointF(x, place.bottom() - min(1.0, max(0.0, value)) * place.height()))
        return points


class _Number(QWidget):
    """A large number over what it counts."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self._number = QLabel()
        font = self._number.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        font.setWeight(QFont.Weight.DemiBold)
        self._number.setFont(font)
        about = QLabel(label, wordWrap=True)
        about.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._number.setAccessibleName(label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._number)
        layout.addWidget(about)
        layout.addStretch(1)

    def show_said(self, said: str) -> None:
        """Show this number."""
        self._number.setText(said)


def _number_labels() -> list[str]:
    return [_("real time"), _("files an hour"), _("hours of sound an hour"), _("files failed")]


def _said_numbers(figures: Figures) -> list[str]:
    count = figures.done + figures.failed
    failed = _("{failed} of {count}").format(failed=figures.failed, count=count) if count else "–"
    return [
        speed(figures.factor) if figures.factor else "–",
        f"{figures.files_per_hour:.0f}" if figures.files_per_hour else "–",
        f"{figures.hours_per_hour:.1f}" if figures.hours_per_hour else "–",
        failed,
    ]


def _lines(moments: Sequence[Moment]) -> list[Line]:
    """What is worth a chart on this machine."""
    last = moments[-1].usage if moments else Usage(0, 0, 0, 0)
    fastest = max((one.figures.factor for one in moments), default=0.0)
    factor = moments[-1].figures.factor if moments else 0.0
    own = _("{size} of Undertone").format(size=gigabytes(last.own)) if last.own else ""
    lines = [
        Line(_("Processor"), percent(last.load), _series(moments, lambda one: one.load)),
        Line(
            _("Memory"),
            _joined(percent(_share(last.used, last.memory)), own),
            _series(moments, lambda one: _share(one.used, one.memory)),
            FULL,
        ),
        Line(
            _("Speed"),
            speed(factor) if factor else "–",
            tuple((one.usage.at_s, _share(one.figures.factor, 1.1 * fastest)) for one in moments),
        ),
    ]
    if last.hot_at:
        heat = _series(moments, lambda one: one.celsius / 100)
        lines.append(Line(_("Temperature"), _degrees(last.celsius), heat, last.hot_at / 100))
    for number, card in enumerate(last.cards):
        lines += _lines_of_card(moments, number, card)
    return lines


def _lines_of_card(moments: Sequence[Moment], number: int, card: CardUsage) -> list[Line]:
    def series(value: Callable[[CardUsage], float]) -> tuple[tuple[float, float], ...]:
        return tuple(
            (one.usage.at_s, value(one.usage.cards[number])) for one in moments if len(one.usage.cards) > number
        )

    load = Line(_("{card}: load").format(card=card.name), percent(card.load), series(lambda one: one.load))
    memory = Line(
        _("{card}: memory").format(card=card.name),
        _joined(percent(_share(card.used, card.memory)), gigabytes(card.used)),
        series(lambda one: _share(one.used, one.memory)),
        FULL,
    )
    heat = series(lambda one: one.celsius / 100)
    title = _("{card}: temperature").format(card=card.name)
    return [load, memory, Line(title, _degrees(card.celsius), heat, card.hot_at / 100)]


def _series(moments: Sequence[Moment], value: Callable[[Usage], float]) -> tuple[tuple[float, float], ...]:
    return tuple((one.usage.at_s, value(one.usage)) for one in moments)


def _joined(value: str, more: str) -> str:
    return f"{value} · {more}" if more else value


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def percent(share: float) -> str:
    """A share as people read it."""
    return f"{100 * share:.0f} %"


def _degrees(celsius: float) -> str:
    return f"{celsius:.0f} °C" if celsius else "–"
