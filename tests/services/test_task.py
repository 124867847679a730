"""One piece of work on a thread of its own."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QThread, Slot
from pytestqt.qtbot import QtBot

from desktop.services.task import Task


class Listener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.got: list[tuple[object, bool]] = []

    @Slot(object)
    def take(self, value: object) -> None:
        self.got.append((value, QThread.currentThread() is self.thread()))


def count(_stop: threading.Event) -> Iterator[int]:
    yield from range(1000)


def wait_for_stop(stop: threading.Event) -> Iterator[str]:
    yield "started"
    stop.wait()


def fail(_stop: threading.Event) -> Iterator[int]:
    yield 1
    raise OSError("broken")


def test_values_arrive_in_order_on_the_main_thread(qtbot: QtBot) -> None:
    task, listener = Task(count), Listener()
    task.produced.connect(listener.take)
    with qtbot.waitSignal(task.done):
        task.start()
    task.wait()
    assert listener.got == [(number, True) for number in range(1000)]


def test_a_cancelled_task_says_so(qtbot: QtBot) -> None:
    task = Task(wait_for_stop)
    with qtbot.waitSignal(task.produced):
        task.start()
    with qtbot.waitSignal(task.cancelled), qtbot.assertNotEmitted(task.done):
        task.cancel()
    task.wait()


@pytest.mark.usefixtures("loud_log")
def test_a_failure_is_handed_over(qtbot: QtBot) -> None:
    task = Task(fail)
    with qtbot.waitSignal(task.failed) as told:
        task.start()
    task.wait()
    assert isinstance(told.args[0], OSError)
