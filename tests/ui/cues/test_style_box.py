"""The choice of a style, and rules of one's own: made in a form, kept in a file."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QFileDialog, QPushButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.errors import ExportFailed, FileForbidden, FileMissing, RuleImpossible
from desktop.core.rules import DEFAULT, PRESETS, Rules, read_rules
from desktop.ui.cues.rules_dialog import RulesDialog
from desktop.ui.cues.style_box import StyleBox

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
OWN = Rules(line_characters=30, gap_frames=2)


@pytest.fixture
def box(qtbot: QtBot) -> StyleBox:
    one = StyleBox()
    qtbot.addWidget(one)
    one.show()
    return one


def choice_of(box: StyleBox) -> QComboBox:
    found: QComboBox = box.findChild(QComboBox)
    return found


def choose(box: StyleBox, label: str) -> None:
    choice = choice_of(box)
    choice.setFocus()
    while choice.currentText() != label:
        QTest.keyClick(choice, Qt.Key.Key_Down)


def control(dialog: QWidget, name: str) -> QWidget:
    return next(one for one in dialog.findChildren(QWidget) if one.accessibleName() == name)


def test_every_preset_is_offered_with_its_source(box: StyleBox) -> None:
    choice = choice_of(box)
    assert [choice.itemText(row) for row in range(choice.count())] == [one.label for one in PRESETS.values()]
    assert choice.itemData(1, Qt.ItemDataRole.ToolTipRole) == PRESETS["netflix"].source


def test_a_preset_is_chosen_by_keys(box: StyleBox, qtbot: QtBot) -> None:
    with qtbot.waitSignal(box.rules_changed) as told:
        choose(box, "Netflix")
    assert told.args == [PRESETS["netflix"].rules, "netflix"]
    assert choice_of(box).toolTip() == choice_of(box).accessibleDescription() == PRESETS["netflix"].source


def test_rules_that_are_no_preset_are_an_own_style(box: StyleBox) -> None:
    box.show_rules(OWN)
    assert (box.label, box.is_own) == ("Own style", True)
    box.show_rules(PRESETS["bbc"].rules)
    assert (box.label, box.is_own) == ("BBC", False)
    assert choice_of(box).findText("Own style") < 0


def test_the_form_makes_an_own_style(box: StyleBox, qtbot: QtBot) -> None:
    box.edit_rules()
    dialog = box.findChild(RulesDialog)
    field = control(dialog, "Most characters in a line")
    assert isinstance(field, QSpinBox)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "30")
    frames = control(dialog, "Smallest gap in frames; they count at 24 a second without a frame rate")
    frames.setFocus()
    QTest.keyClick(frames, Qt.Key.Key_Up)
    QTest.keyClick(frames, Qt.Key.Key_Up)
    with qtbot.waitSignal(box.rules_changed) as told:
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert told.args == [OWN, ""]
    assert box.label == "Own style"


def test_an_own_style_goes_back_to_where_it_came_from(box: StyleBox, qtbot: QtBot) -> None:
    choose(box, "BBC")
    box.show_rules(OWN)
    assert box._reset.text() == "&Reset to “BBC”"
    with qtbot.waitSignal(box.rules_changed) as told:
        box._reset.trigger()
    assert told.args == [PRESETS["bbc"].rules, "bbc"]
    assert not box._reset.isEnabled()


@pytest.fixture
def form(qtbot: QtBot) -> RulesDialog:
    dialog = RulesDialog(OWN, DEFAULT, "Undertone")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


@pytest.mark.parametrize("rules", [OWN, *(preset.rules for preset in PRESETS.values())])
def test_the_form_shows_all_rules_and_gives_them_back(qtbot: QtBot, rules: Rules) -> None:
    dialog = RulesDialog(rules, DEFAULT, "Undertone")
    qtbot.addWidget(dialog)
    assert dialog.rules == rules


def test_reset_in_the_form_waits_for_use(form: RulesDialog, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(form.chosen):
        form._reset.click()
    assert form.rules == DEFAULT
    assert not form._reset.isEnabled()


def test_rules_that_contradict_each_other_are_not_taken(form: RulesDialog) -> None:
    shortest = control(form, "Shortest time on the screen")
    assert isinstance(shortest, QSpinBox)
    shortest.setValue(9_000)
    assert form._problem.text() == "The shortest time is longer than the longest."
    assert not form._use.isEnabled()


def test_escape_changes_nothing(form: RulesDialog, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(form.chosen):
        QTest.keyClick(form, Qt.Key.Key_Escape)
    assert not form.isVisible()


def test_every_control_of_the_form_has_a_name(form: RulesDialog) -> None:
    controls = [one for one in form.findChildren(QWidget) if isinstance(one, QAbstractSpinBox | QComboBox)]
    assert len(controls) > 8
    assert all(one.accessibleName() for one in controls)
    assert {one.text() for one in form.findChildren(QPushButton)} == {
        "&Reset to “Undertone”",
        "&Cancel",
        "&Use these rules",
    }


# --- files ---


def test_rules_are_kept_as_a_file_and_read_again(box: StyleBox, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    box.show_rules(OWN)
    box.save(str(file))
    assert read_rules(file.read_text(), file.name) == OWN
    box.show_rules(DEFAULT)
    with qtbot.waitSignal(box.rules_changed) as told:
        box.load(str(file))
    assert told.args == [OWN, ""]


def test_a_file_that_cannot_be_read_is_told(box: StyleBox, qtbot: QtBot, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("line_characters = 'many'")
    for path, error in ((tmp_path / "none.toml", FileMissing), (tmp_path, FileForbidden), (wrong, RuleImpossible)):
        with qtbot.waitSignal(box.failed) as told:
            box.load(str(path))
        assert isinstance(told.args[0], error)
    assert box.rules == DEFAULT


def test_a_file_that_cannot_be_written_is_told(box: StyleBox, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(box.failed) as told:
        box.save(str(tmp_path / "no folder" / "own.toml"))
    assert isinstance(told.args[0], ExportFailed)


@pytest.mark.parametrize("name", ["_on_load", "_on_save"])
def test_files_are_asked_for(box: StyleBox, name: str) -> None:
    getattr(box, name)()
    dialog = box.findChild(QFileDialog)
    assert dialog.isVisible()
    assert dialog.defaultSuffix() == "toml"
    dialog.close()
