"""Drawings as icons: tinted like text, crisp, and never missing."""

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage
from PySide6.QtWidgets import (
    QApplication,
)

from desktop.ui import icons
from desktop.ui.theme import DARK, LIGHT, Theme


def inks(image: QImage) -> set[str]:
    """The colours of all that is fully covered."""
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


def farthest(one: QImage, other: QImage) -> float:
    """How far two pictures are apart at the point where they differ most, 0 to 1."""
    points = [(x, y) for x in range(one.width()) for y in range(one.height())]
    return max(abs(one.pixelColor(x, y).alphaF() - other.pixelColor(x, y).alphaF()) for x, y in points)


def test_an_icon_has_the_colour_of_text_and_follows_the_theme(look: Theme) -> None:
    icon = icons.icon("pause")
    assert inks(icon.pixmap(64).toImage()) == {LIGHT.text}
    assert inks(icon.pixmap(64, QIcon.Mode.Disabled).toImage()) == {LIGHT.off}
    look.use("dark")
    assert inks(icon.pixmap(64).toImage()) == {DARK.text}


def test_an_icon_has_a_point_for_every_point_of_the_screen() -> None:
    for ratio in (1.0, 1.25, 1.5, 2.0):
        pixmap = icons.icon("pause").pixmap(QSize(24, 24), ratio)
        assert pixmap.width() == round(24 * ratio)
        assert pixmap.deviceIndependentSize().width() == pytest.approx(24)


def test_an_arrow_back_points_the_other_way_where_one_reads_the_other_way(qapp: QApplication) -> None:
    there = icons.icon("undo").pixmap(48).toImage()
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    back = icons.icon("undo").pixmap(48).toImage()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    turned = back.flipped(Qt.Orientation.Horizontal)
    assert farthest(back, there) > 0.9
    assert farthest(turned, there) < 0.1


def test_the_marks_of_program_and_tray_keep_their_own_colours() -> None:
    assert len(inks(icons.app_icon().pixmap(64).toImage())) > 3
    for state in ("idle", "listening", "working", "paused", "failed"):
        assert not icons.tray_icon(state).pixmap(22).isNull()
    assert QSize(256, 256) in icons.app_icon().availableSizes()


def test_an_icon_that_was_never_drawn_fails_at_once() -> None:
    with pytest.raises(FileNotFoundError):
        icons.icon("unicorn")
