"""Hands over to a running instance, or starts the app, or runs a command."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.core.handover import Handover


def main() -> int:
    """The console command. Returns the exit status."""
    if sys.argv[1:2] == ["dictate"]:
        # Nothing else is imported for a key that was pressed: it has to be gone in a moment.
        from desktop import dictate

        return dictate.main(sys.argv[2:])
    import multiprocessing

    from desktop import cli
    from desktop.core.handover import Handover

    multiprocessing.freeze_support()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that lacks a letter shows "?" for it
    arguments = cli.parse(sys.argv[1:])
    if not arguments.command:
        return _start_app(Handover(tuple(path.absolute() for path in arguments.files), arguments.hidden))
    try:
        return cli.run(arguments)
    except BrokenPipeError:  # the reader of our output has gone away, as in "| head"
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return cli.INTERRUPTED


def _start_app(wish: Handover) -> int:
    # Nothing but this is imported for a second start: it has to be gone in a moment.
    from desktop import cli
    from desktop.core.errors import AppError
    from desktop.core.i18n import _
    from desktop.store.paths import Paths
    from desktop.system import instance

    paths = Paths.default()
    if instance.hand_over(paths.socket, wish):
        return cli.DONE
    if sys.platform.startswith("linux") and not {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"} & set(os.environ):
        print(_("There is no display here. Without a window: undertone transcribe FILE"), file=sys.stderr)
        return cli.WRONG_USAGE
    try:
        paths.prepare()
        lock = instance.claim(paths.locks / "instance.lock")
    except (AppError, OSError) as error:
        print(error, file=sys.stderr)
        return cli.SOME_FAILED
    if lock is None:
        if instance.hand_over_soon(paths.socket, wish):
            return cli.DONE
        print(_("Undertone is running already but does not answer. End it and start again."), file=sys.stderr)
        return cli.SOME_FAILED
    from desktop.app import run

    return run(wish, paths)


if __name__ == "__main__":
    sys.exit(main())
