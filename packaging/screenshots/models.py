"""The pictures of the models: the real program, and a hub on this machine that it fetches from."""

import mmap
import tempfile
import time
from pathlib import Path

from screenshots.stage import THEMES, settle_in, take
from tests.hub_server import HubServer, open_hub, small_model
from tests.journeys.desk import Program, open_desk, wait_for

TURBO = "mobiuslabsgmbh/faster-whisper-large-v3-turbo"
TURBO_BYTES = 1_617_000_000
BYTES_A_SECOND = 11_000_000
INSTALL = (752, 312)
"""Where the button of the recommended model is in the window of the models."""


def take_all(target: Path) -> None:
    """Every picture in both themes."""
    with tempfile.TemporaryDirectory() as folder, open_desk(Path(folder)) as desk, open_hub() as hub:
        _offer(hub, Path(folder))
        desk.environment["HF_ENDPOINT"] = hub.address
        for theme in THEMES:
            program = Program(desk, Path(folder) / theme)
            settle_in(program, theme)
            program.start()
            take(desk, target / f"first-model-{theme}.png")
            program.kill()
            _install(program)
            program.start()
            desk.press("ctrl+shift+g")
            wait_for("the models", lambda: desk.window("Models"))
            take(desk, target / f"models-{theme}.png", "Models")
            x, y, _width, _height = desk.place_of(desk.window("Models") or "")
            sent = hub.sent["model.bin"]
            desk.click(x + INSTALL[0], y + INSTALL[1])
            wait_for("some of it", lambda was=sent: hub.sent["model.bin"] > was + 5 * BYTES_A_SECOND)
            take(desk, target / f"models-downloading-{theme}.png", "Models")
            program.kill()


def _offer(hub: HubServer, folder: Path) -> None:
    """The recommended model as long as it really is, at the speed of a usual line. What is in it does not matter."""
    hub.add(TURBO, small_model(folder / "model"))
    with (folder / "long").open("w+b") as file:
        file.truncate(TURBO_BYTES)
        hub.repositories[TURBO]["model.bin"] = mmap.mmap(file.fileno(), 0)  # type: ignore[assignment]
    hub.meanwhile = lambda _name, count: time.sleep(2**14 / BYTES_A_SECOND) if count > 8 * BYTES_A_SECOND else None


def _install(program: Program) -> None:
    """One model that is whole and one that is not."""
    models = program.home / "data" / "undertone" / "models"
    small_model(models / "base", 145_217_532)
    (small_model(models / "medium") / "tokenizer.json").unlink()
