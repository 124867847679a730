"""HTML: a page that holds what was said and nothing that was smuggled in."""

from html.parser import HTMLParser
from urllib.parse import unquote_to_bytes

from hypothesis import example, given

from desktop.core.cues import one_line
from desktop.core.formats import WriteOptions, html
from desktop.core.formats.prose import paragraphs
from desktop.core.transcript import Segment, Transcript
from tests.core.formats.hostile import EVERY_FRAGMENT, transcripts

TALK = Transcript(
    (
        Segment(500, 2_000, " Hello <b>there</b>.", speaker="Anna & Ben"),
        Segment(3_725_000, 3_726_000, " שלום", speaker="Anna & Ben"),
    ),
    source="/home/anna/my talk #1.mp3",
    language="en",
)


class Page(HTMLParser):
    """What a browser would find."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.said: list[tuple[int, int, str]] = []
        self.times: list[int] = []
        self.texts: dict[str, str] = {}
        self.sources: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        if tag != "meta":
            self.open.append(tag)
        if tag == "span" and "data-start" in found:
            self.said.append((int(found["data-start"] or ""), int(found["data-end"] or ""), ""))
            self.open[-1] = "said"
        if tag == "button":
            self.times.append(int(found["value"] or ""))
        if tag in ("audio", "video"):
            self.sources.append(found["src"] or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() in (tag, "said")

    def handle_data(self, data: str) -> None:
        if not self.open:
            return
        if self.open[-1] == "said":
            start_ms, end_ms, text = self.said[-1]
            self.said[-1] = start_ms, end_ms, text + data
        self.texts[self.open[-1]] = self.texts.get(self.open[-1], "") + data


def test_a_page_is_whole_and_asks_nothing_of_the_network() -> None:
    text = html.write(TALK, WriteOptions())
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">')
    assert '<div class="paragraph"><button value="500">00:00:00</button><p dir="auto">' in text
    assert '<span class="speaker">Anna &amp; Ben:</span> ' in text
    assert "prefers-color-scheme: dark" in text
    assert "http" not in text
    page = Page(text)
    assert page.open == []
    assert page.said == [(500, 2_000, "Hello <b>there</b>."), (3_725_000, 3_726_000, "שלום")]
    assert page.times == [500, 3_725_000]
    assert page.texts["title"] == page.texts["h1"] == "my talk #1"


def test_the_medium_is_looked_for_beside_the_page_and_its_folder_is_not_told() -> None:
    text = html.write(TALK, WriteOptions())
    assert '<audio controls preload="metadata" src="./my%20talk%20%231.mp3"></audio>' in text
    assert "/home" not in text
    film = Transcript((), source="C:film.mkv")
    assert '<video controls preload="metadata" src="./C%3Afilm.mkv"></video>' in html.write(film, WriteOptions())


def test_a_name_that_is_no_utf_8_keeps_its_bytes() -> None:
    (source,) = Page(html.write(Transcript((), source="t\udcff.mp4"), WriteOptions())).sources
    assert unquote_to_bytes(source) == b"./t\xff.mp4"


def test_without_times_there_is_no_player_and_no_script() -> None:
    assert not {"button", "audio", "script"} & set(Page(html.write(TALK, WriteOptions(times=False))).tags)


def test_a_paragraph_keeps_the_times_of_its_segments() -> None:
    page = Page(html.write(TALK, WriteOptions(paragraph_pause_ms=10_000_000)))
    assert page.times == [500]
    assert page.said == [(500, 2_000, "Hello <b>there</b>."), (3_725_000, 3_726_000, " שלום")]


def test_the_demo_model_is_named_and_a_page_without_name_has_a_title() -> None:
    text = html.write(Transcript((), is_demo=True), WriteOptions())
    assert '<p class="note">Demo model: knows a few hundred words; install a model for real work</p>' in text
    assert "<title>Transcript</title>" in text
    assert "<h1" not in text


@given(transcripts)
@example(EVERY_FRAGMENT)
def test_a_browser_finds_what_was_said_and_no_other_element(transcript: Transcript) -> None:
    page = Page(html.write(transcript, WriteOptions()))
    said = [one for one in transcript.segments if one_line(one.text)]
    assert [text for _, _, text in page.said] == [one_line(one.text) for one in said]
    assert page.times == [one.start_ms for one in paragraphs(transcript, WriteOptions())]
    assert page.open == []
    assert page.tags.count("script") == page.tags.count("html") == 1
    assert not set(page.tags) - set("html head meta title style body h1 p div button span audio video script".split())
