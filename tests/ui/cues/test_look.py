"""What the page of cues looks like: marks that do not need colour, both directions, wordy languages."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.i18n import use_language
from desktop.core.jobs import Job
from desktop.core.rules import DEFAULT
from desktop.core.transcript import Transcript
from desktop.ui.cues.cue_model import Column
from desktop.ui.cues.rules_dialog import RulesDialog
from desktop.ui.export_choices import ExportChoices
from desktop.ui.export_dialog import ExportDialog
from desktop.ui.theme import Theme
from tests.ui.cues.conftest import Desk
from tests.ui.cues.talk import segment, talk
from tests.ui.cues.test_problems_panel import troubled
from tests.ui.test_settings_dialog import catalogue

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Open = Callable[..., Desk]
UI = Path(__file__).parents[3] / "desktop" / "ui"
SENTENCE = re.compile(r'(?:_|mark|_n)\(\s*"((?:[^"\\]|\\.)*)"')


def ink(desk: Desk, row: int, column: Column) -> int:
    """How many points of a cell are not its ground."""
    picture = desk.pane.table.viewport().grab(cell(desk, row, column)).toImage()
    ground = QColor(picture.pixelColor(picture.width() // 2, 2))
    return sum(picture.pixelColor(x, y) != ground for x in range(picture.width()) for y in range(picture.height() - 2))


def cell(desk: Desk, row: int, column: Column) -> QRect:
    return desk.pane.table.visualRect(desk.pane.table.model().index(row, column)).adjusted(2, 2, -2, -2)


def first_ink(picture: QImage) -> int:
    """The first column of points that has any ink, from the left."""
    ground = picture.pixelColor(0, 0)
    return next(
        (
            x
            for x in range(picture.width())
            if any(picture.pixelColor(x, y) != ground for y in range(picture.height() - 2))
        ),
        picture.width(),
    )


def text_of(desk: Desk, row: int) -> QImage:
    area = cell(desk, row, Column.TEXT)
    area.setWidth(area.width() - 60)
    return desk.pane.table.viewport().grab(area).toImage()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_problem_has_a_mark_and_words(open_desk: Open, look: Theme, theme: str) -> None:
    look.use(theme)
    desk = open_desk(troubled())
    desk.pane.table.clearSelection()
    assert ink(desk, 1, Column.NOTES) > 200
    assert ink(desk, 0, Column.NOTES) == 0


def test_without_room_for_words_the_mark_stays(open_desk: Open, look: Theme) -> None:
    desk = open_desk(troubled())
    desk.pane.resize(560, 500)
    desk.pane.table.clearSelection()
    assert desk.pane.table.columnWidth(Column.NOTES) < 40
    assert ink(desk, 1, Column.NOTES) > 20


def test_the_cue_that_is_said_has_a_pointer(open_desk: Open, look: Theme) -> None:
    desk = open_desk(talk())
    desk.pane.table.choose(5)
    before = ink(desk, 2, Column.NUMBER)
    desk.pane.set_playhead(desk.pane.cues[2].start_ms)
    assert ink(desk, 2, Column.NUMBER) > before + 20


def test_text_from_right_to_left_stands_at_the_right(open_desk: Open, look: Theme) -> None:
    desk = open_desk(Transcript((segment("Yes, of course.", 0), segment("نعم، بالطبع.", 4_000)), duration_ms=9_000))
    desk.pane.table.clearSelection()
    assert first_ink(text_of(desk, 0)) < 20
    assert first_ink(text_of(desk, 1)) > 60


def test_the_page_is_mirrored_where_one_reads_from_right_to_left(
    open_desk: Open, qapp: QApplication, look: Theme
) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        desk = open_desk(troubled())
        table = desk.pane.table
        number, text = (cell(desk, 0, column).left() for column in (Column.NUMBER, Column.TEXT))
        assert number > text
        desk.go("Thank you")
        desk.press(Qt.Key.Key_Return)
        assert desk.editor.geometry().left() >= 0
        assert desk.editor.geometry().right() <= table.viewport().width()
        desk.pane.grab()
        desk.press(Qt.Key.Key_Escape)
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_an_editor_at_the_bottom_opens_inside_of_the_table(open_desk: Open, look: Theme) -> None:
    desk = open_desk(talk(60))
    desk.pane.table.choose(len(desk.pane.cues) - 1)
    desk.press(Qt.Key.Key_Return)
    assert desk.pane.table.viewport().rect().contains(desk.editor.geometry())
    desk.press(Qt.Key.Key_Escape)


# --- languages ---


@pytest.fixture
def wordy(tmp_path: Path) -> Iterator[None]:
    """A language that takes a third more letters, in longer words, for every sentence of these pages."""
    files = [*(UI / "cues").glob("*.py"), UI / "export_dialog.py", UI.parent / "core" / "rules.py"]
    texts = {found for file in files for found in SENTENCE.findall(file.read_text(encoding="utf-8"))}
    longer = {text: f"{text}{'wörtlich'[: 2 + len(text) // 3]}{' und mehr' * (len(text) // 24)}" for text in texts}
    longer[""] = "Content-Type: text/plain; charset=UTF-8\n"
    folder = tmp_path / "translations" / "xx" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "undertone.mo").write_bytes(catalogue(longer))
    use_language("xx", tmp_path / "translations")
    yield
    use_language("en", tmp_path / "nowhere")


def check_inside(window: QWidget, area: QWidget) -> None:
    for control in window.findChildren(QWidget):
        is_control = isinstance(control, QAbstractButton | QComboBox)
        if is_control and control.isVisible() and area.isAncestorOf(control):
            left = control.mapTo(area, QPoint(0, 0)).x()
            assert left >= 0, control.accessibleName()
            assert left + control.width() <= area.width(), control.accessibleName()


@pytest.mark.usefixtures("wordy")
def test_the_page_fits_in_a_wordy_language(open_desk: Open, look: Theme) -> None:
    desk = open_desk(troubled())
    desk.pane.resize(640, 420)
    QApplication.processEvents()
    assert desk.pane.width() <= 640
    check_inside(desk.pane, desk.pane)


@pytest.mark.usefixtures("wordy")
def test_the_export_dialog_fits_in_a_wordy_language(qtbot: QtBot, look: Theme) -> None:
    jobs = [Job(number, Path(f"/media/A talk with a rather long name, number {number}.flac")) for number in range(1, 9)]
    dialog = ExportDialog(jobs, ExportChoices())
    qtbot.addWidget(dialog)
    dialog.resize(dialog.minimumSize())
    dialog.show()
    QApplication.processEvents()
    assert dialog.width() <= 1024
    assert dialog.height() <= 640
    areas = [area for area in dialog.findChildren(QScrollArea) if area.isVisible()]
    for area in areas:
        check_inside(dialog, area.viewport())
    check_inside(dialog, dialog)


@pytest.mark.usefixtures("wordy")
def test_the_rules_fit_in_a_wordy_language(qtbot: QtBot, look: Theme) -> None:
    dialog = RulesDialog(DEFAULT, DEFAULT, "Undertone")
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.width() <= 640
    assert dialog.height() <= 640
    for area in dialog.findChildren(QScrollArea):
        check_inside(dialog, area.viewport())
