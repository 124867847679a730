"""The settings dialog: a control for every declaration, search, the way back; it fits and can be read."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QScrollArea,
    QSpinBox,
    QTableWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.core.i18n import use_language
from desktop.core.insertion import METHODS, Method
from desktop.core.recording import Device, SourceKind
from desktop.core.settings import PAGES, About, Settings, about_setting, about_settings
from desktop.ui.notices import Notices
from desktop.ui.settings_dialog import SettingsDialog
from desktop.ui.theme import Theme

ALL = list(about_settings())
NAMES = [name for name, _about in ALL]
MODELS = [("auto", "Automatic"), ("demo", "Demo (a few hundred words)"), ("small", "small")]
without_a_screen = pytest.mark.qt_log_ignore("This plugin does not support")
CHANGED: dict[str, Any] = {"language": "de", "vad": False, "beam_size": 8, "temperatures": (0.0, 0.4), "theme": "dark"}


@pytest.fixture
def dialog(qtbot: QtBot) -> SettingsDialog:
    return shown(qtbot)


def shown(qtbot: QtBot) -> SettingsDialog:
    widget = SettingsDialog(MODELS)
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def named(dialog: QWidget, name: str) -> Any:
    found = [one for one in dialog.findChildren(QWidget) if one.accessibleName() == name]
    assert len(found) == 1, found
    return found[0]


def reset_all(dialog: SettingsDialog) -> QAbstractButton:
    return next(one for one in dialog.findChildren(QAbstractButton) if one.text() == "Reset &all")


def control_of(dialog: SettingsDialog, name: str) -> Any:
    return named(dialog, about_setting(name).label)


def other_value(name: str, about: About, folder: Path) -> Any:
    """A value that is not the default."""
    default = getattr(Settings(), name)
    others: dict[str, Any] = {
        "switch": not default,
        "choice": [value for value in about.choices if value != default][-1] if about.choices else None,
        "choices": tuple(about.choices)[1:],
        "number": round(about.minimum if about.minimum != default else about.maximum),
        "numbers": (about.minimum + 0.25, float(about.maximum)),
        "text": "Peter Anderson, CTranslate2",
        "folder": str(folder),
        "model": "small",
        "microphone": "USB Microphone",
        "system-sound": "Headphones",
        "shortcut": "Ctrl+Shift+F9",
        "words": (("under tone", "Undertone"),),
        "methods": (("emacs", "selection"),),
    }
    return others[about.kind]


def read(control: Any) -> Any:
    """The value that a control shows."""
    match control:
        case QCheckBox():
            return control.isChecked()
        case QComboBox():
            assert control.currentText() == control.itemText(control.currentIndex())
            return control.currentData()
        case QSpinBox():
            return control.value()
        case QLineEdit():
            return control.text()
        case QPlainTextEdit():
            return control.toPlainText()
        case _:
            return read_parts(control)


def read_parts(control: Any) -> Any:
    """The value of a control with parts."""
    match control:
        case QKeySequenceEdit():
            return control.keySequence().toString()
        case QTableWidget():
            return [tuple(control.item(row, at).text() for at in (0, 1)) for row in range(control.rowCount())]
        case _:
            return [box.text() for box in control.findChildren(QCheckBox) if box.isChecked()]


def expected(about: About, value: Any) -> Any:
    """What `read` tells when the control shows this value."""
    if about.kind == "numbers":
        return ", ".join(f"{part:g}" for part in value)
    if about.kind in ("words", "methods"):
        return [(first, METHODS[second] if about.kind == "methods" else second) for first, second in value]
    return [about.choices[part] for part in value] if about.kind == "choices" else value


def operate(qtbot: QtBot, control: Any, about: About, value: Any) -> None:
    """Do with mouse and keyboard what a person does to set this value."""
    match control:
        case QCheckBox():
            control.setFocus()
            qtbot.keyClick(control, Qt.Key.Key_Space)
        case QComboBox() if control.isEditable():
            control.lineEdit().selectAll()
            qtbot.keyClicks(control.lineEdit(), about.choices[value].lower())
            qtbot.keyClick(control.lineEdit(), Qt.Key.Key_Return)
        case QComboBox():
            control.setFocus()
            while control.currentData() != value:
                step = Qt.Key.Key_Down if control.findData(value) > control.currentIndex() else Qt.Key.Key_Up
                qtbot.keyClick(control, step)
        case QSpinBox() | QLineEdit() | QPlainTextEdit():
            control.selectAll()
            qtbot.keyClicks(control, str(expected(about, value)))
            qtbot.keyClick(control, Qt.Key.Key_Return)
        case QKeySequenceEdit():
            held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
            qtbot.keyClick(control, Qt.Key.Key_F9, held)
        case QTableWidget():
            fill(qtbot, control, about, value[0])
        case _:
            for box in control.findChildren(QCheckBox):
                if box.isChecked() != (box.text() in expected(about, value)):
                    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))


def fill(qtbot: QtBot, table: QTableWidget, about: About, pair: tuple[str, str]) -> None:
    """Add a row to a table, cell by cell."""
    add = named(table.window(), f"Add a row to “{about.label}”")
    add.setFocus()
    qtbot.keyClick(add, Qt.Key.Key_Space)
    line = table.findChild(QLineEdit)
    assert line, "the new row waits for its first word"
    qtbot.keyClicks(line, pair[0])
    qtbot.keyClick(line, Qt.Key.Key_Return)
    if about.kind == "words":
        qtbot.waitUntil(lambda: table.currentColumn() == 1)
        line = table.findChildren(QLineEdit)[-1]
        qtbot.keyClicks(line, pair[1])
        qtbot.keyClick(line, Qt.Key.Key_Return)
    else:
        qtbot.waitUntil(lambda: table.item(0, 0).text() == pair[0])
        table.item(0, 1).setText(METHODS[Method(pair[1])])
    qtbot.waitUntil(lambda: table.state() is QTableWidget.State.NoState)


@without_a_screen
@pytest.mark.parametrize(("name", "about"), ALL, ids=NAMES)
def test_every_setting_has_a_control_that_shows_it_and_changes_it(
    qtbot: QtBot, dialog: SettingsDialog, tmp_path: Path, name: str, about: About
) -> None:
    control = control_of(dialog, name)
    assert read(control) == expected(about, getattr(Settings(), name))
    told: list[tuple[str, Any]] = []
    dialog.changed.connect(lambda changed, value: told.append((changed, value)))
    value = other_value(name, about, tmp_path)

    dialog.show_settings(Settings().with_value(name, value))
    assert read(control) == expected(about, value)
    dialog.show_settings(Settings())
    assert read(control) == expected(about, getattr(Settings(), name))
    assert told == []

    named(dialog, "Pages").setCurrentRow(PAGES.index(about.page))
    operate(qtbot, control, about, value)
    assert told[-1] == (name, value)
    assert {changed for changed, _value in told} == {name}
    assert read(control) == expected(about, value)


def test_every_label_leads_to_its_control_by_an_alt_letter_of_its_own(dialog: SettingsDialog) -> None:
    buttons = {one.text() for one in dialog.findChildren(QAbstractButton) if "&" in one.text()}
    for page in PAGES:
        labels = {about.label for _name, about in ALL if about.page == page}
        found = [one for one in dialog.findChildren(QLabel) if one.text().replace("&", "") in labels and one.buddy()]
        assert len(found) == len(labels)
        letters = [text.partition("&")[2][0].lower() for text in (*buttons, *(one.text() for one in found))]
        assert len(letters) == len(set(letters))
        assert all(one.buddy().focusPolicy() is not Qt.FocusPolicy.NoFocus for one in found)


def test_every_control_can_be_named_aloud(dialog: SettingsDialog) -> None:
    dialog.show_settings(Settings(**CHANGED))
    reset_all(dialog).click()
    kinds = (QAbstractButton, QComboBox, QAbstractSpinBox, QLineEdit, QPlainTextEdit, QListWidget)
    # A line inside a box, the button that clears a line.
    inner = (QComboBox, QAbstractSpinBox, QLineEdit, QKeySequenceEdit, QTableWidget)
    controls = [one for one in dialog.findChildren(QWidget) if isinstance(one, kinds) and not one.isHidden()]
    assert len(controls) > len(ALL)
    for control in controls:
        text = control.text() if isinstance(control, QAbstractButton) else ""
        assert control.accessibleName() or text or isinstance(control.parent(), inner), control


def test_the_search_finds_words_of_labels_helps_and_choices_on_all_pages(qtbot: QtBot, dialog: SettingsDialog) -> None:
    search = named(dialog, "Search settings")

    def found(words: str) -> set[str]:
        search.clear()
        qtbot.keyClicks(search, words)
        return {name for name in NAMES if control_of(dialog, name).isVisible()}

    assert found("beam") == {"beam_size"}
    assert found("ICELANDIC") == {"language", "record_language", "dictation_language"}
    assert found("replace it") == {"collision"}
    assert found("queue done") == {"notify"}
    assert {"keep_awake", "close_to_tray"} <= found("keep")
    assert found("no such words") == set()
    assert [one.isVisible() for one in dialog.findChildren(QLabel) if one.text().startswith("No setting")] == [True]
    assert found("") == {name for name, about in ALL if about.page == PAGES[0]}


def test_choosing_a_page_ends_the_search(qtbot: QtBot, dialog: SettingsDialog) -> None:
    pages, search = named(dialog, "Pages"), named(dialog, "Search settings")
    qtbot.keyClicks(search, "beam")
    assert pages.currentRow() == -1
    pages.setCurrentRow(PAGES.index("Export"))
    assert search.text() == ""
    assert control_of(dialog, "collision").isVisible()
    assert not control_of(dialog, "beam_size").isVisible()


def test_the_arrow_beside_a_changed_setting_brings_its_default_back(qtbot: QtBot, dialog: SettingsDialog) -> None:
    arrow = named(dialog, "Reset “Beam size”")
    assert not arrow.isVisible()
    dialog.show_settings(Settings(beam_size=8))
    assert arrow.isVisible()
    with qtbot.waitSignal(dialog.changed) as told:
        qtbot.mouseClick(arrow, Qt.MouseButton.LeftButton)
    assert told.args == ["beam_size", 5]
    assert not arrow.isVisible()
    assert control_of(dialog, "beam_size").value() == 5


def test_all_can_be_reset_and_that_undone(qtbot: QtBot, dialog: SettingsDialog) -> None:
    kept = Settings()

    def keep(name: str, value: object) -> None:
        nonlocal kept
        kept = kept.with_value(name, value)

    dialog.changed.connect(keep)
    kept = Settings(**CHANGED)
    dialog.show_settings(kept)
    button = reset_all(dialog)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert kept == Settings()
    assert not button.isEnabled()
    bar = dialog.findChild(Notices)
    assert bar
    assert bar.shown_text == "All settings were reset."
    undo = next(one for one in bar.findChildren(QAbstractButton) if one.text() == "Undo")
    qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert kept == Settings(**CHANGED)
    assert control_of(dialog, "beam_size").value() == 8


def test_numbers_out_of_their_limits_are_explained_and_change_nothing(qtbot: QtBot, dialog: SettingsDialog) -> None:
    line = control_of(dialog, "temperatures")
    line.selectAll()
    with qtbot.assertNotEmitted(dialog.changed):
        for typed in ("7", "7 x", "nan"):
            line.selectAll()
            qtbot.keyClicks(line, typed)
            assert line.accessibleDescription() == "Numbers from 0 to 1, such as 0, 0.5."
    line.selectAll()
    with qtbot.waitSignal(dialog.changed) as told:
        qtbot.keyClicks(line, "1")
    assert told.args == ["temperatures", (1.0,)]
    assert line.accessibleDescription() == about_setting("temperatures").help


def test_a_folder_that_is_not_there_is_refused_and_the_cross_takes_it_away(
    qtbot: QtBot, dialog: SettingsDialog, tmp_path: Path
) -> None:
    line = control_of(dialog, "export_folder")
    dialog.show_settings(Settings(export_folder=str(tmp_path)))
    with qtbot.assertNotEmitted(dialog.changed):
        for typed in (str(tmp_path / "nowhere"), "relative", "~nobody-of-this-name", "/" + "x" * 5_000):
            line.setText(typed)
            qtbot.keyClick(line, Qt.Key.Key_Return)
            assert line.accessibleDescription() == "There is no such folder."
    with qtbot.waitSignal(dialog.changed) as told:
        line.selectAll()
        qtbot.keyClick(line, Qt.Key.Key_Delete)
    assert told.args == ["export_folder", ""]


def test_a_text_counts_once_the_keyboard_goes_elsewhere(qtbot: QtBot, dialog: SettingsDialog) -> None:
    field = control_of(dialog, "prompt")
    with qtbot.assertNotEmitted(dialog.changed):
        field.setFocus()
        qtbot.keyClicks(field, "So we came to the river.")
    with qtbot.waitSignal(dialog.changed) as told:
        qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert told.args == ["prompt", "So we came to the river."]
    with qtbot.assertNotEmitted(dialog.changed):
        field.setFocus()
        qtbot.keyClick(field, Qt.Key.Key_Tab)


def test_a_text_is_not_lost_when_the_dialog_is_closed(qtbot: QtBot, dialog: SettingsDialog) -> None:
    field = control_of(dialog, "hotwords")
    field.setFocus()
    field.insertPlainText("Anna,\nPeter ")
    with qtbot.waitSignal(dialog.changed) as told:
        qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert told.args == ["hotwords", "Anna, Peter"]


@without_a_screen
@pytest.mark.parametrize(("opener", "setting"), [("Browse for “Folder”", "export_folder"), ("Choose folder…", "model")])
def test_folders_are_chosen_in_the_dialog_of_the_system(
    qtbot: QtBot, dialog: SettingsDialog, tmp_path: Path, opener: str, setting: str
) -> None:
    if setting == "model":
        combo = control_of(dialog, "model")
        combo.setCurrentIndex(combo.findText(opener))
        combo.activated.emit(combo.currentIndex())
        assert combo.currentData() == "auto"
    else:
        named(dialog, opener).click()
    chooser = dialog.findChild(QFileDialog)
    assert chooser
    with qtbot.waitSignal(dialog.changed) as told:
        chooser.fileSelected.emit(str(tmp_path))
    assert told.args == [setting, str(tmp_path)]
    assert read(control_of(dialog, setting)) == str(tmp_path)
    chooser.close()


def test_a_model_that_is_no_longer_installed_is_still_shown(dialog: SettingsDialog) -> None:
    dialog.show_settings(Settings(model="/models/large-v3"))
    assert control_of(dialog, "model").currentText() == "large-v3"


@without_a_screen
def test_a_language_is_found_by_a_part_of_its_name(qtbot: QtBot, dialog: SettingsDialog) -> None:
    line = control_of(dialog, "language").lineEdit()
    line.selectAll()
    with qtbot.waitSignal(dialog.changed) as told:
        qtbot.keyClicks(line, "nynor")
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert told.args == ["language", "nn"]
    line.selectAll()
    with qtbot.assertNotEmitted(dialog.changed):
        qtbot.keyClicks(line, "klingon")
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "Norwegian Nynorsk"


@pytest.mark.parametrize("name", ["beam_size", "device", "language"])
def test_scrolling_over_a_control_does_not_change_it(qtbot: QtBot, dialog: SettingsDialog, name: str) -> None:
    control = control_of(dialog, name)
    none, steps = QPoint(), QPoint(0, -120)
    wheel = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        none,
        steps,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    with qtbot.assertNotEmitted(dialog.changed):
        QApplication.sendEvent(control, wheel)


def test_escape_closes_and_return_does_nothing(qtbot: QtBot, dialog: SettingsDialog) -> None:
    search = named(dialog, "Search settings")
    qtbot.keyClick(search, Qt.Key.Key_Return)
    assert dialog.isVisible()
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


# --- it fits ----------------------------------------------------------------------------------------------------------


def catalogue(messages: dict[str, str]) -> bytes:
    """A compiled gettext catalogue (the .mo format)."""
    pairs = sorted((key.encode(), value.encode()) for key, value in messages.items())
    at = 28 + 16 * len(pairs)
    tables, texts = [b"", b""], b""
    for column in (0, 1):
        for pair in pairs:
            tables[column] += struct.pack("<II", len(pair[column]), at + len(texts))
            texts += pair[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + tables[0] + tables[1] + texts


@pytest.fixture
def wordy(tmp_path: Path) -> Iterator[None]:
    """A language that takes half as many letters again, and a long word for each sentence."""
    texts = [text for _name, about in ALL for text in (about.page, about.label, about.help, *about.choices.values())]
    longer = {text: f"{text} Einstellungsvorgang{' und noch mehr' * (len(text) // 28)}" for text in texts}
    longer[""] = "Content-Type: text/plain; charset=UTF-8\n"
    folder = tmp_path / "translations" / "xx" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "undertone.mo").write_bytes(catalogue(longer))
    use_language("xx", tmp_path / "translations")
    yield
    use_language("en", tmp_path / "nowhere")


@pytest.mark.usefixtures("wordy")
@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_it_fits_its_smallest_size_in_a_wordy_language(
    qtbot: QtBot, direction: Qt.LayoutDirection, look: Theme
) -> None:
    dialog = shown(qtbot)
    dialog.setLayoutDirection(direction)
    dialog.resize(dialog.minimumSize())
    assert dialog.width() <= 1024
    assert dialog.height() <= 640
    area = dialog.findChild(QScrollArea)
    assert area
    for row in range(len(PAGES)):
        dialog.findChildren(QListWidget)[0].setCurrentRow(row)
        inside = area.widget()
        assert inside.minimumSizeHint().width() <= area.viewport().width()
        for control in inside.findChildren(QWidget):
            if control.isVisible() and control.accessibleName():
                left = control.mapTo(area.viewport(), QPoint(0, 0)).x()
                assert left >= 0
                assert left + control.width() <= area.viewport().width()


def test_devices_are_offered_by_name_and_one_that_is_unplugged_stays_chosen(dialog: SettingsDialog) -> None:
    microphones, system = (control_of(dialog, name) for name in ("microphone", "system_sound"))
    dialog.show_settings(Settings(microphone="USB Microphone"))
    assert microphones.currentText() == "USB Microphone (not plugged in)"
    usb = Device("1", "USB Microphone", SourceKind.MICROPHONE, 48_000, 1)
    speakers = Device("2", "Speakers", SourceKind.SYSTEM, 48_000, 2)
    dialog.show_devices((usb, speakers))
    assert microphones.currentText() == "USB Microphone"
    assert [microphones.itemText(at) for at in range(1, microphones.count())] == ["USB Microphone"]
    assert [system.itemText(at) for at in range(1, system.count())] == ["Speakers"]
    dialog.show_devices((speakers,))
    assert microphones.currentText() == "USB Microphone (not plugged in)"
    assert microphones.currentData() == "USB Microphone"


def test_models_that_came_meanwhile_can_be_chosen_and_the_chosen_one_stays(
    qtbot: QtBot, dialog: SettingsDialog
) -> None:
    dialog.show_settings(Settings(model="small"))
    dialog.show_models([("demo", "Demo"), ("base", "base"), ("small", "small")])
    box = control_of(dialog, "model")
    assert [box.itemData(row) for row in range(box.count())] == ["auto", "demo", "base", "small", ""]
    assert box.currentData() == "small"
    dialog.show_models([("demo", "Demo")])
    assert box.currentData() == "small"
