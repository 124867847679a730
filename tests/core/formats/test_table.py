"""CSV and TSV: rows that every reader finds, and cells that no spreadsheet runs."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.cues import one_line
from desktop.core.formats import WriteOptions, table
from desktop.core.transcript import Segment, Transcript
from tests.core.formats.hostile import texts, transcripts

HELLO = Transcript(
    (
        Segment(500, 2_000, ' She said: "Hello, there."', speaker="Anna"),
        Segment(2_500, 3_661_250, " =SUM(A1:A9)\n+1", speaker="@bob"),
    )
)


def rows(text: str, delimiter: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=delimiter, strict=True))


def test_rows_are_quoted_as_the_standard_says() -> None:
    assert table.write_csv(HELLO, WriteOptions()) == (
        "\ufeffnumber,start,end,start_ms,end_ms,speaker,text\r\n"
        '1,00:00:00.500,00:00:02.000,500,2000,Anna,"She said: ""Hello, there."""\r\n'
        "2,00:00:02.500,01:01:01.250,2500,3661250,'@bob,'=SUM(A1:A9) +1\r\n"
    )


def test_tabs_stand_between_the_cells_of_the_other_kind() -> None:
    assert rows(table.write_tsv(HELLO, WriteOptions()), "\t") == rows(table.write_csv(HELLO, WriteOptions()), ",")


def test_speakers_are_left_out_when_they_are_not_wanted() -> None:
    assert [row[5] for row in rows(table.write_csv(HELLO, WriteOptions(speakers=False)), ",")] == ["speaker", "", ""]


def test_segments_without_text_are_left_out() -> None:
    assert len(rows(table.write_csv(Transcript((Segment(0, 1, " \n"),)), WriteOptions()), ",")) == 1


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("'tis", "'tis"),
        ("1-2", "1-2"),
        ("", ""),
    ],
)
def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(typed: str, stands: str) -> None:
    assert table.harmless(typed) == stands
    assert table.as_typed(stands) == typed


@given(texts | st.text("'=+-@a", max_size=5))
def test_every_cell_comes_back_as_it_was_typed(text: str) -> None:
    safe = table.harmless(text)
    assert not safe.startswith(("=", "+", "-", "@"))
    assert table.as_typed(safe) == text


@pytest.mark.parametrize(("write", "delimiter"), [(table.write_csv, ","), (table.write_tsv, "\t")])
@given(transcript=transcripts)
def test_every_row_is_read_as_it_was_meant(write, delimiter: str, transcript: Transcript) -> None:
    header, *found = rows(write(transcript, WriteOptions()), delimiter)
    said = [one for one in transcript.segments if one_line(one.text)]
    assert tuple(header) == table.COLUMNS
    assert [(int(row[0]), int(row[3]), int(row[4])) for row in found] == [
        (number, max(0, one.start_ms), max(0, one.end_ms)) for number, one in enumerate(said, 1)
    ]
    assert [[table.as_typed(cell) for cell in row[5:]] for row in found] == [
        [one_line(one.speaker), one_line(one.text)] for one in said
    ]
