"""Transcripts that no one would wish for: what people type, what files hold, what a broken engine could send."""

import re

from hypothesis import strategies as st

from desktop.core.transcript import Segment, Transcript, Word

HOUR_MS = 3_600_000

FRAGMENTS = (
    [
        "-->",
        " --> ",
        "->",
        "&lt;",
        "&amp;amp;",
        "&nbsp;",
        "&",
        "<",
        ">",
        "<<",
        "<b>",
        "</i>",
        "< b >",
        "a < b and c > d",
    ]
    + ["<c.red>", "<v Anna>", "<00:00:01.000>", "<br/>", "<2>", "{\\an8}", "{note}", "{Y:i}", "{", "}", "}{", "{{}}"]
    + [
        "\\N",
        "\\n",
        "\\h",
        "\\H",
        "\\{",
        "\\}",
        "\\",
        "C:\\New\\house",
        "\n",
        "\n\n",
        "\r",
        "\r\n",
        "\n \n",
        "\x00",
        "\t",
    ]
    + ["\x0b", "\x0c", "\x1c", "\x7f", "\x85", "\u2028", "\u2029", "\u00a0", "\u3000", "\u200b", "\u2060", "\ufeff"]
    + [
        "\ufffe",
        "\uffff",
        "\ud800",
        "\udcff",
        "😀",
        "👩‍👩‍👧",
        "👍🏽",
        "🇩🇪",
        "e\u0301",
        "שָׁלוֹם",
        "مرحبا",
        "\u200f",
        "\u200e",
    ]
    + [
        "\u202b",
        "\u202c",
        "\u2067",
        "\u2069",
        "日本語のテキスト" * 8,
        "ภาษาไทย",
        "한국어",
        "a" * 60,
        "well-known",
        " ",
        "  ",
    ]
    + [
        "12",
        "1984.",
        "-",
        "|",
        "[br]",
        "%d",
        '"',
        "'",
        "WEBVTT",
        "NOTE",
        "STYLE",
        "X1:40 X2:600",
        "héllo",
        "Wörld",
        ".",
    ]
)

any_character = st.characters(exclude_categories=())
texts = st.lists(st.sampled_from(FRAGMENTS) | st.text(any_character, max_size=8) | st.just(" "), max_size=12).map(
    "".join
)
times_ms = st.integers(-5_000, 20_000) | st.integers(0, 400 * HOUR_MS)
figures = st.floats(-10, 10)


def words(text: str, start_ms: int, end_ms: int) -> tuple[Word, ...]:
    """The words of a text as Whisper writes them, evenly timed."""
    found = re.findall(r"\s*\S+\s*$|\s*\S+", text)
    edges = [start_ms + (end_ms - start_ms) * number // max(1, len(found)) for number in range(len(found) + 1)]
    return tuple(Word(edges[number], edges[number + 1], word, 0.9) for number, word in enumerate(found))


def heard(text: str, start_ms: int, end_ms: int) -> Segment:
    """A segment that was heard and not edited."""
    return Segment(start_ms, end_ms, text, words(text, start_ms, end_ms))


@st.composite
def segments(draw: st.DrawFn) -> Segment:
    """Any segment: with words or without, edited or not, of any length, backwards too."""
    start_ms, text = draw(times_ms), draw(texts)
    end_ms = draw(times_ms | st.integers(start_ms - 100, start_ms + 30_000))
    one = draw(st.sampled_from([heard(text, start_ms, end_ms), Segment(start_ms, end_ms, text)]))
    return draw(st.just(one) | texts.map(one.reworded))


transcripts = st.builds(
    Transcript,
    segments=st.lists(segments(), max_size=12).map(tuple),
    source=st.text(any_character, max_size=8) | st.sampled_from(["talk.mp4", "t\udcffalk\n.mp4"]),
    language=st.sampled_from(["", "en"]),
    model=texts,
    duration_ms=st.integers(0, 400 * HOUR_MS),
    is_demo=st.booleans(),
)
