"""`undertone doctor`: what this machine can do, and the proof."""

from __future__ import annotations

import json
import os
import sys
import threading
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from desktop import cli
from desktop.cli.place import Place
from desktop.core.errors import AppError
from desktop.core.i18n import _
from desktop.core.machine import Machine, without_home
from desktop.engine.diagnosis import diagnose

LIBRARIES = ("av", "onnxruntime", "PySide6", "sounddevice", "nvidia-cublas-cu12")


def run_doctor(as_json: bool) -> int:
    """Print the report; 1 when no device passes its self-test."""
    try:
        place = Place.of_the_user()
    except AppError as error:
        print(error, file=sys.stderr)
        return cli.SOME_FAILED
    machine = examined(place)
    print(json.dumps(_record(machine, place), ensure_ascii=False, indent=1) if as_json else _text(machine, place))
    return cli.SOME_FAILED if machine.choice.problem else cli.DONE


def examined(place: Place) -> Machine:
    """The machine with all its proofs, for the settings of the user."""
    engine = place.engine()
    try:
        *_before, machine = diagnose(engine, place.settings.options(), threading.Event())
    finally:
        engine.close()
    return machine


def _record(machine: Machine, place: Place) -> dict[str, Any]:
    home = os.path.expanduser("~")
    record = machine.to_record(home)
    record["versions"] |= {name: _version(name) for name in LIBRARIES}
    return record | {
        "models": [
            {"name": model.name, "size": model.size, "multilingual": model.is_multilingual, "demo": model.is_demo}
            for model in place.models.installed()
        ],
        "paths": {name: without_home(path, home) for name, path in _paths(place).items()},
    }


def _text(machine: Machine, place: Place) -> str:
    home = os.path.expanduser("~")
    models = [f"  {model.name} ({model.size // 1_000_000} MB)" for model in place.models.installed()]
    paths = [f"  {name}: {path}" for name, path in _paths(place).items()]
    libraries = [f"  {name}: {found}" for name in LIBRARIES if (found := _version(name))]
    lines = [machine.to_text(home), *libraries, "", _("Models:"), *models, "", _("Paths:"), *paths]
    return without_home("\n".join(lines), home)


def _paths(place: Place) -> dict[str, str]:
    paths = place.paths
    named = {"settings": paths.settings_file, "library": paths.library, "models": paths.models, "logs": paths.logs}
    return {name: str(path) for name, path in named.items()}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
