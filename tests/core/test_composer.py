"""The composer against every other way to part a few words: no limit is broken that could have been held."""

from collections.abc import Iterator
from itertools import accumulate, combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.composer import FOREVER_MS, Part, Units, composed
from desktop.core.line_breaks import CLAUSE, ONE_THING, PLAIN, SENTENCE, TIED
from desktop.core.rules import Rules

PRICES = (SENTENCE, CLAUSE, PLAIN, TIED, ONE_THING)

rules_to_keep = st.builds(
    Rules,
    line_characters=st.integers(6, 16),
    lines=st.integers(1, 3),
    characters_per_second=st.sampled_from([0.0, 9.0, 15.0, 20.0]),
    shortest_ms=st.integers(300, 1_200),
    longest_ms=st.integers(1_200, 4_000),
    gap_ms=st.sampled_from([0, 80]),
    close_gaps_ms=st.sampled_from([0, 500]),
    most_words=st.sampled_from([0, 0, 3]),
)


@st.composite
def speech(draw: st.DrawFn, most: int = 7) -> Units:
    count = draw(st.integers(1, most))
    starts, ends, at_ms = [], [], 0
    for _ in range(count):
        at_ms += draw(st.sampled_from([0, 0, 100, 400, 900]))
        starts.append(at_ms)
        at_ms += draw(st.integers(0, 900) | st.just(5_000))
        ends.append(at_ms)
    return Units(
        starts,
        ends,
        draw(st.lists(st.integers(1, 9) | st.just(20), min_size=count, max_size=count)),
        [0] + [1] * (count - 1),
        [0, *draw(st.lists(st.sampled_from(PRICES), min_size=count - 1, max_size=count - 1))],
        [False, *draw(st.lists(st.sampled_from([False, False, False, True]), min_size=count - 1, max_size=count - 1))],
        [False] * count,
    )


def partings(units: Units) -> Iterator[list[tuple[int, int]]]:
    """Every way to part the units into cues."""
    count = len(units.starts)
    for cuts in range(count):
        for places in combinations(range(1, count), cuts):
            yield list(pairwise((0, *places, count)))


def wide(units: Units, first: int, end: int) -> int:
    return sum(units.widths[first:end]) + sum(units.spaces[first + 1 : end])


def is_possible(units: Units, first: int, end: int, rules: Rules) -> bool:
    """Whether the units fit the lines and the longest time of one cue; a single unit always has to."""
    if any(units.is_cut[first + 1 : end]) or (rules.most_words and end - first > rules.most_words):
        return False
    lines = any(
        all(
            right - left == 1 or wide(units, left, right) <= rules.line_characters
            for left, right in pairwise((first, *at, end))
        )
        for count in range(rules.lines)
        for at in combinations(range(first + 1, end), count)
    )
    spoken_ms = min(units.ends[end - 1], room_ms(units, end, rules)) - units.starts[first]
    return lines and (end - first == 1 or spoken_ms <= rules.longest_ms)


def room_ms(units: Units, end: int, rules: Rules) -> int:
    return (units.starts[end] if end < len(units.starts) else FOREVER_MS) - rules.gap_ms


def broken(units: Units, cues: list[tuple[int, int]], rules: Rules) -> tuple[int, int]:
    """How many cues are too short and too fast at best, each shown for as long as may be."""
    short = fast = 0
    for first, end in cues:
        start_ms = units.starts[first]
        longest_ms = max(rules.longest_ms, min(units.ends[end - 1], room_ms(units, end, rules)) - start_ms)
        shown_ms = min(room_ms(units, end, rules) - start_ms, longest_ms)
        short += shown_ms < rules.shortest_ms
        speed = rules.characters_per_second
        fast += bool(speed) and wide(units, first, end) * 1_000 > speed * shown_ms
    return short, fast


def cues_of(parts: list[Part]) -> list[tuple[int, int]]:
    return [(part.first, part.end) for part in parts]


@settings(max_examples=200)
@given(speech(), rules_to_keep)
def test_no_other_parting_breaks_fewer_limits(units: Units, rules: Rules) -> None:
    cues = cues_of(composed(units, FOREVER_MS, rules))
    assert all(is_possible(units, first, end, rules) for first, end in cues)
    possible = [
        parting for parting in partings(units) if all(is_possible(units, first, end, rules) for first, end in parting)
    ]
    assert broken(units, cues, rules) == min(broken(units, parting, rules) for parting in possible)


@given(speech(most=30), rules_to_keep)
def test_every_unit_is_in_one_cue_and_its_lines_are_in_order(units: Units, rules: Rules) -> None:
    parts = composed(units, FOREVER_MS, rules)
    assert [at for part in parts for at in range(part.first, part.end)] == list(range(len(units.starts)))
    for part in parts:
        assert list(part.breaks) == sorted({*part.breaks})
        assert all(part.first < at < part.end for at in part.breaks)


@given(speech(most=30), rules_to_keep)
def test_lines_are_only_wider_or_more_than_they_may_be_where_a_single_unit_is(units: Units, rules: Rules) -> None:
    for part in composed(units, FOREVER_MS, rules):
        assert len(part.breaks) < rules.lines
        for left, right in pairwise((part.first, *part.breaks, part.end)):
            assert right - left == 1 or wide(units, left, right) <= rules.line_characters


@given(speech(most=30), rules_to_keep, st.integers(0, 3_000))
def test_times_span_the_words_and_reach_only_into_silence_that_is_needed(
    units: Units, rules: Rules, pause_ms: int
) -> None:
    next_ms = units.ends[-1] + pause_ms
    parts = composed(units, next_ms, rules)
    starts = [*(units.starts[part.first] for part in parts), next_ms]
    for part, follower_ms in zip(parts, starts[1:], strict=True):
        room = follower_ms - rules.gap_ms
        spoken_ms = min(units.ends[part.end - 1], room)
        assert part.start_ms == units.starts[part.first]
        assert spoken_ms <= part.end_ms <= max(room, spoken_ms)
        speed = rules.characters_per_second
        needed_ms = -int(-1_000 * wide(units, part.first, part.end) // speed) if speed else 0
        wanted_ms = part.start_ms + min(max(needed_ms, rules.shortest_ms), rules.longest_ms)
        assert part.end_ms in (spoken_ms, max(spoken_ms, min(wanted_ms, room)), room)
        if part.end_ms == room > max(spoken_ms, wanted_ms):
            assert room - max(spoken_ms, wanted_ms) < rules.close_gaps_ms
        assert part.end_ms - part.start_ms <= rules.longest_ms or part.end_ms == spoken_ms


@given(speech(most=12), rules_to_keep)
def test_two_lines_are_never_better_balanced_at_a_price_as_low(units: Units, rules: Rules) -> None:
    for part in composed(units, FOREVER_MS, rules):
        if len(part.breaks) != 1:
            continue
        at = part.breaks[0]

        def uneven(place: int, part: Part = part) -> int:
            upper, lower = wide(units, part.first, place), wide(units, place, part.end)
            return max(lower - upper, 3 * (upper - lower) // 2)

        others = [
            place
            for place in range(part.first + 1, part.end)
            if units.prices[place] <= units.prices[at]
            and max(wide(units, part.first, place), wide(units, place, part.end)) <= rules.line_characters
        ]
        assert all(uneven(at) <= uneven(place) for place in others)


def test_widths_add_up() -> None:
    units = Units([0, 100], [100, 200], [3, 4], [0, 1], [0, 50], [False] * 2, [False] * 2)
    assert wide(units, 0, 2) == list(accumulate([3, 1, 4]))[-1]
    assert composed(units, FOREVER_MS, Rules()) == [Part(0, 2, (), 0, 833)]
