"""The export dialog: what is chosen, what will be written, and what is remembered."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QComboBox, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.formats import FORMATS, WriteOptions
from desktop.core.jobs import Job
from desktop.core.rules import DEFAULT, PRESETS, Rules
from desktop.core.transcript import Transcript
from desktop.ui.export_choices import ExportChoices
from desktop.ui.export_dialog import ExportDialog
from desktop.ui.export_preview import PREVIEW_LINES
from tests.ui.cues.talk import talk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

JOBS = [Job(number, Path(f"/media/{name}")) for number, name in ((3, "talk.mp4"), (5, "lecture.flac"), (8, "a&b.mp3"))]
OWN = Rules(line_characters=30)
CHANGED = ExportChoices(
    formats=("vtt", "txt"),
    style="bbc",
    frame_rate=25.0,
    times="yes",
    paragraph_pause_ms=2_000,
    speakers=False,
    word_timestamps=True,
    suspects=True,
    folder="/tmp/subtitles",
    collision="overwrite",
    previewed="txt",
)

Open = Callable[..., ExportDialog]


@pytest.fixture
def open_dialog(qtbot: QtBot) -> Open:
    """Opens the dialog; the transcript of every job is the same talk unless told otherwise."""

    def opened(jobs: list[Job] | None = None, transcript: Transcript | None = None, **values: Any) -> ExportDialog:
        dialog = ExportDialog(jobs or JOBS, values.pop("choices", ExportChoices()), **values)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        text = transcript or talk(has_speakers=True)
        dialog.transcript_wanted.connect(lambda job_id: dialog.show_transcript(job_id, text))
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return opened


def named(dialog: QWidget, name: str) -> Any:
    widgets = [one for one in dialog.findChildren(QWidget) if not isinstance(one, QLabel)]
    found = [one for one in widgets if name in (one.accessibleName(), getattr(one, "text", str)())]
    assert len(found) == 1, found
    return found[0]


def choose(box: QComboBox, value: object) -> None:
    box.setFocus()
    while box.currentIndex() > box.findData(value):
        QTest.keyClick(box, Qt.Key.Key_Up)
    while box.currentIndex() < box.findData(value):
        QTest.keyClick(box, Qt.Key.Key_Down)


def shown(dialog: ExportDialog) -> str:
    """The preview, once it is up to date."""
    dialog._preview.show_now()
    return str(named(dialog, "Preview").toPlainText())


# --- choices ---


def test_the_choices_are_shown_and_given_back(open_dialog: Open) -> None:
    assert open_dialog(choices=CHANGED).choices == CHANGED


def test_choices_are_plain_values_that_are_read_again() -> None:
    record = json.loads(json.dumps(CHANGED.to_record()))
    assert ExportChoices.of(record) == CHANGED


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
        lambda some: st.lists(some, max_size=3) | st.dictionaries(st.sampled_from(list(CHANGED.to_record())), some),
        max_leaves=12,
    )
)
def test_choices_that_make_no_sense_are_as_when_first_installed(record: object) -> None:
    choices = ExportChoices.of(record)
    assert set(choices.formats) <= set(FORMATS)
    assert isinstance(choices.options(), WriteOptions)
    assert ExportChoices.of(choices.to_record()) == choices


@pytest.mark.parametrize(
    ("style", "rules"), [("bbc", PRESETS["bbc"].rules), ("own", OWN), ("as-it-is", None), ("default", DEFAULT)]
)
def test_the_style_gives_the_rules(style: str, rules: Rules | None) -> None:
    assert ExportChoices(style=style).options(OWN).rules == rules


def test_an_own_style_is_offered_if_there_is_one(open_dialog: Open) -> None:
    style = named(open_dialog(), "Subtitle style")
    assert style.findData("own") < 0
    style = named(open_dialog(own_rules=OWN), "Subtitle style")
    assert style.findData("own") > 0


def test_all_choices_are_made_by_keys(open_dialog: Open, qtbot: QtBot) -> None:
    dialog = open_dialog()
    for name in ("Format SRT", "Format Text"):
        QTest.keyClick(named(dialog, name), Qt.Key.Key_Space)
    choose(named(dialog, "Subtitle style"), "bbc")
    choose(named(dialog, "Frame rate"), 25.0)
    choose(named(dialog, "Times in text"), "yes")
    choose(named(dialog, "New paragraph"), 2_000)
    for name in ("Names of s&peakers", "Times of &words, where the format has them", "&Doubtful text too"):
        QTest.keyClick(named(dialog, name), Qt.Key.Key_Space)
    QTest.keyClicks(named(dialog, "Folder"), "/tmp/subtitles")
    choose(named(dialog, "When a file is already there"), "overwrite")
    with qtbot.waitSignal(dialog.export_wanted) as told:
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert told.args == [[3, 5, 8], CHANGED]
    assert not dialog.isVisible()


def test_escape_exports_nothing(open_dialog: Open, qtbot: QtBot) -> None:
    dialog = open_dialog()
    with qtbot.assertNotEmitted(dialog.export_wanted):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


# --- files ---


def test_chosen_jobs_are_ticked_and_others_can_be(open_dialog: Open) -> None:
    dialog = open_dialog(chosen=[5])
    assert dialog.job_ids == [5]
    QTest.mouseClick(named(dialog, "a&b.mp3"), Qt.MouseButton.LeftButton, pos=QPoint(8, 12))
    assert dialog.job_ids == [5, 8]
    assert named(dialog, "&Export 4 files").isEnabled()
    everything = dialog._all
    everything.click()
    assert dialog.job_ids == [3, 5, 8]
    everything.click()
    assert dialog.job_ids == []


def test_the_name_of_a_single_file_stands_above(open_dialog: Open) -> None:
    dialog = open_dialog(jobs=JOBS[:1])
    assert dialog.job_ids == [3]
    assert not [one for one in dialog.findChildren(QCheckBox) if one.accessibleName() == "talk.mp4" and one.isVisible()]
    assert not named(dialog, "File of the preview").isVisible()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda dialog: dialog._all.click(), "Choose at least one file."),
        (
            lambda dialog: [named(dialog, f"Format {one}").click() for one in ("SRT", "VTT")],
            "Choose at least one format.",
        ),
        (lambda dialog: named(dialog, "Folder").setText("subtitles"), "The folder needs its whole path."),
    ],
)
def test_what_cannot_be_written_says_why(
    open_dialog: Open, change: Callable[[ExportDialog], object], reason: str
) -> None:
    dialog = open_dialog()
    change(dialog)
    assert dialog._problem.text() == reason
    assert not dialog._export.isEnabled()


def test_a_folder_is_looked_for(open_dialog: Open) -> None:
    dialog = open_dialog()
    named(dialog, "Browse for a folder").click()
    asked = dialog.findChild(QFileDialog)
    asked.fileSelected.emit("/tmp/elsewhere")
    assert dialog.choices.folder == "/tmp/elsewhere"
    asked.close()


# --- preview ---


def test_the_preview_is_the_file_as_it_will_be(open_dialog: Open) -> None:
    dialog = open_dialog(transcript=talk(4))
    written = FORMATS["srt"].write(talk(4), dialog.choices.options())
    assert shown(dialog) == written
    assert dialog._preview.told == ""


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_format_is_previewed(open_dialog: Open, name: str) -> None:
    dialog = open_dialog()
    choose(named(dialog, "Format of the preview"), name)
    assert "bakery" in shown(dialog)


def test_ticking_a_format_shows_it(open_dialog: Open) -> None:
    dialog = open_dialog()
    named(dialog, "Format JSON").click()
    assert dialog.choices.previewed == "json"
    assert shown(dialog).startswith('{"format": "undertone"')


def test_the_preview_follows_the_choices_by_itself(open_dialog: Open, qtbot: QtBot) -> None:
    dialog = open_dialog()
    page = named(dialog, "Preview")
    qtbot.waitUntil(lambda: "bakery" in page.toPlainText())
    before = page.toPlainText()
    choose(named(dialog, "Subtitle style"), "vertical")
    qtbot.waitUntil(lambda: page.toPlainText() != before)


def test_only_the_beginning_of_a_long_file_is_written_for_the_preview(open_dialog: Open) -> None:
    dialog = open_dialog(transcript=talk(5_000))
    assert len(shown(dialog).split("\n")) == PREVIEW_LINES
    assert dialog._preview.told == "The first 200 lines"


def test_a_transcript_is_asked_for_once_and_waited_for(qtbot: QtBot) -> None:
    dialog = ExportDialog(JOBS, ExportChoices())
    qtbot.addWidget(dialog)
    asked: list[int] = []
    dialog.transcript_wanted.connect(asked.append)
    dialog._preview.show_now()
    dialog._preview.show_now()
    assert asked == [3]
    assert dialog._preview.told == "Reading the text…"
    dialog.show_transcript(3, talk(2))
    assert "Thank you" in shown(dialog)
    choose(named(dialog, "File of the preview"), 5)
    dialog._preview.show_now()
    assert asked == [3, 5]


def test_an_answer_after_the_end_is_let_go(qtbot: QtBot) -> None:
    dialog = ExportDialog(JOBS, ExportChoices())
    with qtbot.waitSignal(dialog.destroyed):
        dialog.show()
        dialog.close()
    dialog.show_transcript(3, talk(2))


# --- access ---


def test_everything_can_be_reached_by_tab_and_has_a_name(open_dialog: Open) -> None:
    dialog = open_dialog()
    dialog.activateWindow()
    seen: list[QWidget] = []
    one = dialog.focusWidget() or dialog.nextInFocusChain()
    for _step in range(200):
        takes_focus = one.isVisible() and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        if takes_focus and one not in seen:
            seen.append(one)
        one = one.nextInFocusChain()
    controls = [
        widget
        for widget in dialog.findChildren(QWidget)
        if isinstance(widget, QComboBox | QAbstractButton) and widget.isVisible() and widget.isEnabled()
    ]
    assert set(controls) <= set(seen)
    for widget in seen:
        assert widget.accessibleName() or getattr(widget, "text", str)(), widget


def test_the_wheel_scrolls_the_form_and_changes_nothing(open_dialog: Open) -> None:
    dialog = open_dialog()
    style = named(dialog, "Subtitle style")
    at = QPointF(style.rect().center())
    wheel = QWheelEvent(
        at,
        style.mapToGlobal(at),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(style, wheel)
    assert dialog.choices.style == "default"
