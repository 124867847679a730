"""Rows of any height one below the other."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.ui.document.heights import CHUNK, Heights

rows = st.lists(st.integers(0, 90), max_size=3 * CHUNK)


def row_at(heights: list[int], y: int) -> int:
    """The plain way."""
    passed = 0
    for row, height in enumerate(heights[:-1]):
        passed += height
        if passed > y:
            return row
    return max(0, len(heights) - 1)


@given(rows, st.integers(-50, 80_000))
def test_tops_and_rows_are_those_of_a_plain_list(heights: list[int], y: int) -> None:
    found = Heights(heights)
    assert found.total == sum(heights)
    for row in (0, len(heights) // 2, len(heights)):
        assert found.top(row) == sum(heights[:row])
    assert found.row_at(y) == row_at(heights, y)


@given(rows, st.data())
def test_rows_can_be_changed_and_put_in_place_of_others(heights: list[int], data: st.DataObject) -> None:
    found = Heights(heights)
    at = data.draw(st.integers(0, len(heights)))
    removed = data.draw(st.integers(0, len(heights) - at))
    inserted = data.draw(st.lists(st.integers(0, 90), max_size=300))
    found.splice(at, removed, inserted)
    heights[at : at + removed] = inserted
    if heights:
        row = data.draw(st.integers(0, len(heights) - 1))
        found[row] = heights[row] = 77
        assert found[row] == 77
    assert len(found) == len(heights)
    assert found.total == sum(heights)
    assert found.top(len(heights) // 2) == sum(heights[: len(heights) // 2])
