"""A text is worked on in the real window, by keys and mouse; all of it is undone, redone, and there after a restart."""

import time
from pathlib import Path

from desktop.core.transcript import Transcript
from tests.journeys.desk import Desk, Program, wait_for


def texts_until(program: Program, what: str, expected: list[str]) -> None:
    wait_for(f"{what}, and not {program.texts()[:3]}", lambda: program.texts() == expected)


def test_split_merge_delete_and_insert_by_keys_and_all_the_way_back(
    desk: Desk, program: Program, heard: Transcript
) -> None:
    before = [segment.text for segment in heard.segments]
    first, second = before[0].split(" ", 1)
    desk.press("ctrl+Right", "Return")
    texts_until(program, "the split", [first, second, *before[1:]])
    cut = program.transcript().segments
    assert cut[1].start_ms == heard.segments[0].words[1].start_ms
    assert cut[0].words + cut[1].words == heard.segments[0].words
    desk.press("ctrl+j")
    texts_until(
        program,
        "the merge",
        [f"{second} {before[1]}" if text == second else text for text in [first, second, *before[2:]]],
    )
    desk.press("ctrl+shift+Delete")
    texts_until(program, "the deletion", [first, *before[2:]])
    desk.press("ctrl+shift+a")
    desk.type_text("Quite new.")
    wait_for("the new segment", lambda: "Quite new." in program.texts())
    for _ in range(9):
        desk.press("ctrl+z")
    texts_until(program, "everything undone", before)
    for _ in range(9):
        desk.press("ctrl+shift+z")
    wait_for("everything done again", lambda: "Quite new." in program.texts())
    redone = program.texts()
    program.kill()
    program.start()
    assert program.texts() == redone
    desk.press("F6", "F6")
    for _ in range(9):
        desk.press("ctrl+z")
    texts_until(program, "everything undone after a restart", before)
    assert program.transcript().segments == heard.segments


def test_a_kill_while_typing_loses_a_second_at_most(desk: Desk, program: Program, heard: Transcript) -> None:
    typed = "all that is typed here has to be in the library when the power goes "
    desk.type_text(typed)
    time.sleep(1)
    program.kill()
    assert program.texts()[0] == typed + heard.segments[0].text


def test_words_that_stay_keep_their_times_while_others_are_typed(
    desk: Desk, program: Program, heard: Transcript
) -> None:
    desk.press("ctrl+Right", "ctrl+shift+Right")
    desk.type_text("zebra ")
    words = heard.segments[0].words
    expected = " ".join([words[0].text.strip(), "zebra", *(word.text.strip() for word in words[2:])])
    wait_for("the new word", lambda: program.texts()[0] == expected)
    after = program.transcript().segments[0].words
    assert [after[0], *after[2:]] == [words[0], *words[2:]]
    assert (after[1].start_ms, after[1].end_ms) == (words[1].start_ms, words[1].end_ms)


def test_find_and_replace_all_is_one_step(desk: Desk, program: Program, heard: Transcript) -> None:
    before = [segment.text for segment in heard.segments]
    count = sum(text.count("Tuesday") for text in before)
    assert count > 1
    desk.press("ctrl+h")
    desk.type_text("Tuesday")
    desk.press("Tab")
    desk.type_text("Friday")
    desk.press("ctrl+Return")
    wait_for("the preview", lambda: desk.window("Replace"))
    desk.press("Return")
    texts_until(program, "all replaced", [text.replace("Tuesday", "Friday") for text in before])
    desk.press("Escape", "ctrl+z")
    texts_until(program, "one step back", before)


def test_cues_are_set_by_hand_in_the_table(desk: Desk, program: Program, heard: Transcript) -> None:
    desk.press("ctrl+t")
    desk.run("xdotool", "sleep", "1")
    desk.press("F2", "ctrl+a")
    desk.type_text("Set by hand.")
    desk.press("Return")
    wait_for("the cue", lambda: program.texts()[0] == "Set by hand.")
    assert program.transcript().segments[0].is_pinned
    desk.press("ctrl+z")
    wait_for("the cue undone", lambda: program.texts()[0] == heard.segments[0].text)


def test_review_accepts_and_corrects_doubtful_words(desk: Desk, program: Program, heard: Transcript) -> None:
    doubtful = [
        (at, place)
        for at, segment in enumerate(heard.segments)
        if not segment.suspect
        for place, word in enumerate(segment.words)
        if word.probability < 0.5
    ]
    assert len(doubtful) > 1
    desk.press("F7")
    desk.run("xdotool", "sleep", "1")
    desk.press("Return")
    at, place = doubtful[0]
    wait_for("the accepted word", lambda: program.transcript().segments[at].words[place].probability == 1.0)
    assert program.texts() == [segment.text for segment in heard.segments]
    desk.press("Escape", "ctrl+z")
    wait_for("the acceptance undone", lambda: program.transcript().segments == heard.segments)


def test_a_part_is_heard_again_and_taken(desk: Desk, program: Program, heard: Transcript) -> None:
    desk.press("End")
    desk.type_text(" Nonsense.")
    wait_for("the nonsense", lambda: program.texts()[0].endswith("Nonsense."))
    desk.press("ctrl+shift+h")
    wait_for("the question", lambda: desk.window("Hear"))
    desk.press("Return")
    desk.run("xdotool", "sleep", "6")
    desk.press("alt+t")
    wait_for("what was heard", lambda: "Nonsense" not in program.texts()[0])


def test_subtitles_go_out_and_come_back_onto_the_words(
    desk: Desk, program: Program, heard: Transcript, tmp_path: Path
) -> None:
    done = program.run("convert", "1", str(tmp_path / "talk.srt"), "--preset", "netflix")
    assert done.returncode == 0, done.stderr
    assert " --> " in (tmp_path / "talk.srt").read_text()
    back = program.run("convert", str(tmp_path / "talk.srt"), str(tmp_path / "talk.json"), "--onto", "1")
    assert back.returncode == 0, back.stderr


def test_speaker_case_and_revert_by_keys(desk: Desk, program: Program, heard: Transcript) -> None:
    desk.press("ctrl+l")
    desk.run("xdotool", "sleep", "0.5")
    desk.type_text("Anna")
    desk.press("Return")
    wait_for("the speaker", lambda: program.transcript().segments[0].speaker == "Anna")
    desk.press("ctrl+shift+p")
    desk.run("xdotool", "sleep", "0.5")
    desk.type_text("upper case")
    desk.press("Return")
    loud = heard.segments[0].text.upper()
    wait_for("capitals", lambda: program.texts()[0] == loud)
    assert [word.start_ms for word in program.transcript().segments[0].words] == [
        word.start_ms for word in heard.segments[0].words
    ]
    desk.press("ctrl+shift+u")
    wait_for("what was heard", lambda: program.transcript().segments == heard.segments)
    desk.press("ctrl+z", "ctrl+z", "ctrl+z")
    wait_for("all undone", lambda: program.rows("SELECT edits_done FROM jobs") == [(0,)])


def test_an_edge_is_dragged_in_the_waveform(desk: Desk, program: Program, heard: Transcript) -> None:
    x, y, width, height = desk.place()
    # As in a window of the usual size: the waveform shows the first 30 s on the right side of the window.
    left = x + 301
    edge = left + round((width - 301) * heard.segments[0].end_ms / 30_000)
    before = heard.segments[0].end_ms
    desk.run("xdotool", "mousemove", str(edge), str(y + height - 98), "mousedown", "1")
    for step in range(1, 9):
        desk.run("xdotool", "keydown", "alt", "mousemove", str(edge - 4 * step), str(y + height - 98))
    desk.run("xdotool", "mouseup", "1", "keyup", "alt")
    wait_for("the edge at another place", lambda: program.transcript().segments[0].end_ms < before - 500)
    after = program.transcript().segments[0]
    assert all(word.end_ms <= after.end_ms for word in after.words)
    assert after.text == heard.segments[0].text
    desk.press("ctrl+z")
    wait_for("the edge where it was", lambda: program.transcript().segments == heard.segments)
