"""Find, replace, review and comparison in a transcript of 10 hours: 10,000 segments, 100,000 words."""

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from desktop.core import comparison, editing, review, search
from desktop.core.document import Document
from desktop.core.search import Query
from desktop.core.transcript import Segment, Transcript
from desktop.core.words import Word

SEGMENTS = 10_000
WORDS = 10
SEGMENT_MS = 3_600
RUNS = 9
VOCABULARY = "the and of to a in that it was for on are with as his they at be this from have or by one had not".split()


def main() -> None:
    """Measure and print."""
    spoken = _transcript()
    print(f"{SEGMENTS:,} segments, {SEGMENTS * WORDS:,} words; median of {RUNS} (slowest), milliseconds")
    for label, query in (
        ("a letter that is everywhere", Query("e")),
        ("a frequent word", Query("the")),
        ("a whole word, with case", Query("the", whole_words=True, match_case=True)),
        ("two words", Query("in that")),
        ("a word with ß", Query("strasse")),
        ("what is not there", Query("xylophone")),
        ("a pattern", Query(r"(\w+) the (\w+)", is_pattern=True)),
    ):
        found = search.hits(spoken, query)
        _measure(f"{label}: {len(found):,} hits", partial(search.hits, spoken, query))
    everywhere = Query("e")
    typed = editing.reworded(spoken, SEGMENTS // 2, "the end")
    now, found = Document.of(spoken, [typed]).current, search.hits(spoken, everywhere)
    _measure("the hits after a key in the text", lambda: search.updated(found, now, typed, everywhere))
    query = Query("the")
    found = search.hits(spoken, query)
    _measure(f"replacing {len(found):,} hits", lambda: _replaced(spoken, query, found))
    doubts = review.doubted(spoken)
    _measure(f"{len(doubts):,} words to review", lambda: review.doubted(spoken))
    equal = replace(spoken, segments=tuple(replace(one) for one in spoken.segments))
    _measure("comparing what is the same, after a restart", lambda: comparison.compared(spoken, equal))
    several = Document.of(spoken, [editing.rewritten(spoken, dict.fromkeys(range(0, SEGMENTS, 50), "Another text"))])
    _measure("comparing with 200 changes", lambda: comparison.compared(spoken, several.current))
    loud = Document.of(spoken, [editing.recased(spoken, range(SEGMENTS), "upper")])
    _measure("comparing with a change in every segment", lambda: comparison.compared(spoken, loud.current))


def _replaced(spoken: Transcript, query: Query, found: list[search.Hit]) -> object:
    return editing.rewritten(spoken, search.replacements(spoken, query, "THE", found))


def _transcript() -> Transcript:
    dice = random.Random(10)
    syllables = ("ka", "lor", "mi", "sen", "tu", "straße", "re", "ling", "o", "est")
    rare = ["".join(dice.choices(syllables, k=dice.randint(1, 4))) for _word in range(6000)]
    return Transcript(tuple(_segment(dice, at, rare) for at in range(SEGMENTS)))


def _segment(dice: random.Random, number: int, rare: list[str]) -> Segment:
    start_ms, step = number * SEGMENT_MS, (SEGMENT_MS - 200) // WORDS
    words = tuple(
        Word(
            start_ms + step * at,
            start_ms + step * (at + 1) - 20,
            (" " if at else "") + dice.choice(VOCABULARY if dice.random() < 0.5 else rare),
            1 - dice.random() ** 3,
        )
        for at in range(WORDS)
    )
    return Segment(start_ms, words[-1].end_ms, "".join(word.text for word in words), words)


def _measure(label: str, work: Callable[[], object]) -> None:
    taken = []
    for _run in range(RUNS):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    print(f"{label:<48} {statistics.median(taken):7.1f} ({max(taken):.1f})")


if __name__ == "__main__":
    main()
