"""From dropped paths to files."""

from pathlib import Path

from desktop.core import errors
from desktop.services.intake import Intake


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_folders_are_walked_in_a_steady_order_without_hidden_files(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    touch(folder / "b.MP3", folder / "a" / "z.mkv", folder / ".hidden.mp3", folder / ".git" / "x.mp3", folder / "n.txt")
    intake = Intake([folder])
    assert [str(path.relative_to(folder)) for path in intake.files()] == ["b.MP3", "a/z.mkv"]
    assert intake.left_out_sentence() == "1 file is not audio or video: n.txt"


def test_a_file_that_is_named_is_always_tried(tmp_path: Path) -> None:
    touch(tmp_path / "sound.xyz")
    assert list(Intake([tmp_path / "sound.xyz", tmp_path / "missing"]).files()) == [
        tmp_path / "sound.xyz",
        tmp_path / "missing",
    ]


def test_many_that_are_left_out_take_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    touch(*(folder / f"{number:03}.txt" for number in range(100)), folder / "talk.wav")
    intake = Intake([folder])
    assert len(list(intake.files())) == 1
    assert intake.left_out_sentence() == "100 files are not audio or video: 000.txt, 001.txt, 002.txt and 97 more"


def test_a_folder_without_media_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    intake = Intake([tmp_path / "empty"])
    assert list(intake.files()) == []
    assert [type(one) for one in intake.refused] == [errors.FolderWithoutMedia]
