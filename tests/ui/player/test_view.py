"""What is in view, and where its times lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.ui.player.view import FINEST_MS, STEPS_MS, View

LENGTHS = st.floats(100, 40_000_000)
WIDTHS = st.floats(100, 4000)


@st.composite
def views(draw: st.DrawFn) -> tuple[View, float]:
    """A view within a file, and the length of the file."""
    length_ms, width = draw(LENGTHS), draw(WIDTHS)
    view = View.whole(length_ms, width)
    for factor in draw(st.lists(st.floats(0.2, 9), max_size=4)):
        view = view.zoomed(factor, draw(st.floats(0, 1)) * width, length_ms)
    return view.moved(draw(st.floats(-1e8, 1e8)), length_ms), length_ms


def stays_within(view: View, length_ms: float) -> bool:
    return view.start_ms >= -1e-6 and view.end_ms <= length_ms * (1 + 1e-9) + 1e-6


@given(views(), st.floats(0, 1))
def test_places_and_times_are_the_same_thing(made: tuple[View, float], share: float) -> None:
    view, _length_ms = made
    x = share * view.width
    assert view.x_of(view.ms_at(x)) == pytest.approx(x, abs=1e-3)


@given(views(), st.floats(0.1, 10), st.floats(0, 1))
def test_nothing_outside_the_file_is_ever_shown(made: tuple[View, float], factor: float, share: float) -> None:
    view, length_ms = made
    for other in (
        view.zoomed(factor, share * view.width, length_ms),
        view.moved((share - 0.5) * 10 * view.span_ms, length_ms),
        view.widened(view.width * factor, length_ms),
    ):
        assert stays_within(other, length_ms)
        assert other.ms_per_px >= min(FINEST_MS, length_ms / other.width) * (1 - 1e-9)


@given(st.floats(0.3, 0.7), st.floats(1, 4))
def test_what_is_under_the_pointer_stays_there(share: float, factor: float) -> None:
    view = View(1_000_000, 100, 1000)
    x = share * 1000
    near = view.zoomed(factor, x, 10_000_000)
    assert near.ms_at(x) == pytest.approx(view.ms_at(x))


def test_all_of_a_file_stays_all_of_it_when_the_window_grows() -> None:
    assert View.whole(60_000, 600).widened(900, 60_000) == View.whole(60_000, 900)
    part = View(10_000, 10, 600).widened(900, 60_000)
    assert (part.start_ms, part.ms_per_px) == (10_000, 10)


@given(st.floats(0.5, 100_000))
def test_the_times_of_a_ruler_have_room(ms_per_px: float) -> None:
    step = View(0, ms_per_px, 1000).step_ms(80)
    assert step / ms_per_px >= 80 or step == STEPS_MS[-1]
