"""The joints around this machine: what a strain makes of the queue, further cards, and the offer to measure."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QSettings, Signal
from pytestqt.qtbot import QtBot

from desktop.app.machine import MachineDesk
from desktop.core.jobs import Engine, Job, JobState
from desktop.core.machine import Card
from desktop.core.media import Media
from desktop.core.settings import Settings
from desktop.core.tuning import Setup, Tuning
from desktop.core.usage import Usage
from desktop.engine.models import DEMO_NAME, Models
from desktop.services import monitor
from desktop.store.paths import Paths
from desktop.store.tunings import TuningsFile
from desktop.ui import icons
from desktop.ui.main_window import MainWindow
from desktop.ui.settings_dialog import SettingsDialog
from desktop.ui.tray import Tray
from tests.models import scripted_model

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

WAITING = Job(1, Path("talk.mp3"), media=Media(1, "h", 60_000))
RUNNING = replace(WAITING, state=JobState.RUNNING)
GB = 1 << 30


class FakeMeter:
    """A machine with as much memory in use, and as hot, as the test says."""

    def __init__(self) -> None:
        self.used, self.celsius = 50, 40

    def watch(self) -> Iterator[Callable[[], Usage]]:
        yield lambda: Usage(0.0, 0.5, self.used, 100, 0, self.celsius, 98)


class FakeFiles(QObject):
    """The queue, as far as the desk knows it."""

    job_changed = Signal(object)
    engine_changed = Signal(object)
    held_changed = Signal(bool)
    ran_dry = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.is_busy = False
        self.is_held = False
        self.added: list[str] = []

    def work(self) -> None:
        self.is_busy = True
        self.job_changed.emit(RUNNING)

    def hold(self) -> None:
        self.is_held, self.is_busy = True, False
        self.held_changed.emit(True)
        self.job_changed.emit(WAITING)

    def start(self) -> None:
        self.is_held = False
        self.held_changed.emit(False)
        self.work()

    def add_engine(self, _engine: object, device: str) -> None:
        self.added.append(device)


class FakeEngine:
    """Notes what it is told."""

    def __init__(self, card: str = "auto") -> None:
        self.card = card
        self.cards: tuple[Card, ...] = ()
        self.is_short = False

    def take_fewer(self, is_short: bool) -> None:
        self.is_short = is_short


class Stage:
    """The desk among fakes, with the real window."""

    def __init__(self, paths: Paths) -> None:
        icons.use(paths.icons)
        memory = QSettings(str(paths.config / "window.ini"), QSettings.Format.IniFormat)
        self.window = MainWindow(memory, [], [])
        dialog = SettingsDialog([], self.window)
        self.files, self.engine, self.meter = FakeFiles(), FakeEngine(), FakeMeter()
        self.models = Models(paths.models, paths.demo_model)
        views: Any = (self.window, dialog, Tray())
        engines: Any = (self.engine, FakeEngine)
        files: Any = self.files
        self.desk = MachineDesk(views, files, engines, self.models, self.meter, paths, memory)
        self.desk.use_settings(Settings())

    @property
    def said(self) -> str:
        return self.window.notices.shown_text


@pytest.fixture
def stage(qtbot: QtBot, paths: Paths, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(monitor, "GUARD_S", 0.01)
    made = Stage(paths)
    qtbot.addWidget(made.window)
    yield made
    made.desk.close()


def test_while_memory_is_short_the_engine_takes_fewer(qtbot: QtBot, stage: Stage) -> None:
    stage.meter.used = 93
    stage.files.work()
    qtbot.waitUntil(lambda: stage.engine.is_short)
    assert stage.said.startswith("Memory is 93 % full. Fewer stretches are heard together")
    assert not stage.files.is_held
    stage.meter.used = 60
    qtbot.waitUntil(lambda: not stage.engine.is_short)


def test_in_great_heat_the_queue_rests_and_goes_on_by_itself(qtbot: QtBot, stage: Stage) -> None:
    stage.meter.celsius = 99
    stage.files.work()
    qtbot.waitUntil(lambda: stage.files.is_held)
    assert "has 99 °C" in stage.said
    stage.meter.celsius = 80
    qtbot.waitUntil(lambda: not stage.files.is_held)


def test_a_queue_that_somebody_let_go_on_and_paused_stays_paused(qtbot: QtBot, stage: Stage) -> None:
    stage.meter.celsius = 99
    stage.files.work()
    qtbot.waitUntil(lambda: stage.files.is_held)
    stage.files.start()
    stage.files.hold()
    stage.meter.celsius = 40
    qtbot.waitUntil(lambda: not stage.desk._monitor.strains)
    assert stage.files.is_held


def test_what_is_too_much_without_us_is_not_ours(qtbot: QtBot, stage: Stage) -> None:
    stage.meter.used = 95
    stage.desk._monitor.watch(True)
    qtbot.waitUntil(lambda: bool(stage.desk._monitor.strains))
    assert not stage.engine.is_short
    assert stage.said == ""
    stage.files.work()
    assert stage.engine.is_short, "now it is"


def test_where_all_fail_the_queue_is_paused(stage: Stage) -> None:
    for number in range(5):
        for state in (JobState.WAITING, JobState.RUNNING, JobState.FAILED):
            stage.files.job_changed.emit(replace(WAITING, id=number, state=state))
    assert stage.files.is_held


def test_each_further_card_gets_an_engine_once(stage: Stage) -> None:
    stage.engine.cards = tuple(Card(index, f"card {index}") for index in range(3))
    stage.files.engine_changed.emit(Engine("base", "cpu", "int8"))
    assert stage.files.added == []
    for _twice in range(2):
        stage.files.engine_changed.emit(Engine("base", "cuda", "float16"))
    assert stage.files.added == ["cuda:1", "cuda:2"]


def test_a_card_that_was_chosen_is_the_only_one(stage: Stage) -> None:
    stage.desk.use_settings(replace(Settings(), device="cuda"))
    stage.engine.cards = tuple(Card(index, f"card {index}") for index in range(2))
    stage.files.engine_changed.emit(Engine("base", "cuda", "float16"))
    assert stage.files.added == []


def test_a_new_model_is_offered_to_be_measured_once_and_the_demo_never(stage: Stage, paths: Paths) -> None:
    for name in ("mine", "other"):
        scripted_model(paths.models / name)
    stage.files.engine_changed.emit(Engine(DEMO_NAME, "cpu", "int8", is_demo=True))
    stage.files.ran_dry.emit(1, 0)
    stage.desk.offer_tuning("nowhere")
    assert stage.said == ""
    stage.files.engine_changed.emit(Engine("mine", "cpu", "int8"))
    stage.files.ran_dry.emit(1, 0)
    assert "“mine” may run faster" in stage.said
    stage.window.notices.dismiss_all()
    stage.desk.offer_tuning("mine")
    size = stage.models.find("other").size
    TuningsFile(paths.tunings).keep(Tuning("other", size, "cpu", "AMD", Setup("int8", 1, 1, 1), 3.0))
    stage.desk.offer_tuning("other")
    assert stage.said == ""
