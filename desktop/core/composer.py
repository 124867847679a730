"""Which words make a cue and where its lines end: the cheapest way under a set of rules, by dynamic programming."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, pairwise
from operator import add

from desktop.core.line_breaks import SENTENCE, TIED, width
from desktop.core.rules import Rules

FOREVER_MS = 1 << 50
"""Where nothing comes after the last cue."""

# A limit that is broken costs more than all wishes of a long speech together.
_NEVER = 1 << 100
_TOO_SHORT = 10**12
_TOO_FAST = 10**8

_TWICE_AS_FAST = 500
_CUE = 60
_END = 3
"""How much more it matters where a cue ends than where a line does."""
_SENTENCE_INSIDE = 90
_TURN_INSIDE = 60
_SECOND_LINE = 15
_SHORT_TEXT = 12
_COMFORTABLE_MS = 1_500
_BREATH_MS, _LONG_BREATH_MS = 250, 1_000


@dataclass(slots=True)
class Units:
    """What is never parted, in the order it was said: words, or letters of scripts that have no spaces.

    `spaces` are the widths of what stands before each, `prices` what a break before it costs, `is_cut` whether a cue
    has to end before it, `is_turn` whether another person goes on. Starts and ends never go back.
    """

    starts: list[int]
    ends: list[int]
    widths: list[int]
    spaces: list[int]
    prices: list[int]
    is_cut: list[bool]
    is_turn: list[bool]


@dataclass(frozen=True, slots=True)
class Part:
    """One cue: its units from `first` up to `end`, the units that begin a further line, and its times."""

    first: int
    end: int
    breaks: tuple[int, ...]
    start_ms: int
    end_ms: int


def composed(units: Units, next_ms: int, rules: Rules) -> list[Part]:
    """The units as cues, in order, none left out. The cue after them starts at `next_ms`, but not before the last unit.

    No cue has more or wider lines than the rules allow, unless a single unit is wider. None lasts too long, unless a
    single unit does. Of all ways to do that, the one with the fewest cues that are too short is taken, among those the
    one with the fewest that are too fast, and then the one that reads best.
    """
    return _Composition(units, next_ms, rules).parts()


class _Composition:
    """One stretch of speech on its way to be cues. Index `j` names the end of a cue before unit `j`."""

    def __init__(self, units: Units, next_ms: int, rules: Rules) -> None:
        self._units, self._rules = units, rules
        self._count = len(units.starts)
        self._line = rules.line_characters * rules.unit
        self._frames = rules.frames
        # A cue from i to j is `_at[j] - _begins[i]` wide, without the space before it.
        self._at: list[int] = list(accumulate(map(add, units.spaces, units.widths), initial=0))
        self._begins: list[int] = list(map(add, self._at, units.spaces))
        self._rooms = self._all_rooms(next_ms)
        ends_and_rooms = zip(units.ends, self._rooms[1:], strict=True)  # here min() takes three times as long
        self._spoken = [end_ms if end_ms < room_ms else room_ms for end_ms, room_ms in ends_and_rooms]
        self._latest = self._all_latest()
        self._line_ends = self._all_line_ends()
        self._line_begins = self._all_line_begins()
        self._middles: list[int] = list(map(add, self._at, self._begins))

    def parts(self) -> list[Part]:
        """The cues from the first to the last."""
        ends, at = [], self._count
        # Nobody wants a cue to end behind an article, so that is tried only where nothing else keeps to the limits.
        came_from = self._cheapest(at_ties=False) or self._cheapest(at_ties=True)
        while at:
            ends.append(at)
            at = came_from[at]
        return [self._part(first, end) for first, end in pairwise([0, *reversed(ends)])]

    def _all_rooms(self, next_ms: int) -> list[int]:
        """How long a cue may stay that ends before each unit: the gap before the next one stays free."""
        starts = [*self._units.starts, max(next_ms, self._units.starts[-1])]
        if self._frames:
            return [self._frames.moved_ms(start_ms, -self._rules.frames_between) for start_ms in starts]
        gap_ms = self._rules.least_gap_ms
        return [start_ms - gap_ms for start_ms in starts]

    def _all_latest(self) -> list[int]:
        """Until when a cue may stay that begins with each unit."""
        longest_ms, frames = self._rules.longest_ms, self._frames
        latest = [start_ms + longest_ms for start_ms in self._units.starts]
        return [frames.down_ms(latest_ms) for latest_ms in latest] if frames else latest

    def _all_line_ends(self) -> list[int]:
        """Up to where a line reaches that begins at each unit, at least one unit."""
        at, count, ends, end = self._at, self._count, list[int](), 0
        for first, begin in enumerate(self._begins):
            most = begin + self._line
            if end == first:
                end += 1
            while end < count and at[end + 1] <= most:
                end += 1
            ends.append(end)
        return ends

    def _all_line_begins(self) -> list[int]:
        """From where a line reaches up to each end: what begins further on does not end before."""
        begins = [0]
        for first, end in enumerate(self._line_ends):
            begins += [first] * (end + 1 - len(begins))
        return begins

    def _all_cue_begins(self) -> list[int]:
        """From where a cue reaches up to each end: by lines, time, number of words and where it must end."""
        latest, most_words, begins = self._latest, self._rules.most_words, self._line_begins
        for _ in range(self._rules.lines - 1):
            begins = [self._line_begins[begin] for begin in begins]
        if most_words:
            begins = [max(begin, end - most_words) for end, begin in enumerate(begins)]
        found, first = [0], 0
        ends = zip(self._units.is_cut, begins[1:], self._spoken, strict=True)
        for last, (is_cut, begin, spoken_ms) in enumerate(ends):
            first = max(last if is_cut else first, begin)
            while latest[first] < spoken_ms and first < last:
                first += 1
            found.append(first)
        return found

    def _cheapest(self, at_ties: bool) -> list[int]:  # noqa: PLR0912 - one flat loop: calls would double its time
        """For each place where a cue may end, where the last cue begins in the cheapest way to get there.

        Empty if a limit is broken because cues do not end inside what belongs together.
        """
        units, count = self._units, self._count
        starts, at, begins, rooms, latest = units.starts, self._at, self._begins, self._rooms, self._latest
        line_begins, shortest_ms, has_turns = self._line_begins, self._rules.shortest_ms, any(units.is_turn)
        cue_begins = self._all_cue_begins()
        widest = max(at[end] - begins[cue_begins[end]] for end in range(1, count + 1))
        needs, looks = _prices_of_widths(max(widest + 1, 2 * self._line * self._rules.lines), self._rules)
        end_costs, inside = self._end_costs()
        is_simple = self._rules.lines == 2
        came_from = [0] * (count + 1)
        # Where a cue may begin, how many such places lie before each unit, and what it costs to get there and to have
        # that cue, but for what depends on where it ends.
        heads, ranks, bases = [0], [0], [_CUE] * count
        cost = 0
        for end in range(1, count + 1):
            ranks.append(len(heads))
            if not at_ties and end < count and units.prices[end] >= TIED and not units.is_cut[end]:
                continue
            best, found = _NEVER, 0
            to, until_ms, farthest = at[end], rooms[end], cue_begins[end]
            on_one_line = max(farthest, line_begins[end])
            nearest, middle = ranks[farthest], ranks[on_one_line]
            # Cues of one line first: they are quick to judge, and few of more lines are cheaper.
            for first in chain(heads[middle:], heads[nearest:middle]):
                cost = bases[first]
                if cost > best:
                    continue
                start_ms = starts[first]
                wide = to - begins[first]
                room_ms = until_ms - start_ms
                if room_ms < _COMFORTABLE_MS:
                    cost += (_COMFORTABLE_MS - room_ms) // 10
                    if room_ms < shortest_ms:
                        cost += _TOO_SHORT
                needed_ms = needs[wide]
                if needed_ms > room_ms or needed_ms > latest[first] - start_ms:
                    cost += self._haste(first, end, needed_ms)
                cost += looks[wide]
                if cost > best:
                    continue
                if has_turns and True in units.is_turn[first + 1 : end]:
                    turned = self._turned(first, end)
                    if turned is None:
                        continue
                    cost += turned
                elif first < on_one_line:
                    cost += self._broken_in_two(first, end)[0] if is_simple else self._broken(first, end)[0]
                if cost < best or (cost == best and first < found):
                    best, found = cost, first
            cost = best + end_costs[end]
            if best < _NEVER and end < count:
                heads.append(end)
                bases[end] = cost - inside[end] + _CUE
            came_from[end] = found
        return came_from if at_ties or cost < _TOO_FAST else []

    def _end_costs(self) -> tuple[list[int], list[int]]:
        """What a cue costs for where it ends, and what all before that costs that would stand inside of it.

        The second list is that sum at each unit, to be taken away where the cue begins.
        """
        units, count = self._units, self._count
        ends, inside, total = [0] * (count + 1), [0] * count, 0
        for at in range(1, count):
            cost = price = units.prices[at]
            pause_ms = units.starts[at] - units.ends[at - 1]
            if pause_ms > _BREATH_MS:
                cost = cost * max(0, _LONG_BREATH_MS - pause_ms) // (_LONG_BREATH_MS - _BREATH_MS)
            ends[at] = _END * cost + total
            if price == SENTENCE:
                total += _SENTENCE_INSIDE
            if pause_ms > _BREATH_MS:
                total += (pause_ms - _BREATH_MS) // 5
            inside[at] = total
        ends[count] = total
        return ends, inside

    def _haste(self, first: int, end: int, needed_ms: int) -> int:
        """What it costs that a cue is read in less time than it needs; nothing if it has that time."""
        start_ms = self._units.starts[first]
        shown_ms = min(self._rooms[end], max(self._latest[first], self._spoken[end - 1])) - start_ms
        if needed_ms <= shown_ms:
            return 0
        return _TOO_FAST + min(5_000, _TWICE_AS_FAST * (needed_ms - shown_ms) // max(1, shown_ms))

    def _turned(self, first: int, end: int) -> int | None:
        """What it costs that two people speak in a cue, a line each; not possible for more people or longer lines."""
        turns = [at for at in range(first + 1, end) if self._units.is_turn[at]]
        line = self._line - width(self._rules.dash)
        if len(turns) > 1 or max(self._wide(first, turns[0]), self._wide(turns[0], end)) > line:
            return None
        return _TURN_INSIDE

    def _broken(self, first: int, end: int) -> tuple[int, tuple[int, ...]]:
        """The best places to break a cue into as few lines as it takes, with their cost."""
        count, at = 1, first
        while (at := self._line_ends[at]) < end:
            count += 1
        if count == 1:
            return 0, ()
        if count == 2:
            cost, at = self._broken_in_two(first, end)
            return cost, (at,)
        best, breaks = _NEVER, tuple[int, ...]()
        for at in range(min(self._line_ends[first], self._count - 1), first, -1):
            if not self._reaches(at, end, count - 1):
                break
            cost, rest = self._broken(at, end)
            uneven = abs(self._wide(first, at) - self._wide(at, rest[0]))
            cost += self._units.prices[at] + _SECOND_LINE + uneven // self._rules.unit
            if cost < best:
                best, breaks = cost, (at, *rest)
        return best, breaks

    def _broken_in_two(self, first: int, end: int) -> tuple[int, int]:
        """The best of two lines: the cost and where the second begins. The shorter is above."""
        prices, middles, unit = self._units.prices, self._middles, self._rules.unit
        middle = self._at[end] + self._begins[first]
        best, found = _NEVER, 0
        for at in range(min(self._line_ends[first], end - 1), max(first, self._line_begins[end] - 1), -1):
            longer = middle - middles[at]  # the second line than the first
            uneven = longer // unit if longer >= 0 else -3 * longer // (2 * unit)
            cost = prices[at] + uneven
            if cost < best:
                best, found = cost, at
            elif uneven >= best and longer > 0:
                break
        return best + _SECOND_LINE, found

    def _reaches(self, first: int, end: int, lines: int) -> bool:
        for _ in range(lines):
            first = self._line_ends[first]
            if first >= end:
                return True
        return False

    def _wide(self, first: int, end: int) -> int:
        return self._at[end] - self._begins[first]

    def _part(self, first: int, end: int) -> Part:
        units, rules, frames = self._units, self._rules, self._frames
        start_ms, room_ms = units.starts[first], self._rooms[end]
        turns = units.is_turn[first + 1 : end]
        breaks = (first + 1 + turns.index(True),) if True in turns else self._broken(first, end)[1]
        spoken_ms, latest_ms = self._spoken[end - 1], self._latest[first]
        needed_ms = max(reading_ms(self._wide(first, end), rules), rules.shortest_ms)
        wanted_ms = start_ms + needed_ms
        if frames:
            wanted_ms = frames.up_ms(wanted_ms)
        end_ms = max(spoken_ms, min(wanted_ms, room_ms, latest_ms))
        if room_ms - end_ms < rules.close_gaps_ms - rules.least_gap_ms and room_ms <= latest_ms:
            end_ms = room_ms
        return Part(first, end, breaks, start_ms, end_ms)


def reading_ms(wide: int, rules: Rules) -> int:
    """How long a text of this width takes to read."""
    speed = rules.characters_per_second * rules.unit
    return -int(-1_000 * wide // speed) if speed else 0


@lru_cache(maxsize=64)
def _prices_of_widths(count: int, rules: Rules) -> tuple[list[int], list[int]]:
    """How long each of the widths takes to read, and what it costs.

    A word or two alone look lost, and cues of like width are better than one full and one with the rest.
    """
    unit, full = rules.unit, 4 * rules.line_characters * rules.lines
    needs = [reading_ms(wide, rules) for wide in range(count)]
    looks = [4 * max(0, _SHORT_TEXT - wide // unit) + min(wide // unit, full) ** 2 // full for wide in range(count)]
    return needs, looks
