"""A model is fetched in the running program and used at once; while it is in use nobody can remove it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import DEMO_MODEL, SAMPLES
from tests.hub_server import HubServer, open_hub
from tests.journeys.desk import Desk, Program, wait_for

TINY = "Systran/faster-whisper-tiny"


@pytest.fixture
def hub(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    """The demo model under the name of a real one."""
    with open_hub() as server:
        server.add(TINY, DEMO_MODEL)
        monkeypatch.setitem(desk.environment, "HF_ENDPOINT", server.address)
        yield server


def test_a_model_is_installed_chosen_and_kept_while_it_is_in_use(
    desk: Desk, program: Program, hub: HubServer, home: Path
) -> None:
    folder = home / "data" / "undertone" / "models" / "tiny"
    program.start()
    desk.press("ctrl+shift+g")
    wait_for("the models", lambda: desk.active().startswith("Models"))
    assert hub.asked == []
    desk.type_text(TINY)
    desk.press("Return")
    wait_for("the model", folder.is_dir)
    measured = home / "data" / "undertone" / "tunings.json"
    wait_for("how fast it is here", lambda: measured.exists() and '"tiny"' in measured.read_text())
    desk.press("Escape")
    wait_for("the models to close", lambda: desk.active().startswith("Undertone"))
    program.run(SAMPLES / "demo-short.flac")
    wait_for("its text", lambda: program.states() == ["done"])
    assert '"tiny"' in str(program.rows("SELECT * FROM jobs"))
    said = program.run("models", "remove", "tiny")
    assert said.returncode == 1
    assert "is in use" in said.stderr
    program.end()
    said = program.run("models", "remove", "tiny")
    assert said.returncode == 0
    assert "are free again" in said.stdout
    assert not folder.exists()
