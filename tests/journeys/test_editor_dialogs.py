"""Dialogs, files and cues of the real window by keys and mouse; all is undone, redone, and there after a restart."""

import csv
import re
from pathlib import Path
from xml.etree import ElementTree

import docx
import pysubs2
import webvtt

from desktop.core import review
from desktop.core.coverage import Kind
from desktop.core.formats import FORMATS, WriteOptions
from desktop.core.reading import read
from desktop.core.sentences import bare
from desktop.core.transcript import Transcript
from tests.journeys.desk import INK, TEXT_LEFT, TEXT_TOP, Desk, Program, wait_for


def window(desk: Desk, name: str) -> None:
    """Wait until a window with such a name has the keyboard."""
    wait_for(f"{name}, and not {desk.active()}", lambda: desk.active().startswith(name))


def copied(desk: Desk) -> str:
    """The clipboard after copying all that can be selected here; if that is nothing, what was there before."""
    desk.press("ctrl+a", "ctrl+c")
    return desk.run("xclip", "-selection", "clipboard", "-out")


def test_what_was_heard_comes_back_from_the_comparison(desk: Desk, program: Program, heard: Transcript) -> None:
    before = [segment.text for segment in heard.segments]
    desk.press("ctrl+Right")
    desk.type_text("quick ")
    desk.press("ctrl+Down", "ctrl+Down")
    desk.type_text("Now ")
    desk.press("ctrl+Down", "ctrl+Right", "Return")
    changed = program.seen("three changes", lambda segments: len(segments) == len(before) + 1)
    assert changed[0].text.startswith("My quick bird")
    assert changed[2].text == f"Now {before[2]}"
    desk.press("ctrl+shift+d")
    window(desk, "Compare")
    desk.press("Down", "Delete")
    one_back = program.seen("the second one as it was heard", lambda segments: segments[2] == heard.segments[2])
    assert one_back == (*changed[:2], heard.segments[2], *changed[3:])
    desk.press("alt+a")
    program.seen("all as it was heard", lambda segments: segments == heard.segments)
    desk.press("Escape")
    window(desk, "Undertone")
    desk.press("ctrl+z")
    program.seen("the last step undone", lambda segments: segments == one_back)
    program.back_and_forth(heard)
    desk.press("ctrl+shift+d")
    window(desk, "Compare")
    desk.press("alt+a")
    program.seen("all as it was heard", lambda segments: segments == heard.segments)


def test_a_command_gets_another_key(desk: Desk, program: Program, heard: Transcript) -> None:
    texts = [segment.text for segment in heard.segments]
    memory = program.home / "config" / "undertone" / "window.ini"

    def keys() -> str:
        found = re.search(r"^keys=(.*)$", memory.read_text(), re.MULTILINE) if memory.exists() else None
        return found[1].replace("\\", "") if found else ""

    for case, said in enumerate((texts[0].capitalize(), texts[0].lower(), texts[0].upper(), texts[0].title()), 1):
        desk.press(f"ctrl+shift+{case}")
        program.seen(f"case {case}", lambda segments, said=said: segments[0].text == said)
    desk.press("ctrl+z", "ctrl+z", "ctrl+z", "ctrl+z", "ctrl+k")
    window(desk, "Keys")
    desk.type_text("upper")
    x, y, _width, _height = desk.place()
    refusal = (x + 45, y + 97, 200, 24)

    def is_empty() -> bool:
        shown = desk.pixels(*refusal)
        return shown == shown[:3] * (len(shown) // 3)

    wait_for("no row but one", is_empty)
    desk.press("Tab", "ctrl+j")
    wait_for("the refusal", lambda: not is_empty())
    assert "case-upper" not in keys()
    desk.press("ctrl+shift+q")
    wait_for("the key", lambda: '"case-upper": ["Ctrl+Shift+Q"]' in keys())
    assert "merge" not in keys()
    desk.press("shift+Tab", "Escape")
    window(desk, "Undertone")
    desk.press("ctrl+shift+3", "ctrl+j")
    merged = program.seen("the merge", lambda segments: len(segments) == len(texts) - 1)
    assert merged[0].text == f"{texts[0]} {texts[1]}"
    desk.press("ctrl+z", "ctrl+Home", "ctrl+shift+q")
    program.seen("the new key at work", lambda segments: segments[0].text == texts[0].upper())
    program.start_again()
    desk.press("ctrl+z")
    program.seen("the text as it was", lambda segments: segments == heard.segments)
    desk.press("ctrl+shift+q")
    program.seen("the new key after a restart", lambda segments: segments[0].text == texts[0].upper())


def test_every_format_is_previewed_and_written(desk: Desk, program: Program, heard: Transcript, tmp_path: Path) -> None:
    said = heard.segments[0].text
    folder = tmp_path / "written"
    desk.press("ctrl+e")
    window(desk, "Export")
    for at, _name in enumerate(FORMATS):
        desk.press(*(["space"] if at > 1 else []), "Tab")  # two are chosen already
    desk.press("alt+i", "shift+Tab", "shift+Tab", "ctrl+a")
    desk.type_text(str(folder))
    previews = dict.fromkeys(FORMATS, "")
    for name in FORMATS:
        desk.press("alt+v", "Down" if any(previews.values()) else "Home", "Tab")
        previews[name] = wait_for(
            f"the preview of {name}", lambda: (text := copied(desk)) not in previews.values() and text
        )
    desk.press("alt+e")
    window(desk, "Undertone")
    files = {name: folder / f"demo-minute{one.suffix}" for name, one in FORMATS.items()}
    wait_for("all files", lambda: all(file.exists() for file in files.values()))
    for name, file in files.items():
        if name != "docx":
            lines = previews[name].splitlines()
            assert file.read_text("utf-8-sig").splitlines()[: len(lines)] == lines, name
        assert said.split()[1] in previews[name]
    assert len(pysubs2.load(str(files["srt"]))) == len(pysubs2.load(str(files["ass"])))
    assert [one.text for one in webvtt.read(str(files["vtt"]))] == [
        one.plaintext for one in pysubs2.load(str(files["srt"]))
    ]
    assert read(files["json"].read_bytes(), "demo-minute.json").transcript.segments == heard.segments
    assert said in " ".join(one.text for one in docx.Document(str(files["docx"])).paragraphs)
    assert said in [row["text"] for row in csv.DictReader(files["csv"].read_text("utf-8-sig").splitlines())]
    assert ElementTree.parse(files["ttml"]).getroot().tag.endswith("tt")
    # What was chosen is chosen the next time, in the same program and in the next one.
    for number in (2, 3):
        if number == 3:
            assert program.end() == 0
            program.start()
            program.open_text()
        desk.press("ctrl+e")
        window(desk, "Export")
        desk.press("alt+e")
        window(desk, "Undertone")
        wait_for(
            f"all files for the {number}. time", lambda number=number: len([*folder.iterdir()]) == number * len(FORMATS)
        )


def open_file(desk: Desk, title: str, path: Path) -> None:
    window(desk, title)
    desk.type_text(str(path))
    desk.press("Return")
    window(desk, "Undertone")


def test_subtitles_come_in_as_new_and_onto_the_text(
    desk: Desk, program: Program, heard: Transcript, tmp_path: Path
) -> None:
    foreign, edited = tmp_path / "foreign.srt", tmp_path / "edited.srt"
    foreign.write_text(
        "1\n00:00:01,000 --> 00:00:02,500\nGrüße aus Köln.\n\n2\n00:00:03,000 --> 00:00:04,000\nThe end.\n", "cp1252"
    )
    written = FORMATS["srt"].content(heard, WriteOptions(suspects=True)).decode("utf-8-sig")
    edited.write_text(written.replace("bird", "lion").replace("keyboard\non", "keyboard,\non"))
    desk.press("ctrl+i")
    open_file(desk, "Import", foreign)
    new = ["Grüße aus Köln.", "The end."]
    wait_for("the new text", lambda: program.texts(2) == new)
    program.open_text()
    desk.type_text("Oh: ")
    wait_for("an edit of it", lambda: program.texts(2) == [f"Oh: {new[0]}", new[1]])
    desk.press("ctrl+z")
    wait_for("the edit undone", lambda: program.texts(2) == new)
    desk.press("F6", "Home")
    program.open_text()
    desk.press("ctrl+shift+i")
    open_file(desk, "Import", edited)
    matched = program.seen("the words of the file", lambda segments: "lion" in segments[0].text)
    assert "keyboard," in matched[1].text
    before, after = ([word for one in some for word in one.words] for some in (heard.segments, matched))
    assert len(after) == len(before)
    times = [(word.start_ms, word.end_ms) for word in before]
    assert [(word.start_ms, word.end_ms) for word in after] == times
    program.back_and_forth(heard)
    assert program.texts(2) == new


def show_cues(desk: Desk, program: Program) -> None:
    """Switch to the table and wait for the count of its cues."""
    x, y, width, _height = desk.place()
    desk.press("ctrl+t")
    wait_for("the cues", lambda: min(desk.pixels(x + width - 62, y + 158, 44, 16)) < INK)


def test_cues_are_changed_cell_by_cell(desk: Desk, program: Program, heard: Transcript) -> None:
    first = heard.segments[0]
    x, y, _width, _height = desk.place()
    show_cues(desk, program)
    desk.press("Left", "Left", "Left", "Left", "Return")
    desk.type_text("0:01.000")
    desk.press("Return")
    (cue, *_rest) = program.seen("another start", lambda segments: segments[0].start_ms == 1000)
    assert (cue.end_ms, cue.is_pinned) == (first.end_ms, True)
    desk.double_click(x + 459, y + 231)
    desk.press("ctrl+a")
    desk.type_text("3.9")
    desk.press("Return")
    program.seen("another end", lambda segments: (segments[0].start_ms, segments[0].end_ms) == (1000, 3900))
    long = "Set by hand with far too many letters for one line of any subtitle."
    desk.press("F2", "ctrl+a")
    desk.type_text(long)
    desk.press("Return")
    program.seen("another text", lambda segments: segments[0].text == long)
    desk.press("F4", "F9")
    fixed = program.seen("the problem fixed", lambda segments: segments[0].text != long)[0]
    assert fixed.text.replace("\n", " ") == long
    assert max(map(len, fixed.text.split("\n"))) <= 42
    desk.press("ctrl+Right", "ctrl+Right", "ctrl+Right", "ctrl+shift+Left")
    program.seen("nudges", lambda segments: (segments[0].start_ms, segments[0].end_ms) == (1020, fixed.end_ms - 10))
    desk.press("ctrl+shift+Return")
    halves = program.seen("a split cue", lambda segments: len(segments) == len(heard.segments) + 1)
    assert f"{halves[0].text} {halves[1].text}".replace("\n", " ") == long
    desk.press("ctrl+j")
    program.seen("both in one", lambda segments: segments[0].text.replace("\n", " ") == long)
    desk.press("ctrl+u")
    program.seen("a cue that flows", lambda segments: not segments[0].is_pinned)
    desk.press("Down", "Delete")
    kept = program.seen("a cue less", lambda segments: len(segments) == len(heard.segments) - 1)
    assert kept[1:] == heard.segments[2:]
    program.back_and_forth(heard)


def test_speakers_patterns_and_speech_without_text(desk: Desk, program: Program, heard: Transcript) -> None:
    texts = [segment.text for segment in heard.segments]
    desk.press("shift+Down", "ctrl+l")
    desk.type_text("Anna")
    desk.press("Return")
    program.seen("who speaks", lambda segments: [one.speaker for one in segments[:3]] == ["Anna", "Anna", ""])
    desk.press("ctrl+Home", "ctrl+l")
    desk.type_text("Maria")
    desk.press("Down", "Return")
    program.seen("another name", lambda segments: [one.speaker for one in segments[:3]] == ["Maria", "Maria", ""])
    # A pattern, seen before it is used; the first place is left as it is.
    desk.press("ctrl+h", "alt+x")
    desk.type_text("(Tues|Satur)day")
    desk.press("Tab")
    desk.type_text(r"\1night")
    desk.press("ctrl+Return")
    window(desk, "Replace")
    desk.press("space", "Return")
    window(desk, "Undertone")
    replaced = [re.sub("(Tues|Satur)day", r"\1night", text) for text in texts]
    assert replaced[1] != texts[1]
    expected = [*texts[:2], *replaced[2:]]
    program.seen("all others replaced", lambda segments: [one.text for one in segments] == expected)
    # What was found is selected when the bar closes, and typed over.
    desk.press("Escape", "ctrl+f", "alt+x", "ctrl+a")
    desk.type_text("microphone")
    desk.press("F3", "Escape")
    desk.type_text("curtain")
    assert "".join(expected).count("microphone") == 1  # F3 may come before the search, and then leads to the first one
    expected = [text.replace("microphone", "curtain") for text in expected]
    program.seen("the found word typed over", lambda segments: [one.text for one in segments] == expected)
    # Speech without text is the third place to check: a new segment takes just its time.
    (gap, *_more) = [part for part in heard.coverage.parts if part.kind is Kind.MISSING]
    desk.press("ctrl+Home", "F8", "F8", "F8", "ctrl+shift+a")
    desk.type_text("Good.")
    written = program.seen("text where there was none", lambda segments: any(one.text == "Good." for one in segments))
    (new,) = [one for one in written if one.text == "Good."]
    assert (new.start_ms, new.end_ms) == (gap.start_ms, gap.end_ms)
    program.back_and_forth(heard)


def link(desk: Desk) -> tuple[int, int] | None:
    """The end of the last link that is seen in the text."""
    x, y, width, _height = desk.place()
    left, top, wide, high = x + TEXT_LEFT, y + TEXT_TOP, width - TEXT_LEFT - 30, 290
    shown = desk.pixels(left, top, wide, high)
    blue = [at for at in range(wide * high) if shown[3 * at] < INK and shown[3 * at + 2] > shown[3 * at] + 60]
    at = max(blue, key=lambda one: one % wide, default=None)
    return None if at is None else (left + at % wide - 3, top + at // wide)


def test_the_mouse_does_it_too(desk: Desk, program: Program, heard: Transcript) -> None:
    texts = [segment.text for segment in heard.segments]
    x, y, _width, _height = desk.place()
    words = program.words_on(1)
    assert len(words) == len(texts[1].split())
    # The menu of the right button, at the third word.
    desk.click(*words[2], button=3)
    desk.press("s")
    cut = program.seen("the split", lambda segments: len(segments) == len(texts) + 1)
    assert (cut[1].words + cut[2].words, len(cut[1].words)) == (heard.segments[1].words, 2)
    desk.click(*words[0], button=3)
    desk.press("m")
    program.seen("the merge", lambda segments: segments == heard.segments)
    # Dragged over three segments, all of them are meant.
    desk.drag(program.words_on(2)[1], program.words_on(4)[1])
    desk.press("ctrl+j")
    program.seen("three in one", lambda segments: segments[2].text == " ".join(texts[2:5]))
    # Who speaks, by a click between time and text.
    desk.click(x + TEXT_LEFT - 14, y + TEXT_TOP + 12)
    desk.type_text("Anna")
    desk.press("Return")
    program.seen("who speaks", lambda segments: segments[0].speaker == "Anna")
    # "Write here", below the words of speech without text.
    (gap, *_more) = [part for part in heard.coverage.parts if part.kind is Kind.MISSING]
    desk.press("ctrl+Home", "F8", "F8", "F8")
    desk.click(*wait_for("the link", lambda: link(desk)))
    desk.type_text("Good.")
    written = program.seen("text where there was none", lambda segments: any(one.text == "Good." for one in segments))
    assert [(one.start_ms, one.end_ms) for one in written if one.text == "Good."] == [(gap.start_ms, gap.end_ms)]
    program.back_and_forth(heard)


def test_doubtful_words_are_typed_over_passed_by_and_kept(desk: Desk, program: Program, heard: Transcript) -> None:
    wrong, passed, right = review.doubted(heard)[:3]
    assert wrong.segment < passed.segment < right.segment
    desk.press("F7")
    desk.type_text("zebra")
    desk.press("Return", "Tab", "Return")
    expected = [*heard.segments]
    start, end = bare(wrong.text.strip())
    written = f"{wrong.text.strip()[:start]}zebra{wrong.text.strip()[end:]}"  # the marks around a word stay
    for step in (review.corrected(heard, wrong, written), review.accepted(heard, right)):
        for splice in step.splices:
            splice.applied(expected)
    assert "zebra" in expected[wrong.segment].text
    program.seen("two of three settled", lambda segments: [*segments] == expected)
    desk.press("Escape")
    program.back_and_forth(heard)
