"""The files that tell a Linux desktop about Undertone, and the script that puts them in place."""

import configparser
import os
import re
import shutil
import struct
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

import desktop

ROOT = Path(__file__).resolve().parents[2]
LINUX = ROOT / "packaging" / "linux"
ID = "io.github.undertone.Undertone"
ENTRY = LINUX / f"{ID}.desktop"
AUTOSTART = LINUX / "autostart" / f"{ID}.desktop"
METAINFO = LINUX / f"{ID}.metainfo.xml"
SIZES_PX = (16, 22, 24, 32, 48, 64, 128, 256, 512)
GROUP = "Desktop Entry"


def read(entry: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, delimiters=["="])
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(entry, encoding="utf-8")
    return parser


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


@pytest.mark.parametrize("entry", [ENTRY, AUTOSTART], ids=["menu", "autostart"])
def test_an_entry_starts_undertone_with_its_icon(entry: Path) -> None:
    group = read(entry)[GROUP]
    assert group["Exec"].split()[0] == "undertone"
    assert group["Icon"] == ID
    assert group["Type"] == "Application"


def test_the_menu_entry_takes_audio_and_video_files() -> None:
    group = read(ENTRY)[GROUP]
    assert group["Exec"] == "undertone %F"
    types = group["MimeType"].removesuffix(";").split(";")
    assert len(types) == len(set(types))
    assert all(re.fullmatch(r"(audio|video)/[a-z0-9.+-]+", kind) for kind in types)
    assert {"audio/mpeg", "audio/flac", "audio/mp4", "audio/ogg", "video/mp4", "video/x-matroska"} <= set(types)


def test_every_action_of_the_menu_entry_is_described() -> None:
    parser = read(ENTRY)
    for action in parser[GROUP]["Actions"].removesuffix(";").split(";"):
        assert parser[f"Desktop Action {action}"]["Name"]
        assert parser[f"Desktop Action {action}"]["Exec"].split()[0] == "undertone"


def test_autostart_waits_in_the_tray() -> None:
    assert read(AUTOSTART)[GROUP]["Exec"] == "undertone --hidden"


@pytest.mark.parametrize("size_px", SIZES_PX)
def test_the_icon_is_there_in_each_size(size_px: int) -> None:
    png = (LINUX / "icons" / "hicolor" / f"{size_px}x{size_px}" / "apps" / f"{ID}.png").read_bytes()
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (size_px, size_px)


def test_metainfo_agrees_with_the_menu_entry_and_the_version() -> None:
    root = ElementTree.parse(METAINFO).getroot()
    assert root.findtext("id") == ID
    assert root.findtext("launchable") == ENTRY.name
    assert root.findtext("icon") == ID
    assert root.findtext("provides/binary") == "undertone"
    assert [category.text for category in root.iter("category")] == read(ENTRY)[GROUP]["Categories"].split(";")[:-1]
    releases = [release.get("version") for release in root.iter("release")]
    assert releases[0] == desktop.__version__


@needs("desktop-file-validate")
def test_the_desktop_files_satisfy_their_validator() -> None:
    result = subprocess.run(
        ["desktop-file-validate", ENTRY, AUTOSTART], capture_output=True, text=True, check=False, timeout=30
    )
    assert (result.returncode, result.stdout) == (0, "")


@needs("appstreamcli")
def test_the_metainfo_satisfies_its_validator() -> None:
    result = subprocess.run(
        ["appstreamcli", "validate", "--no-net", METAINFO], capture_output=True, text=True, check=False, timeout=30
    )
    assert result.returncode == 0, result.stdout


@pytest.fixture
def python_stub(tmp_path: Path) -> Path:
    """A Python whose venv is empty but for a pip that does nothing, so that the script can be tried in no time."""
    stub = tmp_path / "python"
    stub.write_text('#!/bin/sh\nmkdir -p "$3/bin"\nprintf "#!/bin/sh\\n" > "$3/bin/pip"\nchmod +x "$3/bin/pip"\n')
    stub.chmod(0o755)
    return stub


def test_uninstall_removes_exactly_what_install_put_there(tmp_path: Path, python_stub: Path) -> None:
    def files() -> set[str]:
        return {str(path.relative_to(tmp_path / "root")) for path in (tmp_path / "root").rglob("*") if path.is_file()}

    def install(*arguments: str) -> None:
        env = os.environ | {"PREFIX": "/opt/x", "DESTDIR": str(tmp_path / "root"), "PYTHON": str(python_stub)}
        subprocess.run(["sh", LINUX / "install.sh", *arguments], env=env, check=True, timeout=30, capture_output=True)

    share = tmp_path / "root" / "opt" / "x" / "share"
    for stranger in (share / "icons/hicolor/16x16/apps/stranger.png", share / "undertone" / "library.sqlite3"):
        stranger.parent.mkdir(parents=True)
        stranger.touch()
    before = files()

    install()
    assert (
        (tmp_path / "root/opt/x/bin/undertone")
        .read_text()
        .endswith('exec "/opt/x/lib/undertone/bin/python" -P -m desktop "$@"\n')
    )
    assert "Exec=/opt/x/bin/undertone %F\n" in (share / "applications" / ENTRY.name).read_text()
    icons = {path for path in files() if ID in path and "/icons/" in path}
    assert len(icons) == len(SIZES_PX) + 1

    install("--remove")
    assert files() == before
