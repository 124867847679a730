"""`undertone convert` as a program of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.core.events import Heard
from desktop.core.formats import FORMATS
from desktop.core.jobs import JobId, JobState
from desktop.core.media import Media
from desktop.core.options import Options
from desktop.core.reading import read
from desktop.core.transcript import Segment, Transcript, Word
from desktop.store.library import Library
from tests.cli.test_transcribe import undertone

LONG = "This is a line that is far too long for any style guide, and it is read much too fast."
SRT = f"1\n00:00:01,010 --> 00:00:02,000\n{LONG}\n\n2\n00:00:02,000 --> 00:00:09,990\nTwo\nlines\n"


@pytest.fixture
def srt(tmp_path: Path) -> Path:
    path = tmp_path / "talk.srt"
    path.write_text(SRT, encoding="utf-8")
    return path


def convert(*arguments: str | Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = undertone("convert", *arguments)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def kept(library: Library, *segments: Segment, is_done: bool = True) -> JobId:
    job = library.add_job(Path("/films/talk.mp4"), Options(), Media(1, "x", 60_000))
    library.append(job.id, Heard(segments, 30_000, "en"), 0)
    if is_done:
        library.save(job.stepped(JobState.RUNNING).stepped(JobState.DONE))
    return job.id


def heard(text: str, start_ms: int, step_ms: int = 300, **more: str) -> Segment:
    words = tuple(
        Word(start_ms + at * step_ms, start_ms + (at + 1) * step_ms, f" {word}", 0.5)
        for at, word in enumerate(text.split())
    )
    return Segment(start_ms, words[-1].end_ms, text, words, **more)  # type: ignore[arg-type]


def cues_in(path: Path) -> list[tuple[int, int, str]]:
    return [(one.start_ms, one.end_ms, one.text) for one in read(path.read_bytes(), str(path)).transcript.segments]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_can_be_written(srt: Path, tmp_path: Path, name: str) -> None:
    target = tmp_path / f"out{FORMATS[name].suffix}"
    done = convert(srt, target)
    assert target.stat().st_size > 0
    assert f"Written: {target}" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("suffix", ["srt", "vtt", "ass", "ttml", "json"])
def test_without_a_preset_texts_lines_and_times_stay(srt: Path, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"out.{suffix}"
    convert(srt, target)
    assert cues_in(target) == cues_in(srt)


def test_the_same_format_gives_the_same_file(srt: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.srt"
    convert(srt, target, "--quiet")
    assert target.read_bytes() == srt.read_bytes()


def test_a_preset_composes_anew(srt: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.vtt"
    convert(srt, target, "--preset", "bbc")
    cues = cues_in(target)
    assert all(len(line) <= 37 for *_, text in cues for line in text.split("\n"))
    assert " ".join(" ".join(text for *_, text in cues).split()) == f"{LONG} Two lines"


def test_composed_cues_can_be_had_as_json(srt: Path, tmp_path: Path) -> None:
    convert(srt, tmp_path / "out.json", "--preset", "bbc")
    convert(srt, tmp_path / "out.srt", "--preset", "bbc")
    assert cues_in(tmp_path / "out.json") == cues_in(tmp_path / "out.srt")


def test_rules_can_be_the_users_own(srt: Path, tmp_path: Path) -> None:
    rules = tmp_path / "mine.toml"
    rules.write_text('preset = "bbc"\nline_characters = 20\n', encoding="utf-8")
    convert(srt, tmp_path / "out.srt", "--preset", rules)
    assert all(len(line) <= 20 for *_, text in cues_in(tmp_path / "out.srt") for line in text.split("\n"))


def test_rules_that_are_wrong_say_so(srt: Path, tmp_path: Path) -> None:
    rules = tmp_path / "mine.toml"
    rules.write_bytes(b"line_characters = \xff")
    assert (
        "“mine.toml” is not a file of subtitle rules"
        in convert(srt, "-", "--format", "srt", "--preset", rules, code=1).stderr
    )


def test_problems_are_said_and_reported(srt: Path, tmp_path: Path) -> None:
    report = tmp_path / "problems.json"
    done = convert(srt, tmp_path / "out.srt", "--report", report)
    assert f"Cue 1 at 00:00:01.010: {len(LONG)} characters in a line, limit 42" in done.stderr
    record = json.loads(report.read_text(encoding="utf-8"))
    assert (record["format"], record["encoding"], record["cues"], record["notes"]) == ("srt", "utf-8", 2, [])
    wide = next(one for one in record["problems"] if one["code"] == "wide")
    assert (wide["cue"], wide["start_ms"], wide["end_ms"], wide["limit"]) == (1, 1_010, 2_000, 42)
    assert "problems" not in convert(srt, tmp_path / "out2.srt", "--quiet").stderr


def test_many_problems_are_counted(tmp_path: Path) -> None:
    blocks = (f"{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\n{LONG}\n" for n in range(1, 50))
    source = tmp_path / "long.srt"
    source.write_text("\n".join(blocks), encoding="utf-8")
    lines = convert(source, tmp_path / "out.srt").stderr.splitlines()
    assert len(lines) < 30
    assert "more; --report FILE.json holds all." in lines[-1]


def test_what_is_odd_in_a_file_is_said_with_its_line(tmp_path: Path) -> None:
    source = tmp_path / "odd.srt"
    source.write_bytes("1\n00:00:01,000 --> 00:00:02,000\n<i>Я здесь, подожди меня</i>\n\nещё слово\n".encode("cp1251"))
    done = convert(source, "-", "--format", "txt")
    assert done.stdout == "Я здесь, подожди меня ещё слово\n"
    assert "Line 5: text outside of any cue; it was kept with the cue before it." in done.stderr
    assert "cp1251" in done.stderr


def test_stdin_and_stdout_are_files_too(srt: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "desktop", "convert", "-", "-", "--format", "srt", "--quiet"],
        input=srt.read_bytes(),
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout == srt.read_bytes()
    assert done.stderr == b""


def test_a_reader_that_has_gone_away_is_no_failure_to_speak_of(tmp_path: Path) -> None:
    blocks = (
        f"{n}\n00:{n // 60:02}:{n % 60:02},000 --> 00:{n // 60:02}:{n % 60:02},900\n{LONG}\n" for n in range(3_000)
    )
    source = tmp_path / "long.srt"
    source.write_text("\n".join(blocks), encoding="utf-8")
    command = f"'{sys.executable}' -m desktop convert '{source}' - --format srt --quiet | head -1"
    done = subprocess.run(
        command, shell=True, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert (done.stdout, done.stderr) == ("1\n", "")


def test_a_transcript_of_the_library_is_composed_by_its_number(library: Library, tmp_path: Path) -> None:
    job_id = kept(library, heard(LONG, 1_000), heard("not said", 20_000, suspect="loop"))
    convert(str(job_id), tmp_path / "out.srt")
    cues = cues_in(tmp_path / "out.srt")
    assert " ".join(" ".join(text for *_, text in cues).split()) == LONG
    assert all(len(line) <= 42 for *_, text in cues for line in text.split("\n"))
    convert(str(job_id), tmp_path / "all.srt", "--suspects")
    assert "not said" in (tmp_path / "all.srt").read_text(encoding="utf-8")


def test_a_transcript_that_is_not_done_says_how_far_it_is(library: Library) -> None:
    job_id = kept(library, heard("hello", 1_000), is_done=False)
    done = convert(str(job_id), "-", "--format", "txt")
    assert (done.stdout, done.stderr) == ("hello\n", "talk.mp4: kept up to 0:30.\n")


def test_words_keep_their_times_where_the_format_has_a_place_for_them(library: Library, tmp_path: Path) -> None:
    job_id = kept(library, heard("one two", 1_000))
    assert "<00:00:01.300>" in convert(str(job_id), "-", "--format", "vtt", "--word-times").stdout


def test_json_of_which_nothing_can_be_read_writes_nothing(tmp_path: Path) -> None:
    source = tmp_path / "talk.json"
    source.write_text('{"segments": [{"text": "no times"}]}', encoding="utf-8")
    said = convert(source, tmp_path / "out.srt", code=1).stderr
    assert said.startswith("“talk.json” cannot be read as JSON: none of its segments has a text and times")
    assert not (tmp_path / "out.srt").exists()


def test_doubtful_text_under_a_cue_of_edited_subtitles_is_named(library: Library, tmp_path: Path) -> None:
    job_id = kept(library, heard("one two", 1_000), heard("thank you", 2_000, suspect="loop"))
    source, report = tmp_path / "edited.srt", tmp_path / "report.json"
    source.write_text("1\n00:00:01,000 --> 00:00:04,000\none two\n", encoding="utf-8")
    done = convert(source, tmp_path / "out.json", "--onto", str(job_id), "--report", report)
    assert "Doubtful text at 0:02 was kept" in done.stderr
    assert "Doubtful text at 0:02 was kept" in json.loads(report.read_text(encoding="utf-8"))["notes"][0]["note"]
    found = read((tmp_path / "out.json").read_bytes(), "out.json").transcript
    assert [(one.text, one.suspect) for one in found.segments] == [("one two", ""), ("thank you", "loop")]


def test_edited_subtitles_come_onto_the_words_of_a_transcript(library: Library, tmp_path: Path) -> None:
    job_id = kept(library, heard("one two three", 1_000))
    source = tmp_path / "edited.srt"
    source.write_text("1\n00:00:00,900 --> 00:00:02,000\nOne,\nzwei three!\n", encoding="utf-8")
    convert(source, tmp_path / "out.json", "--onto", str(job_id))
    [segment] = read((tmp_path / "out.json").read_bytes(), "out.json").transcript.segments
    assert (segment.start_ms, segment.end_ms, segment.text) == (900, 2_000, "One,\nzwei three!")
    assert [word.start_ms for word in segment.words] == [1_000, 1_300, 1_600]
    assert [one.text for one in library.transcript(job_id).segments] == ["one two three"]


def test_times_can_fall_on_frames(srt: Path, tmp_path: Path) -> None:
    convert(srt, tmp_path / "out.srt", "--frame-rate", "25")
    assert [cue[:2] for cue in cues_in(tmp_path / "out.srt")] == [(1_000, 2_000), (2_000, 10_000)]


def test_our_json_comes_out_as_it_went_in(tmp_path: Path) -> None:
    transcript = Transcript((heard("one two", 1_000, suspect="loop", speaker="Anna"),), "talk.mp4", "en", "tiny", 5_000)
    source = tmp_path / "in.json"
    source.write_text(str(FORMATS["json"].write(transcript, None)), encoding="utf-8")  # type: ignore[arg-type]
    convert(source, tmp_path / "out.json")
    assert (tmp_path / "out.json").read_bytes() == source.read_bytes()


def test_a_file_that_is_there_stays_unless_the_user_says_so(srt: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.vtt"
    target.write_text("mine")
    assert "“out.vtt” is there already." in convert(srt, target, code=1).stderr
    assert target.read_text() == "mine"
    convert(srt, target, "--overwrite")
    assert target.read_text().startswith("WEBVTT")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "out.vtt", "talk.srt"]


def test_the_source_is_never_written_over(srt: Path, tmp_path: Path) -> None:
    (tmp_path / "link.srt").symlink_to(srt)
    for target in (srt, tmp_path / "link.srt"):
        assert "is the file that is read." in convert(srt, target, "--overwrite", code=1).stderr
    assert "is the file that is read." in convert(srt, "-", "--format", "srt", "--report", srt, code=1).stderr
    assert srt.read_text(encoding="utf-8") == SRT


def test_devices_are_written_to_and_not_replaced(srt: Path) -> None:
    convert(srt, "/dev/null", "--format", "srt", "--overwrite")
    assert not Path("/dev/null").is_file()


def test_a_report_that_cannot_be_written_says_so(srt: Path, tmp_path: Path) -> None:
    done = convert(srt, tmp_path / "out.vtt", "--report", tmp_path / "nowhere" / "problems.json", code=1)
    assert "problems.json” could not be written" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["IN", "out.xyz"], "“out.xyz” is not possible for OUT."),
        (["IN", "-"], "“-” is not possible for OUT."),
        (["IN", "out.srt", "--preset", "nobody"], "Possible: default, netflix,"),
        (["IN", "out.srt", "--frame-rate", "26"], "“26” is no frame rate; possible: 23.976, 24, 25, 29.97, 30"),
        (["IN", "out.srt", "--onto", "x"], "“x” is no number"),
        (["IN", "out.srt", "--format", "doc"], "invalid choice"),
        (["IN"], "OUT"),
        (["", "out.srt"], "it is empty"),
    ],
)
def test_wrong_usage_is_named(srt: Path, arguments: list[str], said: str) -> None:
    done = convert(*(str(srt) if one == "IN" else one for one in arguments), code=2)
    assert said in done.stderr


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("nowhere.srt", "“nowhere.srt” is not there."),
        ("99", "There is no transcript 99. “undertone list” shows what there is."),
        ("/dev/null", "“null” is empty (0 bytes)."),
        (os.path.dirname(__file__), "“cli” may not be read."),  # noqa: PTH120
        (__file__, "“test_convert.py” is not a file of subtitles"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, source: str, said: str) -> None:
    assert said in convert(source, tmp_path / "out.srt", code=1).stderr
    assert not (tmp_path / "out.srt").exists()


def test_no_qt_is_loaded(srt: Path) -> None:
    code = (
        "import sys; from desktop import cli;"
        f"code = cli.run(cli.parse(['convert', {str(srt)!r}, '-', '--format', 'srt']));"
        "assert not [name for name in sys.modules if name.startswith('PySide6')]; sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2]
    )
    assert done.returncode == 0, done.stderr
