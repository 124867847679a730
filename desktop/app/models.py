"""The joints around the models: their page, what installs them, and everything that offers one to be chosen."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from desktop.core.catalogue import DEMO_LABEL, Entry, Standing, megabytes, time_for
from desktop.core.errors import AppError
from desktop.core.i18n import _
from desktop.core.jobs import Job
from desktop.core.options import Options
from desktop.core.settings import Settings
from desktop.core.tuning import Tuning
from desktop.engine.hub import Hub
from desktop.engine.installing import Installer
from desktop.engine.models import Models
from desktop.services.errand import Errand
from desktop.services.file_queue import FileQueue
from desktop.services.ledger import Ledger
from desktop.services.model_shop import ModelShop
from desktop.store.library import Library
from desktop.store.tunings import TuningsFile
from desktop.ui.main_window import MainWindow
from desktop.ui.models_page import ModelsPage
from desktop.ui.settings_dialog import SettingsDialog

Choices = list[tuple[str, str]]


class ModelsDesk(QObject):
    """Connects the page of the models with what installs and removes them."""

    choices_changed = Signal(list)
    """The models that can be chosen: names, and what a person reads for them."""

    def __init__(
        self,
        window: MainWindow,
        dialog: SettingsDialog,
        files: FileQueue,
        models: Models,
        library: tuple[Library, Ledger],
        tunings: TuningsFile,
        speech: Path,
        others_are_busy: Callable[[], bool],
    ) -> None:
        """`speech` is what a new model is measured with, unless files are heard or others are busy."""
        super().__init__()
        self._window, self._dialog, self._files = window, dialog, files
        self._models = models
        self._library, self._ledger = library
        self._tunings = tunings
        self._speech = speech
        self._others_are_busy = others_are_busy
        self._settings = Settings()
        self._entries: tuple[Entry, ...] = ()
        self._installer = Installer(models, self._hub)
        self._shop = ModelShop(self._installer.bring)
        self._look, self._removal, self._gauging = Errand(), Errand(), Errand()
        self._unmeasured: list[str] = []
        self._unwanted = ""
        """A model to be removed once nothing is measured any more."""
        self._page: ModelsPage | None = None
        self._connect()

    def use_settings(self, settings: Settings) -> None:
        """Fetch from where they say, or not at all."""
        self._settings = settings
        self._show_room()

    def offer_first(self) -> None:
        """Without any model but the demo, say which one suits this machine; nothing is fetched before a yes."""
        if all(model.is_demo for model in self._models.installed()):
            self._refresh()

    @Slot()
    def show_page(self) -> None:
        """Bring up the page."""
        page = self._page or self._new_page()
        self._refresh()
        page.show()
        page.raise_()
        page.activateWindow()

    def close(self) -> None:
        """Leave what is being installed; what has come stays for the next time."""
        if self._page:
            self._page.close()
        self._shop.close()
        self._look.close()
        self._removal.close()
        self._unmeasured.clear()
        self._gauging.close()

    def _connect(self) -> None:
        shop = self._shop
        self._window.commands.models.triggered.connect(self.show_page)
        self._dialog.models_wanted.connect(self.show_page)
        shop.installed.connect(self._on_installed)
        shop.failed.connect(self._on_failed)
        shop.left.connect(self._on_left)
        shop.changed.connect(self._on_work_changed)
        self._look.produced.connect(self._on_seen)
        self._removal.produced.connect(self._on_removed)
        self._removal.failed.connect(self._say_error)
        self._gauging.produced.connect(self._on_gauged)
        self._gauging.failed.connect(self._say_error)
        self._gauging.ended.connect(self._on_gauging_ended)
        self._files.job_changed.connect(self.give_way)

    def _new_page(self) -> ModelsPage:
        page = self._page = ModelsPage(self._window)
        page.setWindowFlag(Qt.WindowType.Dialog)
        page.install_wanted.connect(self._shop.install)
        page.cancel_wanted.connect(self._shop.cancel)
        page.remove_wanted.connect(self._on_remove_wanted)
        self._shop.progressed.connect(page.show_progress)
        self._show_room()
        return page

    def _hub(self) -> Hub:
        return Hub(self._settings.mirror, self._settings.offline)

    # --- what there is ---

    def _refresh(self) -> None:
        self._ledger.do(self._library.jobs, self._on_jobs)

    def _on_jobs(self, jobs: Sequence[Job]) -> None:
        self._look.begin(partial(self._seen, tuple(jobs), self._settings))

    def _seen(self, jobs: Sequence[Job], settings: Settings, _stop: threading.Event) -> Iterator[tuple[Entry, ...]]:
        from desktop.engine.overview import overview, room_here

        room, tunings = room_here(settings.device), self._tunings.load()
        yield tuple(overview(self._models, self._installer, room, jobs, tunings, settings.language))

    @Slot(object)
    def _on_seen(self, entries: tuple[Entry, ...]) -> None:
        self._entries = entries
        if self._page:
            self._page.show_entries(entries)
            self._show_room()
        best = next((one for one in entries if one.reason and not one.is_there), None)
        has_real = any(one.is_there and one.standing is not Standing.DEMO for one in entries)
        if best is None or has_real or self._settings.offline:
            self._window.show_offer("")
        else:
            words = _("Only the demo model is here, which knows few words. “{model}” suits this machine: {about}.")
            about = _("{size}, {time} at 50 Mbit/s").format(size=megabytes(best.size), time=time_for(best.size))
            self._window.show_offer(words.format(model=best.name, about=about))

    def _show_room(self) -> None:
        if not self._page:
            return
        there = next((one for one in (self._models.folder, *self._models.folder.parents) if one.is_dir()), None)
        try:
            free = shutil.disk_usage(there).free if there else 0
        except OSError:
            free = 0
        used = sum(one.fetched + (one.size if one.standing is Standing.INSTALLED else 0) for one in self._entries)
        self._page.show_room(used, free, self._settings.offline)

    # --- installing ---

    @Slot(str)
    def _on_installed(self, name: str) -> None:
        self.choices_changed.emit(choices(self._models))
        self._refresh()
        self._unmeasured.append(name)
        self._gauge_next()
        said = _("“{model}” is installed and can be chosen.").format(model=name)
        if self._gauging.is_at_work:
            said += " " + _("How fast it is here is being measured.")
        self._say(said)

    @Slot(str, object)
    def _on_failed(self, _wanted: str, error: AppError) -> None:
        self._say_error(error)
        self._refresh()

    @Slot(str)
    def _on_left(self, _wanted: str) -> None:
        self._refresh()

    @Slot()
    def _on_work_changed(self) -> None:
        if self._page:
            self._page.show_work(self._shop.at_work, self._shop.waiting)

    # --- how fast a new one is ---

    def _gauge_next(self) -> None:
        """Not while anything is heard: each would slow down the other, and work on files tells the speed as well."""
        if self._unmeasured and not self._gauging.is_at_work and not self._is_busy():
            options = Options(model=self._unmeasured.pop(0), device=self._settings.device)
            self._gauging.begin(partial(_gauged, self._models, options, self._speech))

    @Slot()
    def give_way(self) -> None:
        """Leave the measurement if others are at work now."""
        if self._gauging.is_at_work and self._is_busy():
            self._unmeasured.clear()
            self._gauging.cancel()

    def _is_busy(self) -> bool:
        return self._files.is_busy or self._others_are_busy()

    @Slot(object)
    def _on_gauged(self, tuning: Tuning) -> None:
        with contextlib.suppress(AppError):  # then it is an estimate, as before
            self._tunings.keep(tuning)
        self._refresh()

    @Slot()
    def _on_gauging_ended(self) -> None:
        if self._unwanted:
            self._remove(self._unwanted)
        self._gauge_next()

    # --- removing ---

    @Slot(str)
    def _on_remove_wanted(self, name: str) -> None:
        self._files.rest()  # a model that only waits for more work is no reason to refuse
        self._unmeasured = [one for one in self._unmeasured if one != name]
        if self._gauging.is_at_work:  # it may be this one
            self._unwanted = name
            self._gauging.cancel()
        else:
            self._remove(name)

    def _remove(self, name: str) -> None:
        self._unwanted = ""
        self._removal.begin(partial(_removed, self._installer, name))

    @Slot(object)
    def _on_removed(self, removed: tuple[str, int]) -> None:
        name, freed = removed
        self.choices_changed.emit(choices(self._models))
        self._say(_("“{model}” is removed: {size} are free again.").format(model=name, size=megabytes(freed)))
        self._refresh()

    # --- saying ---

    def _say(self, sentence: str) -> None:
        shown = self._page if self._page and self._page.isVisible() else self._window
        shown.notices.show_notice(sentence, seconds=10)

    @Slot(object)
    def _say_error(self, error: AppError) -> None:
        shown = self._page if self._page and self._page.isVisible() else self._window
        shown.notices.show_error(error)


def choices(models: Models) -> Choices:
    """The models that can be chosen, as they are offered."""
    return [(one.name, _(DEMO_LABEL) if one.is_demo else one.name) for one in models.installed()]


def _gauged(models: Models, options: Options, speech: Path, stop: threading.Event) -> Iterator[Tuning]:
    from desktop.engine.tuning import Bench, gauge

    if tuning := gauge(models, options, Bench(speech), stop):
        yield tuning


def _removed(installer: Installer, name: str, _stop: threading.Event) -> Iterator[tuple[str, int]]:
    yield name, installer.remove(name)
