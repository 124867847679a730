"""Files as the world has them: whole, odd and broken."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.errors import FileEmpty, NotSubtitles, SubtitlesBroken
from desktop.core.reading import READERS, Read, read
from desktop.core.transcript import Segment, Word
from tests.conftest import sentence_of

Cues = list[tuple[int, int, str]]


def cues_of(found: Read) -> Cues:
    assert all(segment.is_pinned for segment in found.transcript.segments)
    return [(segment.start_ms, segment.end_ms, segment.text) for segment in found.transcript.segments]


def notes_of(found: Read) -> list[str]:
    return [note.said for note in found.notes]


def srt(text: str) -> Read:
    found = read(text.encode(), "film.srt")
    assert found.format == "srt"
    return found


def vtt(text: str) -> Read:
    found = read(text.encode(), "film.vtt")
    assert found.format == "vtt"
    return found


def events(*lines: str) -> Read:
    head = (
        "[Script Info]\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    )
    return read((head + "\n".join(lines)).encode(), "film.ass")


def dialogue(text: str, times: str = "0:00:01.00,0:00:02.50", name: str = "") -> str:
    return f"Dialogue: 0,{times},Default,{name},0,0,0,,{text}"


# --- SRT ---


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_lines_end_as_on_any_system(line_end: str) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\none\ntwo\n\n2\n00:00:03,000 --> 00:00:04,000\nthree\n"
    found = srt(text.replace("\n", line_end))
    assert cues_of(found) == [(1_000, 2_000, "one\ntwo"), (3_000, 4_000, "three")]
    assert found.notes == ()


@pytest.mark.parametrize(
    ("times", "start_ms", "end_ms"),
    [
        ("00:00:01,500 --> 00:00:02,250", 1_500, 2_250),
        ("00:00:01.500-->00:00:02.250", 1_500, 2_250),
        ("0:0:1,5 --> 0:0:2,25", 1_500, 2_250),
        ("  00:01,500 -->  00:02,250  ", 1_500, 2_250),
        ("00:00:01:500 --> 00:00:02", 1_500, 2_000),
        ("123:00:01,500 --> 123:00:02,250", 442_801_500, 442_802_250),
    ],
)
def test_times_are_read_as_people_write_them(times: str, start_ms: int, end_ms: int) -> None:
    found = srt(f"1\n{times}\nhello\n")
    assert (cues_of(found), found.notes) == ([(start_ms, end_ms, "hello")], ())


@pytest.mark.parametrize("arrow", ["->", "–>", "—>"])
def test_another_arrow_is_read_and_named(arrow: str) -> None:
    found = srt(f"1\n00:00:01 {arrow} 00:00:02\nhello\n")
    assert cues_of(found) == [(1_000, 2_000, "hello")]
    assert notes_of(found) == [f"Line 2: “{arrow}” stands between the times in place of “-->”; it was read as that."]


def test_numbers_need_not_be_there() -> None:
    found = srt("00:00:01,000 --> 00:00:02,000\n42\n\n00:00:03,000 --> 00:00:04,000\n43\n")
    assert (cues_of(found), found.notes) == ([(1_000, 2_000, "42"), (3_000, 4_000, "43")], ())


def test_a_number_that_is_said_is_no_number_of_a_cue() -> None:
    found = srt("1\n00:00:01,000 --> 00:00:02,000\n7\n\n2\n00:00:03,000 --> 00:00:04,000\n\n99\n")
    assert cues_of(found) == [(1_000, 2_000, "7"), (3_000, 4_000, "99")]


def test_a_missing_blank_line_does_not_join_cues() -> None:
    found = srt("1\n00:00:01,000 --> 00:00:02,000\none\n2\n00:00:03,000 --> 00:00:04,000\ntwo\n")
    assert cues_of(found) == [(1_000, 2_000, "one"), (3_000, 4_000, "two")]


def test_text_after_a_blank_line_stays_with_its_cue() -> None:
    found = srt("1\n00:00:01,000 --> 00:00:02,000\none\n\ntwo\n\n2\n00:00:03,000 --> 00:00:04,000\nthree\n")
    assert cues_of(found)[0] == (1_000, 2_000, "one\ntwo")
    assert notes_of(found) == ["Line 5: text outside of any cue; it was kept with the cue before it."]


def test_text_before_all_is_a_cue_of_its_own() -> None:
    found = srt("Translated by Anna\n\n1\n00:00:05,000 --> 00:00:06,000\none\n")
    assert cues_of(found) == [(3_000, 5_000, "Translated by Anna"), (5_000, 6_000, "one")]
    assert notes_of(found) == ["Line 1: text before the first cue; it was kept as a cue of its own."]


def test_text_before_a_cue_that_starts_at_once_goes_into_it() -> None:
    found = srt("Translated by Anna\n\n1\n00:00:00,000 --> 00:00:06,000\none\n")
    assert cues_of(found) == [(0, 6_000, "Translated by Anna\none")]


def test_text_before_cues_of_which_none_has_text_is_named() -> None:
    found = srt("Translated\nby Anna\n\n1\n00:00:05,000 --> 00:00:06,000\n\n")
    assert cues_of(found) == []
    assert notes_of(found) == [
        "Line 1: text in a file without any cue that has some; it was left out: Translated by Anna",
        "Line 5: a cue without text; it was left out.",
    ]


def test_broken_times_are_put_between_the_neighbours() -> None:
    found = srt(
        "1\n00:00:01,000 --> 00:00:02,000\none\n\n2\n00:00:0x,000 --> 00:00:04,000\ntwo\n\n"
        "3\n00:00:03,000 --> 00:00:04,000\nthree\n"
    )
    assert cues_of(found) == [(1_000, 2_000, "one"), (2_000, 3_000, "two"), (3_000, 4_000, "three")]
    assert notes_of(found) == [
        "Line 6: times that cannot be read (00:00:0x,000 --> 00:00:04,000); the cue was put between its neighbours."
    ]


def test_text_of_broken_times_without_room_goes_to_the_cue_before() -> None:
    found = srt(
        "1\n00:00:01,000 --> 00:00:02,000\none\n\n2\n00:00:02,000 --> \ntwo\n\n"
        "3\n00:00:02,050 --> 00:00:04,000\nthree\n"
    )
    assert cues_of(found) == [(1_000, 2_000, "one\ntwo"), (2_050, 4_000, "three")]


def test_a_cue_that_ends_before_it_starts_gets_another_end() -> None:
    found = srt("1\n00:00:03,000 --> 00:00:02,000\none\n\n2\n00:00:04,000 --> 00:00:05,000\ntwo\n")
    assert cues_of(found) == [(3_000, 4_000, "one"), (4_000, 5_000, "two")]
    assert notes_of(found) == ["Line 2: the cue ends before it starts; it was given a later end."]


def test_cues_come_into_the_order_of_time() -> None:
    found = srt("1\n00:00:03,000 --> 00:00:04,000\ntwo\n\n2\n00:00:01,000 --> 00:00:02,000\none\n")
    assert cues_of(found) == [(1_000, 2_000, "one"), (3_000, 4_000, "two")]
    assert notes_of(found) == ["Line 6: the cue starts before the one above it; it was put in its place."]


def test_overlapping_cues_stay_as_they_are() -> None:
    found = srt("1\n00:00:01,000 --> 00:00:04,000\none\n\n2\n00:00:02,000 --> 00:00:03,000\ntwo\n")
    assert (cues_of(found), found.notes) == ([(1_000, 4_000, "one"), (2_000, 3_000, "two")], ())


def test_formatting_and_positions_are_counted_and_left_out() -> None:
    found = srt(
        "1\n00:00:01,000 --> 00:00:02,000 X1:10 X2:20 Y1:1 Y2:2\n<i>one</i> <3 <font color='red'>two</font>\n\n"
        "2\n00:00:03,000 --> 00:00:04,000\n{\\an8}a <b>< b\n"
    )
    assert cues_of(found) == [(1_000, 2_000, "one <3 two"), (3_000, 4_000, "a < b")]
    assert notes_of(found) == ["Left out: positions on the screen (1×).", "Left out: formatting (2×)."]


def test_text_behind_the_times_is_kept() -> None:
    found = srt("1\n00:00:01,000 --> 00:00:02,000 Hello\nthere\n")
    assert cues_of(found) == [(1_000, 2_000, "Hello\nthere")]
    assert notes_of(found) == ["Line 2: text behind the times (Hello); it was kept as the first line of the cue."]


def test_speakers_and_dashes_stay_text() -> None:
    assert cues_of(srt("1\n00:00:01,000 --> 00:00:02,000\nANNA: Hi.\n- No.\n"))[0][2] == "ANNA: Hi.\n- No."


def test_braces_of_others_stay_as_wide_as_they_are() -> None:
    found = srt("1\n00:00:01,000 --> 00:00:02,000\n｛｝ {x}\n")
    assert cues_of(found)[0][2] == "｛｝ {x}"


def test_cues_without_text_are_left_out_and_named() -> None:
    found = srt("1\n00:00:01,000 --> 00:00:02,000\n\n2\n00:00:03,000 --> 00:00:04,000\ntwo\n")
    assert cues_of(found) == [(3_000, 4_000, "two")]
    assert notes_of(found) == ["Line 2: a cue without text; it was left out."]


# --- VTT ---


def test_what_is_no_cue_is_left_out_of_vtt() -> None:
    found = vtt(
        "WEBVTT - title\nKind: captions\n\nNOTE one\nmore\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:x\n\n"
        "intro\n00:01.000 --> 00:02.000 line:10% align:start\nHello\n\n"
        "NOTE two\n\n00:00:03.000 --> 00:00:04.000\nthere\n"
    )
    assert cues_of(found) == [(1_000, 2_000, "Hello"), (3_000, 4_000, "there")]
    assert notes_of(found) == [
        "Left out: comments (2×).",
        "Left out: styles and regions (2×).",
        "Left out: positions on the screen (1×).",
    ]


def test_speakers_words_and_escapes_are_read() -> None:
    found = vtt(
        "WEBVTT\n\n00:01.000 --> 00:03.000\n"
        "<v.loud Anna Smith>Hello <00:00:01.500><c.red>big</c> <00:02.000>&lt;world&gt;&nbsp;&amp;\nall</v>\n"
    )
    [segment] = found.transcript.segments
    assert segment.speaker == "Anna Smith"
    assert segment.text == "Hello big <world>\u00a0&\nall"
    assert [(word.start_ms, word.text) for word in segment.words[:3]] == [
        (1_000, "Hello"),
        (1_500, " big"),
        (2_000, " <world>"),
    ]
    assert "".join(word.text for word in segment.words) == segment.text
    assert segment.words[-1].end_ms == 3_000


def test_several_speakers_of_a_cue_stay_in_its_text() -> None:
    found = vtt("WEBVTT\n\n00:01.000 --> 00:03.000\n<v Anna>Hi\n<v Ben>No\n")
    assert [(one.speaker, one.text) for one in found.transcript.segments] == [("", "Anna: Hi\nBen: No")]
    assert notes_of(found) == ["Line 3: several speakers in one cue; their names were kept in the text."]


def test_a_missing_header_is_noted() -> None:
    found = vtt("00:01.000 --> 00:03.000\nHello\n")
    assert cues_of(found) == [(1_000, 3_000, "Hello")]
    assert notes_of(found) == ["The line WEBVTT at the beginning is missing; the file was read all the same."]


def test_vtt_is_known_under_another_name() -> None:
    assert read(b"\xef\xbb\xbfWEBVTT\n\n00:01.000 --> 00:03.000\nHello\n", "film.srt").format == "vtt"


# --- ASS ---


def test_lines_of_a_script_are_read_without_its_commands() -> None:
    found = events(
        dialogue(r"{\an8\fs20}Hel{\i1}lo,\Nbig\hworld\nall", name="Anna"),
        "Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,not said",
        dialogue(r"{\p1}m 0 0 l 10 10{\p0}", "0:00:03.00,0:00:04.00"),
        dialogue("one, two", "0:00:05.00,0:00:06.00"),
    )
    assert cues_of(found) == [(1_000, 2_500, "Hello,\nbig\u00a0world all"), (5_000, 6_000, "one, two")]
    assert found.transcript.segments[0].speaker == "Anna"
    assert notes_of(found) == [
        "Left out: formatting (2×).",
        "Left out: comments (1×).",
        "Left out: drawings (1×).",
        "Line 7: a cue without text; it was left out.",
    ]


def test_karaoke_gives_words_their_times() -> None:
    [segment] = events(dialogue(r"{\k50}Hel{\kf25}lo {\K10}you")).transcript.segments
    assert [(word.start_ms, word.text) for word in segment.words] == [(1_000, "Hel"), (1_500, "lo"), (1_750, " you")]


def test_fields_of_ssa_are_told_by_its_format_line() -> None:
    text = (
        "[Script Info]\nScriptType: v4.00\n[Events]\nFormat: Marked, Start, End, Style, Name, Text\n"
        "Dialogue: Marked=0,0:00:01.00,0:00:02.00,Default,Ben,a, b\n"
    )
    found = read(text.encode(), "film.ssa")
    assert cues_of(found) == [(1_000, 2_000, "a, b")]
    assert found.transcript.segments[0].speaker == "Ben"


def test_a_script_that_is_broken_keeps_its_text() -> None:
    found = events(dialogue("one"), "went on here", "Dialogue: two", dialogue("three", "x,0:00:09.00"))
    assert [text for *_, text in cues_of(found)] == ["one\nwent on here", "two", "three"]
    assert [note.line for note in found.notes] == [6, 7, 7, 8]


# --- JSON ---


def test_json_of_whisper_is_read_with_its_words() -> None:
    record = {
        "text": " Hello there.",
        "segments": [
            {
                "id": 0,
                "start": 0.5,
                "end": 1.4,
                "text": " Hello there.",
                "temperature": 0.2,
                "avg_logprob": -0.25,
                "compression_ratio": 1.5,
                "no_speech_prob": 0.01,
                "words": [
                    {"word": " Hello", "start": 0.5, "end": 0.9, "probability": 0.8},
                    {"word": " there.", "start": 0.9, "end": 1.4, "probability": 0.7},
                ],
            }
        ],
        "language": "english",
    }
    found = read(json.dumps(record).encode(), "talk.json")
    words = (Word(500, 900, "Hello", 0.8), Word(900, 1_400, " there.", 0.7))
    assert found.transcript.segments == (
        Segment(500, 1_400, "Hello there.", words, -0.25, 0.01, 1.5, 0.2, is_pinned=True),
    )
    assert found.transcript.language == "en"
    assert found.notes == ()


def test_json_of_whisperx_is_read_with_speakers_and_words_without_times() -> None:
    record = {
        "segments": [
            {
                "start": 1.0,
                "end": 3.0,
                "text": " In 1984 we met.",
                "speaker": "SPEAKER_01",
                "words": [
                    {"word": "In", "start": 1.0, "end": 1.2, "score": 0.9},
                    {"word": "1984"},
                    {"word": "we", "start": 2.0, "end": 2.2, "score": 0.8},
                    {"word": "met."},
                ],
            }
        ],
        "word_segments": [],
        "language": "en",
    }
    [segment] = (found := read(json.dumps(record).encode(), "talk.json")).transcript.segments
    assert segment.speaker == "SPEAKER_01"
    assert [(word.start_ms, word.end_ms, word.text) for word in segment.words] == [
        (1_000, 1_200, "In"),
        (1_200, 2_000, " 1984"),
        (2_000, 2_200, " we"),
        (2_200, 3_000, " met."),
    ]
    assert notes_of(found) == ["Words without times share what their neighbours leave (2×)."]


def test_json_of_whisper_cpp_is_read_with_tokens_as_words() -> None:
    def token(text: str, start: int, end: int, p: float = 0.9) -> dict[str, object]:
        return {"text": text, "offsets": {"from": start, "to": end}, "id": 1, "p": p}

    record = {
        "model": {"type": "base"},
        "result": {"language": "de"},
        "transcription": [
            {
                "timestamps": {"from": "00:00:00,000", "to": "00:00:02,000"},
                "offsets": {"from": 0, "to": 2_000},
                "text": " Guten Tag.",
                "tokens": [
                    token("[_BEG_]", 0, 0),
                    token(" Gut", 0, 300),
                    token("en", 300, 700, 0.5),
                    token(" Tag", 800, 1_500),
                    token(".", 1_500, 1_600),
                    token("[_TT_100]", 2_000, 2_000),
                ],
            },
            {"offsets": {"from": 2_000, "to": 3_000}, "text": " Ja."},
        ],
    }
    found = read(json.dumps(record).encode(), "talk.json").transcript
    assert (found.language, found.model) == ("de", "base")
    assert found.segments[0].words == (Word(0, 700, "Guten", 0.5), Word(800, 1_600, " Tag.", 0.9))
    assert cues_of(read(json.dumps(record).encode(), "talk.json"))[1] == (2_000, 3_000, "Ja.")


def test_words_that_do_not_make_up_the_text_are_not_used() -> None:
    record = {
        "segments": [{"start": 0, "end": 1, "text": "one two", "words": [{"word": "three", "start": 0, "end": 1}]}]
    }
    found = read(json.dumps(record).encode(), "talk.json")
    assert found.transcript.segments == (Segment(0, 1_000, "one two", is_pinned=True),)
    assert len(found.notes) == 1


def test_segments_that_cannot_be_read_are_named() -> None:
    record = {"segments": [{"start": 0, "end": 1, "text": "one"}, {"text": "no times"}, 7, {"start": float("nan")}]}
    found = read(json.dumps(record).encode(), "talk.json")
    assert [segment.text for segment in found.transcript.segments] == ["one"]
    assert [note.detail for note in found.notes] == ["2", "3", "4"]


@pytest.mark.parametrize("segments", ["[]", '[{"start": 1, "end": 2, "text": ""}]'])
def test_json_of_silence_is_a_transcript_without_text(segments: str) -> None:
    assert read(f'{{"segments": {segments}}}'.encode(), "talk.json").transcript.segments == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"segments": [}', "line 1: Expecting value"),
        ('{"format": "undertone", "version": 99, "segments": []}', "a newer Undertone wrote it"),
        ('{"format": "undertone", "version": 1}', "not a transcript"),
        ('{"name": "package"}', "it holds no segments"),
        ('{"segments": [{"text": "one"}, {"start": 1, "end": 2, "text": " "}, 7]}', "none of its segments has a text"),
        ('{"transcription": [{"text": "one"}]}', "none of its segments has a text"),
        ('{"a": ' * 100_000, ""),
    ],
)
def test_json_that_is_no_transcript_says_why(text: str, reason: str) -> None:
    with pytest.raises(SubtitlesBroken) as caught:
        read(text.encode(), "/some/where/talk.json")
    assert "“talk.json” cannot be read as JSON" in sentence_of(caught.value)
    assert reason in sentence_of(caught.value)


# --- TTML and tables ---


def test_ttml_is_read_with_all_its_ways_to_say_a_time() -> None:
    text = (
        '<?xml version="1.0" encoding="utf-16"?>\n<!-- <p> -->\n'
        '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"\n'
        'xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xml:lang="de-AT" ttp:frameRate="25" ttp:tickRate="1000">\n'
        '<head><metadata><ttm:agent xml:id="a"><ttm:name>Anna</ttm:name></ttm:agent></metadata></head>\n'
        '<body><div begin="10s">\n<p begin="00:00:01.5" end="00:00:02:05" ttm:agent="a">Hello <span>big</span>\n'
        'world<br/>all</p>\n<p begin="3000t" dur="500ms">two</p>\n<p begin="?" end="?">three</p>\n'
        '<p begin="1.5m" end="0.05h">four</p><p begin="1s" end="2s"/></div></body></tt>'
    )
    found = read(text.encode(), "film.ttml")
    assert cues_of(found) == [
        (11_500, 12_200, "Hello big world\nall"),
        (13_000, 13_500, "two"),
        (13_500, 15_500, "three"),
        (100_000, 190_000, "four"),
    ]
    assert found.transcript.language == "de"
    assert [one.speaker for one in found.transcript.segments] == ["Anna", "", "", ""]
    assert [note.line for note in found.notes] == [10, 11]


@pytest.mark.parametrize(
    "text",
    ["<tt><body>", '<!DOCTYPE x [<!ENTITY a "b">]><tt>&a;</tt>', f"<tt>{'<div>' * 9_999}<p/>{'</div>' * 9_999}</tt>"],
)
def test_ttml_that_is_broken_says_so(text: str) -> None:
    with pytest.raises(SubtitlesBroken):
        read(text.encode(), "film.ttml")


def test_rows_without_times_keep_their_text() -> None:
    found = read(b"start_ms,end_ms,text\n0,1000,one\nx,,two\n2000,3000,'=three\n", "a.csv")
    assert cues_of(found) == [(0, 1_000, "one\ntwo"), (2_000, 3_000, "=three")]
    assert [note.line for note in found.notes] == [3]


# --- none of them ---


@pytest.mark.parametrize(
    "data", [b"Just some text.\n", b"\x00\x00\x00\x20ftypisom" + bytes(range(256)), b"<html></html>"]
)
def test_what_is_no_subtitles_is_refused_with_what_is_possible(data: bytes) -> None:
    with pytest.raises(NotSubtitles) as caught:
        read(data, "/some/where/notes.txt")
    assert "“notes.txt”" in sentence_of(caught.value)
    assert "WhisperX" in sentence_of(caught.value)


@pytest.mark.parametrize("data", [b"", b" \r\n\n"])
def test_an_empty_file_says_so(data: bytes) -> None:
    with pytest.raises(FileEmpty):
        read(data, "film.srt")


LINES = st.sampled_from(
    [
        *"1 2 42 WEBVTT NOTE STYLE Dialogue: Comment: [Events] { } [ <tt> </tt> start_ms,end_ms,text".split(),
        "00:00:01,000 --> 00:00:02,000",
        "00:00:05,000 --> 00:00:02,000 line:1",
        "-00:00:05,000 --> 00:00:02,000",
        "00:00:xx --> 1",
        " --> 00:01",
        "00:0",
        "Dialogue: 0,0:00:01.00,0:00:02.00,,,0,0,0,,{\\k10}a{\\p1}b",
        '{"segments": [',
        "<v Anna>a<00:00:01.200>b",
        "",
        " ",
        "９９９",
        "9" * 5_000,
    ]
) | st.text(max_size=6)


@given(
    st.lists(LINES, max_size=14).map("\n".join), st.sampled_from(["a.srt", "a.vtt", "a.ass", "a.json", "a.ttml", ""])
)
def test_whatever_a_file_holds_it_is_read_or_refused(text: str, name: str) -> None:
    with suppress(FileEmpty, NotSubtitles, SubtitlesBroken):
        found = read(text.encode("utf-8", "replace"), name)
        segments = found.transcript.segments
        assert all(one.text.strip() and 0 <= one.start_ms <= one.end_ms for one in segments)
        assert [one.start_ms for one in segments] == sorted(one.start_ms for one in segments)
        assert all(note.said for note in found.notes)
        assert found.format in READERS


WORDS = st.sampled_from("one two three 7 2 four five".split())


@given(st.lists(WORDS | st.sampled_from(["\n", "\n\n", "\n3\n", "\n00:00:04,000 --> 00:00:05,000\n"]), max_size=20))
def test_no_word_of_a_damaged_srt_is_lost(parts: list[str]) -> None:
    """Numbers may be those of cues."""
    text = "1\n00:00:01,000 --> 00:00:02,000\n" + " ".join(parts)
    found = read(text.encode(), "a.srt")
    said = " ".join(segment.text for segment in found.transcript.segments).split()
    wanted = [part for part in parts if part.isalpha()]
    assert [word for word in said if word.isalpha()] == wanted
