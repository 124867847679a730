"""`undertone tune`: what it prints and keeps."""

import json

import pytest

from desktop import cli
from desktop.core.tuning import Findings, Setup, Trial, Tuning
from desktop.store.paths import Paths
from desktop.store.tunings import TuningsFile

USUAL = Setup("int8", 2, 4, 2)
TUNING = Tuning("base", 1000, "cpu", "AMD EPYC", Setup("int8", 4, 2, 2), 15.0)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[Findings]:
    """What the measurement tells; the tests of the engine measure."""
    from desktop.cli import tune as module

    begun = Findings("base", "auto")
    found = Findings("base", "cpu", "AMD EPYC", at_work=USUAL, to_come=2)
    first = found.tried(Trial(USUAL, 10.0))
    second = first.tried(Trial(TUNING.setup, 15.0))
    third = second.tried(Trial(Setup("float32", 4, 2, 2), problem="The engine needed more memory than there is."))
    over = Findings("base", "cpu", "AMD EPYC", third.trials, tuning=TUNING, is_over=True)
    steps = [begun, found, first, second, third, over]
    monkeypatch.setattr(module, "tune", lambda *_arguments: iter(steps))
    return steps


def run(*arguments: str) -> int:
    return cli.run(cli.parse(["tune", *arguments]))


def test_a_row_for_each_way_and_the_best_is_kept(
    measured: list[Findings], paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run() == cli.DONE
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "CPU AMD EPYC"
    assert [line.split()[0] for line in lines[2:6]] == ["type", "int8", "int8", "float32"]
    assert "failed: The engine needed more memory" in lines[5]
    assert lines[6] == (
        "Best: int8, 4 × 2 threads, 2 windows, 15×. 50 % faster than the usual way. It is used from now on."
    )
    assert TuningsFile(paths.tunings).load().all == (TUNING,)


def test_as_json_it_is_one_object(measured: list[Findings], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json") == cli.DONE
    assert Tuning.from_record(json.loads(capsys.readouterr().out)) == TUNING


def test_what_was_interrupted_is_not_kept(measured: list[Findings], paths: Paths) -> None:
    del measured[-1]
    assert run() == cli.INTERRUPTED
    assert not paths.tunings.exists()


def test_where_nothing_worked_it_says_why(measured: list[Findings], capsys: pytest.CaptureFixture[str]) -> None:
    problem = Trial(USUAL, problem="no room.")
    measured[-1] = Findings("base", "cpu", "AMD EPYC", (problem,), is_over=True)
    assert run() == cli.SOME_FAILED
    assert "“base” could not be measured: no room." in capsys.readouterr().err


def test_a_model_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--model", "nowhere") == cli.SOME_FAILED
    assert "nowhere" in capsys.readouterr().err
