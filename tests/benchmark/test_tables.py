"""Tables, JSON and picture of given results."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.benchmark import picture, report
from desktop.benchmark.rounds import Absence, Outcome
from desktop.benchmark.tables import Table, compared, growth, measures, seconds, uneven
from desktop.benchmark.task import Figures
from tests.benchmark.cases import case, outcome, walls

MEASURED = outcome((case("ours-fast"), walls(10.0, 30.0, 20.0)), (case("fw-batched"), walls(40.0, 30.0, 90.0)))


def test_ratios_compare_the_medians_with_ours() -> None:
    assert [round(one.ratio, 2) for one in measures(MEASURED)] == [1.0, 2.0]


def test_each_group_is_compared_with_ours_of_the_same_group() -> None:
    found = outcome(
        (case("ours-fast", group="tiny"), walls(1.0)),
        (case("whisper-cpp", group="tiny"), walls(3.0)),
        (case("ours-fast", group="base"), walls(2.0)),
        (case("whisper-cpp", group="base"), walls(10.0)),
    )
    assert [one.ratio for one in measures(found)] == [1.0, 3.0, 1.0, 5.0]


def test_without_ours_there_is_no_ratio() -> None:
    (one,) = measures(outcome((case("fw-batched"), walls(3.0))))
    assert one.ratio == 0.0
    assert "x ours" in str(compared("", Outcome(MEASURED.runs[:1]), ("wall", "ratio")))


def test_a_table_is_set_in_columns_with_what_is_missing_below() -> None:
    absence = Absence(case("whisper-cpp"), "whisper-cpp is left out: pywhispercpp is not installed.")
    table = compared("Modes", Outcome(MEASURED.runs, (absence, absence)), ("wall", "ratio", "speed", "tokens"))
    assert str(table.noting("And a note.")) == (
        "Modes\n"
        "            wall s  x ours  x real time  tokens\n"
        "ours-fast     20.0    1.00         30.0     840\n"
        "fw-batched    40.0    2.00         15.0     840\n"
        "whisper-cpp is left out: pywhispercpp is not installed.\n"
        "And a note."
    )


def test_a_group_is_named_once() -> None:
    found = outcome(*((case(name, group=group), walls(1.0)) for group in ("tiny", "base") for name in ("a", "b")))
    assert [row[0] for row in compared("", found, ("wall",)).rows] == ["tiny", "", "base", ""]


def test_growth_is_the_memory_of_each_further_hour() -> None:
    given = [
        (case("ours-fast", group=f"{length_s} s", audio_s=length_s), [Figures(wall_s=1.0, peak_mb=peak_mb)])
        for length_s, peak_mb in ((300.0, 100.0), (1800.0, 300.0), (3600.0, 305.0))
    ]
    assert growth("Growth", outcome(*given)).rows == (("ours-fast", "+10"),)
    assert growth("Growth", outcome(*given[:1])).rows == ()


def test_who_writes_more_tokens_than_the_others_is_named() -> None:
    even = [(case(name), walls(1.0)) for name in ("ours-fast", "fw-batched", "whisper-cpp")]
    assert uneven(outcome(*even)) == []
    more = (case("ours-precise"), [Figures(wall_s=1.0, windows=10, tokens=500)])
    assert uneven(outcome(*even, more)) == ["Tokens for a window are 42.0 with most, but: ours-precise 50.0."]


@pytest.mark.parametrize(("value", "text"), [(0.004, "0.00"), (9.876, "9.88"), (123.44, "123.4")])
def test_seconds_have_the_digits_that_mean_something(value: float, text: str) -> None:
    assert seconds(value) == text


def test_the_results_hold_every_run_and_the_machine(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    facts = {"machine": report.machine(), "settings": {"size": "tiny"}}
    report.write_results(path, facts, MEASURED, [Table("Modes", ("", "wall s"), (("ours-fast", "20.0"),))])
    record = json.loads(path.read_text(encoding="utf-8"))
    assert [run["figures"]["wall_s"] for run in record["runs"]] == [10.0, 40.0, 30.0, 30.0, 20.0, 90.0]
    assert record["runs"][0]["case"]["task"]["contestant"] == "ours-fast"
    assert record["machine"]["cores"] > 0
    assert "ctranslate2" in record["machine"]["versions"]
    assert record["tables"][0]["rows"] == [["ours-fast", "20.0"]]


def test_the_picture_has_a_bar_for_each_case_as_long_as_its_time() -> None:
    svg = ET.fromstring(picture.drawn("Title & more", picture.bars(MEASURED), "Foot"))
    space = "{http://www.w3.org/2000/svg}"
    bars = [one for one in svg.iter(f"{space}rect") if one.get("class") in ("ours", "other")]
    assert [one.get("class") for one in bars] == ["ours", "other"]
    assert float(bars[1].get("width", 0)) == 2 * float(bars[0].get("width", 0))
    texts = [one.text for one in svg.iter(f"{space}text")]
    assert {"Title & more", "ours-fast", "fw-batched", "1.00 ×", "2.00 ×", "Foot"} <= set(texts)
    assert "prefers-color-scheme: dark" in (svg.find(f"{space}style").text or "")  # type: ignore[union-attr]


def test_the_picture_leaves_out_what_has_nothing_to_be_compared_with() -> None:
    alone = outcome((case("ours-fast"), walls(1.0)), (case("ours-fast", row="cancel"), walls(1.0)))
    assert picture.bars(alone) == {}
    assert picture.bars(Outcome(tuple(replace(run, case=case("fw-batched")) for run in MEASURED.runs))) == {}
