"""What a second start says to the running instance: one line of JSON each way."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

ACCEPTED = b'{"ok": true}\n'
REFUSED = b'{"ok": false}\n'


@dataclass(frozen=True, slots=True)
class Handover:
    """The files of a second start; its window is shown unless it was started hidden."""

    files: tuple[Path, ...]
    hidden: bool = False

    def to_line(self) -> bytes:
        """Paths travel as hexadecimal bytes: their names need not be valid text."""
        paths = [os.fsencode(path.absolute()).hex() for path in self.files]
        return json.dumps({"do": "open", "paths": paths, "hidden": self.hidden}).encode() + b"\n"


class DictationWord(StrEnum):
    """What `undertone dictate` tells the running instance, in place of a shortcut of its own."""

    PRESS = "press"
    RELEASE = "release"
    TOGGLE = "toggle"
    CANCEL = "cancel"
    INSERT = "insert"

    def to_line(self) -> bytes:
        """One line of JSON."""
        return json.dumps({"do": "dictate", "word": self.value}).encode() + b"\n"


def read_line(line: bytes) -> Handover | DictationWord | None:
    """None for a line that is not ours."""
    try:
        request = json.loads(line)
        if request["do"] == "dictate":
            return DictationWord(request["word"])
        paths: Sequence[str] = request["paths"]
        files = tuple(Path(os.fsdecode(bytes.fromhex(path))) for path in paths)
        return Handover(files, bool(request["hidden"])) if request["do"] == "open" else None
    except (ValueError, KeyError, TypeError):
        return None
