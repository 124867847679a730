"""The rows: what they measure for what is asked, and the tables that they make of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from desktop import cli
from desktop.benchmark import suite, task, weights, words
from desktop.benchmark.plan import Plan
from desktop.benchmark.rounds import Case, Outcome, Run
from desktop.benchmark.suite import ROWS, cases_of
from desktop.benchmark.task import Figures
from tests.conftest import DEMO_MODEL, SAMPLES


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """A short one, of which only the sound is made."""
    return Plan(SAMPLES, tmp_path, DEMO_MODEL, size="tiny", minutes=0.1, quick=True)


def cases(plan: Plan, row: str) -> list[Case]:
    return [case for _row, some in cases_of(plan, [row]) for case in some]


def test_the_command_line_names_the_same_rows_sizes_and_contestants() -> None:
    assert tuple(ROWS) == cli.BENCH_ROWS
    assert ("micro", *cli.BENCH_SIZES) == tuple(weights.SIZES)
    assert task.CONTESTANTS == cli.BENCH_CONTESTANTS
    assert set(suite.QUICK_ROWS) <= set(ROWS)


def test_everybody_hears_the_same_sound_with_the_same_limits(plan: Plan) -> None:
    found = cases(plan, "modes")
    assert {case.task.contestant for case in found} == set(task.CONTESTANTS)
    for setting in ("sources", "tokens", "beam_size", "temperatures", "language"):
        assert len({getattr(case.task, setting) for case in found}) == 1, setting
    assert {Path(case.task.model).name for case in found} == {"tiny", "tiny.pt", "tiny.ggml"}


def test_a_real_model_is_for_those_that_read_its_form_and_has_no_limit_of_tokens(plan: Plan) -> None:
    found = cases(replace(plan, model=DEMO_MODEL), "modes")
    assert {case.task.contestant for case in found} == {"ours-fast", "ours-precise", "fw-sequential", "fw-batched"}
    assert {(case.task.model, case.task.tokens, case.model) for case in found} == {(str(DEMO_MODEL), 0, None)}


def test_who_cannot_take_part_is_named_with_the_reason(plan: Plan) -> None:
    on_a_card = replace(plan, device="cuda")
    figures = Figures(wall_s=1.0)
    (table,) = ROWS["modes"].tables(
        on_a_card, Outcome(tuple(Run(one, 1, figures) for one in cases(on_a_card, "modes")))
    )
    assert table.notes[0] == "whisper-cpp is left out: its wheel computes on the processor only."
    assert "whisper-cpp" not in {row[0] for row in table.rows}


def test_only_the_wanted_contestants_take_part(plan: Plan) -> None:
    chosen = replace(plan, contestants=("ours-fast", "whisper-cpp"))
    assert {case.task.contestant for case in cases(chosen, "sizes")} == {"ours-fast", "whisper-cpp"}


def test_compute_types_are_those_of_the_device_and_graphics_rows_need_a_card(plan: Plan) -> None:
    assert [case.group for case in cases(plan, "types")] == ["float32", "float32", "int8", "int8"]
    assert cases(plan, "cuda") == []
    on_a_card = cases(replace(plan, device="cuda", types=("float16", "int8_float16")), "cuda")
    assert {case.task.compute_type for case in on_a_card} == {"float16", "int8_float16"}
    assert {case.task.batch_size for case in on_a_card} == set(suite.CUDA_BATCHES)
    assert all(case.task.device == "cuda" for case in on_a_card)


def test_the_files_to_come_are_told_once_with_and_once_without(plan: Plan) -> None:
    found = [(case.task.contestant, case.task.look_ahead) for case in cases(plan, "clips")]
    assert found == [("ours-fast", 31), ("ours-fast", 0), ("fw-sequential", 0)]


def test_everybody_is_stopped_at_the_same_moments(plan: Plan) -> None:
    found = cases(plan, "cancel")
    for group in {case.group for case in found}:
        assert len({case.task.stop_after_s for case in found if case.group == group}) == 1
    assert len({case.task.stop_after_s for case in found}) == 2 * plan.repeats
    assert all(len(case.task.temperatures) > 1 for case in found)


def test_the_words_of_a_compute_type_are_compared_with_those_of_float32(plan: Plan) -> None:
    pytest.importorskip("jiwer")
    said = {"float32": "one two three four", "int8": "one two tree four"}
    runs = [Run(case, 1, Figures(wall_s=1.0, texts=(said[case.group],))) for case in cases(plan, "types")]
    _timed, differing = ROWS["types"].tables(plan, Outcome(tuple(runs)))
    assert differing.rows == (("float32", "0.00 %", "4"), ("int8", "25.00 %", "4"))


def test_word_errors_are_counted_on_the_users_material(plan: Plan) -> None:
    pytest.importorskip("jiwer")
    asked = replace(plan, model=DEMO_MODEL, audio=(Path("a.flac"),), references=("Hello, big world.",), audio_s=10.0)
    runs = [Run(case, 1, Figures(wall_s=2.0, texts=("hello world",))) for case in cases(asked, "words")]
    (table,) = ROWS["words"].tables(asked, Outcome(tuple(runs)))
    assert table.rows[0] == ("ours-fast", "33.33 %", "0", "1", "0", "3", "2.00", "5.0")
    assert "Compared by" in table.notes[0]


@pytest.mark.parametrize("row", [name for name in ROWS if name not in ("words", "cuda")])
def test_every_row_makes_a_table_of_its_figures(plan: Plan, row: str) -> None:
    figures = Figures(1.0, 2.0, 1.5, 3.0, 0.5, 0.1, 300.0, 1000, 2, 84, "hash", ("one",))
    runs = tuple(Run(case, 1, figures) for case in cases(plan, row))
    for table in ROWS[row].tables(plan, Outcome(runs)):
        assert str(table)
        assert table.rows


def test_a_text_has_its_reference_beside_it_as_text_or_as_json(tmp_path: Path) -> None:
    assert words.reference_of(Path("demo-short.flac"), SAMPLES)
    (tmp_path / "talk.txt").write_text("Hello.", encoding="utf-8")
    (tmp_path / "notes.json").write_text('{"runs": []}', encoding="utf-8")
    assert words.reference_of(Path("talk.mp3"), tmp_path) == "Hello."
    assert words.reference_of(Path("notes.mp3"), tmp_path) is None
    assert words.reference_of(Path("nowhere.flac"), SAMPLES) is None
