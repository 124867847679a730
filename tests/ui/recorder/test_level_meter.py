"""The meter: its scale, its motion, and what is seen without colours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop.core.recording import Level
from desktop.ui.recorder.level_meter import LAMP, LevelMeter, fraction
from desktop.ui.theme import Theme


@given(st.floats(0, 2), st.floats(0, 2))
def test_louder_never_reaches_less_far(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= fraction(low) <= fraction(high) <= 1


def test_the_scale_is_that_of_the_ear() -> None:
    assert fraction(0) == fraction(0.001) == 0
    assert fraction(1) == 1
    assert fraction(0.1) - fraction(0.01) == pytest.approx(fraction(1) - fraction(0.1))


def shown(qtbot: QtBot) -> LevelMeter:
    meter = LevelMeter()
    qtbot.addWidget(meter)
    meter.resize(300, 16)
    with qtbot.waitExposed(meter):
        meter.show()
    return meter


def test_it_moves_to_a_level_and_then_rests(qtbot: QtBot) -> None:
    meter = shown(qtbot)
    meter.show_level(Level(0.5, 0.2, 0.5))
    assert meter.shown == 0
    qtbot.waitUntil(lambda: 0 < meter.shown < fraction(0.5))
    qtbot.waitUntil(lambda: meter.shown == fraction(0.5))
    meter.show_rest()
    qtbot.waitUntil(lambda: meter.shown == 0)


def test_a_meter_that_is_not_seen_does_not_move(qtbot: QtBot) -> None:
    meter = LevelMeter()
    qtbot.addWidget(meter)
    meter.show_level(Level(0.5, 0.2, 0.5))
    assert not meter._clock.isActive()


def grey(meter: LevelMeter) -> QImage:
    """Its lamp without colours."""
    place = meter.rect().adjusted(meter.width() - LAMP, 0, 0, 0)
    return meter.grab(place).toImage().convertToFormat(QImage.Format.Format_Grayscale8)


def dark_points(image: QImage) -> int:
    return sum(image.pixelColor(x, y).value() < 160 for x in range(LAMP) for y in range(LAMP))


def test_sound_that_is_too_loud_is_seen_without_colours_and_said(qtbot: QtBot, look: Theme) -> None:
    meter = shown(qtbot)
    before = grey(meter)
    meter.show_level(Level(1, 0.6, 1, is_clipping=True))
    dark = [
        sum(image.pixelColor(x, y).value() < 160 for x in range(16) for y in range(16))
        for image in (before, grey(meter))
    ]
    assert dark[0] == 0
    assert dark[1] > 40
    assert meter.accessibleDescription().startswith("Too loud")


def test_a_level_has_words(qtbot: QtBot) -> None:
    meter = shown(qtbot)
    for held, words in ((0.0, "Nothing to be heard"), (0.01, "Quiet"), (0.3, "Good")):
        meter.show_level(Level(held, held, held))
        assert meter.accessibleDescription() == words
