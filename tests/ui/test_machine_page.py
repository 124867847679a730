"""The doctor's page: what it shows as it comes, and the report that can be sent to somebody."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.errors import EngineSilent
from desktop.core.machine import Choice, Cublas, Library, Machine, Processor, Proof
from desktop.ui.machine_page import MachinePage
from desktop.ui.machine_window import MachineWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

HOME = "/home/anna"
BEGUN = Machine(Processor("AMD EPYC", 8, 8), system="Linux")
PROVED = replace(BEGUN, proofs=(Proof("cpu", "int8", 12), Proof("cpu", "float32", problem="no numbers")))
CHOSEN = replace(
    PROVED,
    cublas=Cublas((Library("libcublas.so.12", f"{HOME}/lib/libcublas.so.12", "12.9"),)),
    choice=Choice("base", "cpu", "int8", "CPU int8: no usable graphics card found", 40),
)


@pytest.fixture
def page(qtbot: QtBot) -> MachinePage:
    made = MachinePage(HOME)
    qtbot.addWidget(made)
    return made


def texts(page: MachinePage) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page)]


def button(page: MachinePage, name: str) -> QPushButton:
    return next(one for one in page.findChildren(QPushButton) if name in one.text().replace("&", ""))


def test_it_looks_when_it_is_shown_for_the_first_time(qtbot: QtBot, page: MachinePage) -> None:
    with qtbot.waitSignal(page.look_wanted):
        page.show()
    page.show_begun()
    page.show_machine(BEGUN)
    page.hide()
    with qtbot.assertNotEmitted(page.look_wanted):
        page.show()


def test_rows_come_as_they_are_found(page: MachinePage) -> None:
    page.show_begun()
    page.show_machine(BEGUN)
    assert "AMD EPYC" in texts(page)
    assert "Looking at this machine…" in texts(page)
    page.show_machine(PROVED)
    assert {"12 ms", "failed: no numbers"} <= set(texts(page))
    page.show_machine(CHOSEN)
    page.show_ended()
    assert texts(page).count("AMD EPYC") == 1
    assert "CPU int8: no usable graphics card found" in texts(page)


def test_fewer_rows_the_next_time_leave_none_of_the_old(page: MachinePage) -> None:
    page.show_machine(CHOSEN)
    page.show_machine(BEGUN)
    assert not {"12 ms", "failed: no numbers", "libcublas.so.12"} & set(texts(page))


def test_the_report_has_no_personal_paths(page: MachinePage) -> None:
    assert not button(page, "Copy report").isEnabled()
    page.show_machine(CHOSEN)
    page.show_ended()
    button(page, "Copy report").click()
    copied = QGuiApplication.clipboard().text()
    assert copied == page.report()
    assert "~/lib/libcublas.so.12 12.9" in copied
    assert "anna" not in copied
    assert "failed: no numbers" in copied


def test_it_can_be_stopped_and_asked_again(qtbot: QtBot, page: MachinePage) -> None:
    page.show_begun()
    with qtbot.waitSignal(page.stop_wanted):
        button(page, "Stop").click()
    page.show_machine(BEGUN)
    page.show_ended()
    assert "Not looked at to the end." in texts(page)
    with qtbot.waitSignal(page.look_wanted):
        button(page, "Look again").click()


def test_a_machine_on_which_nothing_runs_says_so(page: MachinePage) -> None:
    page.show_machine(replace(PROVED, choice=Choice(problem="“base” is not installed.")))
    page.show_ended()
    assert "No model can run here as things are." in texts(page)
    page.show_error(EngineSilent())
    assert EngineSilent().said_headline in texts(page)


def test_the_window_shows_the_page_that_is_wanted(qtbot: QtBot) -> None:
    page, other = MachinePage(HOME), QLabel("other")
    window = MachineWindow([("One", page), ("Two", other)])
    qtbot.addWidget(window)
    window.show()
    assert page.isVisible()
    window._list.setCurrentRow(1)
    assert other.isVisible()
    assert not page.isVisible()
