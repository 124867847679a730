"""Everything that was measured as JSON, with the machine it was measured on."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from desktop import __version__
from desktop.benchmark.rounds import Outcome
from desktop.benchmark.tables import Table
from desktop.engine import hardware

LIBRARIES = ("ctranslate2", "faster-whisper", "openai-whisper", "torch", "pywhispercpp", "numpy", "onnxruntime", "av")
BUSY = 0.5


def machine() -> dict[str, Any]:
    """What decides how fast things are here."""
    return {
        "processor": hardware.processor_name(),
        "cores": hardware.cpu_threads(),
        "threads": os.cpu_count() or 0,
        "graphics": _graphics(),
        "system": platform.platform(),
        "load_before": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else 0.0,
        "versions": {"undertone": __version__, "python": platform.python_version()} | _versions(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def write_results(path: Path, facts: dict[str, Any], outcome: Outcome, tables: Sequence[Table]) -> None:
    """Every single run, not medians alone, so that others can judge for themselves."""
    record = {
        **facts,
        "runs": [asdict(run) for run in outcome.runs],
        "left_out": [asdict(absence) for absence in outcome.absences],
        "tables": [asdict(table) for table in tables],
    }
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def in_a_line(facts: dict[str, Any]) -> str:
    """The machine in a few words."""
    found = facts["machine"]
    return f"{found['graphics'] or found['processor']}, {found['cores']} cores, {found['date'][:10]}"


def _versions() -> dict[str, str]:
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _graphics() -> str:
    """The card and its driver as NVIDIA's own tool says it; empty without."""
    try:
        said = subprocess.run(
            ["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"],
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return said.stdout.strip() if said.returncode == 0 else ""
