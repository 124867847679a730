"""TTML: well-formed, of the profile, and a reader of the standard finds the same cues."""

from fractions import Fraction
from xml.etree import ElementTree

import ttconv.imsc.reader
from hypothesis import example, given, settings
from ttconv.model import Br, ContentElement, P, Text

from desktop.core.formats import WriteOptions, ttml
from desktop.core.transcript import Segment, Transcript
from tests.core.formats.hostile import EVERY_FRAGMENT, transcripts
from tests.core.formats.readers import Read, expected

TTML = "{http://www.w3.org/ns/ttml}"
METADATA = "{http://www.w3.org/ns/ttml#metadata}"
XML = "{http://www.w3.org/XML/1998/namespace}"


def by_xml(text: str) -> list[Read]:
    """Cues by the parser of the standard library."""
    found = []
    for one in ElementTree.fromstring(text.encode()).iter(f"{TTML}p"):
        lines = [one.text or "", *(brk.tail or "" for brk in one)]
        found.append((_ms(one.attrib["begin"]), _ms(one.attrib["end"]), "\n".join(lines)))
    return found


def by_ttconv(text: str) -> list[Read]:
    """Cues by a reader of IMSC."""
    document = ttconv.imsc.reader.to_model(ElementTree.ElementTree(ElementTree.fromstring(text.encode())))
    body = document.get_body()
    assert body is not None
    paragraphs = [one for one in body.dfs_iterator() if isinstance(one, P)]
    return [
        (_whole(one.get_begin()), _whole(one.get_end()), "".join(map(_text, one.dfs_iterator()))) for one in paragraphs
    ]


def _text(one: ContentElement) -> str:
    return "\n" if isinstance(one, Br) else one.get_text() if isinstance(one, Text) else ""


def _whole(seconds: Fraction | None) -> int:
    return int((seconds or 0) * 1000)  # None is the beginning


def _ms(time: str) -> int:
    hours, minutes, seconds = time.split(":")
    return int((Fraction(hours) * 60 + Fraction(minutes)) * 60_000 + Fraction(seconds) * 1000)


def test_a_talk_has_a_profile_a_language_a_title_and_speakers() -> None:
    talk = Transcript(
        (Segment(500, 2_000, " Tom & <Jerry>", speaker='"A" & B'), Segment(2_500, 4_000, " Hi")),
        source="talk.mp4",
        language="en",
    )
    text = ttml.write(talk, WriteOptions())
    root = ElementTree.fromstring(text.encode())
    assert root.attrib[f"{XML}lang"] == "en"
    assert root.attrib["{http://www.w3.org/ns/ttml#parameter}profile"] == "http://www.w3.org/ns/ttml/profile/imsc1/text"
    assert root.findtext(f".//{METADATA}title") == "talk"
    (agent,) = root.iter(f"{METADATA}agent")
    assert agent.findtext(f"{METADATA}name") == '"A" & B'
    assert '<p begin="00:00:00.500" end="00:00:02.000" ttm:agent="speaker1">Tom &amp; &lt;Jerry&gt;</p>\n' in text
    assert '<p begin="00:00:02.500" end="00:00:04.000">Hi</p>\n' in text
    assert "agent" not in ttml.write(talk, WriteOptions(speakers=False))


def test_lines_can_begin_further_up() -> None:
    text = ttml.write(Transcript(()), WriteOptions(line_percent=70))
    assert 'tts:origin="10% 70%" tts:extent="80% 30%" tts:displayAlign="before"' in text
    assert 'tts:displayAlign="after"' in ttml.write(Transcript(()), WriteOptions())


@given(transcripts)
@example(EVERY_FRAGMENT)
def test_a_parser_of_xml_finds_every_cue_as_it_was_typed(transcript: Transcript) -> None:
    assert by_xml(ttml.write(transcript, WriteOptions())) == expected(WriteOptions().cues(transcript))


@settings(max_examples=30)
@given(transcripts)
@example(EVERY_FRAGMENT)
def test_ttconv_finds_every_cue_as_it_was_typed(transcript: Transcript) -> None:
    assert by_ttconv(ttml.write(transcript, WriteOptions())) == expected(WriteOptions().cues(transcript))
