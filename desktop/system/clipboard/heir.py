"""Answers for the clipboard after the program has ended, until somebody copies again (X11).

What was there before a text was lent has us as its owner since. Without a clipboard manager it would be gone with us,
so a small process stays for it, as one does of every program that puts something there and ends (xclip, for one).
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.system.clipboard.x11 import Contents

_SOURCE = Path(__file__).parents[3]
_left: list[subprocess.Popen[bytes]] = []
"""Nobody waits for their ends."""


def leave(contents: Contents, owner: int, display: str | None = None) -> None:
    """Start the process, and wait until it is the owner after this window, or cannot be."""
    heir = subprocess.Popen(
        [sys.executable, "-m", __name__, str(owner), display or ""],
        cwd=_SOURCE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    _left.append(heir)
    plain = [[one, it.kind, it.width, base64.b64encode(it.data).decode()] for one, it in contents.items()]
    assert heir.stdin
    assert heir.stdout
    with heir.stdin, heir.stdout:
        heir.stdin.write(json.dumps(plain).encode())
        heir.stdin.close()
        heir.stdout.readline()


def main(owner: int, display: str) -> None:
    """Take over what stands on stdin."""
    from desktop.core.errors import ClipboardUnusable
    from desktop.system.clipboard.x11 import Content, X11Clipboard
    from desktop.system.x11 import Unreachable

    plain = json.load(sys.stdin)
    contents = {one: Content(kind, width, base64.b64decode(text)) for one, kind, width, text in plain}
    try:
        clipboard = X11Clipboard(display or None)
        clipboard.adopt(contents, owner)
    except (Unreachable, ClipboardUnusable):
        return
    print("ready", flush=True)
    clipboard.wait_lost()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
