"""Subtitles in a copy of a video: read back by the ffmpeg program, and nothing but them has changed."""

import io
import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core import errors
from desktop.core.cues import Cue
from desktop.core.events import Finished, Working
from desktop.core.formats import WriteOptions
from desktop.core.languages import LANGUAGES
from desktop.core.rules import PRESETS
from desktop.core.transcript import Word
from desktop.engine import muxing
from desktop.engine.muxing import SUFFIXES, mux, suffix_for
from desktop.store.exports import Exports
from tests.conftest import SAMPLES, sentence_of
from tests.core.formats.hostile import EVERY_FRAGMENT, without
from tests.core.formats.readers import Read, by_ffmpeg, unguarded
from tests.sounds import with_ffmpeg

PLAIN = WriteOptions()
CUES = [
    Cue(500, 2_000, ("Hello there.",), speaker="Anna"),
    Cue(2_000, 3_500, ("Two lines", "ü 😀 שלום")),
    Cue(4_200, 5_000, ("Bye.",)),
]
PICTURE = ["-f", "lavfi", "-i", "testsrc=s=160x90:r=25:d=6"]
SOUND = ["-f", "lavfi", "-i", "sine=d=6"]


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the same six seconds in several kinds of file."""
    folder = tmp_path_factory.mktemp("videos")
    h264 = ["-c:v", "libx264", "-g", "25", "-bf", "2"]
    with_ffmpeg(*PICTURE, *SOUND, *h264, "-c:a", "aac", "-metadata", "title=Talk", folder / "talk.mp4")
    with_ffmpeg("-i", folder / "talk.mp4", "-c", "copy", folder / "talk.ts")
    with_ffmpeg("-i", folder / "talk.mp4", "-c", "copy", folder / "talk.mov")
    with_ffmpeg("-i", folder / "talk.mp4", "-c:v", "mpeg4", "-bf", "2", "-c:a", "libmp3lame", folder / "talk.avi")
    with_ffmpeg("-i", folder / "talk.mp4", "-c:v", "libvpx", "-c:a", "libopus", folder / "talk.webm")
    (folder / "old.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nold\n")
    (folder / "font.ttf").write_bytes(b"letters")
    (folder / "chapters.txt").write_text(
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=3000\ntitle=First\n"
        "[CHAPTER]\nTIMEBASE=1/1000\nSTART=3000\nEND=6000\ntitle=Second\n"
    )
    with_ffmpeg(
        *("-i", folder / "talk.mp4", "-i", folder / "old.srt", "-i", folder / "chapters.txt"),
        *("-map", "0", "-map", "1", "-map_metadata", "0", "-map_chapters", "2", "-c", "copy"),
        *("-attach", folder / "font.ttf", "-metadata:s:t", "mimetype=font/ttf", "-disposition:s:0", "default"),
        folder / "rich.mkv",
    )
    return folder


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB; mounting one needs root."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "undertone-test", disk]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield disk
    subprocess.run(["umount", disk], check=True)


def muxed(source: Path, target: Path, cues: list[Cue] = CUES, options: WriteOptions = PLAIN, **more: str) -> Finished:
    """The last news of a copy, which went well."""
    with target.open("w+b") as file:
        *others, last = mux(source, file, target.suffix, cues, options, threading.Event(), **more)
    assert all(isinstance(one, Working) for one in others)
    assert isinstance(last, Finished)
    return last


def probed(path: Path) -> dict:
    """What ffprobe finds."""
    command = ["ffprobe", "-v", "error", "-of", "json", "-show_streams", "-show_format", "-show_chapters", str(path)]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
    return json.loads(done.stdout)


def subtitles_of(path: Path) -> dict:
    return [stream for stream in probed(path)["streams"] if stream["codec_type"] == "subtitle"][-1]


def packets_of(path: Path, kind: str) -> list[tuple[str, str]]:
    """Content and length of each packet, in order."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-map", f"0:{kind}:0", "-c", "copy", "-f", "framehash", "-"]
    written = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    rows = [line.split(",") for line in written.splitlines() if not line.startswith("#")]
    return [(row[5].strip(), row[4].strip()) for row in rows]


def read_back(path: Path, to_format: str = "webvtt") -> list[Read]:
    """The last subtitle track, in the clock of the picture."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-map", f"0:{subtitles_of(path)['index']}", "-f", "ass", "-"]
    script = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return by_ffmpeg(script.replace("\r\n", "\n"), "ass", to_format)


def picture_starts_ms(path: Path) -> int:
    starts = [float(one["start_time"]) for one in probed(path)["streams"] if one["codec_type"] == "video"]
    return round(1000 * starts[0])


# --- the track -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "target", "codec"),
    [
        ("talk.mp4", "copy.mp4", "mov_text"),
        ("talk.mp4", "copy.m4v", "mov_text"),
        ("talk.mov", "copy.mov", "mov_text"),
        ("talk.mp4", "copy.mkv", "subrip"),
        ("talk.avi", "copy.mkv", "subrip"),
        ("talk.ts", "copy.mkv", "subrip"),
        ("talk.ts", "copy.mp4", "mov_text"),
        ("talk.webm", "copy.webm", "webvtt"),
        ("talk.webm", "copy.mkv", "subrip"),
    ],
)
def test_players_find_the_cues_where_they_belong(
    videos: Path, tmp_path: Path, source: str, target: str, codec: str
) -> None:
    copy = tmp_path / target
    finished = muxed(videos / source, copy, language="de", title="Deutsch")
    assert finished.notes == ()
    track = subtitles_of(copy)
    assert track["codec_name"] == codec
    assert track["tags"]["language"] == ("ger" if target.endswith("mov") else "deu")
    assert "Deutsch" in (track["tags"].get("title"), track["tags"].get("handler_name"))
    assert track["disposition"]["default"] == 1
    # In a file whose sound begins before its picture, both begin a little later in the copy, as the cues do.
    late_ms = picture_starts_ms(copy) - (0 if source.endswith(".ts") else picture_starts_ms(videos / source))
    has_all_times = not source.endswith((".ts", ".avi"))  # AVI tells only when frames are decoded, not when shown
    found = read_back(copy)
    assert [text for _, _, text in found] == [cue.text for cue in CUES]
    for (start_ms, end_ms, _), cue in zip(found, CUES, strict=True):
        assert abs(start_ms - late_ms - cue.start_ms) <= (10 if has_all_times else 50)
        assert abs((end_ms - start_ms) - (cue.end_ms - cue.start_ms)) <= 10


@pytest.mark.parametrize(
    ("source", "target"), [("talk.mp4", "copy.mp4"), ("talk.mp4", "copy.mkv"), ("talk.webm", "copy.webm")]
)
def test_picture_and_sound_are_the_same_to_the_last_bit(videos: Path, tmp_path: Path, source: str, target: str) -> None:
    muxed(videos / source, tmp_path / target)
    for kind in "va":
        before = packets_of(videos / source, kind)
        assert len(before) > 100
        assert packets_of(tmp_path / target, kind) == before


@pytest.mark.parametrize(
    ("source", "target"), [("talk.mp4", "copy.mp4"), ("talk.mp4", "copy.mkv"), ("talk.webm", "copy.webm")]
)
def test_hostile_text_comes_back_as_it_was_typed(videos: Path, tmp_path: Path, source: str, target: str) -> None:
    # FFmpeg obeys \N and drops braces in WebVTT, which has no such thing.
    talk = without("\\{}", EVERY_FRAGMENT) if target.endswith("webm") else EVERY_FRAGMENT
    cues = PLAIN.cues(talk)
    muxed(videos / source, tmp_path / target, cues)
    texts = [text for _, _, text in unguarded(read_back(tmp_path / target))]
    assert texts == [text for _, _, text in unguarded([(0, 0, cue.text) for cue in cues])]


def test_ten_thousand_characters_at_once_are_carried(videos: Path, tmp_path: Path) -> None:
    cues = [Cue(0, 1_000, ("😀" * 10_000,))]
    for target in ("copy.mkv", "copy.mp4"):
        muxed(videos / "talk.mp4", tmp_path / target, cues)
        assert [text for _, _, text in read_back(tmp_path / target)] == [cues[0].text]


def test_more_than_mp4_can_count_is_refused_in_a_sentence(videos: Path) -> None:
    cues = [Cue(61_000, 62_000, ("😀" * 20_000,))]
    assert failure(videos / "talk.mp4", ".mp4", errors.CueTooLong, cues).startswith("The subtitle at 1:01 is too long")


def test_words_light_up_in_mkv(videos: Path, tmp_path: Path) -> None:
    words = (Word(0, 500, " one", 1.0), Word(500, 1_000, " two", 1.0))
    cue = Cue(0, 1_000, ("one two",), words, speaker="A, B")
    karaoke = WriteOptions(rules=PRESETS["karaoke"].rules)
    for options in (karaoke, WriteOptions(word_timestamps=True)):
        muxed(videos / "talk.mp4", tmp_path / "copy.mkv", [cue], options)
        assert subtitles_of(tmp_path / "copy.mkv")["codec_name"] == "ass"
        command = ["ffmpeg", "-v", "error", "-i", tmp_path / "copy.mkv", "-map", "0:s", "-f", "ass", "-"]
        script = subprocess.run(command, capture_output=True, check=True, text=True).stdout
        assert "PlayResY: 1080" in script
        assert r",Default,A， B,0,0,0,,{\k50}one {\k50}two" in script


def test_every_language_of_the_engine_has_a_code_of_three_letters() -> None:
    assert set(muxing._LANGUAGES) == set(LANGUAGES)
    assert all(len(code) == 3 for code in muxing._LANGUAGES.values())


# --- what goes along -------------------------------------------------------------------------------------------------


def test_chapters_fonts_titles_and_other_subtitles_go_along(videos: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.mkv"
    assert muxed(videos / "rich.mkv", copy).notes == ()
    before, after = probed(videos / "rich.mkv"), probed(copy)
    kinds = [one["codec_type"] for one in after["streams"]]
    assert sorted(kinds) == ["attachment", "audio", "subtitle", "subtitle", "video"]
    assert [one["tags"]["title"] for one in after["chapters"]] == ["First", "Second"]
    assert [one["start_time"] for one in after["chapters"]] == [one["start_time"] for one in before["chapters"]]
    assert after["format"]["tags"]["title"] == "Talk"
    (font,) = (one for one in after["streams"] if one["codec_type"] == "attachment")
    assert (font["tags"]["filename"], font["tags"]["mimetype"]) == ("font.ttf", "font/ttf")
    old, new = (one for one in after["streams"] if one["codec_type"] == "subtitle")
    assert (old["disposition"]["default"], new["disposition"]["default"]) == (0, 1)


def test_what_has_no_place_is_said(videos: Path, tmp_path: Path) -> None:
    (note,) = muxed(videos / "rich.mkv", tmp_path / "copy.mp4").notes
    assert isinstance(note, errors.TracksLeftOut)
    assert sentence_of(note) == (
        "The copy of “rich.mkv” lacks subtitle srt, attachment font.ttf, for which a .mp4 file has no place. "
        "Choose MKV if you need them."
    )
    assert len(probed(tmp_path / "copy.mp4")["chapters"]) == 2


def test_a_picture_on_its_side_stays_on_its_side(videos: Path, tmp_path: Path) -> None:
    with_ffmpeg("-i", videos / "talk.mp4", "-c", "copy", "-metadata:s:v:0", "rotate=90", tmp_path / "side.mp4")
    for target in ("copy.mp4", "copy.mkv"):
        muxed(tmp_path / "side.mp4", tmp_path / target)
        turned = [
            [side["rotation"] for side in probed(path)["streams"][0]["side_data_list"] if "rotation" in side]
            for path in (tmp_path / "side.mp4", tmp_path / target)
        ]
        assert turned[0] == turned[1] != []


def test_a_cover_goes_along(videos: Path, tmp_path: Path) -> None:
    with_ffmpeg("-f", "lavfi", "-i", "testsrc=s=32x32:d=1", "-frames:v", "1", tmp_path / "cover.png")
    with_ffmpeg(
        *("-i", videos / "talk.mp4", "-i", tmp_path / "cover.png", "-map", "0", "-map", "1", "-c", "copy"),
        *("-disposition:v:1", "attached_pic", tmp_path / "covered.mp4"),
    )
    muxed(tmp_path / "covered.mp4", tmp_path / "copy.mp4")
    pictures = [one for one in probed(tmp_path / "copy.mp4")["streams"] if one["codec_type"] == "video"]
    assert [one["disposition"]["attached_pic"] for one in pictures] == [0, 1]


def test_a_file_that_is_cut_off_is_copied_as_far_as_it_goes_and_that_is_said(videos: Path, tmp_path: Path) -> None:
    whole = (videos / "rich.mkv").read_bytes()
    (tmp_path / "cut.mkv").write_bytes(whole[: len(whole) // 2])
    (note,) = muxed(tmp_path / "cut.mkv", tmp_path / "copy.mkv").notes
    assert isinstance(note, errors.CopyEndsEarly)
    assert "0:06 could be read" in sentence_of(note)


# --- what cannot be done ---------------------------------------------------------------------------------------------


def failure(source: Path, suffix: str, kind: type[errors.AppError], cues: list[Cue] = CUES) -> str:
    """The sentences of the error that the copy ends with."""
    with pytest.raises(kind) as told:
        list(mux(source, io.BytesIO(), suffix, cues, PLAIN, threading.Event()))
    return sentence_of(told.value)


def test_what_cannot_be_done_is_said_in_a_sentence(videos: Path, tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no film " * 1000)
    (tmp_path / "empty.mp4").touch()
    talk = videos / "talk.mp4"
    assert failure(talk, ".webm", errors.TrackUnfit).startswith(
        "“talk.mp4” does not fit into a .webm file as it is: video h264."
    )
    assert "Possible: .mp4, .m4v, .mov, .mkv, .webm." in failure(talk, ".avi", errors.ContainerWithoutSubtitles)
    assert "no text" in failure(talk, ".mp4", errors.NoCues, [])
    assert "no picture" in failure(SAMPLES / "demo-short.flac", ".mkv", errors.NoPicture)
    failure(tmp_path / "text.mp4", ".mp4", errors.NotMedia)
    failure(tmp_path / "empty.mp4", ".mp4", errors.FileEmpty)
    failure(tmp_path / "gone.mp4", ".mp4", errors.FileMissing)


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("a.mp4", ".mp4"), ("a.MOV", ".mov"), ("a.webm", ".webm"), ("a.avi", ".mkv"), ("a.ts", ".mkv"), ("a", ".mkv")],
)
def test_a_copy_is_of_the_kind_of_its_source_where_that_holds_subtitles(name: str, suffix: str) -> None:
    assert suffix_for(Path(name)) == suffix
    assert suffix in SUFFIXES


# --- progress, stop, full disks --------------------------------------------------------------------------------------


def test_progress_is_told_and_grows(videos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(muxing, "REPORT_S", 0)
    with (tmp_path / "copy.mkv").open("w+b") as file:
        news = list(mux(videos / "talk.mp4", file, ".mkv", CUES, PLAIN, threading.Event()))
    places = [one.at_ms for one in news if isinstance(one, Working)]
    assert len(places) > 100
    assert places == sorted(places)
    assert places[-1] > 5_900


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_once_stop_is_set_nothing_more_is_written(
    videos: Path, tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(muxing, "REPORT_S", 0)
    monkeypatch.setattr(muxing, "BUFFER_BYTES", 1 << 10)
    stop = threading.Event()
    with (tmp_path / f"copy{suffix}").open("w+b") as file:
        news = mux(videos / "talk.mp4", file, suffix, CUES, PLAIN, stop)
        for _one in range(50):
            assert isinstance(next(news), Working)
        stop.set()
        size = file.seek(0, io.SEEK_END)
        assert list(news) == []
        assert file.seek(0, io.SEEK_END) == size


def test_a_copy_that_is_left_in_between_closes_its_files(videos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(muxing, "REPORT_S", 0)
    file = io.BytesIO()
    news = mux(videos / "talk.mp4", file, ".mp4", CUES, PLAIN, threading.Event())
    next(news)
    size = len(file.getvalue())
    news.close()
    assert len(file.getvalue()) == size


def saved(source: Path, target: Path, stop: threading.Event, policy: str = "rename") -> Path | None:
    """How a service writes a copy: whole, or not at all."""
    with Exports(None, policy).new_file(target, source) as new:
        *_others, last = [None, *mux(source, new.file, target.suffix, CUES, PLAIN, stop)]
        if not isinstance(last, Finished):
            new.give_up()
    return new.path


def test_a_copy_has_its_name_when_it_is_whole_and_never_the_one_of_its_source(videos: Path, tmp_path: Path) -> None:
    source = tmp_path / "talk.mp4"
    source.write_bytes((videos / "talk.mp4").read_bytes())
    before = source.read_bytes()
    copy = saved(source, source, threading.Event(), "overwrite")
    assert copy == tmp_path / "talk (2).mp4"
    assert [text for _, _, text in read_back(copy)] == [cue.text for cue in CUES]
    assert source.read_bytes() == before


def test_a_copy_that_was_stopped_leaves_nothing_behind(videos: Path, tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    target = tmp_path / "out" / "talk.mkv"
    target.parent.mkdir()
    assert saved(videos / "talk.mp4", target, stop) is None
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_full_disk_is_said_and_leaves_nothing_behind(
    videos: Path, small_disk: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for buffer_bytes in (1 << 12, 1 << 20):
        monkeypatch.setattr(muxing, "BUFFER_BYTES", buffer_bytes)
        with pytest.raises(errors.DiskFull) as told:
            saved(videos / "talk.mp4", small_disk / f"talk{suffix}", threading.Event())
        assert str(small_disk) in sentence_of(told.value)
        assert list(small_disk.iterdir()) == []
