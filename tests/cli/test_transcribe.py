"""`undertone transcribe` as a program of its own."""

import contextlib
import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
import pytest

from desktop.core.jobs import JobState
from desktop.core.options import Options
from desktop.store.library import Library
from desktop.store.paths import Paths
from tests.conftest import SAMPLES
from tests.sounds import RATE_HZ, long_sound, said_in, samples_of, with_ffmpeg, write_sound

SHORT = SAMPLES / "demo-short.flac"
COMMAND = [sys.executable, "-m", "desktop"]


def undertone(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(SAMPLES.parents[1])}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        environment.pop(name, None)
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False, cwd=cwd, env=environment
    )


def transcribe(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return undertone("transcribe", *arguments, "--language", "en", cwd=cwd)


def events_of(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def short_files(folder: Path, count: int) -> list[Path]:
    """Single sentences of a sample, each in a file of its own."""
    record = json.loads((SAMPLES / "demo-minute.json").read_text(encoding="utf-8"))
    sound = samples_of("demo-minute")
    folder.mkdir(exist_ok=True)
    files = []
    for number, segment in enumerate(record["segments"][:count]):
        start, end = (
            (segment[edge] + by_ms) * RATE_HZ // 1000 for edge, by_ms in (("start_ms", -200), ("end_ms", 200))
        )
        files.append(write_sound(folder / f"{number}.flac", sound[start:end]))
    return files


def test_text_goes_to_stdout_and_the_rest_to_stderr() -> None:
    done = transcribe(SHORT)
    assert done.returncode == 0
    assert done.stdout == said_in("demo-short") + "\n"
    assert "Demo model: knows a few hundred words; install a model for real work" in done.stderr


def test_quiet_drops_progress_only() -> None:
    done = transcribe(SHORT, "/nowhere/talk.mp3", "--quiet")
    assert done.returncode == 1
    assert said_in("demo-short") in done.stdout
    assert "Loading" not in done.stderr
    assert "“talk.mp3” is not there." in done.stderr


def test_files_are_named_after_their_source(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = transcribe(SHORT, "--format", "srt,vtt,txt,json", "--output-dir", out)
    assert done.returncode == 0
    assert done.stdout == ""
    assert sorted(path.name for path in out.iterdir()) == [f"demo-short.{one}" for one in ("json", "srt", "txt", "vtt")]
    assert (out / "demo-short.txt").read_text() == said_in("demo-short") + "\n"
    record = json.loads((out / "demo-short.json").read_text())
    assert record["segments"][0]["text"] == said_in("demo-short")
    assert {"start_ms", "end_ms", "text", "probability"} == set(record["segments"][0]["words"][0])


def test_what_is_there_is_kept_replaced_or_left_as_it_is_said(tmp_path: Path) -> None:
    there = tmp_path / "demo-short.txt"
    there.write_text("mine")
    to = ["--format", "txt", "--output-dir", tmp_path]
    assert transcribe(SHORT, *to).returncode == 0
    assert (tmp_path / "demo-short (2).txt").exists()
    assert transcribe(SHORT, *to, "--skip").returncode == 0
    assert there.read_text() == "mine"
    assert transcribe(SHORT, *to, "--overwrite").returncode == 0
    assert there.read_text() == said_in("demo-short") + "\n"


def test_json_progress_is_one_object_a_line_and_nothing_else() -> None:
    done = transcribe(SHORT, "/nowhere/talk.mp3", "--json-progress")
    news = events_of(done)
    kinds = [str(one["event"]) for one in news]
    assert set(kinds) == {"loading", "progress", "segment", "done", "failed"}
    segment = next(one for one in news if one["event"] == "segment")
    assert segment["text"] == said_in("demo-short")
    assert not {"suspect", "language"} & set(segment)
    failed = next(one for one in news if one["event"] == "failed")
    assert (failed["code"], failed["file"]) == ("FileMissing", "/nowhere/talk.mp3")
    assert done.returncode == 1


def test_a_folder_is_walked_and_what_is_not_media_is_named_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "talk.flac").write_bytes(SHORT.read_bytes())
    for name in ("a.txt", "b.pdf", "c.doc", "d.xls"):
        (folder / name).write_text("x")
    done = transcribe(folder)
    assert done.returncode == 0
    assert said_in("demo-short") in done.stdout
    (line,) = [line for line in done.stderr.splitlines() if "not audio or video" in line]
    assert line.startswith("4 files are not audio or video: a.txt, b.pdf, c.doc and 1 more")


def test_a_folder_without_media_fails_by_its_name(tmp_path: Path) -> None:
    done = transcribe(tmp_path)
    assert done.returncode == 1
    assert f"There is no audio or video in “{tmp_path.name}”." in done.stderr


def test_silence_is_a_success_with_empty_exports(tmp_path: Path) -> None:
    silence = write_sound(tmp_path / "silence.wav", np.zeros(16_000 * 5, np.float32))
    done = transcribe(silence, "--format", "srt,vtt,txt,json")
    assert done.returncode == 0
    assert "No speech was found in “silence.wav”." in done.stderr
    assert (tmp_path / "silence.vtt").read_text().startswith("WEBVTT")
    assert (tmp_path / "silence.srt").read_text() == ""
    assert json.loads((tmp_path / "silence.json").read_text())["segments"] == []


def test_the_same_command_again_shows_what_is_there_and_again_starts_anew(tmp_path: Path) -> None:
    first = transcribe(SHORT)
    second = transcribe(SHORT)
    assert second.stdout == first.stdout
    assert "already transcribed" in second.stderr
    assert "Loading" not in second.stderr
    third = transcribe(SHORT, "--again")
    assert third.stdout == first.stdout
    assert "Loading" in third.stderr
    listed = json.loads(undertone("list", "--json").stdout)
    assert [(one["id"], one["name"], one["state"]) for one in listed] == [
        (1, "demo-short.flac", "done"),
        (2, "demo-short.flac", "done"),
    ]
    assert "demo-short.flac" in undertone("list").stdout


@pytest.mark.parametrize(("number", "mode"), [(signal.SIGINT, "fast"), (signal.SIGTERM, "precise")])
def test_an_interrupted_run_is_kept_and_goes_on(tmp_path: Path, number: signal.Signals, mode: str) -> None:
    source = long_sound(tmp_path / "long.flac", 130)
    command = [*COMMAND, "transcribe", str(source), "--language", "en", "--temperature", "0", "--mode", mode]
    printed = tmp_path / "printed"
    with printed.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, text=True)
    while not printed.read_text():
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(number)
    _nothing, told = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "The same command goes on from there." in told
    assert "Traceback" not in told
    (row,) = json.loads(undertone("list", "--json").stdout)
    assert row["state"] == "interrupted"
    assert 0 < row["heard_ms"] < 130_000
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    assert again.stdout.startswith(printed.read_text())
    assert "kept up to" in again.stderr
    anew = subprocess.run([*command, "--again"], capture_output=True, text=True, check=True)
    assert anew.stdout == again.stdout


def test_a_terminal_shows_a_bar_with_speed_and_time_left(tmp_path: Path) -> None:
    near, far = pty.openpty()
    fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 90, 0, 0))
    command = [*COMMAND, "transcribe", str(long_sound(tmp_path / "long.flac", 200)), "--language", "en"]
    process = subprocess.Popen([*command, "--format", "srt"], stdout=far, stderr=far)
    os.close(far)
    shown = b""
    with contextlib.suppress(OSError):  # how the end of a terminal is told
        while piece := os.read(near, 4096):
            shown += piece
    os.close(near)
    assert process.wait() == 0
    assert re.search(r"long\.flac  [\d.]+×   ?\d+ %  \|.*\|  \d\d:\d\d", shown.decode())
    assert "Traceback" not in shown.decode()


def test_a_reader_that_goes_away_is_no_crash() -> None:
    line = f"{sys.executable} -m desktop transcribe {SAMPLES / 'demo-minute.flac'} --language en | head -1"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        ["--format", "pages"],
        ["--language", "xx"],
        ["--temperature", "hot"],
        ["--temperature", "2"],
        ["--audio-track", "0"],
        ["--task", "sing"],
        ["--device", "tpu"],
        ["--rename", "--overwrite"],
        ["--mode", "slow"],
        ["--languages", "two"],
        ["--batch-size", "0"],
        ["--batch-size", "many"],
    ],
)
def test_wrong_usage_is_two(wrong: list[str]) -> None:
    done = undertone("transcribe", SHORT, *wrong)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_device_or_model_that_is_not_there_is_a_sentence() -> None:
    for wrong in (["--device", "cuda"], ["--compute-type", "float16", "--device", "cpu"], ["--model", "large-v9"]):
        done = transcribe(SHORT, *wrong)
        assert done.returncode == 1
        assert wrong[1] in done.stderr
        assert "Traceback" not in done.stderr


def test_what_is_chosen_on_the_command_line_is_what_the_job_has(library: Library) -> None:
    chosen = ["--mode", "precise", "--languages", "per-window", "--prompt", "A talk.", "--hotwords", "Anna, Otto"]
    done = transcribe(SHORT, *chosen, "--batch-size", "3", "--beam-size", "2", "--temperature", "0")
    assert done.returncode == 0, done.stderr
    (job,) = library.jobs()
    assert job.state is JobState.DONE
    assert job.options == Options(
        model="demo",
        language="en",
        mode="precise",
        languages="per-window",
        prompt="A talk.",
        hotwords="Anna, Otto",
        batch_size=3,
        beam_size=2,
        temperatures=(0.0,),
    )


def test_without_a_choice_the_options_are_those_of_the_settings(library: Library, paths: Paths) -> None:
    paths.settings_file.write_text(json.dumps({"version": 1, "mode": "precise", "hotwords": "Anna"}))
    assert transcribe(SHORT).returncode == 0
    assert transcribe(SHORT, "--mode", "fast", "--hotwords", "").returncode == 0
    assert [(job.options.mode, job.options.hotwords) for job in library.jobs()] == [("precise", "Anna"), ("fast", "")]


def test_the_text_does_not_depend_on_how_many_windows_go_together() -> None:
    together = transcribe(SAMPLES / "demo-minute.flac")
    alone = transcribe(SAMPLES / "demo-minute.flac", "--batch-size", "1", "--again")
    assert len(together.stdout.splitlines()) > 5
    assert alone.stdout == together.stdout
    assert "already transcribed" in transcribe(SAMPLES / "demo-minute.flac", "--batch-size", "2").stderr


def test_precise_mode_hears_the_same_sentence() -> None:
    assert transcribe(SHORT, "--mode", "precise").stdout == said_in("demo-short") + "\n"


def test_languages_that_are_looked_for_in_each_window_are_told_with_each_segment(tmp_path: Path) -> None:
    done = transcribe(SHORT, "--languages", "per-window", "--json-progress")
    (segment,) = (one for one in events_of(done) if one["event"] == "segment")
    assert (segment["text"], segment["language"]) == (said_in("demo-short"), "en")
    assert transcribe(SHORT, "--languages", "per-window", "--format", "json", "--output-dir", tmp_path).returncode == 0
    assert json.loads((tmp_path / "demo-short.json").read_text())["segments"][0]["language"] == "en"


# --- text in doubt: what is said here is what the model was given as a hint ------------------------------------------

ECHO = ["--prompt", said_in("demo-short")]


def test_text_in_doubt_is_not_printed_unless_it_is_wanted() -> None:
    done = transcribe(SHORT, *ECHO)
    assert (done.returncode, done.stdout) == (0, "")
    assert "1 place to check" in done.stderr
    wanted = transcribe(SHORT, *ECHO, "--suspects")
    assert wanted.stdout == said_in("demo-short") + "\n"
    assert "already transcribed" in wanted.stderr
    anew = transcribe(SHORT, *ECHO, "--suspects", "--again", "--quiet")
    assert anew.stdout == said_in("demo-short") + "\n"
    assert "place to check" not in anew.stderr


def test_text_in_doubt_is_written_into_json_and_elsewhere_only_if_it_is_wanted(tmp_path: Path) -> None:
    for folder, how in (("without", []), ("with", ["--suspects"])):
        to = ["--format", "srt,vtt,txt,json", "--output-dir", str(tmp_path / folder)]
        assert transcribe(SHORT, *ECHO, *how, *to).returncode == 0
    without = {path.suffix: path.read_text() for path in (tmp_path / "without").iterdir()}
    wanted = {path.suffix: path.read_text() for path in (tmp_path / "with").iterdir()}
    assert (without[".srt"], without[".txt"], "-->" in without[".vtt"]) == ("", "", False)
    assert all(said_in("demo-short") in text for text in wanted.values())
    assert without[".json"] == wanted[".json"]
    record = json.loads(without[".json"])
    assert [(one["text"], one["suspect"]) for one in record["segments"]] == [(said_in("demo-short"), "echo")]
    assert "suspect" in {kind for _start, _end, kind in record["map"]}


@pytest.mark.parametrize("hint", [[], ECHO], ids=["sure", "in doubt"])
def test_json_progress_ends_with_the_map(hint: list[str]) -> None:
    news = events_of(transcribe(SHORT, *hint, "--json-progress"))
    (segment,) = (one for one in news if one["event"] == "segment")
    assert segment.get("suspect", "") == ("echo" if hint else "")
    (done,) = (one for one in news if one["event"] == "done")
    assert done["speech_with_text"] == 1.0
    parts = done["map"]
    assert isinstance(parts, list)
    assert parts[0][0] == 0
    assert all(one[1] == following[0] and one[2] != following[2] for one, following in pairwise(parts))
    assert abs(parts[-1][1] - int(str(done["duration_ms"]))) <= 1
    assert {kind for _start, _end, kind in parts} == {"silence", "suspect" if hint else "text"}
    (again,) = (one for one in events_of(transcribe(SHORT, *hint, "--json-progress")) if one["event"] == "done")
    assert again == done


# --- several files ---------------------------------------------------------------------------------------------------


def test_short_files_together_give_the_same_texts_in_the_same_order_as_one_by_one(tmp_path: Path) -> None:
    files = short_files(tmp_path / "files", 3)
    (tmp_path / "files" / "letter.flac").write_text("Dear Sir or Madam, " * 400)
    files.insert(2, tmp_path / "files" / "letter.flac")
    files.insert(3, write_sound(tmp_path / "files" / "silence.flac", np.zeros(2 * RATE_HZ, np.float32)))
    alone = {path: transcribe(path) for path in files}
    together = transcribe(*files, "--again")
    assert together.returncode == 1
    expected = "\n".join(f"# {path.name}\n{alone[path].stdout}" for path in files)
    assert together.stdout == expected
    assert together.stderr.count("Loading") == 1
    news = events_of(transcribe(*files, "--again", "--json-progress"))
    names = [Path(str(one["file"])).name for one in news]
    assert [name for name, _group in groupby(names)] == [path.name for path in files]
    ends = [str(one["event"]) for one in news if one["event"] in ("done", "failed")]
    assert ends == ["failed" if path.name == "letter.flac" else "done" for path in files]


def test_two_names_of_one_sound_share_a_job_and_have_files_of_their_own(tmp_path: Path) -> None:
    first, second, third = (tmp_path / name for name in ("a.flac", "b.flac", "c.flac"))
    for path in (first, second, third):
        path.write_bytes(SHORT.read_bytes())
    done = transcribe(first, second, "--format", "txt")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Loading") == 1
    assert "b.flac: already transcribed." in done.stderr
    assert len(json.loads(undertone("list", "--json").stdout)) == 1
    assert transcribe(third, "--format", "txt").returncode == 0
    assert sorted(path.name for path in tmp_path.glob("*.txt")) == ["a.txt", "b.txt", "c.txt"]
    assert {path.read_text() for path in tmp_path.glob("*.txt")} == {said_in("demo-short") + "\n"}
    assert len(json.loads(undertone("list", "--json").stdout)) == 1


def test_a_file_that_is_named_twice_is_heard_once() -> None:
    done = transcribe(SHORT, SHORT)
    assert done.returncode == 0
    assert done.stdout.count(said_in("demo-short")) == 2
    assert done.stderr.count("Loading") == 1
    assert len(json.loads(undertone("list", "--json").stdout)) == 1


def test_another_track_can_be_chosen(tmp_path: Path) -> None:
    silence = write_sound(tmp_path / "silence.wav", np.zeros(16_000 * 3, np.float32))
    film = tmp_path / "two.mkv"
    with_ffmpeg("-i", silence, "-i", SHORT, "-map", "0:a", "-map", "1:a", "-c:a", "flac", film)
    assert transcribe(film).stdout == ""
    assert transcribe(film, "--audio-track", "2").stdout == said_in("demo-short") + "\n"
    assert "it has 2" in transcribe(film, "--audio-track", "3").stderr


def test_an_output_folder_that_cannot_be_written_is_named_and_the_text_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = transcribe(SHORT, "--format", "srt", "--output-dir", tmp_path / "file" / "out")
    assert done.returncode == 1
    assert "demo-short.srt" in done.stderr
    assert "Traceback" not in done.stderr
    assert transcribe(SHORT).stdout == said_in("demo-short") + "\n"


def test_bad_files_fail_by_name_and_the_good_one_is_done(tmp_path: Path) -> None:
    (tmp_path / "empty.mp3").touch()
    (tmp_path / "letter.mp3").write_text("Dear Sir or Madam, " * 400)
    (tmp_path / "cut.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(3000))
    with_ffmpeg("-f", "lavfi", "-i", "color=black:s=64x64:r=10:d=1", tmp_path / "silent.mp4")
    write_sound(tmp_path / "zero.wav", np.empty(0, np.float32))
    (tmp_path / "good.flac").write_bytes(SHORT.read_bytes())
    done = transcribe(tmp_path)
    assert done.returncode == 1
    for name, reason in (
        ("empty.mp3", "is empty (0 bytes)"),
        ("letter.mp3", "is not audio or video"),
        ("cut.m4a", "is not audio or video"),
        ("silent.mp4", "has no sound track"),
        ("zero.wav", "is empty."),
    ):
        assert [line for line in done.stderr.splitlines() if name in line and reason in line], (name, done.stderr)
    assert said_in("demo-short") in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "name",
    [
        "emoji 🎙️ 'quotes\".flac",
        "new\nline.flac",
        "شفاهي \u202eright-to-left.flac",
        os.fsdecode(b"bytes \xff\xfe.flac"),
        "n" * 250 + ".flac",
        "-dash.flac",
    ],
)
def test_names_of_any_kind_go_all_the_way(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    source = folder / name
    source.write_bytes(SHORT.read_bytes())
    done = transcribe(source, "--format", "srt,json")
    assert done.returncode == 0, done.stderr
    written = [path for path in folder.iterdir() if path != source]
    assert sorted(path.suffix for path in written) == [".json", ".srt"]
    assert said_in("demo-short") in next(path for path in written if path.suffix == ".srt").read_text()
    json.loads(next(path for path in written if path.suffix == ".json").read_text())
    assert undertone("list").stdout.count("\n") == 1


def test_a_path_of_four_thousand_characters_goes_all_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    while len(str(Path.cwd())) < 3800:
        Path("d" * 200).mkdir()
        os.chdir("d" * 200)
    Path("talk.flac").write_bytes(SHORT.read_bytes())
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "desktop",
            "transcribe",
            str(Path.cwd() / "talk.flac"),
            "--format",
            "srt",
            "--language",
            "en",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(SAMPLES.parents[1])},
    )
    assert done.returncode == 0, done.stderr
    assert said_in("demo-short") in Path("talk.srt").read_text()


def test_a_file_that_another_process_works_on_is_not_worked_on_twice(tmp_path: Path) -> None:
    source = long_sound(tmp_path / "long.flac", 200)
    command = [*COMMAND, "transcribe", str(source), "--language", "en", "--temperature", "0"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    outputs = [process.communicate(timeout=60) for process in both]
    texts = {text for text, _told in outputs if text}
    assert len(texts) == 1, "one did the work; the other shows the same text or says that it is being done"
    for text, told in outputs:
        assert text or "is being transcribed by another Undertone" in told


def test_commands_import_no_qt_and_the_start_is_light() -> None:
    code = (
        "import sys, desktop.__main__, desktop.cli.transcribe, desktop.cli.doctor, desktop.cli.listing\n"
        "heavy = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(heavy & {'PySide6', 'faster_whisper', 'ctranslate2', 'av', 'numpy', 'onnxruntime'}))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_doctor_proves_what_it_says() -> None:
    report = json.loads(undertone("doctor", "--json").stdout)
    assert (report["choice"]["device"], report["choice"]["compute_type"]) == ("cpu", "int8")
    assert report["choice"]["problem"] == ""
    assert report["choice"]["reason"].startswith("CPU int8: ")
    assert [proof["problem"] for proof in report["proofs"]] == [""] * len(report["compute_types"]["cpu"])
    assert [model["name"] for model in report["models"]] == ["demo"]
    assert "CPU int8" in undertone("doctor").stdout


def test_without_a_display_the_app_says_what_to_do() -> None:
    done = undertone()
    assert done.returncode == 2
    assert "undertone transcribe FILE" in done.stderr


def test_version_and_help_have_what_they_should() -> None:
    assert undertone("--version").stdout.startswith("undertone ")
    assert "undertone transcribe *.mp4 --format srt,vtt" in undertone("--help").stdout
    assert "--json-progress" in undertone("transcribe", "--help").stdout
