"""Measurements in turn, and what becomes of a contestant that cannot take part."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from desktop.benchmark import rounds
from desktop.benchmark.models import Wanted
from desktop.benchmark.rounds import Absence, Case, LeftOut, Run, joined, measured
from desktop.benchmark.task import Figures, Task
from tests.benchmark.cases import case, outcome, walls
from tests.conftest import ROOT


def answering(asked: dict[str, Any]) -> dict[str, Any]:
    """Every contestant takes part."""
    return {"figures": Figures(wall_s=1.0).to_record()} if "task" in asked else {"path": "model"}


def test_contestants_take_turns(tmp_path: Path) -> None:
    found = list(measured([case("a"), case("b")], 3, tmp_path, lambda _text: None, answering))
    assert [one.case.name for one in found] == ["a", "b", "a", "b", "a", "b"]
    assert [one.round for one in found if isinstance(one, Run)] == [1, 1, 2, 2, 3, 3]


def test_a_model_is_made_before_the_first_round_only(tmp_path: Path) -> None:
    asked: list[str] = []

    def ask(what: dict[str, Any]) -> dict[str, Any]:
        asked.append(next(iter(what)))
        return answering(what)

    wanted = Case("modes", "10 min", "a", Task("a", "model", ()), 600.0, Wanted("micro", "ggml"))
    list(measured([wanted], 2, tmp_path, lambda _text: None, ask))
    assert asked == ["model", "task", "task"]


def test_a_missing_library_leaves_the_contestant_out_with_a_sentence(tmp_path: Path) -> None:
    said: list[str] = []

    def ask(what: dict[str, Any]) -> dict[str, Any]:
        return {"missing": "whisper"} if what["task"]["contestant"] == "openai-whisper" else answering(what)

    found = list(measured([case("openai-whisper"), case("ours-fast")], 2, tmp_path, said.append, ask))
    (absence,) = [one for one in found if isinstance(one, Absence)]
    assert absence.sentence == (
        "openai-whisper is left out: openai-whisper is not installed. Install it with: pip install 'undertone[bench]'"
    )
    assert absence.sentence in said
    assert len(joined(found).runs) == 2


def test_a_process_that_fails_leaves_the_contestant_out_with_its_last_words(tmp_path: Path) -> None:
    def ask(_what: dict[str, Any]) -> dict[str, Any]:
        raise LeftOut("its process failed (RuntimeError: no card)")

    (absence,) = measured([case("fw-batched")], 3, tmp_path, lambda _text: None, ask)
    assert isinstance(absence, Absence)
    assert absence.sentence == "fw-batched is left out: its process failed (RuntimeError: no card)."


def test_the_median_is_taken_figure_by_figure() -> None:
    one = case("ours-fast")
    figures = [
        Figures(wall_s=3.0, cpu_s=1.0, minor_faults=10, text_hash="a"),
        Figures(wall_s=1.0, cpu_s=9.0, minor_faults=30, text_hash="b"),
        Figures(wall_s=2.0, cpu_s=5.0, minor_faults=20, text_hash="c"),
    ]
    assert outcome((one, figures)).median(one) == Figures(wall_s=2.0, cpu_s=5.0, minor_faults=20, text_hash="a")


def test_the_part_of_a_row_has_nothing_of_another() -> None:
    both = outcome((case("a", row="modes"), walls(1.0)), (case("b", row="clips"), walls(2.0)))
    assert [one.name for one in both.of_row("clips").cases()] == ["b"]


def test_a_task_and_figures_survive_the_way_to_another_process() -> None:
    task = Task("ours-fast", "model", ("a.flac", "b.flac"), temperatures=(0.0, 0.2))
    assert Task.from_record(task.to_record()) == task
    figures = Figures(wall_s=1.5, texts=("one", "two"))
    assert Figures.from_record(figures.to_record() | {"unknown": 1}) == figures


@pytest.mark.parametrize("contestant", ["ours-fast", "fw-sequential"])
def test_a_fresh_process_measures_one_contestant(tmp_path: Path, contestant: str) -> None:
    model = Wanted("micro", "ctranslate2").make(tmp_path)
    source = ROOT / "resources" / "samples" / "demo-short.flac"
    answer = rounds.in_a_fresh_process({"task": Task(contestant, str(model), (str(source),), times=2).to_record()})
    figures = Figures.from_record(answer["figures"])
    assert (figures.windows, figures.tokens) == (1, 42)
    assert 0 < figures.first_s <= figures.wall_s
    assert figures.again_s > 0
    assert figures.cpu_s > 0
    assert figures.peak_mb > 50
    assert figures.stop_s == 0


def test_a_fresh_process_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(LeftOut, match="its process failed"):
        rounds.in_a_fresh_process({"task": Task("fw-sequential", str(tmp_path), ()).to_record()})


def test_nothing_of_the_benchmark_loads_torch_before_it_is_needed() -> None:
    code = (
        "import pkgutil, sys, desktop.benchmark as b\n"
        "for m in pkgutil.iter_modules(b.__path__): __import__('desktop.benchmark.' + m.name)\n"
        "assert not {'torch', 'whisper', 'pywhispercpp', 'jiwer', 'PySide6'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
