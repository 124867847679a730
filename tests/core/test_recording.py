"""Devices, levels, silence, names: the rules of recordings."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.recording import (
    CLIPPING,
    HELD_FOR_MS,
    LEAST_FREE_BYTES,
    NOTHING,
    SILENT_AFTER_MS,
    STEPS,
    Device,
    Meter,
    SilenceWatch,
    SourceKind,
    State,
    Status,
    chosen,
    decibels,
    file_name,
    flag_of,
    lasts_ms,
)

kinds = st.sampled_from(SourceKind)
devices = st.builds(
    Device,
    id=st.text(max_size=5),
    name=st.text(max_size=5),
    kind=kinds,
    sample_rate_hz=st.integers(8000, 192_000),
    channels=st.integers(1, 8),
    is_default=st.booleans(),
    sample_bits=st.sampled_from((16, 24)),
)


@given(devices)
def test_a_device_is_the_same_after_it_was_kept(device: Device) -> None:
    assert Device.from_record(device.to_record()) == device


@given(st.lists(devices, max_size=6), kinds, st.text(max_size=5))
def test_the_remembered_device_comes_before_the_default_one(there: list[Device], kind: SourceKind, name: str) -> None:
    device = chosen(there, kind, name)
    of_kind = [one for one in there if one.kind is kind]
    if not of_kind:
        assert device is None
        return
    assert device in of_kind
    if name and any(one.name == name for one in of_kind):
        assert device.name == name
    elif any(one.is_default for one in of_kind):
        assert device.is_default


def test_every_state_leads_to_idle() -> None:
    reached = {State.IDLE}
    for _round in State:
        reached |= {state for state in State if STEPS[state] & reached}
    assert reached == set(State)
    assert set(STEPS) == set(State)


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 500)), min_size=1))
def test_a_held_peak_is_never_below_what_is_heard_and_clipping_is_held(stretches: list[tuple[float, int]]) -> None:
    meter = Meter()
    at_ms = 0
    history: list[tuple[int, float]] = []
    for peak, lasted_ms in stretches:
        at_ms += lasted_ms
        history.append((at_ms, peak))
        level = meter.level(peak, peak / 2, at_ms)
        recent = [one for then_ms, one in history if at_ms - then_ms < HELD_FOR_MS]
        assert level.held_peak >= level.peak
        assert level.held_peak in [one for _then, one in history]
        assert level.is_clipping == any(one >= CLIPPING for one in recent)


def test_a_peak_is_held_and_falls() -> None:
    meter = Meter()
    assert meter.level(0.8, 0.1, 0).held_peak == 0.8
    assert meter.level(0.1, 0.1, HELD_FOR_MS - 1).held_peak == 0.8
    assert meter.level(0.1, 0.1, HELD_FOR_MS).held_peak == 0.1


def test_silence_is_called_after_some_seconds_and_taken_back_at_once() -> None:
    watch = SilenceWatch()
    changes = [(at_ms, watch.is_silent) for at_ms in range(0, 6000, 100) if watch.note(0.0, at_ms)]
    assert changes == [(SILENT_AFTER_MS, True)]
    assert watch.note(NOTHING * 2, 6000)
    assert not watch.is_silent
    assert not watch.note(NOTHING, 6100)


@given(st.datetimes(min_value=datetime(1970, 1, 1)), st.integers(0, 5))
def test_names_of_recordings_can_be_used_everywhere_and_are_new(now: datetime, count: int) -> None:
    taken: list[str] = []
    for _name in range(count):
        taken.append(file_name(now, [name.upper() for name in taken]))
    assert len(set(taken)) == len(taken)
    for name in taken:
        assert not set(name) & set('<>:"/\\|?*')


def test_a_recording_is_named_after_its_minute() -> None:
    now = datetime(2026, 11, 25, 14, 3)
    assert file_name(now) == "Recording 2026-11-25 14.03.mka"
    assert file_name(now, ["Recording 2026-11-25 14.03.mka"]) == "Recording 2026-11-25 14.03 (2).mka"


def test_the_flag_lies_beside_its_recording() -> None:
    assert flag_of(Path("/a/one.mka")) == Path("/a/one.mka.recording")


def test_a_disk_lasts_until_what_is_left_alone() -> None:
    assert lasts_ms(LEAST_FREE_BYTES + 100_000, 100_000) == 1000
    assert lasts_ms(0, 100_000) == 0
    assert Status(free_bytes=1 << 40, lasts_ms=60_000).is_disk_low
    assert Status(free_bytes=1 << 20, lasts_ms=10**9).is_disk_low
    assert not Status(free_bytes=1 << 40, lasts_ms=10**9).is_disk_low


@pytest.mark.parametrize(("level", "expected"), [(1.0, 0.0), (0.5, -6.02), (0.0, float("-inf"))])
def test_decibels(level: float, expected: float) -> None:
    assert decibels(level) == pytest.approx(expected, abs=0.01)
