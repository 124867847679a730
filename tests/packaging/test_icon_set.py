"""The drawn icons: one grid, one stroke, colours that a theme or a panel can carry."""

import importlib.util
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, qAlpha, qGray
from PySide6.QtSvg import QSvgRenderer

ROOT = Path(__file__).resolve().parents[2]
ICONS = ROOT / "resources" / "icons"
TRAY = sorted(ICONS.glob("tray-*.svg"))
DOT = ICONS / "record-dot.svg"  # a filled red dot, as on every recorder
LINE = sorted({*ICONS.glob("*.svg")} - {*TRAY, *ICONS.glob("undertone*.svg"), DOT})
SVG = "{http://www.w3.org/2000/svg}"
# What SVG Tiny 1.2, the part of SVG that Qt draws, has in common with every other renderer.
PLAIN = {"svg", "path", "rect", "circle", "ellipse", "defs", "linearGradient", "stop"}

WANTED = """add open-folder play pause cancel retry remove export settings search record copy undo done failed waiting
    audio video up down language model more folder info warning quit window""".split()


def drawn(icon: Path, size_px: int) -> QImage:
    renderer = QSvgRenderer(str(icon))
    assert renderer.isValid()
    image = QImage(size_px, size_px, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter, QRectF(image.rect()))
    painter.end()
    return image


def pixels(image: QImage) -> list[list[int]]:
    return [[image.pixel(x, y) for x in range(image.width())] for y in range(image.height())]


def luminance(color: QColor) -> float:
    def linear(c: float) -> float:
        return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def contrast(one: QColor, other: QColor) -> float:
    """The WCAG contrast ratio, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_every_promised_icon_is_drawn() -> None:
    assert {icon.stem for icon in LINE} >= set(WANTED)
    assert {icon.stem for icon in TRAY} >= {
        "tray-idle", "tray-working", "tray-paused", "tray-failed", "tray-listening",
    }  # fmt: skip


@pytest.mark.parametrize("icon", LINE, ids=lambda icon: icon.stem)
def test_a_line_icon_keeps_to_the_set(icon: Path) -> None:
    root = ElementTree.parse(icon).getroot()
    assert root.get("viewBox") == "0 0 24 24"
    assert root.get("stroke-width") == "1.5"
    assert root.get("stroke-linecap") == root.get("stroke-linejoin") == "round"
    colours = {value for node in root.iter() for key in ("fill", "stroke") if (value := node.get(key))}
    assert "currentColor" in colours
    assert colours <= {"currentColor", "none"}


@pytest.mark.parametrize("icon", sorted(ICONS.glob("*.svg")), ids=lambda icon: icon.stem)
def test_an_icon_uses_basic_shapes_only(icon: Path) -> None:
    assert {node.tag.removeprefix(SVG) for node in ElementTree.parse(icon).getroot().iter()} <= PLAIN


@pytest.mark.parametrize("icon", LINE, ids=lambda icon: icon.stem)
def test_a_line_icon_fills_its_grid_but_not_the_margin(icon: Path) -> None:
    ink = [
        (x, y) for y, row in enumerate(pixels(drawn(icon, 96))) for x, pixel in enumerate(row) if qAlpha(pixel) > 127
    ]
    spread = [coordinate / 4 for point in ink for coordinate in point]
    assert min(spread) >= 2
    assert max(spread) < 22
    assert max(spread) - min(spread) >= 13


@pytest.mark.parametrize("icon", TRAY, ids=lambda icon: icon.stem)
def test_a_tray_icon_stands_out_on_light_and_dark_panels(icon: Path) -> None:
    shape = ElementTree.parse(icon).getroot()[0]
    tile = QColor(shape.get("fill"))
    for panel in ("#ffffff", "#1e1e1e"):
        assert contrast(tile, QColor(panel)) >= 3
    assert contrast(tile, QColor("white")) >= 3  # the mark


@pytest.mark.parametrize(("one", "other"), list(combinations(TRAY, 2)), ids=lambda icon: icon.stem)
def test_tray_states_differ_in_shape_without_their_colour(one: Path, other: Path) -> None:
    def shape(icon: Path) -> list[int]:
        """0 outside, 1 the tile, 2 the mark."""
        return [
            0 if qAlpha(pixel) < 128 else 1 + (qGray(pixel) > 170) for row in pixels(drawn(icon, 22)) for pixel in row
        ]

    assert sum(a != b for a, b in zip(shape(one), shape(other), strict=True)) >= 40


def test_the_png_files_are_drawn_from_the_current_svg() -> None:
    spec = importlib.util.spec_from_file_location("render_icons", ROOT / "packaging" / "linux" / "render_icons.py")
    assert spec is not None
    assert spec.loader is not None
    render_icons = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(render_icons)
    for size_px in (16, 22, 24, 32, 48):
        kept = QImage(str(render_icons.THEME / f"{size_px}x{size_px}" / "apps" / render_icons.NAME))
        assert kept.width() == kept.height() == size_px
        fresh = render_icons.render(render_icons.drawing(size_px), size_px)
        different = [
            abs(qGray(a) - qGray(b)) + abs(qAlpha(a) - qAlpha(b))
            for kept_row, fresh_row in zip(pixels(kept), pixels(fresh), strict=True)
            for a, b in zip(kept_row, fresh_row, strict=True)
        ]
        assert max(different) <= 16, f"{size_px} px is old: run `make icons`"
