"""Files wait while somebody dictates, and go on afterwards."""

import threading
from pathlib import Path

from desktop.core.events import Finished, Heard, News
from desktop.core.options import Options
from desktop.core.ports import Work
from desktop.engine.client import EngineClient
from tests.conftest import SAMPLES


def test_no_window_is_begun_before_the_dictation_is_over(engine: EngineClient) -> None:
    stop, news = threading.Event(), list[News]()
    began = threading.Event()

    def hear() -> None:
        for one in engine.transcribe(Work(Path(SAMPLES / "demo-minute.flac"), Options(language="en")), stop):
            news.append(one)
            began.set()

    engine.give_way(is_over=False)
    worker = threading.Thread(target=hear)
    worker.start()
    assert began.wait(60)
    worker.join(4)
    assert not [one for one in news if isinstance(one, Heard)]
    engine.give_way(is_over=True)
    worker.join(60)
    assert isinstance(news[-1], Finished)
    assert sum(isinstance(one, Heard) for one in news) >= 2


def test_a_file_that_waits_can_be_left(engine: EngineClient) -> None:
    stop = threading.Event()
    engine.give_way(is_over=False)
    work = Work(Path(SAMPLES / "demo-minute.flac"), Options(language="en"))
    pid = None
    for one in engine.transcribe(work, stop):
        assert not isinstance(one, Heard)
        pid = engine.child_pid
        stop.set()
    assert pid
    assert engine.child_pid == pid, "it has answered by itself"
