"""The live monitor: its charts, its figures, and what it says of a strain."""

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.core.errors import MemoryNearlyFull
from desktop.core.throughput import Figures
from desktop.core.usage import FULL, CardUsage, Strain, Usage
from desktop.services.monitor import Moment
from desktop.ui.monitor import Chart, Line, MonitorPage
from desktop.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

GB = 1 << 30
CARD = CardUsage("cuda", "RTX 4090", 0.73, 6 * GB, 24 * GB, 64, 90)


def moments(count: int = 3, **changes: object) -> list[Moment]:
    figures = Figures(12.4, 34.2, 8.25, 39, 1)
    return [
        Moment(Usage(float(at), 0.25, 8 * GB, 16 * GB, 2 * GB, **changes), figures)  # type: ignore[arg-type]
        for at in range(count)
    ]


@pytest.fixture
def page(qtbot: QtBot) -> MonitorPage:
    made = MonitorPage()
    qtbot.addWidget(made)
    return made


def charts(page: MonitorPage) -> dict[str, Line]:
    return {chart.line.title: chart.line for chart in page.findChildren(Chart)}


def texts(page: MonitorPage) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel)]


def test_it_says_when_it_is_looked_at(qtbot: QtBot, page: MonitorPage) -> None:
    with qtbot.waitSignal(page.watched, check_params_cb=lambda is_watched: is_watched):
        page.show()
    with qtbot.waitSignal(page.watched, check_params_cb=lambda is_watched: not is_watched):
        page.hide()


def test_without_a_card_there_are_no_charts_of_one(page: MonitorPage) -> None:
    assert set(charts(page)) == {"Processor", "Memory", "Speed"}
    page.show_moments(moments())
    assert charts(page)["Processor"].said == "25 %"
    assert charts(page)["Memory"].said == "50 % · 2.0 GB of Undertone"
    assert charts(page)["Memory"].limit == FULL
    assert len(charts(page)["Speed"].values) == 3


def test_a_card_and_a_thermometer_get_theirs(page: MonitorPage) -> None:
    page.show_moments(moments(cards=(CARD,), celsius=55, hot_at=95))
    shown = charts(page)
    assert shown["Temperature"].said == "55 °C"
    assert shown["RTX 4090: load"].said == "73 %"
    assert shown["RTX 4090: memory"].said == "25 % · 6.0 GB"
    assert shown["RTX 4090: temperature"].limit == 0.9


def test_the_figures_of_the_queue(page: MonitorPage) -> None:
    assert texts(page).count("–") == 4
    page.show_moments(moments())
    assert {"12×", "34", "8.2", "1 of 40"} <= set(texts(page))


def test_a_strain_is_told_until_it_is_over(page: MonitorPage) -> None:
    problem = MemoryNearlyFull(percent=93)
    page.show_strain(Strain.MEMORY, problem)
    assert str(problem) in texts(page)
    page.end_strain(Strain.MEMORY)
    assert str(problem) not in texts(page)


def test_the_newest_value_is_at_the_end_of_the_line_of_reading(qtbot: QtBot, look: Theme) -> None:
    chart = Chart()
    qtbot.addWidget(chart)
    chart.resize(300, 100)
    chart.show_line(Line("Processor", "40 %", ((0.0, 1.0), (150.0, 2.0), (300.0, 0.0))))
    place = QRectF(0, 0, 300, 60)
    assert [(point.x(), point.y()) for point in chart.points(place)] == [(0, 0), (150, 0), (300, 60)]
    chart.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert [point.x() for point in chart.points(place)] == [300, 150, 0]


@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
def test_the_line_is_drawn(qtbot: QtBot, look: Theme, direction: Qt.LayoutDirection) -> None:
    chart = Chart()
    qtbot.addWidget(chart)
    chart.setLayoutDirection(direction)
    chart.resize(chart.sizeHint())
    chart.show_line(Line("Processor", "40 % · more", ()))
    empty = chart.grab().toImage()
    chart.show_line(Line("Processor", "40 % · more", ((0.0, 0.1), (300.0, 0.9))))
    assert chart.grab().toImage() != empty
