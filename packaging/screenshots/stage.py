"""What all pictures of the running program have in common: its home, and the moment at which they are taken."""

import json
from pathlib import Path

from tests.journeys.desk import Desk, Program

THEMES = ("light", "dark")
SETTLE_S = "1.2"
STYLE = "characters_per_second = 15.0\nline_characters = 24\nlines = 1\n"
"""Strict enough that the demo breaks it."""


def settle_in(program: Program, theme: str) -> None:
    """Give it a home with the settings of the pictures."""
    config = program.home / "config" / "undertone"
    config.mkdir(parents=True)
    (program.home / "run").mkdir(mode=0o700)
    settings = {"version": 1, "theme": theme, "language": "en", "notify": False, "temperatures": [0.0]}
    settings["subtitle_style"] = "own"
    (config / "style.toml").write_text(STYLE)
    (config / "settings.json").write_text(json.dumps(settings))


def take(desk: Desk, path: Path, name: str = "Undertone") -> None:
    """A picture of a window once it is at rest."""
    desk.run("xdotool", "sleep", SETTLE_S)
    desk.run("import", "-window", desk.window(name) or "root", path)


def rest(desk: Desk, seconds: float) -> None:
    """Let the program do something that no test could wait for."""
    desk.run("xdotool", "sleep", str(seconds))
