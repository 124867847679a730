"""A talk to work on: sentences with words and times, as an engine hears them."""

from hypothesis import strategies as st

from desktop.core.document import Document, Edit
from desktop.core.transcript import Segment, Transcript, Word

SENTENCES = (
    ("Anna", "Thank you for coming."),
    ("Anna", "Shall we start with the first question?"),
    ("Peter", "Yes. It was in the spring of nineteen eighty-nine, and nobody in the town knew what would happen next."),
    ("Peter", "I remember the bakery on the corner, and how the whole street smelled of bread at five in the morning."),
    ("Anna", "And did you believe him?"),
    ("Peter", "Of course I did, I was nine years old, and he was the tallest man in the world."),
    ("Peter", "Then the factory closed, and with it went the trams, the cinema and one after the other the people."),
    ("Anna", "What did you do?"),
    ("Peter", "I stayed. Somebody had to."),
)


def segment(text: str, start_ms: int, letter_ms: int = 60, speaker: str = "", has_words: bool = True) -> Segment:
    """A sentence that is said from here on, so fast."""
    words, at = [], start_ms
    for number, part in enumerate(text.split()):
        end = at + letter_ms * (len(part) + 1)
        words.append(Word(at, end, f" {part}" if number else part, 0.9))
        at = end
    return Segment(start_ms, at, text, tuple(words) if has_words else (), speaker=speaker)


def talk(
    count: int = len(SENTENCES), has_speakers: bool = False, letter_ms: int = 60, pause_ms: int = 400
) -> Transcript:
    """So many sentences, one after the other."""
    segments: list[Segment] = []
    at = 500
    for number in range(count):
        speaker, text = SENTENCES[number % len(SENTENCES)]
        segments.append(segment(text, at, letter_ms, speaker if has_speakers else ""))
        at = segments[-1].end_ms + pause_ms
    return Transcript(tuple(segments), source="/media/talk.mp4", language="en", duration_ms=at + 3_000)


def words_of(transcript: Transcript) -> list[Word]:
    """All words in their order."""
    return [word for one in transcript.segments for word in one.words]


def said(transcript: Transcript) -> str:
    """All that is said, without line breaks."""
    return " ".join(" ".join(one.text for one in transcript.segments).split())


def after(transcript: Transcript, edit: Edit) -> Transcript:
    """The transcript with an edit, which can be undone without a trace."""
    document = Document.of(transcript).did(edit)
    assert document.undone().current == transcript
    return document.current


@st.composite
def talks(draw: st.DrawFn, has_words: bool = False) -> Transcript:
    """Talks of any pace, with and without pauses, some of them without word times unless all are to have them."""
    at = draw(st.integers(0, 2_000))
    segments = []
    for number in range(draw(st.integers(1, 7))):
        speaker, text = SENTENCES[draw(st.integers(0, len(SENTENCES) - 1))]
        is_timed = has_words or draw(st.integers(0, 4)) > 0
        one = segment(text, at, draw(st.integers(25, 110)), speaker if number % 2 else "", is_timed)
        segments.append(one)
        at = one.end_ms + draw(st.sampled_from((0, 0, 80, 400, 2_500)))
    return Transcript(tuple(segments), source="/media/talk.mp4", language="en", duration_ms=at + 1_000)
