"""The main job in the real window: keys, drags, kills and second starts."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tests.conftest import SAMPLES
from tests.journeys.desk import Desk, Program, wait_for
from tests.sounds import long_sound, said_in

SHORT = SAMPLES / "demo-short.flac"


def all_done(program: Program, count: int = 1) -> bool:
    states = program.states()
    return len(states) == count and set(states) == {"done"}


def test_files_given_at_the_start_are_transcribed_and_exported_by_key(
    desk: Desk, program: Program, tmp_path: Path
) -> None:
    source = Path(shutil.copy(SHORT, tmp_path / "talk.flac"))
    program.start(source)
    wait_for("the job to be done", lambda: all_done(program))
    assert program.texts() == [said_in("demo-short")]
    desk.press("ctrl+shift+x")
    wait_for("the subtitles", lambda: (tmp_path / "talk.srt").exists() and (tmp_path / "talk.vtt").exists())
    assert said_in("demo-short") in (tmp_path / "talk.vtt").read_text()
    assert program.end() == 0
    assert program.said() == ""


def test_files_are_dropped_from_another_program(desk: Desk, program: Program, tmp_path: Path) -> None:
    folder = tmp_path / "dropped"
    folder.mkdir()
    shutil.copy(SHORT, folder / "one.flac")
    (folder / "notes.txt").write_text("not media")
    program.start()
    command = [
        sys.executable,
        str(Path(__file__).with_name("drag_source.py")),
        str(folder),
        str(SAMPLES / "demo-pauses.flac"),
    ]
    source = subprocess.Popen(command, env=desk.environment)
    try:
        origin = desk.place_of(wait_for("the other window", lambda: desk.window("Drag source")))
        x, y, width, height = desk.place_of(desk.window() or "")
        desk.drag((origin[0] + 40, origin[1] + 40), (x + width // 2, y + height // 2))
        wait_for("both files to be done", lambda: all_done(program, 2))
    finally:
        source.kill()
        source.wait()


def test_a_second_start_hands_its_files_over(program: Program) -> None:
    program.start()
    assert program.run(str(SHORT)).returncode == 0
    wait_for("the job to be done", lambda: all_done(program))
    assert program.process
    assert program.process.poll() is None


def test_text_is_edited_in_place_and_stays(desk: Desk, program: Program) -> None:
    program.start(SHORT)
    wait_for("the job to be done", lambda: all_done(program))
    wait_for("the engine's text", program.texts)
    desk.press("F6", "F6", "ctrl+Home")
    desk.type_text("Yes: ")
    edited = "Yes: " + said_in("demo-short")
    wait_for("the edit in the library", lambda: program.texts() == [edited])
    desk.press("ctrl+z")
    wait_for("the undone edit", lambda: program.texts() == [said_in("demo-short")])
    desk.press("ctrl+shift+z")
    wait_for("the edit done again", lambda: program.texts() == [edited])
    program.kill()
    program.start()
    assert program.texts() == [edited]


def test_pause_survives_a_restart_and_goes_on_to_the_same_text(desk: Desk, program: Program, tmp_path: Path) -> None:
    source = long_sound(tmp_path / "long.flac", 240)
    undisturbed = program.run("transcribe", source, "--language", "en", "--suspects", "--quiet").stdout.splitlines()
    shutil.rmtree(program.home / "data" / "undertone")
    settings = program.home / "config" / "undertone" / "settings.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text('{"version": 1, "language": "en"}')
    program.start(source)
    wait_for("the first words", program.texts)
    desk.press("ctrl+p")
    wait_for("the job to be paused", lambda: program.states() == ["paused"])
    kept = program.texts()
    assert 0 < len(kept) < len(undisturbed)
    program.end()
    program.start()
    assert program.states() == ["paused"]
    desk.press("ctrl+g")
    wait_for("the job to be done", lambda: all_done(program))
    assert program.texts()[: len(kept)] == kept
    assert program.texts() == undisturbed


def test_cancel_keeps_what_was_heard(desk: Desk, program: Program, tmp_path: Path) -> None:
    program.start(long_sound(tmp_path / "long.flac", 240))
    wait_for("the first words", program.texts)
    desk.press("ctrl+period")
    wait_for("the job to be cancelled", lambda: program.states() == ["cancelled"])
    kept = program.texts()
    assert kept
    desk.press("ctrl+g")
    wait_for("the job to be done", lambda: all_done(program))
    assert program.texts()[: len(kept)] == kept


def test_a_killed_program_shows_its_queue_again_and_goes_on_when_asked(
    desk: Desk, program: Program, tmp_path: Path
) -> None:
    program.start(long_sound(tmp_path / "long.flac", 240), SHORT)
    wait_for("the first words", program.texts)
    program.kill()
    kept = program.texts()
    program.start()
    wait_for("the interrupted queue", lambda: program.states() == ["interrupted", "interrupted"])
    desk.press("ctrl+Return")
    wait_for("both jobs to be done", lambda: all_done(program, 2))
    assert program.texts()[: len(kept)] == kept


def test_a_killed_engine_is_replaced_without_a_word_lost(program: Program, tmp_path: Path) -> None:
    program.start(long_sound(tmp_path / "long.flac", 240))
    wait_for("the first words", program.texts)
    kept = program.texts()
    for pid in program.engine_pids():
        os.kill(pid, signal.SIGKILL)
    wait_for("the job to be done", lambda: all_done(program))
    assert program.texts()[: len(kept)] == kept
    assert program.rows("SELECT attempts FROM jobs") == [(1,)]


def test_a_bad_file_fails_on_its_row_and_the_queue_goes_on(program: Program, tmp_path: Path) -> None:
    bad = tmp_path / "letter.mp3"
    bad.write_text("Dear Sir or Madam, " * 300)
    program.start(bad, tmp_path / "missing.mp4", SHORT)
    wait_for("the end of the queue", lambda: program.states() == ["failed", "failed", "done"])
    errors = [str(row[0]) for row in program.rows("SELECT error FROM jobs WHERE error IS NOT NULL ORDER BY id")]
    assert '"NotMedia"' in errors[0]
    assert '"FileMissing"' in errors[1]
    assert program.said() == ""


def test_jobs_are_reordered_and_removed_by_keyboard(desk: Desk, program: Program, tmp_path: Path) -> None:
    settings = program.home / "config" / "undertone" / "settings.json"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"version": 1, "start_at_once": false}')
    files = [Path(shutil.copy(SAMPLES / f"demo-{name}.flac", tmp_path)) for name in ("short", "minute", "pauses")]
    program.start(*files)
    wait_for("three waiting jobs", lambda: program.states() == ["waiting"] * 3)

    def order() -> list[str]:
        rows = program.rows("SELECT source FROM jobs WHERE queued ORDER BY position, id")
        return [Path(os.fsdecode(row[0])).stem.removeprefix("demo-") for row in rows]  # type: ignore[arg-type]

    assert order() == ["short", "minute", "pauses"]
    wait_for("all looked into", lambda: program.rows("SELECT count(media_id) FROM jobs") == [(3,)])
    desk.press("F6", "Home", "alt+Down")
    wait_for("the new order", lambda: order() == ["minute", "short", "pauses"])
    desk.press("alt+Down")
    wait_for("the new order", lambda: order() == ["minute", "pauses", "short"])
    desk.press("Delete")
    wait_for("the removed job", lambda: order() == ["minute", "pauses"])
    desk.press("ctrl+Return")
    wait_for("the rest to be done", lambda: all_done(program, 2))


def test_the_same_file_is_not_transcribed_twice(desk: Desk, program: Program) -> None:
    program.start(SHORT)
    wait_for("the job to be done", lambda: all_done(program))
    program.run(str(SHORT))
    wait_for("the second one to be recognised", lambda: program.rows("SELECT count(*) FROM jobs") == [(1,)])
    assert all_done(program)
    desk.press("ctrl+shift+r")
    wait_for("another transcript", lambda: all_done(program, 2))


def test_closing_the_window_keeps_working_in_the_tray(desk: Desk, program: Program, tmp_path: Path) -> None:
    program.start(long_sound(tmp_path / "long.flac", 200))
    wait_for("the first words", program.texts)
    desk.press("alt+F4")
    wait_for("the window to be gone", lambda: desk.window() is None)
    wait_for("the job to be done", lambda: all_done(program))
    program.run()
    wait_for("the window to come back", desk.window)


def test_quit_asks_only_when_work_would_be_interrupted(desk: Desk, program: Program, tmp_path: Path) -> None:
    program.start(long_sound(tmp_path / "long.flac", 240))
    wait_for("the first words", program.texts)
    desk.press("ctrl+q")
    desk.run("xdotool", "sleep", "0.3")
    desk.press("Return")
    assert program.process
    assert program.process.wait(20) == 0
    assert program.states() == ["interrupted"]
    program.start()
    desk.press("ctrl+q")
    assert program.process.wait(20) == 0
