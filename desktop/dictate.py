"""`undertone dictate`: one word to the running program, for keys that something else watches: a desktop, a macro pad.

It imports as little as possible (no Qt, not even the other commands), since speech begins when it arrives.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from desktop.core.handover import DictationWord
from desktop.store.paths import Paths
from desktop.system.instance import tell

DONE, FAILED = 0, 1

HELP = {
    DictationWord.PRESS: "the key goes down",
    DictationWord.RELEASE: "the key comes up: after a hold the text is inserted, after a tap listening goes on",
    DictationWord.TOGGLE: "start, or end what is being spoken",
    DictationWord.CANCEL: "forget what is being spoken",
    DictationWord.INSERT: "insert the text that could not be inserted",
}

EXAMPLES = """\
examples, for the settings of a desktop:
  sway, i3     bindsym --no-repeat Mod4+d exec undertone dictate --press
               bindsym --release Mod4+d exec undertone dictate --release
  Hyprland     bind = SUPER, D, exec, undertone dictate --press
               bindr = SUPER, D, exec, undertone dictate --release
  elsewhere    undertone dictate --toggle
"""


def main(arguments: Sequence[str]) -> int:
    """Tell the running program what is asked for; returns the exit status."""
    words = {f"--{word}": word for word in DictationWord}
    if len(arguments) != 1 or arguments[0] not in words:
        return _explain(arguments)
    taken = tell(Paths.default().socket, words[arguments[0]])
    if taken:
        return DONE
    from desktop.core.errors import NotReady, NotRunning

    print(NotRunning() if taken is None else NotReady(), file=sys.stderr)
    return FAILED


def _explain(arguments: Sequence[str]) -> int:
    """Exits with 2 and a sentence when the command line is wrong, with 0 after help."""
    import argparse

    parser = argparse.ArgumentParser(
        prog="undertone dictate",
        description="Tell the running program what a shortcut of its own would: speak, and the text is in the program "
        "in focus.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    group = parser.add_mutually_exclusive_group(required=True)
    for word, text in HELP.items():
        group.add_argument(f"--{word}", action="store_true", help=text)
    parser.parse_args(arguments)
    return main([f"--{word}" for word in DictationWord if f"--{word}".startswith(arguments[0])])
