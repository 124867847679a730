"""The table of replacements, to a file and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.errors import ReplacementsUnreadable
from desktop.core.replacements import Replacement, read_replacements, write_replacements

CELLS = (
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1)
    .map(str.strip)
    .filter(lambda text: any(one.isalnum() for one in text))
)


@given(
    st.lists(
        st.builds(Replacement, CELLS | st.just(""), CELLS), max_size=8, unique_by=lambda one: one.phrase.casefold()
    )
)
def test_a_table_comes_back_as_it_went(table: list[Replacement]) -> None:
    assert read_replacements(write_replacements(table), "words.csv") == tuple(table)


def test_what_spreadsheets_write_can_be_read() -> None:
    wanted = (Replacement("btw", "by the way"), Replacement("", "Kubernetes"))
    assert read_replacements("btw,by the way\nKubernetes\n", "x") == wanted
    assert read_replacements("\ufeffHeard;Written\r\nbtw;by the way\r\n;Kubernetes\r\n\r\n", "x") == wanted
    assert read_replacements("heard\twritten\nbtw\tby the way\n\tKubernetes", "x") == wanted


def test_a_text_of_several_lines_stays_whole() -> None:
    table = (Replacement("my address", "1 Main Street\nSpringfield, “USA”"),)
    assert read_replacements(write_replacements(table), "x") == table


def test_the_later_of_two_rows_counts() -> None:
    assert read_replacements("a,1\nb,2\nA,3\n", "x") == (Replacement("b", "2"), Replacement("A", "3"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a,b,c\n", "row 1 has 3 columns"),
        ("a,b\n?!,c\n", "row 2 has no word to be heard"),
        ('a,"b\n', "row 1: unexpected end of data"),
    ],
)
def test_a_row_that_says_nothing_is_named(text: str, reason: str) -> None:
    with pytest.raises(ReplacementsUnreadable) as raised:
        read_replacements(text, "words.csv")
    assert reason in raised.value.said_headline
    assert "words.csv" in raised.value.said_headline
