"""`undertone models`: what is offered and installed; install, remove and verify."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from dataclasses import asdict
from functools import partial

from tqdm import tqdm

from desktop import cli
from desktop.cli.interruption import interruptible
from desktop.cli.place import Place
from desktop.core import errors
from desktop.core.catalogue import Entry, Installed, Progress, Standing, megabytes
from desktop.core.i18n import _
from desktop.core.names import shown_path
from desktop.engine.hub import Hub
from desktop.engine.installing import Installer
from desktop.engine.overview import overview, room_here
from desktop.store.tunings import TuningsFile

SIGNS = {
    Standing.OFFERED: " ",
    Standing.INSTALLED: "*",
    Standing.SHARED: "+",
    Standing.DEMO: "d",
    Standing.BROKEN: "!",
}


def run_models(arguments: argparse.Namespace) -> int:
    """List, install, remove, verify or name the folder. The exit status is 130 when it was interrupted."""
    try:
        place = Place.of_the_user()
        installer = Installer(place.models, lambda: Hub(place.settings.mirror, place.settings.offline))
        match arguments.action:
            case "list":
                return _list(place, installer, arguments.json)
            case "path":
                print(place.models.find(arguments.name).path if arguments.name else place.models.folder)
                return cli.DONE
    except errors.AppError as error:
        print(error, file=sys.stderr)
        return cli.SOME_FAILED
    stop = threading.Event()
    with interruptible(partial(_leave, stop)):
        statuses = [_one(place, installer, arguments, name, stop) for name in arguments.names]
    return cli.INTERRUPTED if stop.is_set() else max(statuses)


def _one(place: Place, installer: Installer, arguments: argparse.Namespace, name: str, stop: threading.Event) -> int:
    if stop.is_set():
        return cli.INTERRUPTED
    try:
        match arguments.action:
            case "install":
                return _install(installer, name, arguments.quantization, arguments.quiet, stop)
            case "remove":
                freed = installer.remove(name)
                print(_("{model} is removed: {size} are free again.").format(model=name, size=megabytes(freed)))
            case _:
                model = place.models.find(name)
                with _Bar(arguments.quiet) as bar:
                    for progress in installer.verify(model, stop):
                        bar.show(progress)
                if not stop.is_set():
                    print(_("{model} is whole.").format(model=model.name))
    except errors.AppError as error:
        tqdm.write(str(error), file=sys.stderr)
        return cli.SOME_FAILED
    return cli.DONE


def _install(installer: Installer, name: str, quantization: str, quiet: bool, stop: threading.Event) -> int:
    with _Bar(quiet) as bar:
        for news in installer.bring(name, stop, quantization):
            if isinstance(news, Installed):
                bar.close()
                print(_("{model} is installed.").format(model=news.name))
            else:
                bar.show(news)
    if stop.is_set():
        print(_("Stopped. The same command goes on from there."), file=sys.stderr)
        return cli.INTERRUPTED
    return cli.DONE


def _list(place: Place, installer: Installer, as_json: bool) -> int:
    library, tunings, settings = place.library(), TuningsFile(place.paths.tunings).load(), place.settings
    jobs = library.jobs()
    library.close()
    entries = overview(place.models, installer, room_here(settings.device), jobs, tunings, settings.language)
    if as_json:
        print(json.dumps([_record(entry) for entry in entries], ensure_ascii=False, indent=1))
        return cli.DONE
    for entry in entries:
        print(f"{SIGNS[entry.standing]} {shown_path(entry.name):<20} {'; '.join(entry.facts)}")
        for said in (entry.problem, entry.reason and _("recommended: {reason}").format(reason=entry.reason)):
            if said:
                print(f"  {'':<20} {said}")
        if entry.fetched:
            words = _("{size} of it are here: install goes on from there")
            print(f"  {'':<20} {words.format(size=megabytes(entry.fetched))}")
    print(_("\n* installed   + in the cache of other programs   d demo, a few hundred words only   ! broken"))
    return cli.DONE


def _record(entry: Entry) -> dict[str, object]:
    record = asdict(entry)
    reason = record.pop("reason")
    return {**record, "speed": round(entry.speed, 2), "is_recommended": bool(reason), "reason": reason}


class _Bar:
    """A bar on a terminal; elsewhere only what is waited for."""

    def __init__(self, quiet: bool) -> None:
        self._bar = tqdm(
            total=1, unit="B", unit_scale=True, leave=False, disable=True if quiet else None, file=sys.stderr
        )
        self._quiet = quiet

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_about: object) -> None:
        self.close()

    def show(self, progress: Progress) -> None:
        if progress.waits_for and not self._quiet:
            tqdm.write(progress.said, file=sys.stderr)
        elif progress.total:
            self._bar.total = progress.total
            self._bar.set_description_str(progress.name, refresh=False)
            self._bar.update(progress.done - self._bar.n)

    def close(self) -> None:
        self._bar.close()


def _leave(stop: threading.Event) -> None:
    """Leave what is being done; the second time end the program at once."""
    if stop.is_set():
        os._exit(cli.INTERRUPTED)
    stop.set()
