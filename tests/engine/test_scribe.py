"""Dictations that survive the death of the engine, with the real process and the demo model."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from desktop.core.dictated import ModelReady, ModelUnusable, Read, ScribeNews, Sketched, Unread, Utterance
from desktop.core.errors import DictationOff, ModelMissing
from desktop.core.options import Options
from desktop.core.spoken import said
from desktop.engine.models import Models
from desktop.engine.scribe import TRIES, Scribe
from tests.engine.test_utterance import FIRST, first_sentence

ENGLISH = Options(language="en", beam_size=1)


class Desk:
    """A scribe at work on a thread of its own."""

    def __init__(self, models: Models) -> None:
        self.scribe = Scribe(models)
        self.news: list[ScribeNews] = []
        self._came = threading.Condition()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        for news in self.scribe.run(self._stop):
            with self._came:
                self.news.append(news)
                self._came.notify_all()

    def wait(self, kind: type, count: int = 1) -> list[ScribeNews]:
        def found() -> list[ScribeNews]:
            return [one for one in self.news if isinstance(one, kind)]

        with self._came:
            assert self._came.wait_for(lambda: len(found()) >= count, 60), self.news
        return found()

    def speak(self, number: int, sound: np.ndarray, is_all: bool = True) -> None:
        self.scribe.begin(number, Utterance(ENGLISH))
        self.scribe.feed(number, (sound * 32_767).astype("<i2").tobytes())
        if is_all:
            self.scribe.end(number)

    def kill(self) -> None:
        pid = self.scribe.child_pid
        assert pid
        os.kill(pid, signal.SIGKILL)

    def end(self) -> None:
        self._stop.set()
        self._thread.join(10)
        assert self.scribe.child_pid is None


@pytest.fixture
def desk(models: Models) -> Iterator[Desk]:
    one = Desk(models)
    yield one
    one.end()


def text_of(news: ScribeNews) -> str:
    assert isinstance(news, Read)
    return said(news.segments)


def test_two_at_once_and_one_that_is_left(desk: Desk) -> None:
    desk.scribe.use(ENGLISH)
    desk.speak(1, first_sentence())
    desk.speak(2, np.zeros(16_000))
    desk.speak(3, first_sentence(), is_all=False)
    desk.scribe.leave(3)
    reads = desk.wait(Read, 2)
    assert {one.number: text_of(one) for one in reads if isinstance(one, Read)} == {1: FIRST, 2: ""}
    assert desk.wait(Sketched)


def test_when_the_engine_dies_another_gets_everything_again(desk: Desk) -> None:
    desk.scribe.use(ENGLISH)
    desk.wait(ModelReady)
    sound = first_sentence()
    desk.speak(1, sound[:20_000], is_all=False)
    desk.kill()
    desk.scribe.feed(1, (sound[20_000:] * 32_767).astype("<i2").tobytes())
    desk.scribe.end(1)
    (read,) = desk.wait(Read)
    assert text_of(read) == FIRST


def test_a_dictation_over_which_it_dies_again_and_again_is_given_up(desk: Desk) -> None:
    desk.scribe.use(ENGLISH)
    desk.wait(ModelReady)
    desk.speak(1, first_sentence(), is_all=False)
    for turn in range(TRIES + 1):
        if any(isinstance(one, Unread) for one in desk.news):
            break
        desk.wait(ModelReady, turn + 1)
        desk.kill()
    (unread,) = desk.wait(Unread)
    assert isinstance(unread, Unread)
    assert unread.number == 1
    desk.speak(2, first_sentence())
    assert text_of(desk.wait(Read)[0]) == FIRST


def test_another_model_is_loaded_when_it_is_wanted_and_none_when_dictation_is_off(desk: Desk) -> None:
    desk.scribe.use(Options(model="no-such-model", language="en"))
    (unusable,) = desk.wait(ModelUnusable)
    assert isinstance(unusable, ModelUnusable)
    assert isinstance(unusable.error, ModelMissing)
    desk.scribe.use(ENGLISH)
    desk.wait(ModelReady)
    desk.scribe.use(None)
    desk.speak(1, first_sentence())
    (unread,) = desk.wait(Unread)
    assert isinstance(unread, Unread)
    assert isinstance(unread.error, DictationOff)
