"""The window: what it shows, what it wishes, and that every control has a name."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QSettings, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.core import doubts, editing
from desktop.core.coverage import Coverage, Kind, Part
from desktop.core.document import Document
from desktop.core.jobs import Engine, Job, JobState
from desktop.core.media import AudioTrack, Media
from desktop.core.options import Options
from desktop.core.transcript import Segment, Transcript
from desktop.ui.coverage_strip import CoverageStrip
from desktop.ui.main_window import MainWindow
from desktop.ui.names_dialog import NamesDialog
from desktop.ui.shortcuts_page import shortcuts_of

MEDIA = Media(1, "h", 60_000)
JOB = Job(1, Path("/media/talk.mp3"), media=MEDIA)

SEGMENTS = (
    Segment(0, 9000, "One."),
    Segment(10_000, 19_000, "Two.", suspect=doubts.UNSURE),
    Segment(20_000, 29_000, "Three."),
    Segment(40_000, 50_000, "Four."),
)
MAP = Coverage(
    (
        Part(0, 10_000, Kind.TEXT),
        Part(10_000, 19_000, Kind.SUSPECT),
        Part(19_000, 30_000, Kind.TEXT),
        Part(30_000, 40_000, Kind.MISSING),
        Part(40_000, 60_000, Kind.TEXT),
    )
)
CHECKED = replace(JOB, state=JobState.DONE, heard_ms=60_000, coverage=MAP)
without_a_screen = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> MainWindow:
    memory = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    widget = MainWindow(memory, [("demo", "Demo"), ("small", "small")], [("srt", "SRT"), ("vtt", "VTT")])
    qtbot.addWidget(widget)
    widget.show()
    return widget


def test_every_control_can_be_named_aloud(window: MainWindow) -> None:
    window.show_job(JOB)
    kinds = (QAbstractButton, QComboBox, QAbstractItemView, QTextEdit)
    controls = [one for one in window.findChildren(QWidget) if isinstance(one, kinds) and one.isVisibleTo(window)]
    assert len(controls) > 6
    for control in controls:
        text = control.text() if isinstance(control, QAbstractButton) else ""
        assert control.accessibleName() or text, control


def test_every_action_has_a_shortcut_and_no_two_share_one(window: MainWindow) -> None:
    shortcuts = [action.shortcut().toString() for action in window.actions() if not action.shortcut().isEmpty()]
    assert len(shortcuts) == len(set(shortcuts))
    assert len(shortcuts) == len(window.actions())


def test_the_first_job_replaces_the_empty_state_and_is_chosen(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.transcript_wanted) as told:
        window.show_job(JOB)
    assert told.args == [1]
    assert window.queue.isVisible()
    window.remove_jobs([1])
    assert not window.queue.isVisible()


def test_a_transcript_that_comes_late_is_not_shown_for_another_job(window: MainWindow) -> None:
    window.show_job(JOB)
    window.show_job(replace(JOB, id=2))
    window.choose(2)
    window.show_transcript(1, Transcript((Segment(0, 1, "Of the other."),)))
    assert window.pane.transcript.segments == ()


def test_the_text_of_nothing_is_wanted_when_several_are_chosen(qtbot: QtBot, window: MainWindow) -> None:
    window.show_job(JOB)
    window.show_job(replace(JOB, id=2))
    with qtbot.waitSignal(window.transcript_wanted) as told:
        window.queue.selectAll()
    assert told.args == [None]


def test_undo_and_redo_say_what_they_would_do(window: MainWindow) -> None:
    undo, redo = window.commands.undo, window.commands.redo
    window.show_history("Split", "")
    assert (undo.isEnabled(), redo.isEnabled()) == (True, False)
    assert undo.text().endswith(": Split")
    window.show_history("", "Merge")
    assert (undo.isEnabled(), redo.isEnabled()) == (False, True)


def test_options_of_several_waiting_jobs_are_changed_together(qtbot: QtBot, window: MainWindow) -> None:
    window.show_job(JOB)
    window.show_job(replace(JOB, id=2))
    window.queue.selectAll()
    boxes = {box.property("option"): box for box in window.pane.findChildren(QComboBox)}
    boxes["language"].setCurrentIndex(boxes["language"].findData("de"))
    with qtbot.waitSignal(window.options_wanted) as told:
        boxes["language"].activated.emit(boxes["language"].currentIndex())
    assert told.args == [[1, 2], {"language": "de"}]


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        (JobState.WAITING, {"pause", "cancel"}),
        (JobState.RUNNING, {"pause", "cancel"}),
        (JobState.PAUSED, {"resume", "cancel"}),
        (JobState.CANCELLED, {"resume"}),
        (JobState.FAILED, {"resume", "cancel"}),
        (JobState.DONE, set()),
    ],
)
def test_only_what_makes_sense_can_be_done(window: MainWindow, state: JobState, possible: set[str]) -> None:
    window.show_job(replace(JOB, state=state))
    actions = {"pause": window.commands.pause, "resume": window.commands.resume, "cancel": window.commands.cancel}
    assert {name for name, action in actions.items() if action.isEnabled()} == possible


def test_a_file_with_several_tracks_offers_them(qtbot: QtBot, window: MainWindow) -> None:
    window.show_job(JOB)
    boxes = {box.property("option"): box for box in window.pane.findChildren(QComboBox)}
    track = boxes["audio_track"]
    assert not track.isVisibleTo(window)
    tracks = (AudioTrack(1, "deu"), AudioTrack(2, "eng", "Commentary"))
    window.show_job(replace(JOB, media=replace(MEDIA, tracks=tracks)))
    assert track.isVisibleTo(window)
    assert [track.itemText(row) for row in range(3)] == ["Default track", "Track 1 · deu", "Track 2 · eng · Commentary"]
    with qtbot.waitSignal(window.options_wanted) as told:
        track.setCurrentIndex(2)
        track.activated.emit(2)
    assert told.args == [[1], {"audio_track": 2}]


def test_the_keys_of_a_list_work_on_the_queue(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.show_job(JOB)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "talk.mp3"))])
    QGuiApplication.clipboard().setMimeData(mime)
    with qtbot.waitSignal(window.files_dropped) as told:
        qtbot.keyClick(window.queue, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert told.args == [[tmp_path / "talk.mp3"]]
    # Delete is a key of the text, too: here it is an action of the queue alone (a journey presses it).
    assert window.commands.remove in window.queue.actions()
    assert window.commands.remove.shortcutContext() is Qt.ShortcutContext.WidgetShortcut


def test_removing_can_be_undone(qtbot: QtBot, window: MainWindow) -> None:
    window.show_job(JOB)
    with qtbot.waitSignal(window.remove_wanted):
        window.commands.remove.trigger()
    with qtbot.waitSignal(window.put_back_wanted) as told:
        window.notices.findChildren(QAbstractButton)[0].click()
    assert told.args[0] == [1]


def test_the_engine_and_the_demo_model_are_named(window: MainWindow) -> None:
    window.show_engine(Engine("demo", "cpu", "int8", "CPU int8: no usable graphics card found", is_demo=True))
    told = [label.text() for label in window.statusBar().findChildren(QWidget) if hasattr(label, "text")]
    assert "CPU int8: no usable graphics card found" in told
    assert "Demo model: knows a few hundred words; install a model for real work" in told


def test_it_fits_a_small_screen_and_right_to_left(window: MainWindow) -> None:
    window.show_job(JOB)
    window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    window.resize(1024, 640)
    assert window.minimumSizeHint().width() <= 1024
    assert window.minimumSizeHint().height() <= 640
    assert not window.grab().isNull()


def test_long_words_in_the_boxes_give_way_to_a_small_screen(window: MainWindow) -> None:
    window.show_job(JOB)
    for box in window.pane.findChildren(QComboBox):
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.addItem("Something that takes much more room than any English word does", "other")
    window.resize(720, 480)
    assert window.width() == 720
    assert not window.grab().isNull()


def test_size_and_place_are_remembered(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.resize(770, 555)
    window.close()
    memory = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    another = MainWindow(memory, [], [])
    qtbot.addWidget(another)
    assert (another.width(), another.height()) == (770, 555)


# --- what needs checking ----------------------------------------------------------------------------------------------


def show_checked(window: MainWindow) -> None:
    window.commands.show_waveform.setChecked(False)
    window.show_job(CHECKED)
    window.show_transcript(1, Transcript(SEGMENTS, coverage=MAP))


def text_at_caret(window: MainWindow) -> str:
    return window.pane.transcript.segments[window.pane.document.caret_place()[0]].text


def strip_of(window: MainWindow) -> CoverageStrip:
    strip = window.pane.findChild(CoverageStrip)
    assert strip
    return strip


def test_the_map_of_the_chosen_file_is_shown_with_its_sentence(window: MainWindow) -> None:
    window.commands.show_waveform.setChecked(False)
    window.show_job(JOB)
    assert not strip_of(window).isVisible()
    show_checked(window)
    assert strip_of(window).isVisible()
    shown = [label.text() for label in window.pane.findChildren(QLabel) if label.isVisible()]
    assert "80.3 % of the speech has text  ·  2 places to check" in shown
    window.show_job(replace(JOB, id=2))
    window.queue.selectAll()
    assert not strip_of(window).isVisible()


def test_the_map_is_there_from_the_first_moment_of_work(window: MainWindow) -> None:
    window.commands.show_waveform.setChecked(False)
    window.show_job(replace(JOB, state=JobState.RUNNING))
    assert strip_of(window).isVisible()
    assert strip_of(window).told_at(5) == "Not heard yet"
    window.show_job(JOB)


@without_a_screen
def test_two_keys_go_from_one_place_to_check_to_the_next(window: MainWindow) -> None:
    show_checked(window)
    forth, back = window.commands.next_place, window.commands.previous_place
    visited = []
    for action in (forth, forth, forth, back, back):
        action.trigger()
        visited.append(window.pane.document.place_ms())
    assert visited == [10_000, 30_000, 10_000, 30_000, 10_000]
    assert text_at_caret(window) == "Two."
    assert (forth.shortcut().toString(), back.shortcut().toString()) == ("F8", "Shift+F8")


@without_a_screen
def test_from_the_caret_on_the_next_place_is_the_one_behind_it(window: MainWindow) -> None:
    show_checked(window)
    window.pane.document.show_place(22_000)
    window.commands.next_place.trigger()
    assert window.pane.document.place_ms() == 30_000
    window.pane.document.show_place(22_000)
    window.commands.previous_place.trigger()
    assert window.pane.document.place_ms() == 10_000


def test_without_anything_to_check_there_is_nowhere_to_go(window: MainWindow) -> None:
    window.show_job(replace(CHECKED, coverage=Coverage(MAP.parts[:1])))
    assert not window.commands.next_place.isEnabled()
    assert not window.commands.previous_place.isEnabled()
    window.pane.show_next_place()
    window.show_job(CHECKED)
    assert window.commands.next_place.isEnabled()


@without_a_screen
def test_a_click_on_the_map_shows_the_text_of_that_place(qtbot: QtBot, window: MainWindow) -> None:
    show_checked(window)
    strip = strip_of(window)
    at = strip.rect().center()
    at.setX(round(strip.place_of(45_000)))
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=at)
    assert text_at_caret(window) == "Four."


@without_a_screen
def test_doubtful_text_is_kept_by_one_key(qtbot: QtBot, window: MainWindow) -> None:
    show_checked(window)
    keep = window.commands.keep
    assert not keep.isEnabled()
    window.commands.next_place.trigger()
    assert keep.isEnabled()
    with qtbot.waitSignal(window.pane.edit_wanted) as told:
        keep.trigger()
    (edit,) = told.args
    assert edit == editing.kept(window.pane.transcript, 1)
    window.pane.take(Document.of(window.pane.transcript).did(edit).current, edit)
    assert not keep.isEnabled()
    assert keep.shortcut().toString() == "F9"


def test_a_loop_that_the_player_tells_of_is_shown_and_left_as_it_is(window: MainWindow) -> None:
    show_checked(window)
    playback = window.pane.sound.playback
    playback.loop_changed.emit((45_000, 46_000))
    assert window.commands.loop.isChecked()
    assert playback.loop is None, "nobody asked for the stretch at the caret"
    playback.loop_changed.emit(None)
    assert not window.commands.loop.isChecked()


# --- options of one job -----------------------------------------------------------------------------------------------


def test_without_a_model_the_way_to_one_is_offered(qtbot: QtBot, window: MainWindow) -> None:
    window.show_offer("“small” suits this machine.")
    button = next(one for one in window.findChildren(QAbstractButton) if one.text() == "Models…")
    assert button.isVisibleTo(window)
    with qtbot.waitSignal(window.commands.models.triggered):
        button.click()
    window.show_offer("")
    assert not button.isVisibleTo(window)


def test_models_that_came_meanwhile_can_be_chosen_for_a_job(qtbot: QtBot, window: MainWindow) -> None:
    window.show_job(replace(JOB, options=replace(JOB.options, model="small")))
    window.show_models([("demo", "Demo"), ("base", "base")])
    box = next(box for box in window.pane.findChildren(QComboBox) if box.property("option") == "model")
    assert [box.itemData(row) for row in range(box.count())] == ["demo", "base", "small"]
    assert box.currentData() == "small"
    base = next(
        action
        for menu in window.commands.job_menu.actions()
        if menu.menu()
        for action in menu.menu().actions()  # type: ignore[attr-defined]
        if action.text() == "base"
    )
    with qtbot.waitSignal(window.options_wanted) as told:
        base.trigger()
    assert told.args == [[1], {"model": "base"}]


def test_the_way_of_working_of_a_job_can_be_changed(qtbot: QtBot, window: MainWindow) -> None:
    window.show_job(JOB)
    box = next(box for box in window.pane.findChildren(QComboBox) if box.property("option") == "mode")
    assert box.currentText() == "Fast"
    box.setCurrentIndex(box.findData("precise"))
    with qtbot.waitSignal(window.options_wanted) as told:
        box.activated.emit(box.currentIndex())
    assert told.args == [[1], {"mode": "precise"}]
    precise = next(
        action
        for menu in window.commands.job_menu.actions()
        if menu.menu()
        for action in menu.menu().actions()  # type: ignore[attr-defined]
        if action.text() == "Precise"
    )
    with qtbot.waitSignal(window.options_wanted) as told:
        precise.trigger()
    assert told.args == [[1], {"mode": "precise"}]


def names_dialog(window: MainWindow) -> tuple[QPlainTextEdit, QAbstractButton]:
    window.commands.names.trigger()
    dialog = window.findChildren(NamesDialog)[-1]
    field, buttons = dialog.findChild(QPlainTextEdit), dialog.findChild(QDialogButtonBox)
    assert field
    assert buttons
    return field, buttons.buttons()[0]


@without_a_screen
def test_names_and_words_are_asked_for_and_kept_with_commas(qtbot: QtBot, window: MainWindow) -> None:
    window.show_job(replace(JOB, options=Options(hotwords="Anna")))
    window.show_job(replace(JOB, id=2, options=Options(hotwords="Anna")))
    window.queue.selectAll()
    field, use = names_dialog(window)
    assert field.toPlainText() == "Anna"
    field.setPlainText("Anna\n  Peter Anderson, Kirchlengern;\n")
    with qtbot.waitSignal(window.options_wanted) as told:
        use.click()
    assert told.args == [[1, 2], {"hotwords": "Anna, Peter Anderson, Kirchlengern"}]


@without_a_screen
def test_names_that_were_not_touched_change_nothing(qtbot: QtBot, window: MainWindow) -> None:
    window.show_job(replace(JOB, options=Options(hotwords="Anna")))
    window.show_job(replace(JOB, id=2, options=Options(hotwords="Peter")))
    window.queue.selectAll()
    field, use = names_dialog(window)
    assert (field.toPlainText(), field.placeholderText()) == ("", "Several")
    with qtbot.assertNotEmitted(window.options_wanted):
        use.click()


def test_options_of_a_job_that_is_done_stay(window: MainWindow) -> None:
    window.show_job(CHECKED)
    assert not window.commands.names.isEnabled()
    box = next(box for box in window.pane.findChildren(QComboBox) if box.property("option") == "mode")
    assert not box.isEnabled()


def test_no_two_commands_come_with_a_key_that_both_need_in_the_same_place(window: MainWindow) -> None:
    keys = shortcuts_of(window.actions_with_keys())
    taken = [(one.name, key, keys.conflict(one.name, key)) for one in keys.commands for key in one.keys]
    assert [one for one in taken if one[2]] == []
    assert [one.name for one in keys.commands for key in one.keys if keys.refusal(one.name, key)] == []


def test_only_the_entries_that_name_a_format_export(window: MainWindow, qtbot: QtBot) -> None:
    wanted: list[list[str]] = []
    window.commands.export_wanted.connect(wanted.append)
    for action in (window.commands.export, window.commands.save_elsewhere, window.commands.copy_video):
        window.commands.export_menu.triggered.emit(action)
    assert wanted == []
    entry = next(one for one in window.commands.export_menu.actions() if one.text() == "VTT")
    window.commands.export_menu.triggered.emit(entry)
    assert wanted == [["vtt"]]
