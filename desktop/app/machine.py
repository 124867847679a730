"""The joints around this machine: the doctor, the live monitor, the measurement, and what is done about a strain."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QObject, QSettings, Signal, Slot

from desktop.app.models import choices
from desktop.core.errors import AppError
from desktop.core.i18n import _
from desktop.core.jobs import Engine, Job, JobState
from desktop.core.machine import Machine
from desktop.core.options import AUTO, Options
from desktop.core.settings import Settings
from desktop.core.tuning import MEASURED_WITH, Findings
from desktop.core.usage import Strain
from desktop.engine.client import EngineClient
from desktop.engine.diagnosis import diagnose
from desktop.engine.models import Models
from desktop.services.errand import Errand
from desktop.services.file_queue import FileQueue
from desktop.services.monitor import Meter, Moment, Monitor
from desktop.store.paths import Paths
from desktop.store.tunings import TuningsFile
from desktop.ui.machine_page import MachinePage
from desktop.ui.machine_window import MachineWindow
from desktop.ui.main_window import MainWindow
from desktop.ui.monitor import MonitorPage
from desktop.ui.settings_dialog import SettingsDialog
from desktop.ui.tray import Tray
from desktop.ui.tuning_page import TuningPage

MEMORY = frozenset({Strain.MEMORY, Strain.CARD_MEMORY})


class MachineDesk(QObject):
    """Connects the window about this machine with what finds out, and lets the queue give way to a strain."""

    measuring = Signal()
    """The best way to run a model is being looked for."""

    def __init__(
        self,
        views: tuple[MainWindow, SettingsDialog, Tray],
        files: FileQueue,
        engines: tuple[EngineClient, Callable[[str], EngineClient]],
        models: Models,
        meter: Meter,
        paths: Paths,
        memory: QSettings,
    ) -> None:
        """`engines` are the one of the queue, and what makes others for more cards: they are told of short memory."""
        super().__init__()
        self._window, self._dialog, self._tray = views
        self._files, self._models = files, models
        self._engines, self._engine_for = [engines[0]], engines[1]
        self._paths, self._memory = paths, memory
        self._tunings = TuningsFile(paths.tunings)
        self._settings = Settings()
        self._monitor = Monitor(meter)
        self._diagnosis, self._measurement = Errand(), Errand()
        self._rests = False
        """The queue was paused because of the heat, and goes on by itself."""
        self._strains: dict[Strain, AppError] = {}
        self._given_way: set[Strain] = set()
        self._last_engine = Engine()
        self._machine, self._usage, self._tuning = (
            MachinePage(os.path.expanduser("~")),
            MonitorPage(),
            TuningPage(),
        )
        pages = [(_("Abilities"), self._machine), (_("Load"), self._usage), (_("Best settings"), self._tuning)]
        self._view = MachineWindow(pages, self._window)
        self._connect()

    @property
    def is_measuring(self) -> bool:
        """Whether that is going on."""
        return self._measurement.is_at_work

    def use_settings(self, settings: Settings) -> None:
        """Look at the machine, and watch it, as they say."""
        self._settings = settings
        self._monitor.guard(settings.watch_machine)

    def offer_tuning(self, name: str) -> None:
        """Offer to measure a model that is new here, once; the demo model never."""
        try:
            model = self._models.find(name)
        except AppError:
            return
        offered = str(self._memory.value("tuning_offered") or "").split("\n")
        if model.is_demo or model.name in offered or self._tunings.load().best.of_model(model.name, model.size).all:
            return
        self._memory.setValue("tuning_offered", "\n".join(filter(None, (*offered, model.name))))
        said = _("“{model}” may run faster than it does: it can be measured on this machine in a minute or two.")
        self._window.notices.show_notice(
            said.format(model=model.name), _("Measure"), partial(self._on_tuning_agreed, model.name)
        )

    def close(self) -> None:
        """Leave everything that is being found out."""
        self._view.close()
        self._monitor.close()
        self._diagnosis.close()
        self._measurement.close()

    def _connect(self) -> None:
        window, files, monitor = self._window, self._files, self._monitor

        window.commands.machine.triggered.connect(self._on_machine_wanted)
        window.commands.monitor.triggered.connect(self._on_monitor_wanted)
        window.commands.tune.triggered.connect(self._on_tuning_wanted)
        self._dialog.machine_wanted.connect(self._on_machine_wanted)

        self._machine.look_wanted.connect(self._on_look_wanted)
        self._machine.stop_wanted.connect(self._diagnosis.cancel)
        self._diagnosis.produced.connect(self._machine.show_machine)
        self._diagnosis.failed.connect(self._machine.show_error)
        self._diagnosis.ended.connect(self._machine.show_ended)

        self._usage.watched.connect(monitor.watch)
        monitor.sampled.connect(self._on_sampled)
        monitor.strained.connect(self._usage.show_strain)
        monitor.strained.connect(self._on_strained)
        monitor.relieved.connect(self._usage.end_strain)
        monitor.relieved.connect(self._on_relieved)
        monitor.warned.connect(self._on_warned)
        monitor.all_fail.connect(files.hold)

        self._tuning.tune_wanted.connect(self._on_tune_wanted)
        self._tuning.stop_wanted.connect(self._measurement.cancel)
        self._measurement.produced.connect(self._on_found)
        self._measurement.failed.connect(self._tuning.show_error)
        self._measurement.ended.connect(self._tuning.show_ended)

        files.job_changed.connect(monitor.note_job)
        files.job_changed.connect(self._on_job_changed)
        files.engine_changed.connect(self._on_engine_changed)
        files.held_changed.connect(self._on_held_changed)
        files.ran_dry.connect(self._on_ran_dry)

    # --- the doctor ---

    @Slot()
    def _on_machine_wanted(self) -> None:
        self._view.show_page(self._machine)

    @Slot()
    def _on_look_wanted(self) -> None:
        self._machine.show_begun()
        self._diagnosis.begin(partial(_diagnosed, self._models, self._settings.options(), self._tunings))

    # --- the monitor, and what is done about what it says ---

    @Slot()
    def _on_monitor_wanted(self) -> None:
        self._view.show_page(self._usage)

    @Slot(object)
    def _on_sampled(self, _moment: Moment) -> None:
        if self._usage.isVisible():
            self._usage.show_moments(self._monitor.moments)

    @Slot(object, object)
    def _on_strained(self, strain: Strain, problem: AppError) -> None:
        self._strains[strain] = problem
        self._give_way()

    def _give_way(self) -> None:
        """To what is too much, once each time; while nothing is at work it is not ours."""
        if not self._files.is_busy or not self._settings.watch_machine:
            return
        for strain in self._strains.keys() - self._given_way:
            self._given_way.add(strain)
            if strain in MEMORY:
                self._take_fewer(True)
            elif strain is Strain.HEAT:
                self._files.hold()
                self._rests = True
            self._warn(self._strains[strain])

    @Slot(object)
    def _on_relieved(self, strain: Strain) -> None:
        self._strains.pop(strain, None)
        self._given_way.discard(strain)
        if strain in MEMORY and not self._monitor.strains & MEMORY:
            self._take_fewer(False)
        elif strain is Strain.HEAT and self._rests:
            self._rests = False
            self._files.start()

    def _take_fewer(self, is_short: bool) -> None:
        for engine in self._engines:
            engine.take_fewer(is_short)

    @Slot(bool)
    def _on_held_changed(self, is_held: bool) -> None:
        if not is_held:
            self._rests = False  # somebody has let it go on all the same

    @Slot(object)
    def _on_warned(self, problem: AppError) -> None:
        self._warn(problem)

    def _warn(self, problem: AppError) -> None:
        self._window.notices.show_error(problem)
        if not self._window.isVisible():
            self._tray.notify(problem.said_headline, problem.said_advice)

    # --- the measurement ---

    @Slot()
    def _on_tuning_wanted(self) -> None:
        self._tuning.show_models(choices(self._models))
        self._tuning.show_kept(self._tunings.load())
        self._show_hindrance()
        self._view.show_page(self._tuning)

    def _on_tuning_agreed(self, model: str) -> None:
        self._on_tuning_wanted()
        self._tuning.choose(model)
        if not self._files.is_busy:
            self._on_tune_wanted(model)

    @Slot(str)
    def _on_tune_wanted(self, model: str) -> None:
        self._files.rest()  # its model would only be in the way
        options = Options(model=model, device=self._settings.device)
        self._measurement.begin(partial(_measured, self._models, options, self._paths))
        self.measuring.emit()

    @Slot(object)
    def _on_found(self, findings: Findings) -> None:
        self._tuning.show_findings(findings)
        if not findings.is_over:
            return
        if problem := findings.problem:
            self._tuning.show_error(problem)
            return
        assert findings.tuning
        try:
            self._tunings.keep(findings.tuning)
        except AppError as error:
            self._tuning.show_error(error)
        self._tuning.show_kept(self._tunings.load())

    def _show_hindrance(self) -> None:
        busy = _("The queue is at work: pause it first, for each would slow down the other.")
        self._tuning.show_hindrance(busy if self._files.is_busy else "")

    # --- news from the queue ---

    @Slot(object)
    def _on_job_changed(self, job: Job) -> None:
        if job.state is JobState.RUNNING and self._measurement.is_at_work:
            self._measurement.cancel()
            self._window.notices.show_notice(_("The measurement was left: the queue is at work."), seconds=8)
        if self._tuning.isVisible():
            self._show_hindrance()
        self._give_way()

    @Slot(object)
    def _on_engine_changed(self, engine: Engine) -> None:
        self._last_engine = engine
        if self._settings.device == AUTO and engine.device == "cuda":
            self._add_cards()

    def _add_cards(self) -> None:
        """Each further card of this machine works on a file of its own, as soon as the first is known to work."""
        known = {engine.card for engine in self._engines}
        for card in self._engines[0].cards[1:]:
            if card.device not in known:
                engine = self._engine_for(card.device)
                self._engines.append(engine)
                self._files.add_engine(engine, card.device)

    @Slot(int, int)
    def _on_ran_dry(self, done: int, _failed: int) -> None:
        self._show_hindrance()
        if done and self._last_engine.model:
            self.offer_tuning(self._last_engine.model)


def _diagnosed(models: Models, options: Options, tunings: TuningsFile, stop: threading.Event) -> Iterator[Machine]:
    """In an engine of its own, so that it disturbs no file."""
    engine = EngineClient(models, tunings=tunings.load)
    try:
        yield from diagnose(engine, options, stop)
    finally:
        engine.close()


def _measured(models: Models, options: Options, paths: Paths, stop: threading.Event) -> Iterator[Findings]:
    from desktop.engine.tuning import Bench, tune

    yield from tune(models, options, Bench(paths.samples / MEASURED_WITH), stop)
