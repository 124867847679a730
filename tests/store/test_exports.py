"""Exports: each file whole or not at all, nothing overwritten that was not meant, whatever the disk does."""

import errno
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

import docx
import pytest

from desktop.core import doubts
from desktop.core.errors import AppError, DiskFull, ExportFailed
from desktop.core.formats import FORMATS, WriteOptions, json
from desktop.core.ports import Exporter
from desktop.core.settings import COLLISIONS
from desktop.core.transcript import Segment, Transcript, Word
from desktop.store.exports import Exports
from tests.conftest import ROOT, sentence_of

HELLO = Transcript((Segment(0, 1_000, "hello"),))
SRT = "1\n00:00:00,000 --> 00:00:01,000\nhello\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder."""
    made = tmp_path / "folder"
    made.mkdir()
    return made


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB; mounting one needs root."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "undertone-test", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield disk
    subprocess.run(["umount", disk], check=True)


def named(text: str) -> Transcript:
    return Transcript((Segment(0, 1_000, text),))


def long(text: str) -> Transcript:
    return Transcript(tuple(Segment(at * 1_000, at * 1_000 + 900, text) for at in range(2_000)))


def names(folder: Path) -> list[str]:
    """All that is in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())


def text_in(path: Path) -> str:
    """What a file says."""
    if path.suffix == ".docx":
        return "\n".join(one.text for one in docx.Document(str(path)).paragraphs)
    return path.read_text()


def failure(export: Callable[[], object], kind: type[AppError]) -> str:
    """The sentences of the error that the export ends with."""
    with pytest.raises(kind) as caught:
        export()
    return sentence_of(caught.value)


def in_a_child(code: str, *arguments: object) -> subprocess.Popen[str]:
    """A fresh interpreter of this checkout that runs the code."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


# --- where it goes ---------------------------------------------------------------------------------------------------


def test_exports_are_what_the_services_ask_for(folder: Path) -> None:
    exporter: Exporter = Exports(folder, "rename")
    assert exporter.export(Path("talk.mp4"), HELLO, "srt") == folder / "talk.srt"


def test_a_file_goes_beside_its_source_and_is_named_after_it(folder: Path) -> None:
    written = Exports(None, "rename").export(folder / "talk.v2.mp4", HELLO, "srt")
    assert written == folder / "talk.v2.srt"
    assert written.read_bytes() == SRT.encode()
    assert names(folder) == ["talk.v2.srt"]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_as_its_writer_says(folder: Path, name: str) -> None:
    transcript = Transcript((Segment(0, 900, " Zwölf Boxkämpfer \ud800", (Word(0, 9, " Zwölf", 0.5),)),), "\udcff.mp4")
    options = WriteOptions(word_timestamps=True)
    written = Exports(folder, "rename", options).export(Path("talk.mp4"), transcript, name)
    assert written == folder / f"talk.{name}"
    assert written.read_bytes() == FORMATS[name].content(transcript, options)


@pytest.mark.parametrize("name", FORMATS)
def test_text_that_may_not_have_been_said_is_left_out_for_people_unless_it_is_wanted(folder: Path, name: str) -> None:
    doubted = Transcript((*HELLO.segments, Segment(2_000, 3_000, "Thank you.", suspect=doubts.BOILERPLATE)))
    written = [
        Exports(folder, "rename", *how).export(Path("talk.mp4"), doubted, name)
        for how in ((), (WriteOptions(suspects=True),))
    ]
    texts = [text_in(path) for path in written if path]
    assert ["hello" in text for text in texts] == [True, True]
    assert ["Thank you." in text for text in texts] == [name == "json", True]


def test_the_chosen_folder_is_made_with_its_parents(folder: Path) -> None:
    assert Exports(folder / "a" / "b", "rename").export(Path("/gone/talk.mp4"), HELLO, "srt")
    assert names(folder / "a" / "b") == ["talk.srt"]


def test_the_folder_of_a_source_that_is_gone_is_not_made(folder: Path) -> None:
    said = failure(lambda: Exports(None, "rename").export(folder / "gone" / "talk.mp4", HELLO, "srt"), ExportFailed)
    assert said.startswith(f"“{folder}/gone/talk.srt” could not be written: No such file or directory.")
    assert names(folder) == []


def test_permissions_are_those_of_any_new_file(folder: Path) -> None:
    umask = os.umask(0o027)
    try:
        written = Exports(folder, "rename").export(Path("talk.mp4"), HELLO, "srt")
    finally:
        os.umask(umask)
    assert written
    assert written.stat().st_mode & 0o777 == 0o640
    assert written.stat().st_nlink == 1


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("no suffix", "no suffix.srt"),
        (".hidden", ".hidden.srt"),
        ("..mp3", "..srt"),
        ("dots...mp3", "dots...srt"),
        ("новый\n'“файл”\u202e.mp4", "новый\n'“файл”\u202e.srt"),
        ("😀.mp4", "😀.srt"),
        ("/", "transcript.srt"),
        ("..", "transcript.srt"),
    ],
)
def test_strange_names_are_kept(folder: Path, source: str, target: str) -> None:
    for _ in range(2):
        Exports(folder, "overwrite").export(Path(source), HELLO, "srt")
    assert names(folder) == [target]


def test_a_name_that_is_no_utf_8_keeps_its_bytes(folder: Path) -> None:
    source = Path(os.fsdecode(os.fsencode(folder) + b"/t\xff\xfealk.mp4"))
    assert Exports(None, "rename").export(source, HELLO, "srt")
    assert os.listdir(os.fsencode(folder)) == [b"t\xff\xfealk.srt"]  # noqa: PTH208 - the bytes are what is tested


# --- names that are too long -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stem", "kept"),
    [
        ("a" * 251, "a" * 250),
        ("x" + "ö" * 125, "x" + "ö" * 124),
        ("x" * 2 + "😀" * 62, "x" * 2 + "😀" * 62),
        ("x" * 3 + "😀" * 62, "x" * 3 + "😀" * 61),
        ("e\u0301" * 83 + "xx", "e\u0301" * 83 + "x"),
        ("xx" + "e\u0301" * 83, "xx" + "e\u0301" * 82),
        ("x" * 250 + "\udcff", "x" * 250),
    ],
)
def test_a_name_that_is_too_long_loses_whole_characters_and_keeps_its_suffix(
    folder: Path, stem: str, kept: str
) -> None:
    assert Exports(folder, "rename").export(Path(f"{stem}.mp4"), HELLO, "json") == folder / f"{kept}.json"
    assert names(folder) == [f"{kept}.json"]


@pytest.mark.parametrize("collision", COLLISIONS)
def test_a_name_that_is_too_long_meets_the_same_policy(folder: Path, collision: str) -> None:
    exports = Exports(folder, collision)
    first, second = (exports.export(Path(f"{'a' * 251}.mp4"), named(text), "json") for text in ("first", "second"))
    assert first == folder / f"{'a' * 250}.json"
    assert second == {"rename": folder / f"{'a' * 246} (2).json", "overwrite": first, "skip": None}[collision]


def test_a_path_that_no_name_can_make_short_enough_is_a_failure(folder: Path) -> None:
    deep = folder.joinpath(*["d" * 250] * 17)
    said = failure(lambda: Exports(None, "rename").export(deep / "talk.mp4", HELLO, "srt"), ExportFailed)
    assert "File name too long" in said


# --- names that are taken --------------------------------------------------------------------------------------------


def test_rename_keeps_what_is_there_and_counts_on(folder: Path) -> None:
    (folder / "talk.srt").write_text("mine")
    (folder / "talk (3).srt").mkdir()
    exports = Exports(folder, "rename")
    assert exports.export(Path("talk.mp4"), HELLO, "srt") == folder / "talk (2).srt"
    assert exports.export(Path("talk.mp4"), HELLO, "srt") == folder / "talk (4).srt"
    assert (folder / "talk.srt").read_text() == "mine"


def test_overwrite_replaces_what_is_there(folder: Path) -> None:
    (folder / "talk.srt").write_text("old")
    assert Exports(folder, "overwrite").export(Path("talk.mp4"), HELLO, "srt") == folder / "talk.srt"
    assert (folder / "talk.srt").read_text() == SRT
    assert names(folder) == ["talk.srt"]


def test_skip_leaves_what_is_there_and_says_so(folder: Path) -> None:
    exports = Exports(folder, "skip")
    assert exports.export(Path("talk.mp4"), HELLO, "srt") == folder / "talk.srt"
    assert exports.export(Path("talk.mp4"), named("other"), "srt") is None
    assert (folder / "talk.srt").read_text() == SRT
    assert names(folder) == ["talk.srt"]


@pytest.mark.parametrize("collision", ["rename", "skip"])
def test_a_link_that_leads_nowhere_is_a_name_that_is_taken(folder: Path, collision: str) -> None:
    (folder / "talk.srt").symlink_to(folder / "nowhere")
    written = Exports(folder, collision).export(Path("talk.mp4"), HELLO, "srt")
    assert written == (folder / "talk (2).srt" if collision == "rename" else None)
    assert not (folder / "nowhere").exists()


@pytest.mark.parametrize("collision", COLLISIONS)
@pytest.mark.parametrize("name", ["txt", "json", "srt"])
def test_the_source_itself_is_never_written_over(folder: Path, collision: str, name: str) -> None:
    source = folder / f"talk.{name}"
    source.write_bytes(b"RIFF")
    written = Exports(None, collision).export(source, HELLO, name)
    assert source.read_bytes() == b"RIFF"
    assert written == (None if collision == "skip" else folder / f"talk (2).{name}")


def test_the_source_is_known_under_its_other_names(folder: Path) -> None:
    source = folder / "real" / "talk.srt"
    source.parent.mkdir()
    source.write_bytes(b"RIFF")
    (folder / "linked").symlink_to(source.parent)
    written = Exports(folder / "linked", "overwrite").export(source, HELLO, "srt")
    assert source.read_bytes() == b"RIFF"
    assert written == folder / "linked" / "talk (2).srt"


def test_overwrite_replaces_no_second_name_that_the_user_did_not_mean(folder: Path) -> None:
    source, other = folder / "talk.txt", folder / "talk (2).txt"
    source.write_bytes(b"RIFF")
    other.write_text("mine")
    assert Exports(None, "overwrite").export(source, HELLO, "txt") == folder / "talk (3).txt"
    assert other.read_text() == "mine"


# --- many at the same time -------------------------------------------------------------------------------------------


def test_two_hundred_threads_with_the_same_name_write_two_hundred_whole_files(folder: Path) -> None:
    exports = Exports(folder, "rename")
    with ThreadPoolExecutor(32) as pool:
        written = list(pool.map(lambda n: exports.export(Path("talk.mp4"), named(f"t{n}"), "txt"), range(200)))
    assert len({path for path in written if path}) == len(names(folder)) == 200
    assert [path.read_text() for path in written if path] == [f"t{number}\n" for number in range(200)]


WRITE_FIFTY = """
import sys
from pathlib import Path
from desktop.core.transcript import Segment, Transcript
from desktop.store.exports import Exports
folder, collision, name = sys.argv[1:]
print("ready", flush=True)
input()
for number in range(50):
    transcript = Transcript(tuple(Segment(0, 1000, f"{name} {number}") for _ in range(100)))
    Exports(Path(folder), collision).export(Path("talk.mp4"), transcript, "txt")
"""


@pytest.mark.parametrize(("collision", "count"), [("rename", 200), ("overwrite", 1), ("skip", 1)])
def test_four_processes_with_the_same_name_keep_to_the_policy(folder: Path, collision: str, count: int) -> None:
    children = [in_a_child(WRITE_FIFTY, folder, collision, name) for name in "abcd"]
    for child in children:
        assert child.stdout
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin
        child.stdin.write("\n")
        child.stdin.flush()
    assert [child.communicate()[0] for child in children] == [""] * 4
    assert [child.returncode for child in children] == [0] * 4
    texts = [path.read_text().splitlines() for path in folder.iterdir()]
    assert all(len(lines) == 100 and len(set(lines)) == 1 for lines in texts)
    assert len({lines[0] for lines in texts}) == len(texts) == count


# --- disks that fail -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("collision", COLLISIONS)
def test_a_full_disk_is_said_and_leaves_nothing_behind(small_disk: Path, collision: str) -> None:
    (small_disk / "talk.srt").write_text("mine")
    source = Path("other.mp4" if collision == "skip" else "talk.mp4")
    said = failure(lambda: Exports(small_disk, collision).export(source, long("word " * 20), "srt"), DiskFull)
    assert said.startswith(f"The disk is full ({small_disk}).")
    assert names(small_disk) == ["talk.srt"]
    assert (small_disk / "talk.srt").read_text() == "mine"


def test_a_disk_that_is_full_to_the_last_byte_is_said(small_disk: Path) -> None:
    with (small_disk / "ballast").open("wb", buffering=0) as ballast, pytest.raises(OSError, match="No space left"):
        while True:
            ballast.write(bytes(4_096))
    failure(lambda: Exports(small_disk, "rename").export(Path("talk.mp4"), HELLO, "srt"), DiskFull)
    failure(lambda: Exports(small_disk / "new", "rename").export(Path("talk.mp4"), HELLO, "srt"), DiskFull)
    assert {"ballast"} <= set(names(small_disk)) <= {"ballast", "new"}


# --- files that are filled bit by bit -------------------------------------------------------------------------------


def test_a_new_file_has_its_name_when_it_is_whole(folder: Path) -> None:
    (folder / "talk.mkv").write_text("mine")
    with Exports(None, "rename").new_file(folder / "talk.mkv", folder / "talk.mp4") as new:
        new.file.write(b"film")
        assert (names(folder)[1], new.path) == ("talk.mkv", None)
    assert new.path == folder / "talk (2).mkv"
    assert new.path.read_bytes() == b"film"
    assert names(folder) == ["talk (2).mkv", "talk.mkv"]


def test_a_new_file_never_takes_the_place_of_its_source(folder: Path) -> None:
    (folder / "talk.mp4").write_text("mine")
    with Exports(None, "overwrite").new_file(folder / "talk.mp4", folder / "talk.mp4") as new:
        new.file.write(b"film")
    assert new.path == folder / "talk (2).mp4"
    assert (folder / "talk.mp4").read_text() == "mine"


def test_a_new_file_replaces_another_only_where_that_is_wanted(folder: Path) -> None:
    target, source = folder / "talk.mkv", folder / "talk.mp4"
    target.write_text("old")
    with Exports(None, "skip").new_file(target, source) as new:
        new.file.write(b"film")
    assert (new.path, target.read_text()) == (None, "old")
    with Exports(None, "overwrite").new_file(target, source) as new:
        new.file.write(b"film")
    assert (new.path, target.read_text()) == (target, "film")
    assert names(folder) == ["talk.mkv"]


def test_a_new_file_that_is_given_up_leaves_nothing(folder: Path) -> None:
    with Exports(None, "rename").new_file(folder / "talk.mkv", folder / "talk.mp4") as new:
        new.file.write(b"film")
        new.give_up()
    assert (new.path, names(folder)) == (None, [])


def test_a_block_that_fails_leaves_nothing(folder: Path) -> None:
    with pytest.raises(ZeroDivisionError), Exports(None, "rename").new_file(folder / "a.mkv", folder / "a.mp4"):
        raise ZeroDivisionError
    assert names(folder) == []


def test_a_disk_that_fills_up_on_the_way_is_said(small_disk: Path) -> None:
    def fill() -> None:
        with Exports(None, "rename").new_file(small_disk / "a.mkv", small_disk / "a.mp4") as new:
            new.file.write(bytes(1 << 20))

    assert failure(fill, DiskFull).startswith(f"The disk is full ({small_disk}).")
    assert names(small_disk) == []


WRITE_BEYOND_A_LIMIT = """
import resource, sys
from pathlib import Path
from desktop.core.errors import ExportFailed
from desktop.core.transcript import Segment, Transcript
from desktop.store.exports import Exports
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
transcript = Transcript(tuple(Segment(0, 1000, "word" * 10) for _ in range(1000)))
try:
    Exports(Path(sys.argv[1]), "overwrite").export(Path("talk.mp4"), transcript, "txt")
except ExportFailed as error:
    print(error)
"""


def test_a_file_that_may_not_grow_further_is_a_failure_and_the_old_one_stays(folder: Path) -> None:
    (folder / "talk.txt").write_text("mine")
    said, _none = in_a_child(WRITE_BEYOND_A_LIMIT, folder).communicate()
    assert (
        said
        == f"“{folder}/talk.txt” could not be written: File too large. The transcript is kept. Save it elsewhere.\n"
    )
    assert names(folder) == ["talk.txt"]
    assert (folder / "talk.txt").read_text() == "mine"


@pytest.mark.parametrize("chosen", ["file", "file/below", "link"])
def test_a_file_or_a_dead_link_in_place_of_the_folder_is_a_failure(folder: Path, chosen: str) -> None:
    (folder / "file").write_text("mine")
    (folder / "link").symlink_to(folder / "nowhere")
    said = failure(lambda: Exports(folder / chosen, "overwrite").export(Path("talk.mp4"), HELLO, "srt"), ExportFailed)
    assert said.startswith(f"“{folder}/{chosen}/talk.srt” could not be written: Not a directory.")
    assert names(folder) == ["file", "link"]


def test_a_folder_in_place_of_the_file_is_a_failure_and_stays(folder: Path) -> None:
    (folder / "talk.srt").mkdir()
    said = failure(lambda: Exports(folder, "overwrite").export(Path("talk.mp4"), HELLO, "srt"), ExportFailed)
    assert "Is a directory" in said
    assert names(folder) == ["talk.srt"]


def test_a_folder_that_takes_no_new_files_is_a_failure() -> None:
    said = failure(lambda: Exports(Path("/proc/self"), "rename").export(Path("talk.mp4"), HELLO, "srt"), ExportFailed)
    assert said.startswith("“/proc/self/talk.srt” could not be written:")


def test_the_file_is_safe_on_the_disk_before_it_has_its_name_and_the_name_is_made_safe_after_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed = []
    fsync = os.fsync

    def watched(handle: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        flushed.append(("folder" if is_folder else os.fstat(handle).st_size, (folder / "talk.srt").exists()))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", watched)
    Exports(folder, "rename").export(Path("talk.mp4"), HELLO, "srt")
    assert flushed == [(len(SRT), False), ("folder", True)]


# --- disks without hard links ----------------------------------------------------------------------------------------


@pytest.fixture
def no_hard_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """FAT, as far as Python sees it: this kernel may have no driver for the real one."""

    def refuse(*_arguments: object, **_more: object) -> NoReturn:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)


@pytest.mark.usefixtures("no_hard_links")
def test_without_hard_links_the_policies_are_the_same(folder: Path) -> None:
    assert Exports(folder, "rename").export(Path("talk.mp4"), HELLO, "srt") == folder / "talk.srt"
    assert Exports(folder, "rename").export(Path("talk.mp4"), HELLO, "srt") == folder / "talk (2).srt"
    assert Exports(folder, "skip").export(Path("talk.mp4"), named("other"), "srt") is None
    assert [(folder / name).read_text() for name in names(folder)] == [SRT, SRT]


@pytest.mark.usefixtures("no_hard_links")
def test_without_hard_links_threads_still_do_not_meet(folder: Path) -> None:
    exports = Exports(folder, "rename")
    with ThreadPoolExecutor(16) as pool:
        written = list(pool.map(lambda n: exports.export(Path("talk.mp4"), named(f"t{n}"), "txt"), range(50)))
    assert [path.read_text() for path in written if path] == [f"t{number}\n" for number in range(50)]
    assert len(names(folder)) == 50


# --- ends in the middle ----------------------------------------------------------------------------------------------

KILL_AT_EACH_LINE = """
import os, signal, sys
from itertools import count
from pathlib import Path
from desktop.core.transcript import Segment, Transcript
from desktop.store import exports

root, collision = Path(sys.argv[1]), sys.argv[2]
transcript = Transcript((Segment(0, 1000, "new" * 1000),))

def killer(left):
    def trace(frame, event, argument):
        nonlocal left
        if frame.f_code.co_filename != exports.__file__:
            return None
        left -= event == "line"
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace
    return trace

for line in count():
    folder = root / str(line)
    folder.mkdir()
    (folder / "talk.txt").write_text("old")
    child = os.fork()
    if not child:
        sys.settrace(killer(line))
        exports.Exports(folder, collision).export(Path("talk.mp4"), transcript, "txt")
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
print(line)
"""


@pytest.mark.parametrize("collision", ["overwrite", "rename"])
def test_a_kill_at_any_line_leaves_the_old_file_or_the_new_one_but_never_a_half(folder: Path, collision: str) -> None:
    told, _none = in_a_child(KILL_AT_EACH_LINE, folder, collision).communicate()
    lines = int(told)
    assert lines > 20
    ends = {read_visible(folder / str(line)) for line in range(lines + 1)}
    new = "new" * 1_000 + "\n"
    changed = (("talk (2).txt", new), ("talk.txt", "old")) if collision == "rename" else (("talk.txt", new),)
    assert ends == {(("talk.txt", "old"),), changed}
    assert names(folder / str(lines)) == [name for name, _text in changed]


def read_visible(folder: Path) -> tuple[tuple[str, str], ...]:
    """What a person sees in the folder."""
    return tuple((name, (folder / name).read_text()) for name in names(folder) if not name.startswith("."))


WRITE_UNTIL_KILLED = """
import sys
from pathlib import Path
from desktop.core.transcript import Segment, Transcript
from desktop.store.exports import Exports
transcript = Transcript(tuple(Segment(at, at + 1, "word " * 2000) for at in range(400)))
while True:
    Exports(Path(sys.argv[1]), "overwrite").export(Path("talk.mp4"), transcript, "json")
    print("written", flush=True)
"""


def test_a_kill_while_megabytes_are_written_never_leaves_a_half_file(folder: Path) -> None:
    for rounds in range(1, 6):
        child = in_a_child(WRITE_UNTIL_KILLED, folder)
        assert child.stdout
        for _ in range(rounds):
            child.stdout.readline()
        child.send_signal(signal.SIGKILL)
        child.communicate()
        assert len(json.read((folder / "talk.json").read_text()).segments) == 400
