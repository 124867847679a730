"""Transcripts that no one would wish for: what people type, what files hold, what a broken engine could send."""

import re
from dataclasses import replace

from hypothesis import strategies as st

from desktop.core import doubts
from desktop.core.coverage import Coverage, Kind, Part
from desktop.core.transcript import Segment, Transcript, Word

HOUR_MS = 3_600_000

FRAGMENTS = (
    *"--> -> &lt; &amp;amp; &nbsp; & < > << <b> </i> <c.red> <00:00:01.000> <br/> <2> </ <!-- ]]>".split(),
    *r"{\an8} {note} {Y:i} { } }{ {{}} {\an8 \N \n \h \H \{ \} \ \\ C:\New\house".split(),
    *"12 1984. - | [br] %d ' \" WEBVTT NOTE STYLE X1:40 . ... well-known héllo Wörld 한국어 ภาษาไทย مرحبا שָׁלוֹם".split(),
    *"< b >~<v Anna>~a < b and c > d~ --> ~👩‍👩‍👧~👍🏽~🇩🇪~e\u0301~\r\n~\n\n~\n \n~  ".split("~"),
    *"😀 \n\r\t\x00\x0b\x0c\x1c\x7f\x85\u2028\u2029\u00a0\u3000\u200b\u2060\ufeff\ufffe\uffff\ud800\udcff",
    *"\u200e\u200f\u202b\u202c\u2067\u2069",
    "日本語のテキスト" * 8,
    "a" * 60,
)

any_character = st.characters(exclude_categories=())
pieces = st.sampled_from(FRAGMENTS) | st.just(" ") | st.text(any_character, max_size=8)
texts = st.lists(pieces, max_size=12).map("".join)
speakers = st.sampled_from(["", "", "Anna", 'Smith, "J" & <b>', "=1|2"]) | texts
times_ms = st.integers(-5_000, 20_000) | st.integers(0, 400 * HOUR_MS)


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
    one = draw(st.just(one) | texts.map(one.reworded))
    return replace(one, speaker=draw(speakers), is_pinned=draw(st.booleans()))


def without(characters: str, transcript: Transcript) -> Transcript:
    """The transcript as if nobody had typed these characters."""
    gone = str.maketrans(dict.fromkeys(characters))
    return replace(
        transcript,
        segments=tuple(
            replace(
                segment,
                text=segment.text.translate(gone),
                words=tuple(replace(word, text=word.text.translate(gone)) for word in segment.words),
            )
            for segment in transcript.segments
        ),
    )


transcripts = st.builds(
    Transcript,
    segments=st.lists(segments(), max_size=12).map(tuple),
    source=st.text(any_character, max_size=8) | st.sampled_from(["talk.mp4", "t\udcffalk\n.mp4"]),
    language=st.sampled_from(["", "en"]),
    model=texts,
    duration_ms=st.integers(0, 400 * HOUR_MS),
    is_demo=st.booleans(),
)


@st.composite
def doubted(draw: st.DrawFn) -> Transcript:
    """A transcript with a map, some segments of which may not be what was said, in languages of their own."""
    transcript = draw(transcripts)
    reasons = st.sampled_from(["", *doubts.REASONS])
    return replace(
        transcript,
        segments=tuple(
            replace(one, suspect=draw(reasons), language=draw(st.sampled_from(["", "de"])))
            for one in transcript.segments
        ),
        coverage=Coverage(tuple(draw(st.lists(st.builds(Part, times_ms, times_ms, st.sampled_from(Kind)))))),
    )


EVERY_FRAGMENT = Transcript(tuple(heard(f" a{x}b c", at * 2_000, at * 2_000 + 1_500) for at, x in enumerate(FRAGMENTS)))
