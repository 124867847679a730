"""The tray while a recording runs or somebody dictates: what is seen and what can be done."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QMenu, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from desktop.core.dictation import Dictation, Stage, Take, Waiting
from desktop.core.jobs import JobState
from desktop.core.recording import State, Status
from desktop.core.settings import Settings
from desktop.ui import icons
from desktop.ui.tray import Tray
from tests.ui.recorder.news import JOB, PAUSED, SILENT, STATUS

STATES = (
    "idle",
    "listening",
    "recognising",
    "text-waits",
    "recording",
    "recording-paused",
    "working",
    "paused",
    "failed",
)


@pytest.fixture
def tray(qtbot: QtBot) -> Iterator[Tray]:
    one = Tray()
    one.show_jobs([], False)
    yield one
    one.hide()


def icon_of(tray: Tray) -> QSystemTrayIcon:
    return tray._icon


def menu_of(tray: Tray) -> QMenu:
    menu = icon_of(tray).contextMenu()
    assert menu
    return menu


def offered(tray: Tray) -> dict[str, QAction]:
    return {action.text(): action for action in menu_of(tray).actions() if action.isVisible() and action.text()}


def picture(tray: Tray) -> QImage:
    return icon_of(tray).icon().pixmap(44).toImage()


def test_the_states_differ_without_colours(qtbot: QtBot) -> None:
    grey = [
        icons.tray_icon(state).pixmap(22).toImage().convertToFormat(QImage.Format.Format_Grayscale8) for state in STATES
    ]
    points = [(x, y) for x in range(22) for y in range(22)]
    for at, one in enumerate(grey):
        for other in grey[at + 1 :]:
            apart = sum(abs(one.pixelColor(x, y).value() - other.pixelColor(x, y).value()) > 60 for x, y in points)
            assert apart >= 12


def test_a_recording_comes_before_the_queue_and_gives_way_again(tray: Tray) -> None:
    tray.show_jobs([replace(JOB, state=JobState.RUNNING, heard_ms=2000)], False)
    working = picture(tray)
    tray.show_recording(STATUS)
    recording = picture(tray)
    assert recording != working
    assert icon_of(tray).toolTip() == "Recording  1:01\nUSB Microphone"
    tray.show_jobs([replace(JOB, state=JobState.RUNNING, heard_ms=3000)], False)
    assert picture(tray) == recording
    tray.show_recording(PAUSED)
    assert picture(tray) not in (recording, working)
    assert icon_of(tray).toolTip().startswith("Paused  1:01")
    tray.show_recording(Status())
    assert icon_of(tray).toolTip().startswith("Recording 2026-11-25 14.03.mka  75 %")


def test_the_time_in_the_tooltip_goes_on_and_silence_is_said(tray: Tray) -> None:
    tray.show_recording(STATUS)
    tray.show_recording(replace(SILENT, elapsed_ms=75_300))
    assert icon_of(tray).toolTip() == "Recording  1:15\nUSB Microphone\nNo sound from USB Microphone"


def test_everything_can_be_done_from_the_tray(qtbot: QtBot, tray: Tray) -> None:
    def wishes(text: str, wish: SignalInstance) -> None:
        with qtbot.waitSignal(wish):
            offered(tray)[text].trigger()

    assert "Stop the recording" not in offered(tray)
    wishes("Record", tray.record_wanted)
    tray.show_recording(replace(STATUS, state=State.STARTING))
    assert "Record" not in offered(tray)
    tray.show_recording(STATUS)
    wishes("Pause the recording", tray.record_pause_wanted)
    wishes("Mark this moment", tray.record_mark_wanted)
    wishes("Show the recorder", tray.recorder_wanted)
    tray.show_recording(PAUSED)
    wishes("Go on recording", tray.record_pause_wanted)
    wishes("Stop the recording", tray.record_stop_wanted)
    tray.show_recording(Status())
    assert {"Record", "Show the recorder"} <= set(offered(tray))
    assert not {"Stop the recording", "Mark this moment", "Pause the recording", "Go on recording"} & set(offered(tray))


def dictating(stage: Stage, waiting: tuple[Waiting, ...] = ()) -> Dictation:
    return Dictation(takes=(Take(1, stage),), waiting=waiting)


def test_dictation_comes_before_everything_and_gives_way_again(tray: Tray) -> None:
    tray.show_recording(STATUS)
    recording = picture(tray)
    tray.show_dictation(dictating(Stage.PRESSED))
    assert picture(tray) == icons.tray_icon("listening").pixmap(44).toImage()
    assert icon_of(tray).toolTip() == "You dictate"
    tray.show_dictation(dictating(Stage.RECOGNISING))
    assert picture(tray) == icons.tray_icon("recognising").pixmap(44).toImage()
    tray.show_dictation(Dictation())
    assert picture(tray) == recording


def test_the_key_of_dictation_is_told_and_what_it_does_now(qtbot: QtBot, tray: Tray) -> None:
    tray.use_keys("Ctrl+Alt+Space", "Ctrl+Alt+V")
    assert "Dictate\tCtrl+Alt+Space" in offered(tray)
    assert "Cancel the dictation" not in offered(tray)
    tray.show_dictation(dictating(Stage.LATCHED))
    with qtbot.waitSignal(tray.dictate_wanted):
        offered(tray)["End the dictation\tCtrl+Alt+Space"].trigger()
    with qtbot.waitSignal(tray.dictate_cancel_wanted):
        offered(tray)["Cancel the dictation"].trigger()
    tray.use_settings(Settings(dictation=False))
    assert not any(text.startswith(("Dictate", "End")) for text in offered(tray))
    with qtbot.waitSignal(tray.dictations_wanted):
        offered(tray)["Dictations…"].trigger()


def test_a_text_that_waits_is_seen_inserted_and_copied(
    qtbot: QtBot, tray: Tray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.ui.tray.GOES_MS", 5)
    tray.use_keys("", "Ctrl+Alt+V")
    assert not any("waits" in text for text in offered(tray))
    tray.show_dictation(Dictation(waiting=(Waiting(1, "The first."), Waiting(2, "The last."))))
    assert picture(tray) == icons.tray_icon("text-waits").pixmap(44).toImage()
    assert icon_of(tray).toolTip() == "2 dictated texts wait"
    with qtbot.waitSignal(tray.drop_wanted):
        offered(tray)["Insert the text that waits\tCtrl+Alt+V"].trigger()
    with qtbot.waitSignal(tray.copy_waiting_wanted) as told:
        offered(tray)["Copy the text that waits"].trigger()
    assert told.args == ["The last."]


def test_a_microphone_that_is_always_on_is_seen(tray: Tray) -> None:
    usual = picture(tray)
    tray.use_settings(Settings(dictation=True, dictation_pre_roll_ms=500))
    assert picture(tray) != usual
    assert "The microphone is on" in icon_of(tray).toolTip()
    tray.use_settings(Settings())
    assert picture(tray) == usual
