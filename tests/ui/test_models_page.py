"""The page of the models: what can be done with each, and that nothing is wished for without a press of a button."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QMessageBox, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.catalogue import Entry, Progress, Stage, Standing
from desktop.ui.models_page import ModelsPage

ENTRIES = (
    Entry("base", Standing.INSTALLED, "Systran/base", 145_000_000),
    Entry("shared", Standing.SHARED, "Systran/shared", 145_000_000),
    Entry("demo", Standing.DEMO, size=3_000_000),
    Entry("medium", Standing.BROKEN, "Systran/medium", 1_530_000_000, problem="missing tokenizer.json"),
    Entry("large-v3", repository="Systran/large", size=3_090_000_000),
    Entry("small", repository="Systran/small", size=486_000_000, speed=14.0, reason="the best here"),
    Entry("tiny", repository="Systran/tiny", size=78_000_000, fetched=40_000_000),
)


@pytest.fixture
def page(qtbot: QtBot) -> ModelsPage:
    widget = ModelsPage()
    qtbot.addWidget(widget)
    widget.show_entries(ENTRIES)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def buttons(page: QWidget) -> dict[str, QAbstractButton]:
    return {
        one.accessibleName(): one
        for one in page.findChildren(QAbstractButton)
        if one.isVisible() and one.accessibleName()
    }


def texts(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


class Wishes:
    def __init__(self, page: ModelsPage) -> None:
        self.all: list[tuple[str, str]] = []
        page.install_wanted.connect(lambda wanted: self.all.append(("install", wanted)))
        page.cancel_wanted.connect(lambda wanted: self.all.append(("cancel", wanted)))
        page.remove_wanted.connect(lambda wanted: self.all.append(("remove", wanted)))


def test_each_model_has_what_can_be_done_with_it_and_no_more(page: ModelsPage) -> None:
    there = set(buttons(page))
    assert {
        "Remove base",
        "Install medium again",
        "Install small",
        "Install large-v3",
        "Go on installing tiny",
    } <= there
    assert not [name for name in there if "demo" in name or "shared" in name]
    assert not [name for name in there if name in ("Install base", "Remove small", "Remove large-v3")]
    said = texts(page)
    assert "The best here. Takes 1 min at 50 Mbit/s." in said
    assert "missing tokenizer.json" in said
    assert "40 MB of it are here" in said
    assert "used where it lies" in said
    assert "knows few words" in said


def test_the_recommended_one_stands_first_of_those_that_can_be_had(page: ModelsPage) -> None:
    heights = {name: button.mapTo(page, button.pos()).y() for name, button in buttons(page).items()}
    offered = [name for name in sorted(heights, key=heights.__getitem__) if name.startswith(("Install ", "Go on"))]
    assert offered == ["Install medium again", "Install small", "Install large-v3", "Go on installing tiny"]


def test_a_button_installs_and_then_stops(qtbot: QtBot, page: ModelsPage) -> None:
    wishes = Wishes(page)
    qtbot.mouseClick(buttons(page)["Install small"], Qt.MouseButton.LeftButton)
    page.show_work("small", ["large-v3"])
    page.show_progress("small", Progress("small", Stage.FETCHING, 243_000_000, 486_000_000, 11e6, 22.0))
    assert "243 MB of 486 MB, 11 MB/s, 22 s left" in texts(page)
    assert "Waits for its turn." in texts(page)
    bar = next(one for one in page.findChildren(QProgressBar) if one.isVisible())
    assert bar.value() * 2 == bar.maximum()
    page.show_entries(ENTRIES)
    assert "243 MB of 486 MB" in texts(page)
    qtbot.mouseClick(buttons(page)["Stop installing large-v3"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(buttons(page)["Stop installing small"], Qt.MouseButton.LeftButton)
    assert wishes.all == [("install", "small"), ("cancel", "large-v3"), ("cancel", "small")]
    page.show_work("", [])
    assert "Install small" in buttons(page)


def test_something_of_the_disk_or_the_hub_has_a_row_while_it_comes(qtbot: QtBot, page: ModelsPage) -> None:
    page.show_work("/home/me/whisper.zip", ["somebody/whisper"])
    wanted = {"Stop installing whisper.zip", "Stop installing somebody/whisper"}
    qtbot.waitUntil(lambda: wanted <= set(buttons(page)))
    page.show_work("", [])
    assert "somebody/whisper" not in texts(page)


def test_a_name_on_the_hub_is_wished_for_with_enter(qtbot: QtBot, page: ModelsPage) -> None:
    wishes = Wishes(page)
    line = page.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    qtbot.keyClicks(line, " somebody/whisper ")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert wishes.all == [("install", "somebody/whisper")]
    assert line.text() == ""


@pytest.mark.qt_log_ignore("This plugin does not support")
@pytest.mark.parametrize(("answer", "wished"), [("Remove", [("remove", "base")]), ("Keep it", [])])
def test_removing_is_asked_once(qtbot: QtBot, page: ModelsPage, answer: str, wished: list[Any]) -> None:
    wishes = Wishes(page)
    qtbot.mouseClick(buttons(page)["Remove base"], Qt.MouseButton.LeftButton)
    box = page.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert "145 MB" in box.informativeText()
    next(one for one in box.buttons() if one.text() == answer).click()
    assert wishes.all == wished


def test_offline_leaves_only_the_disk(page: ModelsPage) -> None:
    page.show_room(145_000_000, 20_000_000_000, offline=True)
    assert "Models take 145 MB; 20.0 GB are free. Undertone is set to stay offline" in texts(page)
    line = page.findChild(QLineEdit)
    assert line
    assert not line.isEnabled()


def test_everything_has_a_name_and_fits(page: ModelsPage) -> None:
    page.resize(page.minimumSize())
    for button in page.findChildren(QAbstractButton):
        if button.isVisible() and not button.objectName().startswith("qt_"):
            assert button.accessibleName() or button.text(), button
    assert page.minimumSizeHint().width() <= page.minimumWidth()
