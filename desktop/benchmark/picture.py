"""A picture of the wall times: bars, ours first, legible on light and on dark ground; written by hand as SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from desktop.benchmark.rounds import Outcome
from desktop.benchmark.tables import Measure, measures
from desktop.benchmark.task import OURS

SHOWN_ROWS = ("modes", "sizes", "clips", "lengths")
WIDTH, NAMES, BARS = 720, 210, 420
LINE, BAR, HEAD = 22, 14, 34

STYLE = """
.ground { fill: #ffffff; stroke: #d5d9de } .title { fill: #1f2328; font-weight: 600 } .name { fill: #424a53 }
.value { fill: #1f2328 } .ours { fill: #1a7f6b } .other { fill: #a3acb6 } text { font: 13px system-ui, sans-serif }
@media (prefers-color-scheme: dark) {
 .ground { fill: #14181d; stroke: #2f363d } .title { fill: #f0f3f6 } .name { fill: #b7bdc4 }
 .value { fill: #f0f3f6 } .ours { fill: #3fbf9f } .other { fill: #5b646e }
}
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """How many times as long as ours."""

    name: str
    ratio: float
    seconds: float
    is_ours: bool


def bars(outcome: Outcome) -> dict[str, list[Bar]]:
    """The bars of each group that has something beside ours to compare."""
    groups: dict[str, list[Bar]] = {}
    for one in measures(outcome):
        if one.ratio and one.case.row in SHOWN_ROWS:
            groups.setdefault(_group_of(one), []).append(_bar(one))
    return {title: some for title, some in groups.items() if len(some) > 1}


def drawn(title: str, groups: dict[str, list[Bar]], footer: str) -> str:
    """The picture as SVG."""
    parts: list[str] = [_text(20, 28, "title", title)]
    top = 40
    for name, some in groups.items():
        parts.append(_text(20, top + 22, "name", name))
        top += HEAD
        parts += _group(some, top)
        top += LINE * len(some) + 8
    parts.append(_text(20, top + 16, "name", footer))
    height = top + 32
    ground = f'<rect class="ground" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="8"/>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    label = f' role="img" aria-label="{escape(title, {chr(34): "&quot;"})}">'
    return "\n".join([head + label, f"<style>{STYLE}</style>", ground, *parts, "</svg>", ""])


def _group(some: Sequence[Bar], top: int) -> Iterable[str]:
    longest = max(bar.ratio for bar in some)
    for number, bar in enumerate(some):
        y = top + LINE * number
        length = max(2.0, BARS * bar.ratio / longest)
        kind = "ours" if bar.is_ours else "other"
        yield _text(NAMES - 10, y + 12, "name", bar.name, ' text-anchor="end"')
        yield f'<rect class="{kind}" x="{NAMES}" y="{y}" width="{length:.1f}" height="{BAR}" rx="3"/>'
        yield _text(NAMES + length + 6, y + 12, "value", f"{bar.ratio:.2f} ×")


def _text(x: float, y: float, kind: str, text: str, more: str = "") -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}"{more}>{escape(text)}</text>'


def _group_of(one: Measure) -> str:
    return f"{one.case.row}: {one.case.group}"


def _bar(one: Measure) -> Bar:
    return Bar(one.case.name, one.ratio, one.median.wall_s, one.case.task.contestant in OURS)
