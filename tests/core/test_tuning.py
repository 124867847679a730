"""What is kept of a measurement, and which way is the best."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.tuning import CLEARLY, Findings, Setup, Trial, Tuning, Tunings, best_of

USUAL = Setup("int8", 2, 4, 2)
TUNING = Tuning("base", 1000, "cpu", "AMD EPYC", USUAL, 12.5)
COUNTS = st.integers(1, 64)
TRIALS = st.lists(
    st.builds(
        Trial,
        st.builds(Setup, st.sampled_from(["int8", "float32"]), COUNTS, COUNTS, COUNTS),
        st.floats(0.01, 500),
        st.sampled_from(["", "", "memory"]),
    )
)


@given(TRIALS)
def test_nothing_is_clearly_faster_than_the_best(trials: list[Trial]) -> None:
    best = best_of(trials)
    worked = [trial for trial in trials if not trial.problem]
    assert (best is None) is (not worked)
    assert best is None or all(trial.factor <= CLEARLY * best.factor for trial in worked)


def test_of_two_that_are_about_as_fast_the_usual_one_is_kept() -> None:
    other = replace(USUAL, windows=4)
    assert best_of([Trial(USUAL, 30.0), Trial(other, 30.9)]) == Trial(USUAL, 30.0)
    assert best_of([Trial(USUAL, 30.0), Trial(other, 36.0)]) == Trial(other, 36.0)
    assert best_of([Trial(USUAL, problem="memory")]) is None


@pytest.mark.parametrize("tuning", [TUNING, replace(TUNING, setup=None)])
def test_a_tuning_survives_its_record(tuning: Tuning) -> None:
    assert Tuning.from_record(tuning.to_record()) == tuning


@pytest.mark.parametrize(
    "change", [{"factor": 0}, {"factor": "fast"}, {"setup": {"workers": 1}}, {"setup": 3}, {"other": 1}]
)
def test_what_is_no_tuning_is_refused(change: dict[str, object]) -> None:
    with pytest.raises((TypeError, ValueError, KeyError)):
        Tuning.from_record(TUNING.to_record() | change)


def test_a_setup_without_threads_is_refused() -> None:
    broken = replace(TUNING, setup=replace(USUAL, threads=0))
    with pytest.raises(ValueError):  # noqa: PT011
        Tuning.from_record(broken.to_record())


def test_one_tuning_for_each_model_and_device() -> None:
    card = replace(TUNING, device="cuda", hardware="RTX")
    again = replace(TUNING, factor=20.0)
    kept = Tunings().joined(TUNING).joined(card).joined(again)
    assert set(kept.all) == {card, again}
    assert kept.of_model("base", 1000).on("cpu", "AMD EPYC") == again


def test_another_processor_or_another_model_of_that_name_was_never_measured() -> None:
    kept = Tunings((TUNING,))
    assert kept.of_model("base", 1000).on("cpu", "Intel") is None
    assert kept.of_model("base", 1001) == Tunings()


def test_findings_grow() -> None:
    findings = Findings("base", "cpu", at_work=USUAL).tried(Trial(USUAL, 3.0))
    assert findings.at_work is None
    assert findings.best == Trial(USUAL, 3.0)


def test_a_second_run_counts_as_much_as_the_first() -> None:
    other = replace(USUAL, windows=4)
    findings = Findings("base", "cpu", trials=(Trial(USUAL, 10.0), Trial(other, 12.0)))
    again = findings.tried_again(Trial(USUAL, 14.0)).tried_again(Trial(other, 12.0))
    assert again.trials == (Trial(USUAL, 12.0), Trial(other, 12.0))
    assert again.best == Trial(USUAL, 12.0)
    failed = findings.tried_again(Trial(other, problem="memory"))
    assert failed.trials[1] == Trial(other, 0.0, "memory")
    assert failed.best == Trial(USUAL, 10.0)


def test_a_first_try_does_not_take_the_place_of_a_best_way() -> None:
    first = replace(TUNING, setup=None, factor=3.0)
    assert Tunings((TUNING,)).joined(first) == Tunings((TUNING,))
    assert Tunings((first,)).joined(TUNING) == Tunings((TUNING,))
    other = replace(first, size=TUNING.size + 1)
    assert Tunings((TUNING,)).joined(other) == Tunings((other,)), "which is another model of that name"
