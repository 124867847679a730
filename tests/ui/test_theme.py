"""The look: readable in light and dark, whatever accent the system has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QApplication,
)

from desktop.ui.theme import DARK, LIGHT, OWN_ACCENT, READABLE, VISIBLE, Theme, Tones, blend, contrast, palette_of


@pytest.mark.parametrize("tones", [LIGHT, DARK], ids=["light", "dark"])
@given(st.just(OWN_ACCENT) | st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}"))
def test_text_can_be_read_whatever_accent_the_system_has(tones: Tones, accent: str) -> None:
    palette = palette_of(tones, QColor(accent))
    role = QPalette.ColorRole
    grounds = [palette.color(one) for one in (role.Window, role.Base, role.Button, role.ToolTipBase)]
    tinted = blend(palette.color(role.Window), palette.color(role.Accent), 0.18)  # a chosen page, the bar of notices
    for ground in grounds:
        for text in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
            assert contrast(palette.color(text), ground) >= READABLE
    assert contrast(palette.color(role.WindowText), tinted) >= READABLE
    assert contrast(palette.color(role.HighlightedText), palette.color(role.Highlight)) >= READABLE
    assert contrast(palette.color(role.Link), palette.color(role.Window)) >= READABLE
    assert contrast(palette.color(role.Accent), palette.color(role.Base)) >= VISIBLE


def test_contrast_is_what_the_standard_says() -> None:
    assert contrast(QColor("white"), QColor("black")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.478, abs=0.001)


def test_the_setting_decides_between_light_and_dark(qapp: QApplication, look: Theme) -> None:
    window = QPalette.ColorRole.Window
    assert qapp.palette().color(window).name() == LIGHT.window
    look.use("dark")
    assert look.is_dark
    assert qapp.palette().color(window).name() == DARK.window
    assert DARK.raised in qapp.styleSheet()
    look.use("system")  # without a screen there is no system to say otherwise
    assert qapp.palette().color(window).name() == LIGHT.window
