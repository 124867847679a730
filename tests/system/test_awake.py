"""Keeping the machine awake, asked of a power manager on a real D-Bus session."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.system.awake import WakepyAwake
from tests.journeys.desk import wait_for


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A D-Bus session of this test alone."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    bus = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert bus.stdout
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.stdout.readline().decode().strip())
    yield
    bus.kill()
    bus.communicate()


@pytest.fixture
def calls(session: None, tmp_path: Path) -> Iterator[Path]:
    """What the power manager of the session was asked."""
    file = tmp_path / "calls"
    file.touch()
    manager = subprocess.Popen([sys.executable, str(Path(__file__).with_name("power_manager.py")), str(file)])
    wait_for("the power manager", file.read_text)
    yield file
    manager.kill()
    manager.wait()


def test_the_machine_is_kept_awake_from_hold_to_release(calls: Path) -> None:
    awake = WakepyAwake()
    assert awake.hold() is None
    assert awake.hold() is None
    awake.release()
    awake.release()
    wait_for("the end of it", lambda: calls.read_text().split() == ["ready", "Inhibit", "UnInhibit"])


def test_a_session_without_a_power_manager_is_told_in_words(session: None) -> None:
    awake = WakepyAwake()
    assert "org.freedesktop.PowerManagement" in (awake.hold() or "")
    awake.release()
