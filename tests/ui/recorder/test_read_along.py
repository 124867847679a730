"""Reading along in large type: size, contrast, full screen, and lines that keep their place."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QFont, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from desktop.core.events import Preview
from desktop.core.recording import Mark
from desktop.core.transcript import Segment
from desktop.ui.recorder.read_along import SCHEMES, SIZES_PX, USUAL_PX, ReadAlong
from desktop.ui.recorder.roll import KEPT, Roll, paragraphs
from desktop.ui.recorder.script import Script
from desktop.ui.theme import READABLE, contrast
from tests.ui.recorder.news import said


@pytest.fixture
def view(qtbot: QtBot, memory: QSettings) -> ReadAlong:
    return shown(qtbot, memory)


def shown(qtbot: QtBot, memory: QSettings) -> ReadAlong:
    widget = ReadAlong(memory)
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def button(view: ReadAlong, name: str) -> QToolButton:
    return next(one for one in view.findChildren(QToolButton) if one.accessibleName().startswith(name))


def test_keys_and_wheel_change_the_size_within_limits(qtbot: QtBot, view: ReadAlong) -> None:
    qtbot.keyClick(view, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert view.size_px == SIZES_PX[SIZES_PX.index(USUAL_PX) + 1]
    qtbot.keyClick(view, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert view.size_px == SIZES_PX[SIZES_PX.index(USUAL_PX) - 1]
    wheel(view, 120, Qt.KeyboardModifier.ControlModifier)
    assert view.size_px == USUAL_PX
    wheel(view, 120, Qt.KeyboardModifier.NoModifier)
    assert view.size_px == USUAL_PX
    for _ in range(2 * len(SIZES_PX)):
        qtbot.mouseClick(button(view, "Larger"), Qt.MouseButton.LeftButton)
    assert view.size_px == SIZES_PX[-1]
    qtbot.keyClick(view, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert view.size_px == USUAL_PX


def test_size_contrast_and_lines_are_remembered(qtbot: QtBot, memory: QSettings, view: ReadAlong) -> None:
    view.enlarge()
    for name, label in (("Contrast", "Yellow on black"), ("Lines", "3 lines")):
        menu = button(view, name).menu()
        next(action for action in menu.actions() if action.text() == label).trigger()
    other = shown(qtbot, memory)
    assert (other.size_px, other.scheme, other.line_count) == (view.size_px, "yellow-on-black", 3)


def test_what_is_remembered_may_be_nonsense(qtbot: QtBot, memory: QSettings) -> None:
    for name in ("read_along_px", "read_along_scheme", "read_along_lines"):
        memory.setValue(name, "nonsense")
    view = shown(qtbot, memory)
    assert (view.size_px, view.scheme, view.line_count) == (USUAL_PX, "light-on-dark", 5)


def test_every_contrast_can_be_read_and_a_guess_as_well(view: ReadAlong) -> None:
    for scheme in SCHEMES:
        view.set_scheme(scheme)
        sure, guess, ground = view.colours
        assert contrast(sure, ground) > 2 * READABLE
        assert contrast(guess, ground) >= READABLE
        assert sure != guess


def test_f11_fills_the_screen_and_escape_leaves_step_by_step(qtbot: QtBot, view: ReadAlong) -> None:
    qtbot.keyClick(view, Qt.Key.Key_F11)
    assert view.isFullScreen()
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.isVisible()
    assert not view.isFullScreen()
    with qtbot.waitSignal(view.shown_changed):
        qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert not view.isVisible()


def test_the_bar_leaves_a_full_screen_to_the_text_and_comes_back(qtbot: QtBot, view: ReadAlong) -> None:
    qtbot.keyClick(view, Qt.Key.Key_F11)
    view._on_rest()
    assert not view.bar.isVisible()
    qtbot.mouseMove(view, QPoint(50, 50))
    qtbot.mouseMove(view, QPoint(60, 60))
    assert view.bar.isVisible()


def test_marks_are_not_read_and_guesses_come_last(view: ReadAlong) -> None:
    script = Script()
    script.hear(0, said("Good morning.", "Shall we start?"))
    script.mark(Mark(4000, "Start"))
    script.guess(Preview(8000, "yes we"))
    view.show_lines(script.lines)
    assert view.text == "Good morning. Shall we start? yes we"


def test_a_new_speaker_and_a_long_pause_begin_a_paragraph() -> None:
    script = Script()
    script.hear(
        0,
        [
            *said("One.", "Two.", speaker="Me"),
            *said("Three.", speaker="Them", start_ms=8000),
            *said("Four.", speaker="Them", start_ms=60_000),
        ],
    )
    assert [(one.speaker, one.sure) for one in paragraphs(script.lines)] == [
        ("Me", "One. Two."),
        ("Them", "Three."),
        ("Them", "Four."),
    ]


def test_new_lines_slide_in_and_come_to_rest(qtbot: QtBot, view: ReadAlong) -> None:
    script = Script()
    script.hear(0, said(*["Some words that fill a line or two of this view."] * 6))
    view.show_lines(script.lines)
    assert view._top != view._wanted_top
    qtbot.waitUntil(lambda: view._top == view._wanted_top)
    qtbot.waitUntil(lambda: not view._clock.isActive())


SEGMENTS = st.lists(
    st.tuples(st.text("abc ", min_size=1, max_size=300), st.integers(0, 6000), st.sampled_from(("", "Me"))),
    min_size=1,
    max_size=90,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SEGMENTS)
def test_text_that_is_certain_keeps_its_place_while_more_comes(
    qapp: QApplication, parts: Sequence[tuple[str, int, str]]
) -> None:
    roll, script = Roll(), Script()
    roll.set_shape(QFont("DejaVu Sans", 20), 500)
    at_ms = 0
    for number, (text, pause_ms, speaker) in enumerate(parts):
        at_ms += pause_ms
        script.hear(number, [Segment(at_ms, at_ms + 1000, text, speaker=speaker)])
        at_ms += 1000
        before = {one: top for one, _layout, top in roll._placed}
        bottom = roll.bottom
        roll.show(paragraphs(script.lines[-KEPT:]))
        after = {one: top for one, _layout, top in roll._placed}
        assert roll.bottom >= bottom
        assert all(after[one] == before[one] for one in after if one in before)
        tops = [top for _one, _layout, top in roll._placed]
        assert tops == sorted(tops)
        assert len(roll._placed) <= KEPT


def wheel(view: ReadAlong, up: int, modifiers: Qt.KeyboardModifier) -> None:
    place = QPointF(view.rect().center())
    where = QPointF(view.mapToGlobal(place.toPoint()))
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(place, where, QPoint(), QPoint(0, up), Qt.MouseButton.NoButton, modifiers, phase, False)
    QApplication.sendEvent(view, event)
