"""`undertone doctor`: what this machine can do, and the proof."""

from __future__ import annotations

import json
import os
import platform
import sys
import threading
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from desktop import __version__, cli
from desktop.cli.place import Place
from desktop.core.errors import AppError
from desktop.core.i18n import _
from desktop.engine import hardware
from desktop.engine.client import EngineClient

LIBRARIES = ("ctranslate2", "faster-whisper", "av", "onnxruntime", "PySide6", "sounddevice")


def run_doctor(as_json: bool) -> int:
    """Print the report; 1 when no device passes its self-test."""
    try:
        place = Place.of_the_user()
    except AppError as error:
        print(error, file=sys.stderr)
        return cli.SOME_FAILED
    report = _report(place)
    print(json.dumps(report, ensure_ascii=False, indent=1) if as_json else _as_text(report))
    return cli.DONE if report["self_test"]["passed"] else cli.SOME_FAILED


def _report(place: Place) -> dict[str, Any]:
    engine = EngineClient(place.models)
    try:
        found = _proved(engine, place)
    finally:
        engine.close()
    return found | {
        "processor": hardware.processor_name(),
        "cpu_threads": hardware.cpu_threads(),
        "memory_mb": _memory_mb(),
        "system": platform.platform(),
        "models": [
            {"name": model.name, "size": model.size, "multilingual": model.is_multilingual, "demo": model.is_demo}
            for model in place.models.installed()
        ],
        "paths": {
            "settings": str(place.paths.settings_file),
            "library": str(place.paths.library),
            "models": str(place.paths.models),
            "logs": str(place.paths.logs),
        },
        "versions": {"undertone": __version__, "python": platform.python_version()}
        | {name: _version(name) for name in LIBRARIES},
    }


def _proved(engine: EngineClient, place: Place) -> dict[str, Any]:
    never = threading.Event()
    options = place.settings.options()
    report: dict[str, Any] = {"device": "", "compute_type": "", "reason": "", "model": "", "compute_types": {}}
    try:
        types = engine.compute_types(never)
        report["compute_types"] = {device: sorted(kinds) for device, kinds in types.items()}
        proved = engine.prove(options.model, options, never)
    except AppError as error:
        return report | {"reason": str(error), "self_test": {"passed": False, "error": str(error)}}
    return report | {
        "device": proved.device,
        "compute_type": proved.compute_type,
        "reason": proved.reason,
        "model": proved.model,
        "self_test": {"passed": True, "ms": engine.self_test_ms},
    }


def _as_text(report: dict[str, Any]) -> str:
    lines: list[str] = []
    for name, value in report.items():
        title = name.replace("_", " ")
        if isinstance(value, dict):
            lines += [f"{title}:", *(f"  {key}: {_plain(one)}" for key, one in value.items())]
        elif isinstance(value, list):
            lines += [f"{title}:", *(f"  {one['name']} ({one['size'] // 1_000_000} MB)" for one in value)]
        else:
            lines.append(f"{title}: {value}")
    return "\n".join(lines)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _memory_mb() -> int:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return 0
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // (1 << 20)
