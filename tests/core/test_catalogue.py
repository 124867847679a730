"""What is offered is what faster-whisper knows; the recommended one fits the machine, and the reason says why."""

import pytest
from faster_whisper import utils
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.catalogue import (
    ALIASES,
    BY_NAME,
    LEAST_SPEED,
    OFFERS,
    Entry,
    Progress,
    Room,
    Stage,
    Standing,
    estimates,
    measured_speeds,
    megabytes,
    recommended,
    time_for,
)
from desktop.core.jobs import Engine, Job
from desktop.core.tuning import Setup, Tuning, Tunings

USUAL = Setup("int8", 1, 2, 8)
GIGABYTE = 1 << 30
rooms = st.builds(
    Room,
    st.integers(1, 128),
    st.sampled_from(["", "AVX2", "AVX512", "NEON"]),
    st.integers(0, 256 * GIGABYTE),
    st.sampled_from([0, 4 * GIGABYTE, 80 * GIGABYTE]),
)


def test_every_model_of_faster_whisper_is_offered_from_its_place() -> None:
    for name, repository in utils._MODELS.items():
        assert BY_NAME[ALIASES.get(name, name)].repository == repository
    assert len(BY_NAME) == len(OFFERS)


def test_english_models_are_told_from_those_of_all_languages() -> None:
    assert {offer.name for offer in OFFERS if offer.can_translate} == {
        *("tiny", "base", "small", "medium", "large-v1", "large-v2", "large-v3")
    }
    assert BY_NAME["distil-large-v3"].languages == "en"


@given(rooms, st.sampled_from(["", "en", "de"]))
def test_what_is_recommended_fits_and_is_fast_if_anything_is(room: Room, language: str) -> None:
    speeds = estimates(room, {})
    best, reason = recommended(room, speeds, language)
    assert reason
    fitting = [offer for offer in OFFERS if room.holds(offer) and offer.languages in ("many", language)]
    assert best.languages in ("many", language)
    assert best in fitting or not fitting
    if any(speeds[offer.name] >= LEAST_SPEED for offer in fitting):
        assert speeds[best.name] >= LEAST_SPEED
        assert all(offer.level <= best.level for offer in fitting if speeds[offer.name] >= LEAST_SPEED)


@pytest.mark.parametrize(
    ("room", "name"),
    [
        (Room(1, "", 2 * GIGABYTE), "base"),
        (Room(2, "AVX2", 4 * GIGABYTE), "small"),
        (Room(2, "AVX512", 24 * GIGABYTE), "large-v3-turbo"),
        (Room(4, "AVX2", 1 * GIGABYTE), "base"),
        (Room(1, "", GIGABYTE // 4), "tiny"),
        (Room(8, "AVX2", 32 * GIGABYTE, 12 * GIGABYTE), "large-v3-turbo"),
    ],
)
def test_machines_that_people_have(room: Room, name: str) -> None:
    assert recommended(room, estimates(room, {}))[0].name == name


def test_for_english_alone_an_english_model_may_be_better() -> None:
    room = Room(2, "AVX2", 4 * GIGABYTE)
    assert recommended(room, estimates(room, {}), "en")[0].languages == "en"
    assert recommended(room, estimates(room, {}), "de")[0].languages == "many"


def test_what_was_measured_corrects_what_is_guessed() -> None:
    room = Room(2, "AVX512", 24 * GIGABYTE)
    guessed = estimates(room, {})
    slower = estimates(room, {"base": guessed["base"] / 4, "of-my-own": 7.0})
    assert slower["base"] == guessed["base"] / 4
    assert slower["small"] == pytest.approx(guessed["small"] / 4)
    assert recommended(room, slower)[0].name == "small"


def test_speeds_are_measured_from_work_that_was_long_enough() -> None:
    def job(number: int, model: str, heard_s: int, worked_s: int, device: str = "cpu") -> Job:
        engine = Engine(model=model, device=device)
        return Job(number, source=None, engine=engine, heard_ms=heard_s * 1000, worked_ms=worked_s * 1000)  # type: ignore[arg-type]

    jobs = [job(1, "small", 100, 10), job(2, "small", 20, 2), job(3, "base", 40, 4)]
    jobs.append(job(4, "small", 9000, 10, "cuda"))
    room = Room(hardware="AMD EPYC")
    assert measured_speeds(room, jobs, Tunings()) == {"small": 10.0}


def test_what_was_measured_on_wish_on_this_hardware_counts_more() -> None:
    engine = Engine(model="small", device="cpu")
    jobs = [Job(1, source=None, engine=engine, heard_ms=100_000, worked_ms=10_000)]  # type: ignore[arg-type]
    tunings = Tunings((Tuning("small", 1, "cpu", "AMD EPYC", USUAL, 12.5),))
    assert measured_speeds(Room(hardware="AMD EPYC"), jobs, tunings) == {"small": 12.5}
    assert measured_speeds(Room(hardware="Intel Xeon"), jobs, tunings) == {"small": 10.0}


def test_one_first_try_counts_less_than_work() -> None:
    engine = Engine(model="small", device="cpu")
    jobs = [Job(1, source=None, engine=engine, heard_ms=100_000, worked_ms=10_000)]  # type: ignore[arg-type]
    tunings = Tunings((Tuning("small", 1, "cpu", "AMD EPYC", None, 12.5),))
    assert measured_speeds(Room(hardware="AMD EPYC"), jobs, tunings) == {"small": 10.0}
    assert measured_speeds(Room(hardware="AMD EPYC"), [], tunings) == {"small": 12.5}


def test_an_entry_says_its_facts() -> None:
    entry = Entry("small", size=486_000_000, memory=GIGABYTE, level=3, speed=14.2)
    assert entry.facts == ("486 MB", "1.0 GB of memory", "99 languages", "accuracy: good", "about 14× here")
    measured = Entry("small.en", languages="en", speed=4.2, is_measured=True)
    assert measured.facts == ("English only", "4.2× here, measured")
    assert Entry("demo", Standing.DEMO, size=3_100_000).facts == ("3.1 MB", "only to try the program")
    assert not entry.is_there


def test_progress_says_bytes_speed_and_time() -> None:
    progress = Progress("small", Stage.FETCHING, 99_000_000, 486_000_000, 11e6, 200.0)
    assert progress.said == "99 MB of 486 MB, 11 MB/s, 3 min left"
    assert progress.fraction == pytest.approx(99 / 486)
    assert Progress("small", Stage.FETCHING, 0, 1_500_000_000).said == "0.0 MB of 1.5 GB"
    assert Progress("small", Stage.CHECKING, 1, 10_000_000).said == "Checking 0.0 MB of 10 MB"
    assert Progress("small", Stage.ASKING).fraction == 0
    assert megabytes(1_620_000_000) == "1.6 GB"
    assert [time_for(size) for size in (1_000_000, 486_000_000, 30_000_000_000)] == ["1 s", "1 min", "1 h 20 min"]
