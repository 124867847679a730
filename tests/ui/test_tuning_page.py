"""The page on which a model is measured."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.errors import NothingTuned
from desktop.core.tuning import Findings, Setup, Trial, Tuning, Tunings
from desktop.ui.tuning_page import TuningPage

USUAL, OTHER = Setup("int8", 2, 4, 2), Setup("float32", 1, 8, 4)
BEGUN = Findings("base", "cpu", "AMD EPYC", (), USUAL, 3)
HALF = replace(BEGUN, trials=(Trial(USUAL, 10.0), Trial(OTHER, problem="too little memory")), at_work=None, to_come=1)
TUNING = Tuning("base", 1, "cpu", "AMD EPYC", replace(USUAL, windows=4), 12.0)
OVER = replace(
    HALF, trials=(*HALF.trials, Trial(TUNING.setup, 12.0)), at_work=None, to_come=0, tuning=TUNING, is_over=True
)


@pytest.fixture
def page(qtbot: QtBot) -> TuningPage:
    made = TuningPage()
    qtbot.addWidget(made)
    made.show_models([("base", "base"), ("demo-en", "Demo (a few hundred words)")])
    return made


def texts(page: TuningPage) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page)]


def wish(page: TuningPage) -> QPushButton:
    return page.findChildren(QPushButton)[0]


def test_the_chosen_model_is_measured(qtbot: QtBot, page: TuningPage) -> None:
    page.choose("demo-en")
    page.choose("nowhere")
    with qtbot.waitSignal(page.tune_wanted, check_params_cb=lambda name: name == "demo-en"):
        wish(page).click()


def test_nothing_is_measured_without_a_model_or_while_the_queue_works(qtbot: QtBot, page: TuningPage) -> None:
    page.show_hindrance("The queue is at work.")
    assert not wish(page).isEnabled()
    assert "The queue is at work." in texts(page)
    page.show_hindrance("")
    assert wish(page).isEnabled()
    page.show_models([])
    assert not wish(page).isEnabled()


def test_what_is_known_grows(qtbot: QtBot, page: TuningPage) -> None:
    page.show_findings(BEGUN)
    assert "Measuring “base”…" in texts(page)
    assert not page.findChildren(QComboBox)[0].isEnabled()
    page.show_findings(HALF)
    assert {"10×", "int8", "float32", "2 × 4", "1 × 8"} <= set(texts(page))
    with qtbot.waitSignal(page.stop_wanted):
        wish(page).click()


def test_the_end_says_what_is_used_and_what_it_gains(page: TuningPage) -> None:
    page.show_findings(OVER)
    page.show_ended()
    assert "base on CPU: int8, 2 × 4 threads, 4 windows, 12×." in texts(page)
    (gain,) = [text for text in texts(page) if "faster" in text]
    assert gain == "20 % faster than the usual way. It is used from now on. An hour of sound takes 5 min."
    assert "12×" in texts(page)


def test_a_measurement_that_was_left_says_nothing(page: TuningPage) -> None:
    page.show_findings(HALF)
    page.show_ended()
    assert not [text for text in texts(page) if "10×" in text]
    assert "How does a model run best here?" in texts(page)


def test_what_was_measured_earlier_is_told_for_its_model_alone(page: TuningPage) -> None:
    page.show_kept(Tunings((TUNING,)))
    assert "base on CPU: int8, 2 × 4 threads, 4 windows, 12×." in texts(page)
    page.choose("demo-en")
    assert "base on CPU: int8, 2 × 4 threads, 4 windows, 12×." not in texts(page)


def test_where_nothing_worked_it_says_why(page: TuningPage) -> None:
    page.show_findings(HALF)
    problem = NothingTuned(model="base", reason="too little memory.")
    page.show_error(problem)
    page.show_ended()
    assert problem.said_headline in texts(page)
    assert wish(page).isEnabled()


def test_fewer_rows_the_next_time_leave_none_of_the_old(page: TuningPage) -> None:
    page.show_findings(OVER)
    page.show_findings(BEGUN)
    assert "12×" not in texts(page)
