"""Signals of the system, and errors that nobody caught."""

import os
import signal
import sys
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop.services.hooks import EndOfSession, Uncaught


@pytest.fixture(autouse=True)
def hooks_put_back() -> Iterator[None]:
    hooks = sys.excepthook, threading.excepthook
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    sys.excepthook, threading.excepthook = hooks
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_end_of_the_session_wakes_the_event_loop(qtbot: QtBot, number: signal.Signals) -> None:
    session = EndOfSession()
    with qtbot.waitSignal(session.wanted):
        os.kill(os.getpid(), number)
    session.close()


@pytest.mark.usefixtures("loud_log")
def test_an_error_in_any_thread_is_told_with_its_traceback(qtbot: QtBot) -> None:
    uncaught = Uncaught()

    def fail() -> None:
        raise ZeroDivisionError("by a thread")

    with qtbot.waitSignal(uncaught.happened) as told:
        threading.Thread(target=fail).start()
    assert "ZeroDivisionError: by a thread" in told.args[0]
    with qtbot.waitSignal(uncaught.happened) as told:
        sys.excepthook(KeyError, KeyError("by the window"), None)
    assert "KeyError: 'by the window'" in told.args[0]
