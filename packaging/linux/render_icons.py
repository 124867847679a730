"""Draw the program icon's PNG files, for desktops that do not read SVG, from resources/icons/undertone*.svg."""

import os
from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ROOT = Path(__file__).resolve().parents[2]
ICONS = ROOT / "resources" / "icons"
THEME = Path(__file__).resolve().parent / "icons" / "hicolor"
NAME = "io.github.undertone.Undertone.png"
SIZES_PX = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def drawing(size_px: int) -> Path:
    """At 16 px the three lines of text run together, so that size has a drawing on its own pixel grid."""
    return ICONS / ("undertone-small.svg" if size_px == 16 else "undertone.svg")


def render(source: Path, size_px: int) -> QImage:
    renderer = QSvgRenderer(str(source))
    if not renderer.isValid():
        raise SystemExit(f"{source} is not an SVG that Qt can draw")
    image = QImage(size_px, size_px, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter, QRectF(image.rect()))
    painter.end()
    return image


def main() -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    _app = QGuiApplication([])
    for size_px in SIZES_PX:
        target = THEME / f"{size_px}x{size_px}" / "apps" / NAME
        target.parent.mkdir(parents=True, exist_ok=True)
        render(drawing(size_px), size_px).save(str(target))
        print(f"{target.relative_to(ROOT)}  {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
