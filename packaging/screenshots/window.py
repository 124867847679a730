"""The pictures of the window: the queue, the text, its cues, the settings."""

import shutil
import tempfile
from pathlib import Path

from screenshots.stage import THEMES, settle_in, take
from tests.conftest import SAMPLES
from tests.journeys.desk import Program, open_desk, wait_for
from tests.sounds import long_sound
from tests.ui.player.speakers import open_speakers

WAVEFORM = (301, 118, 779 / 30_000)
"""In a window of the usual size: from its left, from its bottom, and pixels for a millisecond."""


def take_all(target: Path) -> None:
    """Every picture in both themes."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_desk(Path(folder)) as desk,
        open_speakers(Path(folder)) as speakers,
    ):
        desk.environment["PULSE_SERVER"] = speakers.server
        media = _media(Path(folder) / "media")
        for theme in THEMES:
            program = Program(desk, Path(folder) / theme)
            settle_in(program, theme)
            _picture_all(program, media, target, theme)


def _media(folder: Path) -> list[Path]:
    """Files with the names that people have."""
    folder.mkdir()
    interview = long_sound(folder / "Interview with Peter.flac", 900)
    for name, sample in (("Lecture 3.flac", "demo-pauses"), ("Voice memo.flac", "demo-short")):
        shutil.copy(SAMPLES / f"{sample}.flac", folder / name)
    (folder / "Budget.mp3").write_text("This is no sound at all. " * 99)
    long_sound(folder / "Team meeting.flac", 200)
    return [
        folder / "Lecture 3.flac",
        folder / "Budget.mp3",
        interview,
        folder / "Team meeting.flac",
        folder / "Voice memo.flac",
    ]


def _picture_all(program: Program, media: list[Path], target: Path, theme: str) -> None:
    desk = program.desk
    program.start()
    take(desk, target / f"empty-{theme}.png")
    program.run(*media)
    wait_for("the lecture to be done", lambda: program.states()[:1] == ["done"])
    desk.press("F6", "Down", "Down")
    wait_for("a running interview", lambda: (program.states()[2:3] == ["running"]) and len(program.texts(3)) > 30)
    take(desk, target / f"running-{theme}.png")
    wait_for("the interview to be left", lambda: program.states()[2] == "running")
    desk.press("ctrl+p")
    wait_for("the rest to be done", lambda: program.states() == ["done", "failed", "paused", "done", "done"])
    desk.press("Home")
    take(desk, target / f"finished-{theme}.png")
    _picture_editor(program, target, theme)
    desk.press("F6", "Down")
    take(desk, target / f"failed-{theme}.png")
    desk.press("ctrl+comma")
    wait_for("the settings", lambda: desk.window("Settings"))
    take(desk, target / f"settings-{theme}.png", "Settings")
    program.kill()


def _picture_editor(program: Program, target: Path, theme: str) -> None:
    """The text that is open: its cues, an edge that is dragged, the review, the search, the list of commands."""
    desk = program.desk
    desk.press("ctrl+t")
    take(desk, target / f"cues-{theme}.png")
    desk.press("ctrl+t", "F7")
    take(desk, target / f"review-{theme}.png")
    desk.press("Escape", "ctrl+h")
    desk.type_text("the")
    take(desk, target / f"find-{theme}.png")
    desk.press("Escape", "ctrl+shift+p")
    desk.type_text("play")
    take(desk, target / f"commands-{theme}.png")
    desk.press("Escape")
    x, y, _width, height = desk.place_of(desk.window() or "")
    left, bottom, scale = WAVEFORM
    edge = (x + left + round(scale * program.transcript(1).segments[0].end_ms), y + height - bottom)
    desk.run("xdotool", "mousemove", *map(str, edge), "mousedown", "1")
    for step in range(1, 9):
        desk.run("xdotool", "mousemove", str(edge[0] + 5 * step), str(edge[1]))
    take(desk, target / f"waveform-{theme}.png")
    desk.press("Escape")
    desk.run("xdotool", "mouseup", "1")
