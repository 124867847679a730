"""The map of a file: its sentence, its drawing without regard to colour, and what pointing at it means."""

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.core.coverage import Coverage, Kind, Part
from desktop.ui.coverage_strip import HEIGHT, CoverageDrawing, CoverageStrip
from desktop.ui.theme import DARK, LIGHT, Theme, Tones, palette_of

WIDTH = 100
SECOND = 1000
MIXED = Coverage(
    (
        Part(0, 20 * SECOND, Kind.TEXT),
        Part(20 * SECOND, 40 * SECOND, Kind.MISSING),
        Part(40 * SECOND, 60 * SECOND, Kind.SUSPECT),
        Part(60 * SECOND, 80 * SECOND, Kind.SILENCE),
    )
)
HOUR = 3_600_000
"""In a strip of a hundred pixels, one of them is 36 seconds."""


def drawn(
    coverage: Coverage, length_ms: int, ratio: float = 1.0, is_mirrored: bool = False, tones: Tones = LIGHT
) -> QImage:
    image = QImage(round(WIDTH * ratio), round(HEIGHT * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    palette = palette_of(tones, QColor("#3b6fd4"))
    image.fill(palette.color(QPalette.ColorRole.Base))
    painter = QPainter(image)
    CoverageDrawing(painter, QRectF(0, 0, WIDTH, HEIGHT), palette, is_mirrored).draw(coverage, length_ms)
    painter.end()
    return image


def shape(image: QImage, x: int) -> str:
    """One column without its colours: what is painted, from top to bottom."""
    ground = image.pixel(image.width() - 1, 0) if image.width() else 0
    return "".join("." if image.pixel(x, y) == ground else "#" for y in range(image.height()))


def whole_second(image: QImage, second: int) -> str:
    return shape(image, round(second * WIDTH / 100))


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ([], ""),
        ([Part(0, 9, Kind.SILENCE)], "No speech was heard"),
        ([Part(0, 9, Kind.TEXT), Part(9, 12, Kind.SILENCE)], "All speech has text"),
        (
            [Part(0, 992, Kind.TEXT), Part(992, 1000, Kind.MISSING)],
            "99.2 % of the speech has text  ·  1 place to check",
        ),
        ([Part(0, 9, Kind.TEXT), Part(9, 12, Kind.SUSPECT)], "All speech has text  ·  1 place to check"),
        (
            [Part(0, 99_999, Kind.TEXT), Part(99_999, 100_000, Kind.MISSING), Part(100_000, 100_009, Kind.SUSPECT)],
            "99.9 % of the speech has text  ·  2 places to check",
        ),
    ],
)
def test_a_sentence_says_how_complete_the_text_is(parts: list[Part], sentence: str) -> None:
    assert Coverage(tuple(parts)).said == sentence


@pytest.mark.parametrize("tones", [LIGHT, DARK], ids=["light", "dark"])
def test_every_kind_has_a_shape_of_its_own(tones: Tones) -> None:
    image = drawn(MIXED, 100 * SECOND, tones=tones)
    text, missing, suspect, silence = (whole_second(image, second) for second in (10, 30, 50, 70))
    assert text == ".######."
    assert missing == "#......#"
    assert whole_second(image, 20) == whole_second(image, 39) == "########"
    assert suspect == "....###."
    assert silence == "...#...."
    unheard = [whole_second(image, second) for second in range(81, 99)]
    assert set(unheard) == {"........", "...#...."}


def test_a_short_place_in_a_long_file_is_still_seen_and_apart_from_the_text() -> None:
    parts = (
        Part(0, HOUR // 2, Kind.TEXT),
        Part(HOUR // 2, HOUR // 2 + SECOND, Kind.MISSING),
        Part(HOUR // 2 + SECOND, HOUR, Kind.TEXT),
    )
    image = drawn(Coverage(parts), HOUR)
    columns = [shape(image, x) for x in range(WIDTH)]
    assert columns.count("########") == 2
    assert columns.count("#......#") == 2
    assert columns.count("........") == 2
    assert set(columns[:47] + columns[53:]) == {".######."}


def test_places_at_both_ends_stay_inside() -> None:
    parts = (Part(0, 1, Kind.MISSING), Part(1, HOUR - 1, Kind.TEXT), Part(HOUR - 1, HOUR, Kind.SUSPECT))
    image = drawn(Coverage(parts), HOUR)
    assert shape(image, 0) == "########"
    assert "#" in shape(image, WIDTH - 1)


def test_pauses_too_short_to_be_seen_do_not_make_a_bar_code_of_a_long_file() -> None:
    parts = [
        part
        for at in range(0, HOUR, 10 * SECOND)
        for part in (Part(at, at + 9 * SECOND, Kind.TEXT), Part(at + 9 * SECOND, at + 10 * SECOND, Kind.SILENCE))
    ]
    image = drawn(Coverage(tuple(parts)), HOUR)
    assert {shape(image, x) for x in range(WIDTH - 1)} == {".######."}


def test_right_to_left_is_the_mirror_image() -> None:
    one, other = drawn(MIXED, 80 * SECOND), drawn(MIXED, 80 * SECOND, is_mirrored=True)
    assert other == one.flipped(Qt.Orientation.Horizontal)


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_it_is_crisp_at_every_scale(ratio: float) -> None:
    image = drawn(MIXED, 80 * SECOND, ratio)
    colours = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
    assert len(colours) == 4  # ground, text, marks, the line of silence; nothing in between


def strip_of(qtbot: QtBot, coverage: Coverage, length_ms: int) -> CoverageStrip:
    strip = CoverageStrip()
    qtbot.addWidget(strip)
    strip.resize(WIDTH, HEIGHT)
    strip.show()
    strip.show_coverage(coverage, length_ms)
    return strip


def test_pointing_tells_time_and_kind(qtbot: QtBot) -> None:
    strip = strip_of(qtbot, MIXED, 100 * SECOND)
    assert strip.told_at(10) == "0:00–0:20  Speech with text"
    assert strip.told_at(30) == "0:20–0:40  Speech without text"
    assert strip.told_at(50) == "0:40–1:00  Doubtful text"
    assert strip.told_at(70) == "1:00–1:20  Silence"
    assert strip.told_at(90) == "Not heard yet"
    strip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert strip.told_at(70) == "0:20–0:40  Speech without text"


def test_a_click_wishes_for_the_place(qtbot: QtBot) -> None:
    strip = strip_of(qtbot, MIXED, 100 * SECOND)
    for x, ms in ((10, 10 * SECOND), (70, 70 * SECOND)):
        with qtbot.waitSignal(strip.place_wanted) as told:
            qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPointF(x, 3).toPoint())
        assert told.args == [ms]
    with qtbot.assertNotEmitted(strip.place_wanted):
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPointF(90, 3).toPoint())


def test_beside_a_short_place_to_check_the_pointer_means_it(qtbot: QtBot) -> None:
    parts = (
        Part(0, HOUR // 2, Kind.TEXT),
        Part(HOUR // 2, HOUR // 2 + 5, Kind.MISSING),
        Part(HOUR // 2 + 5, HOUR, Kind.TEXT),
    )
    strip = strip_of(qtbot, Coverage(parts), HOUR)
    with qtbot.waitSignal(strip.place_wanted) as told:
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPointF(53, 3).toPoint())
    assert told.args == [HOUR // 2]
    assert strip.told_at(60).endswith("Speech with text")


def test_it_is_named_for_those_who_listen(qtbot: QtBot) -> None:
    strip = strip_of(qtbot, MIXED, 100 * SECOND)
    assert strip.accessibleName() == "Map of the file"
    assert strip.accessibleDescription() == MIXED.said


def test_the_strip_follows_the_theme(qtbot: QtBot, qapp: QApplication, look: Theme) -> None:
    strip = strip_of(qtbot, MIXED, 100 * SECOND)
    light = strip.grab().toImage()
    look.use("dark")
    qapp.processEvents()
    assert strip.grab().toImage() != light
