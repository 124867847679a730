"""The picture with the cue over it."""

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from desktop.ui.player import multimedia
from desktop.ui.player.video_pane import MOST_LINES, VideoPane

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def frame_of(colour: str, size: QSize = QSize(160, 90)) -> object:  # noqa: B008 - a value
    multimedia.devices()
    from PySide6.QtMultimedia import QVideoFrame

    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return QVideoFrame(image)


@pytest.fixture
def pane(qtbot: QtBot) -> VideoPane:
    one = VideoPane()
    qtbot.addWidget(one)
    one.resize(640, 360)
    one.show()
    return one


def whites(image: QImage) -> list[tuple[int, int]]:
    """Where letters are."""
    return [
        (x, y) for y in range(image.height()) for x in range(image.width()) if image.pixelColor(x, y).lightness() > 250
    ]


def shown(pane: VideoPane) -> QImage:
    return pane.grab().toImage()


def test_a_picture_is_as_large_as_fits_with_black_around_it(qtbot: QtBot, pane: VideoPane) -> None:
    pane.show_frame(frame_of("red"))
    assert shown(pane).pixelColor(1, 1).name() == "#ff0000"
    pane.resize(640, 480)
    image = shown(pane)
    assert image.pixelColor(320, 10).name() == "#000000"
    assert image.pixelColor(320, 240).name() == "#ff0000"
    assert pane.picture_place().size().toTuple() == (640, 360)
    pane.resize(900, 360)
    assert shown(pane).pixelColor(10, 180).name() == "#000000"


def test_pictures_that_come_too_fast_are_left_out_but_for_the_last(qtbot: QtBot, pane: VideoPane) -> None:
    for colour in ("red", "green", "blue"):
        pane.show_frame(frame_of(colour))
    qtbot.waitUntil(lambda: shown(pane).pixelColor(9, 9).name() == "#0000ff")


def test_a_cue_is_white_with_a_dark_edge_near_the_lower_edge(pane: VideoPane) -> None:
    pane.show_frame(frame_of("#fafafa"))
    pane.show_cue(["Thank you for coming.", "Shall we start?"])
    image = shown(pane)
    letters = whites(image)
    assert letters
    rows = {y for _x, y in letters}
    assert min(rows) > 0.75 * image.height()
    assert max(rows) < 0.97 * image.height()
    middle = sum(x for x, _y in letters) / len(letters)
    assert abs(middle - image.width() / 2) < 12
    dark = [image.pixelColor(x, y).lightness() < 60 for y in rows for x in range(200, 440)]
    assert any(dark)
    pane.show_cue([])
    assert not whites(shown(pane))


def test_a_line_that_is_too_long_is_made_smaller(pane: VideoPane) -> None:
    pane.resize(240, 400)
    pane.show_frame(frame_of("black", QSize(90, 160)))
    pane.show_cue(["This is a line with more than forty letters"])
    columns = {x for x, _y in whites(shown(pane))}
    place = pane.picture_place()
    assert place.left() < min(columns) < max(columns) < place.right()


def test_no_more_than_three_lines(pane: VideoPane) -> None:
    pane.show_cue(["one", "", "two", "three", "four"])
    assert pane.accessibleDescription() == "one two three"
    assert MOST_LINES == 3


def test_right_to_left_is_read_from_the_right(pane: VideoPane) -> None:
    pane.show_frame(frame_of("black"))
    pane.show_cue(["אבג 1"])
    one = whites(shown(pane))
    pane.show_cue(["אבג"])
    other = whites(shown(pane))
    # The number stands to the left of what is said before it.
    assert min(x for x, _y in one) < min(x for x, _y in other)
    assert max(x for x, _y in one) - max(x for x, _y in other) == pytest.approx(
        min(x for x, _y in other) - min(x for x, _y in one), abs=4
    )


def test_what_was_let_go_of_is_gone(pane: VideoPane) -> None:
    pane.show_frame(frame_of("red"))
    pane.show_cue(["text"])
    pane.clear()
    image = shown(pane)
    assert {image.pixelColor(x, 340).name() for x in range(0, 640, 7)} == {"#000000"}


def test_nothing_is_converted_for_a_pane_that_nobody_sees(pane: VideoPane) -> None:
    pane.hide()
    pane.show_frame(frame_of("red"))
    assert shown(pane).pixelColor(9, 9) == QColor(Qt.GlobalColor.black)
