"""ASS: exact text, karaoke, and readers that we did not write find what was meant."""

import re
from dataclasses import replace

from hypothesis import assume, example, given, settings

from desktop.core.formats import WriteOptions, ass
from desktop.core.rules import PRESETS
from desktop.core.transcript import Segment, Transcript
from tests.core.formats.hostile import EVERY_FRAGMENT, HOUR_MS, heard, transcripts
from tests.core.formats.readers import (
    NO_SHRINKING,
    by_ffmpeg,
    expected,
    has_twins,
    script_by_pysubs2,
    to_hundredths,
    unguarded,
)

PLAIN = WriteOptions()
KARAOKE = WriteOptions(rules=replace(PRESETS["karaoke"].rules, karaoke=True))
SUNG = WriteOptions(word_timestamps=True)


def lines(transcript: Transcript, options: WriteOptions = PLAIN) -> list[str]:
    return [line for line in ass.write(transcript, options).splitlines() if line.startswith("Dialogue:")]


def line(text: str, **more: str) -> str:
    (only,) = lines(Transcript((Segment(500, 2_004, text, **more),)))
    return only


def test_a_script_has_a_head_one_style_and_a_line_for_each_cue() -> None:
    text = ass.write(Transcript((Segment(500, 2_004, " Hello."),), source="talk.mp4"), WriteOptions())
    head, _, events = text.partition("\n[Events]\n")
    assert head.startswith("[Script Info]\nTitle: talk\nScriptType: v4.00+\n")
    assert len(re.findall("^Style: Default,", head, re.MULTILINE)) == 1
    assert events == (
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: 0,0:00:00.50,0:00:02.00,Default,,0,0,0,,Hello.\n"
    )


def test_the_speaker_is_the_name_of_a_line_and_a_comma_in_it_ends_nothing() -> None:
    assert line("Hi", speaker="Smith, Anna") == "Dialogue: 0,0:00:00.50,0:00:02.00,Default,Smith， Anna,0,0,0,,Hi"
    assert lines(Transcript((Segment(0, 1_000, "Hi", speaker="Anna"),)), WriteOptions(speakers=False)) == [
        "Dialogue: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,Hi"
    ]


def test_what_players_would_obey_is_made_harmless() -> None:
    assert line(r"{\an8}up").endswith(r",,｛\an8｝up")
    assert line(r"C:\New").endswith(",,C:\\\u2060New")
    assert line("&lt; --> ,,").endswith(",,&lt; --\u2060> ,,")


def test_lines_can_begin_further_up() -> None:
    style = next(
        one for one in ass.write(Transcript(()), WriteOptions(line_percent=70)).splitlines() if "Style: D" in one
    )
    assert style.split(",")[18:22] == ["8", "120", "120", "756"]


def test_words_are_lit_up_one_after_the_other() -> None:
    segment = heard(" one two three", 1_000, 2_500)
    for options in (SUNG, KARAOKE):
        assert lines(Transcript((segment,)), options)[0].endswith(r",,{\k50}one {\k50}two {\k50}three")
    assert r"\k" not in lines(Transcript((segment,)))[0]


def test_a_backslash_before_the_next_word_does_not_take_its_brace_away() -> None:
    assert "\\\u2060{\\k50}" in lines(Transcript((heard(" a\\", 0, 500), heard(" b\\ c", 600, 1_600))), SUNG)[0] + (
        "\\\u2060{\\k50}"
    )
    spaceless = Transcript((replace(heard(" 一\\ 二", 0, 1_000), text="一\\二"),))
    assert not re.search(r"\\\{", "".join(lines(spaceless, SUNG)))


def hundredths(time: str) -> int:
    hours, minutes, seconds = time.split(":")
    return (int(hours) * 60 + int(minutes)) * 6_000 + int(seconds.replace(".", ""))


@given(transcripts)
def test_times_of_words_fill_their_line(transcript: Transcript) -> None:
    for one in lines(transcript, SUNG):
        start, end = (hundredths(time) for time in one.split(",")[1:3])
        taken = [int(found) for found in re.findall(r"\{\\k(\d+)\}", one)]
        assert not taken or abs(sum(taken) - (end - start)) <= 1
        assert not re.search(r"(?<!\\)\\\{", one.split(",", 9)[9])


@given(transcripts)
@example(EVERY_FRAGMENT)
def test_pysubs2_reads_every_cue_as_it_was_typed(transcript: Transcript) -> None:
    for options in (PLAIN, SUNG):
        cues = options.cues(transcript)
        assume(all(cue.end_ms < 100 * HOUR_MS - 5 for cue in cues))  # two digits, also when rounded
        found = script_by_pysubs2(ass.write(transcript, options))
        assert unguarded(found) == to_hundredths(unguarded(expected(cues)))


@settings(max_examples=20, phases=NO_SHRINKING)
@given(transcripts)
@example(EVERY_FRAGMENT)
def test_ffmpeg_reads_every_cue_as_it_was_typed(transcript: Transcript) -> None:
    cues = PLAIN.cues(transcript)
    assume(cues and cues[-1].end_ms < 10 * HOUR_MS and not has_twins(cues))
    found = unguarded(by_ffmpeg(ass.write(transcript, PLAIN), "ass", "webvtt"))
    assert found == to_hundredths(unguarded(expected(cues)))
