"""What can be recorded, on a real sound server."""

import os
import queue
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core import errors
from desktop.core.recording import Device, SourceKind
from desktop.system import portaudio, pulse
from desktop.system.microphones import SystemMicrophones, no_system_sound
from tests.journeys.sound_server import SoundServer, missing_tools, open_sound_server

SOON_S = 10


@pytest.fixture(scope="module")
def server_of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundServer]:
    if missing := missing_tools():
        pytest.skip(f"this machine lacks {', '.join(missing)}: see packaging/linux/system_packages.sh")
    with open_sound_server(tmp_path_factory.mktemp("pulse")) as one:
        yield one


@pytest.fixture
def server(server_of_module: SoundServer, monkeypatch: pytest.MonkeyPatch) -> SoundServer:
    monkeypatch.setenv("PULSE_SERVER", server_of_module.address)
    return server_of_module


def test_microphones_and_loudspeakers_are_listed_as_people_know_them(server: SoundServer) -> None:
    devices = {(one.name, one.kind): one for one in SystemMicrophones().devices()}
    assert devices == {
        ("Desk", SourceKind.MICROPHONE): Device("desk", "Desk", SourceKind.MICROPHONE, 48_000, 2, True, 16),
        ("Speakers", SourceKind.SYSTEM): Device("speakers.monitor", "Speakers", SourceKind.SYSTEM, 48_000, 2, True, 16),
        ("Headphones", SourceKind.SYSTEM): Device(
            "headphones.monitor", "Headphones", SourceKind.SYSTEM, 44_100, 1, False, 16
        ),
    }


def test_two_of_one_name_are_told_apart_and_fine_samples_are_seen(server: SoundServer) -> None:
    module = server.load(
        "module-remap-source", "source_name=second", "master=headphones.monitor", "format=float32le",
        "source_properties=device.description=Desk",
    )  # fmt: skip
    try:
        microphones = [one for one in SystemMicrophones().devices() if one.kind is SourceKind.MICROPHONE]
        assert [(one.name, one.sample_bits) for one in microphones] == [("Desk", 16), ("Desk (2)", 24)]
    finally:
        server.unload(module)


def test_what_is_plugged_in_and_out_is_told(server: SoundServer) -> None:
    told: queue.Queue[tuple[Device, ...]] = queue.Queue()
    unwatch = SystemMicrophones().watch(told.put)
    try:
        assert len(told.get(timeout=SOON_S)) == 3
        module = server.load("module-remap-source", "source_name=new", "master=headphones.monitor")
        assert "new" in [one.id for one in told.get(timeout=SOON_S)]
        server.unload(module)
        assert "new" not in [one.id for one in told.get(timeout=SOON_S)]
    finally:
        unwatch()
    assert not [thread for thread in threading.enumerate() if thread.name == "sound devices"]


def test_a_server_that_dies_takes_its_devices_and_brings_them_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: queue.Queue[tuple[Device, ...]] = queue.Queue()
    with open_sound_server(tmp_path) as first:
        monkeypatch.setenv("PULSE_SERVER", first.address)
        unwatch = SystemMicrophones().watch(told.put)
        assert len(told.get(timeout=SOON_S)) == 3
        first.process.kill()
        assert told.get(timeout=SOON_S) == ()
    with open_sound_server(tmp_path):
        assert told.get(timeout=SOON_S)
        unwatch()


@pytest.mark.parametrize("before", ["speakers.monitor", None])
def test_opening_a_device_leaves_the_environment_as_it_was(
    server: SoundServer, monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    monkeypatch.setenv("PULSE_SOURCE", before or "")
    if before is None:
        monkeypatch.delenv("PULSE_SOURCE")
    desk = next(one for one in pulse.devices() if one.id == "desk")
    heard = threading.Event()
    stream = SystemMicrophones().open(desk, lambda _block: heard.set())
    assert os.environ.get("PULSE_SOURCE") == before
    assert heard.wait(SOON_S)
    assert stream.is_running
    stream.close()


def test_a_source_that_is_not_there_cannot_be_opened(server: SoundServer) -> None:
    gone = Device("gone", "Gone", SourceKind.MICROPHONE, 48_000, 1)
    with pytest.raises(errors.SoundDeviceRefused, match="“Gone” cannot be recorded from"):
        SystemMicrophones().open(gone, lambda _block: None)


def test_portaudio_itself_lists_what_alsa_knows(server: SoundServer) -> None:
    assert portaudio.has_device("pulse")
    assert "pulse" in [one.name for one in portaudio.devices()]
    assert not portaudio.has_device("no such device")
    heard = threading.Event()
    device = next(one for one in portaudio.devices() if one.name == "pulse")
    stream = SystemMicrophones().open(device, lambda _block: heard.set())
    assert heard.wait(SOON_S)
    stream.close()


def test_without_a_server_nothing_is_there_until_one_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    assert not pulse.is_there()
    with pytest.raises(errors.SoundServerSilent):
        pulse.devices()
    told: queue.Queue[tuple[Device, ...]] = queue.Queue()
    unwatch = SystemMicrophones().watch(told.put)
    assert [one for one in told.get(timeout=SOON_S) if one.kind is SourceKind.SYSTEM] == []
    unwatch()


def test_on_a_system_without_loopback_it_is_said_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "BlackHole" in str(no_system_sound())
