"""A model that is loaded cannot be removed: the process that has it holds its file, and lets go when it dies."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

WEIGHTS = "model.bin"


def hold(model: Path) -> BinaryIO | None:
    """The weights, opened so that others see them in use until the file is closed or this process has ended."""
    with suppress(OSError):  # a file system without locks: then nothing is promised
        file = (model / WEIGHTS).open("rb")
        if sys.platform != "win32":  # there an open file cannot be removed anyway
            import fcntl

            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return file
    return None


def is_held(model: Path) -> bool:
    """Whether some process has loaded it."""
    if not (model / WEIGHTS).is_file():
        return False
    try:
        with (model / WEIGHTS).open("rb") as file:
            if sys.platform != "win32":
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
