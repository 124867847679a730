"""The bar: what it shows, what its buttons wish for, and that each tells its key."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel, QMainWindow, QSlider, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.commands import Commands
from desktop.ui.player.playback import SPEEDS, State
from desktop.ui.player.player_bar import PlayerBar, speed_label
from desktop.ui.theme import Theme
from tests.core.test_peaks import peaks_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot: QtBot, look: Theme) -> QMainWindow:
    one = QMainWindow()
    qtbot.addWidget(one)
    return one


@pytest.fixture
def commands(window: QMainWindow) -> Commands:
    return Commands(window, [], [])


@pytest.fixture
def bar(window: QMainWindow, commands: Commands) -> PlayerBar:
    one = PlayerBar(commands)
    window.setCentralWidget(one)
    window.resize(760, 60)
    window.show()
    one.show_state(State.PAUSED)
    return one


def button(bar: PlayerBar, name: str) -> QAbstractButton:
    return next(one for one in bar.findChildren(QAbstractButton) if one.accessibleName() == name)


def time_of(bar: PlayerBar) -> str:
    return next(one.text() for one in bar.findChildren(QLabel) if "/" in one.text())


def test_everything_in_it_has_a_name_and_a_hint(bar: PlayerBar) -> None:
    parts: list[QWidget] = [*bar.findChildren(QToolButton), *bar.findChildren(QSlider)]
    assert len(parts) == 9
    assert all(part.accessibleName() and part.toolTip() for part in parts)


def test_a_button_is_its_command_and_tells_its_key(qtbot: QtBot, bar: PlayerBar, commands: Commands) -> None:
    one = button(bar, "Play")
    assert one.toolTip() == f"Play ({commands.play.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})"
    with qtbot.waitSignal(commands.play.triggered):
        qtbot.mouseClick(one, LEFT)
    commands.play.setShortcut("P")
    assert one.toolTip() == "Play (P)"
    commands.play.setEnabled(False)
    assert not one.isEnabled()


def test_a_command_that_stays_pressed_is_seen_to_be(qtbot: QtBot, bar: PlayerBar, commands: Commands) -> None:
    one = button(bar, "Loop this part")
    qtbot.mouseClick(one, LEFT)
    assert commands.loop.isChecked()
    assert one.isChecked()
    commands.loop.setChecked(False)
    assert not one.isChecked()


def test_play_becomes_pause_and_back(bar: PlayerBar) -> None:
    bar.show_state(State.PLAYING)
    assert button(bar, "Pause").isEnabled()
    bar.show_state(State.PAUSED)
    assert button(bar, "Play").isEnabled()
    bar.show_state(State.EMPTY)
    assert not button(bar, "Play").isEnabled()


def test_it_tells_position_and_length(bar: PlayerBar) -> None:
    bar.show_duration(1_880_000)
    bar.show_position(7_400)
    assert time_of(bar) == "0:07 / 31:20"
    bar.show_duration(36_000_000)
    bar.show_position(3_765_000)
    assert time_of(bar) == "1:02:45 / 10:00:00"


def test_every_speed_is_offered_and_the_present_one_marked(qtbot: QtBot, bar: PlayerBar, commands: Commands) -> None:
    one = button(bar, "Speed")
    assert isinstance(one, QToolButton)
    offered = {action.data(): action for action in one.menu().actions() if action.data() in SPEEDS}
    assert tuple(offered) == SPEEDS
    bar.show_speed(1.5)
    assert one.text() == "1.5×"
    assert [speed for speed, action in offered.items() if action.isChecked()] == [1.5]
    with qtbot.waitSignal(bar.speed_wanted) as told:
        offered[0.75].trigger()
    assert told.args == [0.75]
    assert commands.faster in one.menu().actions()
    assert [speed_label(speed) for speed in (0.5, 1.0, 2.0)] == ["0.5×", "1×", "2×"]


def test_volume_and_mute(qtbot: QtBot, bar: PlayerBar) -> None:
    slider = bar.findChild(QSlider)
    with qtbot.waitSignal(bar.volume_wanted) as told:
        slider.setValue(40)
    assert told.args == [0.4, False]
    bar.show_volume(0.4, False)
    with qtbot.waitSignal(bar.volume_wanted) as told:
        qtbot.mouseClick(button(bar, "Sound off"), LEFT)
    assert told.args == [0.4, True]
    with qtbot.assertNotEmitted(bar.volume_wanted):
        bar.show_volume(0.4, True)
    assert slider.value() == 0
    with qtbot.waitSignal(bar.volume_wanted) as told:
        qtbot.mouseClick(button(bar, "Sound on"), LEFT)
    assert told.args == [0.4, False]


def test_the_strip_of_the_file_is_there_to_seek_with(qtbot: QtBot, bar: PlayerBar) -> None:
    bar.overview.show_media(peaks_of(bytes(100)), 60_000)
    width = bar.overview.width()
    with qtbot.waitSignal(bar.seek_wanted) as told:
        qtbot.mousePress(bar.overview, LEFT, pos=QPoint(width // 2, 10))
    assert told.args == [pytest.approx(30_000, abs=500)]
    with qtbot.waitSignal(bar.seek_wanted) as told:
        qtbot.mouseMove(bar.overview, QPoint(width + 50, 10))
    assert told.args == [60_000]
    bar.show_overview(False)
    assert not bar.overview.isVisible()


def test_the_picture_is_offered_where_there_is_one(bar: PlayerBar) -> None:
    for has_video in (True, False):
        bar.allow_video(has_video)
        assert button(bar, "Picture").isVisible() is has_video


def test_it_fits_beside_the_queue_in_the_smallest_window(bar: PlayerBar) -> None:
    bar.show_duration(36_000_000)
    bar.allow_video(True)
    assert bar.minimumSizeHint().width() <= 1024 - 280


def test_what_goes_back_stays_on_the_left(qtbot: QtBot, bar: PlayerBar, commands: Commands) -> None:
    bar.window().setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert button(bar, _label(commands.previous_word)).x() < button(bar, "Play").x()


def _label(action: QAction) -> str:
    return action.text().replace("&", "")
