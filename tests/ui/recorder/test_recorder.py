"""The recorder in its window: one press starts it, every view is in step, and what is wrong is said."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QLabel, QPushButton, QTextEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.events import Preview
from desktop.core.jobs import Job, JobState
from desktop.core.recording import Gap, Mark, State, Status
from desktop.ui.main_window import MainWindow
from desktop.ui.recorder.level_meter import LevelMeter
from desktop.ui.recorder.recorder import Recorder
from desktop.ui.recorder.sources import Choice
from tests.ui.recorder.news import ALL, BUILT_IN, JOB, LOUD, PAUSED, SILENT, SPEAKERS, STATUS, TWO, USB, said

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
CONTROL = Qt.KeyboardModifier.ControlModifier


def press(qtbot: QtBot, button: QAbstractButton) -> None:
    assert button.isVisible(), button
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def record(window: MainWindow, status: Status = STATUS, job: Job = JOB) -> Recorder:
    """As the service tells of a start."""
    recorder = window.recorder
    recorder.called.emit()
    recorder.show_state(State.STARTING)
    recorder.show_job(job)
    window.show_job(job)
    recorder.show_state(State.RECORDING)
    recorder.show_status(status)
    return recorder


def stop(recorder: Recorder) -> None:
    recorder.show_state(State.STOPPING)
    recorder.show_state(State.IDLE)


def button_named(widget: QWidget, text: str) -> QPushButton:
    return next(one for one in widget.findChildren(QPushButton) if one.text() == text)


def told(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


# --- starting ---


def test_one_key_starts_at_once_with_the_remembered_microphone(qtbot: QtBot, window: MainWindow) -> None:
    window.recorder.show_choice(Choice(microphone=USB.name), True)
    with qtbot.waitSignal(window.recorder.start_wanted) as wish:
        qtbot.keyClick(window, Qt.Key.Key_R, CONTROL)
    assert wish.args == [[USB]]
    assert window.recorder.page.isVisible()


def test_the_buttons_start_too(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.recorder.start_wanted):
        press(qtbot, button_named(window, "Record"))
    with qtbot.waitSignal(window.recorder.start_wanted):
        press(qtbot, window.recorder.page.ready.button)
    with qtbot.waitSignal(window.recorder.start_wanted):
        qtbot.keyClick(window.recorder.page.ready.button, Qt.Key.Key_Space)


def test_a_microphone_that_is_gone_gives_way_to_the_usual_one(qtbot: QtBot, window: MainWindow) -> None:
    window.recorder.show_choice(Choice(microphone="Unplugged"), True)
    with qtbot.waitSignal(window.recorder.start_wanted) as wish:
        window.commands.record.trigger()
    assert wish.args == [[BUILT_IN]]


def test_a_press_before_the_devices_are_known_starts_as_soon_as_they_are(
    qtbot: QtBot, window: MainWindow, memory: QSettings
) -> None:
    early = MainWindow(memory, [], [])
    qtbot.addWidget(early)
    recorder = early.recorder
    started: list[object] = []
    recorder.start_wanted.connect(started.append)
    with qtbot.waitSignal(recorder.devices_wanted):
        early.commands.record.trigger()
    assert started == []
    assert recorder.page.ready.sources.text() == "Looking for microphones…"
    recorder.show_devices(ALL)
    assert started == [[BUILT_IN]]
    recorder.show_devices((USB,))
    assert started == [[BUILT_IN]]


def test_one_press_is_one_recording(window: MainWindow) -> None:
    recorder = window.recorder
    recorder.devices_wanted.connect(lambda: recorder.show_devices(ALL))
    started: list[object] = []
    recorder.start_wanted.connect(started.append)
    window.commands.record.trigger()
    assert len(started) == 1


def test_both_are_two_tracks(qtbot: QtBot, window: MainWindow) -> None:
    window.recorder.show_choice(Choice("both", USB.name), True)
    with qtbot.waitSignal(window.recorder.start_wanted) as wish:
        window.commands.record.trigger()
    assert wish.args == [[USB, SPEAKERS]]


def test_without_any_microphone_nothing_starts_and_it_is_said_why(qtbot: QtBot, window: MainWindow) -> None:
    window.recorder.show_devices(())
    with qtbot.assertNotEmitted(window.recorder.start_wanted):
        window.commands.record.trigger()
    assert window.notices.shown_text.startswith("No microphone was found.")
    assert "No microphone" in window.recorder.page.ready.sources.text()


def test_two_tracks_are_not_promised_where_one_of_them_is_missing(qtbot: QtBot, window: MainWindow) -> None:
    window.recorder.show_devices((USB,))
    window.recorder.show_choice(Choice("both"), True)
    with qtbot.waitSignal(window.recorder.start_wanted) as wish:
        window.commands.record.trigger()
    assert wish.args == [[USB]]
    assert window.notices.shown_text.startswith("Only “USB Microphone” is recorded")


# --- while it runs ---


def test_the_page_of_the_recording_shows_time_level_and_devices(qtbot: QtBot, window: MainWindow) -> None:
    recorder = record(window, TWO)
    running = recorder.page.running
    assert running.isVisible()
    assert running.time.text() == "1:01"
    assert [meter.accessibleName() for meter in running.tracks.meters] == [
        "Level of USB Microphone",
        "Level of Speakers",
    ]
    qtbot.waitUntil(lambda: {"Me", "Them"} <= set(told(running).split()))
    assert "312 GB free, enough for 41 h" in told(running)


def test_pause_go_on_mark_and_stop_have_buttons_and_keys(qtbot: QtBot, window: MainWindow) -> None:
    recorder = record(window)
    running = recorder.page.running
    for wish, button, key, modifiers in (
        (recorder.pause_wanted, running.pause, Qt.Key.Key_Space, CONTROL | Qt.KeyboardModifier.ShiftModifier),
        (recorder.mark_wanted, running.mark, Qt.Key.Key_M, CONTROL),
        (recorder.stop_wanted, running.stop, Qt.Key.Key_D, CONTROL),
    ):
        with qtbot.waitSignal(wish):
            press(qtbot, button)
        with qtbot.waitSignal(wish):
            qtbot.keyClick(window, key, modifiers)
    recorder.show_state(State.PAUSED)
    recorder.show_status(PAUSED)
    assert running.pause.text() == "Go on"
    assert running.sign.accessibleName() == "Paused"
    with qtbot.waitSignal(recorder.resume_wanted), qtbot.assertNotEmitted(recorder.pause_wanted):
        press(qtbot, running.pause)


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        (State.IDLE, {"record"}),
        (State.STARTING, {"record-stop"}),
        (State.RECORDING, {"record-pause", "record-mark", "record-stop"}),
        (State.PAUSED, {"record-pause", "record-mark", "record-stop"}),
        (State.STOPPING, set()),
    ],
)
def test_only_what_the_recorder_can_do_is_offered(window: MainWindow, state: State, possible: set[str]) -> None:
    window.commands.allow_recording(state)
    names = ("record", "record-pause", "record-mark", "record-stop")
    assert {name for name in names if window.commands.all[name].isEnabled()} == possible


def test_text_marks_and_gaps_are_seen_in_every_view(window: MainWindow) -> None:
    recorder = record(window)
    recorder.show_heard(JOB.id, 0, said("Good morning.", "Shall we start?"))
    recorder.show_mark(Mark(4500))
    recorder.show_gap(Gap(7600, 5000, "paused"))
    recorder.show_preview(Preview(8000, "yes we", 3))
    text = recorder.page.running.text.toPlainText()
    assert [row.split("\t")[1] for row in text.split("\n")] == [
        "Good morning.",
        "Shall we start?",
        "⚑ Marked",
        "— Paused for 5 s",
        "yes we …",
    ]
    assert recorder.small.words.text == "Good morning. Shall we start? yes we"
    assert recorder.read_along.text == "Good morning. Shall we start? yes we"


def test_text_of_another_job_is_not_mixed_in(window: MainWindow) -> None:
    recorder = record(window)
    recorder.show_heard(JOB.id + 1, 0, said("Of a file in the queue."))
    assert recorder.page.running.text.toPlainText() == ""


def test_how_far_the_text_is_behind_is_said_only_when_it_is(window: MainWindow) -> None:
    recorder = record(window)
    recorder.show_behind(20_000)
    assert "behind" not in told(recorder.page.running)
    recorder.show_behind(34_000)
    assert "Text is 34 s behind" in told(recorder.page.running)


def test_lost_samples_and_a_full_disk_are_said(window: MainWindow) -> None:
    recorder = record(window, replace(STATUS, lost_samples=480, free_bytes=300 << 20, lasts_ms=20 * 60_000))
    assert "480 samples were lost" in told(recorder.page.running)
    assert "Disk nearly full: 300 MB free, enough for 20 min" in told(recorder.page.running)


def test_silence_is_called_out_with_a_way_to_another_device(qtbot: QtBot, window: MainWindow) -> None:
    recorder = record(window)
    assert not recorder.page.running.silence.isVisible()
    recorder.show_status(SILENT)
    assert "No sound from “USB Microphone”" in recorder.page.running.silence.text
    assert recorder.small.words.text == "No sound from USB Microphone"
    press(qtbot, button_named(recorder.page, "Choose another…"))
    assert recorder.menu.isVisible()
    other = next(action for action in recorder.menu.actions() if action.text() == BUILT_IN.name)
    with qtbot.waitSignal(recorder.device_wanted) as wish, qtbot.waitSignal(recorder.choice_changed) as choice:
        click(qtbot, recorder, other)
    assert wish.args == [BUILT_IN]
    assert choice.args == [Choice(microphone=BUILT_IN.name)]
    recorder.show_status(replace(STATUS, devices=(BUILT_IN,)))
    assert not recorder.page.running.silence.isVisible()


def test_silence_while_paused_is_no_trouble(window: MainWindow) -> None:
    recorder = record(window)
    recorder.show_state(State.PAUSED)
    recorder.show_status(replace(SILENT, state=State.PAUSED))
    assert not recorder.page.running.silence.isVisible()
    assert recorder.small.words.text == ""


def test_levels_rest_while_paused(qtbot: QtBot, window: MainWindow) -> None:
    recorder = record(window)
    meter = recorder.page.running.tracks.meters[0]
    qtbot.waitUntil(lambda: meter.shown > 0.5)
    recorder.show_state(State.PAUSED)
    recorder.show_status(PAUSED)
    qtbot.waitUntil(lambda: meter.shown == 0)


# --- what to record from ---


def click(qtbot: QtBot, recorder: Recorder, action: QAction) -> None:
    qtbot.mouseClick(recorder.menu, Qt.MouseButton.LeftButton, pos=recorder.menu.actionGeometry(action).center())


def choices(recorder: Recorder) -> list[str]:
    return [action.text() for action in recorder.menu.actions() if action.isCheckable()]


def test_the_menu_offers_what_there_is(qtbot: QtBot, window: MainWindow) -> None:
    recorder = window.recorder
    with qtbot.waitSignal(recorder.devices_wanted):
        recorder.menu.popup(QPoint(0, 0))
    kinds = ["The microphone", "The sound of the system", "Both, as two tracks"]
    assert choices(recorder) == [*kinds, USB.name, BUILT_IN.name]
    checked = [action.text() for action in recorder.menu.actions() if action.isChecked()]
    assert checked == ["The microphone", BUILT_IN.name]
    both = next(action for action in recorder.menu.actions() if action.text() == "Both, as two tracks")
    with qtbot.waitSignal(recorder.choice_changed) as choice:
        click(qtbot, recorder, both)
    assert choice.args == [Choice("both")]
    assert recorder.page.ready.sources.text() == "Built-in Microphone + Speakers"


def test_a_device_that_is_plugged_in_while_the_menu_is_open_is_in_it(window: MainWindow) -> None:
    recorder = window.recorder
    recorder.menu.popup(QPoint(0, 0))
    headset = replace(USB, id="new", name="Headset & Co")
    recorder.show_devices((*ALL, headset))
    assert "Headset && Co" in choices(recorder)
    recorder.menu.hide()


def test_while_it_runs_only_devices_of_its_tracks_are_offered(window: MainWindow) -> None:
    recorder = record(window)
    recorder.menu.popup(QPoint(0, 0))
    assert choices(recorder) == [USB.name, BUILT_IN.name]
    recorder.menu.hide()
    recorder.show_status(TWO)
    recorder.menu.popup(QPoint(0, 0))
    assert choices(recorder) == [USB.name, BUILT_IN.name, SPEAKERS.name]
    recorder.menu.hide()


def test_text_while_people_speak_can_be_left_out(qtbot: QtBot, window: MainWindow) -> None:
    recorder = window.recorder
    window.show_recorder()
    recorder.show_choice(Choice(), False)
    box = recorder.page.findChild(QCheckBox)
    assert box
    assert not box.isChecked()
    with qtbot.waitSignal(recorder.live_wanted) as wish:
        qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert wish.args == [True]
    record(window)
    assert recorder.page.running.text.accessibleDescription().startswith("Only the sound is recorded")


# --- in the window ---


def test_the_recording_is_chosen_in_the_queue_and_its_text_is_shown_when_it_is_over(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.show_job(replace(JOB, id=1, state=JobState.DONE))
    recorder = record(window)
    assert [job.id for job in window.queue.chosen()] == [JOB.id]
    assert recorder.page.isVisible()
    window.choose(1)
    assert window.pane.isVisible()
    assert not recorder.page.isVisible()
    window.choose(JOB.id)
    assert recorder.page.isVisible()
    stop(recorder)
    assert window.pane.isVisible()
    assert [job.id for job in window.queue.chosen()] == [JOB.id]


def test_a_recording_is_no_matter_of_the_queue_while_it_runs(qtbot: QtBot, window: MainWindow) -> None:
    record(window, job=replace(JOB, media=None))
    row = window.model.index(0)
    assert row.data(Qt.ItemDataRole.AccessibleTextRole).endswith("Being recorded")
    commands = window.commands
    for command in (commands.start, commands.pause, commands.cancel, commands.remove, commands.export):
        assert not command.isEnabled(), command.objectName()
    with qtbot.assertNotEmitted(window.remove_wanted):
        qtbot.keyClick(window.queue, Qt.Key.Key_Delete)
    assert window.notices.shown_text == ""
    stop(window.recorder)
    window.show_job(replace(JOB, state=JobState.DONE, heard_ms=4000))
    assert commands.remove.isEnabled()
    assert commands.export.isEnabled()


def test_the_button_in_the_bar_tells_the_time_and_leads_back(qtbot: QtBot, window: MainWindow) -> None:
    window.show_job(replace(JOB, id=1, state=JobState.DONE))
    recorder = record(window)
    window.choose(1)
    recorder.show_status(replace(STATUS, elapsed_ms=62_500))
    button = button_named(window, "1:02")
    assert button.accessibleName() == "Recording 1:02"
    with qtbot.assertNotEmitted(recorder.start_wanted):
        press(qtbot, button)
    assert recorder.page.isVisible()


def test_a_start_that_fails_leaves_the_recorder_ready(window: MainWindow) -> None:
    recorder = window.recorder
    window.show_recorder()
    recorder.show_state(State.STARTING)
    recorder.show_state(State.IDLE)
    assert recorder.page.ready.isVisible()
    assert window.commands.record.isEnabled()


def test_the_ready_recorder_goes_away_by_its_key(qtbot: QtBot, window: MainWindow) -> None:
    window.show_job(replace(JOB, id=1, state=JobState.DONE))
    qtbot.keyClick(window, Qt.Key.Key_F12)
    assert window.recorder.page.ready.isVisible()
    assert window.queue.chosen() == []
    qtbot.keyClick(window, Qt.Key.Key_F12)
    assert window.pane.isVisible()
    assert [job.id for job in window.queue.chosen()] == [1]


def test_without_any_file_the_recorder_has_the_window(window: MainWindow) -> None:
    window.show_recorder()
    assert window.recorder.page.isVisible()
    assert not window.queue.isVisible()
    record(window)
    assert window.queue.isVisible()


def test_the_next_recording_begins_empty(window: MainWindow) -> None:
    recorder = record(window)
    recorder.show_heard(JOB.id, 0, said("Of the first one."))
    stop(recorder)
    record(window, replace(STATUS, elapsed_ms=0), replace(JOB, id=8))
    assert recorder.page.running.text.toPlainText() == ""
    assert recorder.page.running.time.text() == "0:00"


def test_every_control_of_the_recorder_can_be_named_aloud(window: MainWindow) -> None:
    recorder = window.recorder
    window.show_recorder()
    found = _controls(recorder.page)
    record(window, replace(TWO, silent=(USB.name,)))
    found += _controls(recorder.page)
    recorder.small.show()
    recorder.read_along.show()
    found += _controls(recorder.small) + _controls(recorder.read_along)
    assert len(found) > 20
    for control in found:
        text = control.text() if isinstance(control, QAbstractButton) else ""
        assert control.accessibleName() or text, control
        if isinstance(control, QToolButton):
            assert control.toolTip(), control


def _controls(widget: QWidget) -> list[QWidget]:
    kinds = (QAbstractButton, QTextEdit, LevelMeter)
    return [one for one in widget.findChildren(QWidget) if isinstance(one, kinds) and one.isVisible()]


def test_tab_leads_through_all_buttons_of_the_recorder(qtbot: QtBot, window: MainWindow) -> None:
    recorder = record(window, SILENT)
    running = recorder.page.running
    window.activateWindow()
    running.mark.setFocus()
    reached = []
    for _step in range(12):
        focused = window.focusWidget()
        assert focused
        reached.append(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    for widget in (running.mark, running.pause, running.stop, running.silence.button, running.text):
        assert widget in reached
    assert reached.index(running.pause) < reached.index(running.stop) < reached.index(running.text)


# --- the small one ---


def test_the_small_recorder_is_remembered_for_the_next_recording(
    qtbot: QtBot, window: MainWindow, memory: QSettings
) -> None:
    recorder = record(window)
    assert not recorder.small.isVisible()
    window.commands.small_recorder.trigger()
    assert recorder.small.isVisible()
    stop(recorder)
    assert not recorder.small.isVisible()
    assert not window.commands.small_recorder.isChecked()
    record(window, job=replace(JOB, id=8))
    assert recorder.small.isVisible()
    assert window.commands.small_recorder.isChecked()
    qtbot.keyClick(recorder.small, Qt.Key.Key_Escape)
    assert not window.commands.small_recorder.isChecked()
    stop(recorder)
    record(window, job=replace(JOB, id=9))
    assert not recorder.small.isVisible()


def test_the_small_recorder_has_the_same_buttons_and_keys(qtbot: QtBot, window: MainWindow) -> None:
    recorder = record(window)
    window.commands.small_recorder.trigger()
    small = recorder.small
    for wish, button in (
        (recorder.pause_wanted, small.pause),
        (recorder.mark_wanted, small.mark),
        (recorder.stop_wanted, small.stop),
    ):
        with qtbot.waitSignal(wish):
            press(qtbot, button)
    small.activateWindow()
    with qtbot.waitSignal(recorder.mark_wanted):
        qtbot.keyClick(small, Qt.Key.Key_M, CONTROL)
    window.hide()
    with qtbot.waitSignal(recorder.page_wanted):
        qtbot.mouseDClick(small, Qt.MouseButton.LeftButton, pos=QPoint(20, 45))
    assert window.isVisible()


def test_the_small_recorder_is_moved_by_mouse_and_keys_and_comes_back_there(qtbot: QtBot, window: MainWindow) -> None:
    recorder = record(window)
    window.commands.small_recorder.trigger()
    small = recorder.small
    start = small.pos()
    grip = QPoint(20, 45)
    qtbot.mousePress(small, Qt.MouseButton.LeftButton, pos=grip)
    qtbot.mouseMove(small, grip + QPoint(-100, 60))
    qtbot.mouseRelease(small, Qt.MouseButton.LeftButton, pos=grip)
    assert small.pos() == start + QPoint(-100, 60)
    qtbot.keyClick(small, Qt.Key.Key_Left)
    qtbot.keyClick(small, Qt.Key.Key_Down)
    place = start + QPoint(-116, 76)
    assert small.pos() == place
    small.hide()
    small.move(0, 0)
    small.show()
    assert small.pos() == place


def test_a_place_on_a_screen_that_is_gone_is_given_up(qtbot: QtBot, window: MainWindow, memory: QSettings) -> None:
    memory.setValue("small_recorder_place", QPoint(90_000, 90_000))
    window.recorder.small.show()
    assert window.recorder.small.screen().availableGeometry().contains(window.recorder.small.geometry())


def test_the_small_recorder_shows_the_louder_track(qtbot: QtBot, window: MainWindow) -> None:
    recorder = record(window, replace(TWO, levels=(replace(LOUD, peak=0.0, held_peak=0.0), LOUD)))
    recorder.small.show()
    assert recorder.small.meter.accessibleDescription() == "Good"
    qtbot.waitUntil(lambda: recorder.small.meter.shown > 0.5)


def test_reading_along_opens_by_its_key(qtbot: QtBot, window: MainWindow) -> None:
    recorder = record(window)
    recorder.show_heard(JOB.id, 0, said("Good morning."))
    qtbot.keyClick(window, Qt.Key.Key_F5)
    assert recorder.read_along.isVisible()
    assert recorder.read_along.text == "Good morning."
    recorder.close()
    assert not recorder.read_along.isVisible()
