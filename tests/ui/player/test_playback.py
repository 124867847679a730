"""The player on a machine without any device for sound: everything but the sound works."""

import ctypes
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import SIGNAL, SLOT, QObject, QTimer
from pytestqt.qtbot import QtBot
from shiboken6 import getCppPointer

from desktop.core import errors
from desktop.core.media import AudioTrack, Media
from desktop.engine.media import inspect
from desktop.ui.player.playback import SPEEDS, Playback, State
from tests.conftest import SAMPLES
from tests.sounds import with_ffmpeg
from tests.ui.player.speakers import SCENARIO

SHORT = SAMPLES / "demo-short.flac"
MINUTE = SAMPLES / "demo-minute.flac"


@pytest.fixture(autouse=True)
def no_sound_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sound of this machine, if it has any, stays out of these tests."""
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")


@pytest.fixture
def playback(qapp: object) -> Iterator[Playback]:
    one = Playback()
    yield one
    one.close()


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Two seconds of picture, one colour a second."""
    path = tmp_path / "colours.mp4"
    colours = [part for colour in ("red", "blue") for part in ("-f", "lavfi", "-i", f"color={colour}:s=64x48:r=25:d=1")]
    sound = ["-f", "lavfi", "-i", "sine=440:d=2"]
    with_ffmpeg(*colours, *sound, "-filter_complex", "[0][1]concat=n=2[v]", "-map", "[v]", "-map", "2:a", path)
    return path


def in_order(values: list[int]) -> bool:
    return values == sorted(values)


def test_the_libraries_of_the_player_load_when_it_is_first_wanted() -> None:
    code = (
        "import desktop.ui.player.playback, desktop.ui.player.video_pane, desktop.ui.player.player_bar, sys;"
        "from desktop.ui.player.playback import Playback; from pathlib import Path;"
        "Playback().open(Path('a.mp3')); print('PySide6.QtMultimedia' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_nothing_is_written_to_the_terminal(video: Path) -> None:
    environment = {**os.environ, "PULSE_SERVER": "unix:/nowhere"}
    steps = '[[0, "playback.show_pictures(True)"], [10, "playback.play()"], [300, "playback.seek(1500)"]]'
    command = [sys.executable, "-c", SCENARIO, str(video), steps, "900"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert ["failed", "NoLoudspeaker"] in json.loads(done.stdout)


def test_it_plays_and_tells_where_it_is(qtbot: QtBot, playback: Playback) -> None:
    places: list[int] = []
    states: list[str] = []
    playback.position_changed.connect(places.append)
    playback.state_changed.connect(states.append)
    playback.open(MINUTE, inspect(MINUTE))
    assert (playback.state, playback.position_ms) == (State.PAUSED, 0)
    assert playback.duration_ms == 74_620
    playback.play()
    qtbot.waitUntil(lambda: playback.position_ms > 400)
    playback.pause()
    at_ms = playback.position_ms
    assert states == [State.PAUSED, State.PLAYING, State.PAUSED]
    assert in_order(places)
    assert len(places) > 8
    assert places[-1] == at_ms
    playback.toggle()
    assert playback.is_playing
    assert playback.position_ms == at_ms
    qtbot.waitUntil(lambda: playback.position_ms > at_ms)


def test_without_a_device_it_says_so_once_and_goes_on(qtbot: QtBot, playback: Playback) -> None:
    said: list[errors.AppError] = []
    playback.failed.connect(said.append)
    playback.open(SHORT)
    for _time in range(2):
        playback.play()
        qtbot.waitUntil(lambda: playback.position_ms > 50)
        playback.pause()
    assert [type(one) for one in said] == [errors.NoLoudspeaker]


def test_it_comes_to_the_end_and_begins_again(qtbot: QtBot, playback: Playback) -> None:
    playback.open(SHORT, inspect(SHORT))
    playback.seek(2400)
    playback.play()
    qtbot.waitUntil(lambda: playback.state is State.PAUSED)
    assert playback.position_ms == playback.duration_ms
    with qtbot.waitSignal(playback.position_changed) as told:
        playback.play()
    assert told.args[0] < 1000


def test_seeking_works_before_the_file_is_opened_while_it_plays_and_after(qtbot: QtBot, playback: Playback) -> None:
    playback.open(MINUTE, inspect(MINUTE))
    playback.seek(20_000)
    assert playback.position_ms == 20_000
    playback.play()
    qtbot.waitUntil(lambda: 20_050 < playback.position_ms < 30_000)
    told: list[int] = []
    playback.position_changed.connect(told.append)
    playback.seek(40_000)
    playback.pause()
    playback.step(-5000)
    assert told[0] == 40_000
    assert told[-1] == playback.position_ms == told[-2] - 5000
    playback.seek(-5)
    assert playback.position_ms == 0
    playback.seek(99_999_999)
    assert playback.position_ms == playback.duration_ms


def test_a_loop_comes_back_until_it_is_ended(qtbot: QtBot, playback: Playback) -> None:
    places: list[int] = []
    loops: list[object] = []
    playback.open(MINUTE)
    playback.position_changed.connect(places.append)
    playback.loop_changed.connect(loops.append)
    playback.play_loop(5000, 5200)
    qtbot.waitUntil(lambda: places.count(5000) > 3)
    assert all(5000 <= at <= 5200 for at in places)
    assert playback.loop == (5000, 5200)
    playback.set_loop(None)
    qtbot.waitUntil(lambda: playback.position_ms > 5300)
    assert loops == [(5000, 5200), None]


def test_a_loop_up_to_the_very_end_comes_back_too(qtbot: QtBot, playback: Playback) -> None:
    places: list[int] = []
    playback.open(SHORT, inspect(SHORT))
    playback.position_changed.connect(places.append)
    playback.play_loop(2300, playback.duration_ms)
    qtbot.waitUntil(lambda: places.count(2300) > 2)
    assert playback.is_playing


def test_seeking_inside_a_loop_keeps_it_and_outside_ends_it(playback: Playback) -> None:
    playback.open(MINUTE)
    playback.play_loop(5000, 9000)
    playback.seek(8000)
    assert playback.loop == (5000, 9000)
    playback.seek(20_000)
    assert playback.loop is None


def test_a_loop_that_is_set_while_it_plays_elsewhere_is_gone_to(qtbot: QtBot, playback: Playback) -> None:
    playback.open(MINUTE)
    playback.play()
    with qtbot.waitSignal(playback.position_changed) as told:
        playback.set_loop((30_000, 31_000))
    assert told.args == [30_000]


def test_speed_is_kept_within_what_can_be_understood(qtbot: QtBot, playback: Playback) -> None:
    told: list[float] = []
    playback.speed_changed.connect(told.append)
    for steps in (1, 1, 1, 1, 1, 1):
        playback.change_speed(steps)
    assert told == [1.25, 1.5, 1.75, 2.0]
    for wanted, got in ((0.1, 0.5), (9.0, 2.0), (1.0, 1.0)):
        playback.set_speed(wanted)
        assert playback.speed == got
    playback.change_speed(-1)
    assert playback.speed == SPEEDS[1]


def test_volume_is_kept_and_told(qtbot: QtBot, playback: Playback) -> None:
    with qtbot.waitSignal(playback.volume_changed) as told:
        playback.set_volume(1.7, is_muted=True)
    assert told.args == [1.0, True]


def test_another_file_lets_go_of_the_one_before(qtbot: QtBot, playback: Playback, tmp_path: Path) -> None:
    mine = shutil.copy(MINUTE, tmp_path / "mine.flac")
    playback.open(Path(mine))
    playback.play()
    qtbot.waitUntil(lambda: playback.position_ms > 50)
    assert _is_open(mine)
    playback.open(SHORT)
    assert playback.position_ms == 0
    qtbot.waitUntil(lambda: not _is_open(mine))
    playback.play()
    playback.close()
    assert (playback.state, playback.duration_ms) == (State.EMPTY, 0)
    qtbot.waitUntil(lambda: not _is_open(SHORT))


def _is_open(path: Path) -> bool:
    links = [f"/proc/self/fd/{handle}" for handle in os.listdir("/proc/self/fd")]  # noqa: PTH208 - names are enough
    return any(os.path.realpath(link) == str(path) for link in links)


def test_without_a_file_every_wish_is_in_vain_and_harmless(qtbot: QtBot, playback: Playback) -> None:
    with qtbot.assertNotEmitted(playback.failed), qtbot.assertNotEmitted(playback.position_changed):
        playback.play()
        playback.pause()
        playback.toggle()
        playback.seek(5)
        playback.play_loop(1, 2)
        playback.show_pictures(True)
    assert playback.state is State.EMPTY


# --- what goes wrong ---


def test_a_file_that_is_gone_says_so(qtbot: QtBot, playback: Playback) -> None:
    playback.open(Path("/nowhere/talk.mp3"))
    with qtbot.waitSignal(playback.failed) as told:
        playback.play()
    assert isinstance(told.args[0], errors.FileMissing)
    assert playback.state is State.PAUSED


def test_a_file_that_cannot_be_played_says_so_and_the_next_one_plays(
    qtbot: QtBot, playback: Playback, tmp_path: Path
) -> None:
    (tmp_path / "text.mp3").write_text("no sound at all " * 99)
    playback.open(tmp_path / "text.mp3")
    with qtbot.waitSignal(playback.failed, check_params_cb=lambda error: isinstance(error, errors.Unplayable)) as told:
        playback.play()
    assert "text.mp3" in str(told.args[0])
    assert playback.state is State.PAUSED
    playback.open(SHORT)
    playback.play()
    qtbot.waitUntil(lambda: playback.position_ms > 100)


# --- every file that can be transcribed ---


@pytest.mark.parametrize(
    "name",
    ["a.mp3", "a.m4a", "a.ogg", "a.opus", "a.wav", "a.wma", "a.ac3", "a.aiff", "a.caf", "a.mka", "a.ts", "a.mov",
     "a.webm", "a.avi", "a.wv", "a.tta", "a.au", "a.mp2", "a#b%20c d.mp3", "ü日本.flac"],
)  # fmt: skip
def test_it_plays_what_the_engine_hears(qtbot: QtBot, playback: Playback, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with_ffmpeg("-i", SHORT, path)
    media = inspect(path)
    playback.open(path, media)
    playback.seek(1500)
    playback.play()
    qtbot.waitUntil(lambda: playback.position_ms > 1700)
    qtbot.waitUntil(lambda: playback.state is State.PAUSED)
    assert playback.position_ms == pytest.approx(media.duration_ms, abs=150)


def test_it_plays_a_file_whose_name_is_no_text(qtbot: QtBot, playback: Playback, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xe4d.flac"))
    shutil.copy(SHORT, path)
    playback.open(path)
    playback.play()
    qtbot.waitUntil(lambda: playback.position_ms > 100)


def test_the_track_of_the_job_is_the_one_that_plays(qtbot: QtBot, playback: Playback, tmp_path: Path) -> None:
    path = tmp_path / "tracks.mkv"
    tones = [part for hz in (400, 800, 1200) for part in ("-f", "lavfi", "-i", f"sine={hz}:d=2")]
    maps = ["-map", "0", "-map", "1", "-map", "2", "-disposition:a:0", "0", "-disposition:a:1", "default"]
    with_ffmpeg(*tones, *maps, "-c:a", "flac", path)
    media = inspect(path)
    for track, place in ((0, 1), (1, 0), (2, 1), (3, 2)):
        playback.open(path, media, track)
        playback.play()
        qtbot.waitUntil(lambda place=place: playback.active_track == place)
        playback.pause()


def test_without_a_default_track_the_first_one_plays(playback: Playback) -> None:
    media = Media(1, "", 1000, tracks=(AudioTrack(1), AudioTrack(2)))
    playback.open(SHORT, media)
    assert playback.wanted_track == 0


# --- pictures ---


class Pictures:
    """The colours that were shown."""

    def __init__(self, playback: Playback) -> None:
        self.colours: list[str] = []
        playback.picture_changed.connect(self.take)

    def take(self, frame: object) -> None:
        image = frame.toImage()  # type: ignore[attr-defined]
        if not image.isNull():
            colour = image.pixelColor(30, 20)
            self.colours.append("red" if colour.red() > 150 else "blue" if colour.blue() > 150 else "other")


def test_the_picture_of_the_place_is_shown_also_while_it_stands(qtbot: QtBot, playback: Playback, video: Path) -> None:
    pictures = Pictures(playback)
    playback.show_pictures(True)
    playback.open(video, inspect(video))
    qtbot.waitUntil(lambda: pictures.colours[-1:] == ["red"])
    playback.seek(1500)
    qtbot.waitUntil(lambda: pictures.colours[-1:] == ["blue"])
    playback.seek(0)
    qtbot.waitUntil(lambda: pictures.colours[-1:] == ["red"])
    playback.play()
    qtbot.waitUntil(lambda: pictures.colours[-1:] == ["blue"])
    assert playback.position_ms >= 900


def test_nobody_who_looks_no_pictures(qtbot: QtBot, playback: Playback, video: Path) -> None:
    pictures = Pictures(playback)
    playback.open(video, inspect(video))
    playback.play()
    qtbot.waitUntil(lambda: playback.position_ms > 300)
    assert pictures.colours == []
    playback.show_pictures(True)
    qtbot.waitUntil(lambda: bool(pictures.colours))
    playback.show_pictures(False)


def test_sound_that_starts_late_plays_on_the_clock_of_the_picture(
    qtbot: QtBot, playback: Playback, tmp_path: Path
) -> None:
    late = tmp_path / "late.mkv"
    parts = [part for colour in ("red", "blue") for part in ("-f", "lavfi", "-i", f"color={colour}:s=64x48:r=25:d=5")]
    with_ffmpeg(
        *parts, "-itsoffset", "5", "-i", SHORT, "-filter_complex", "[0][1]concat=n=2[v]", "-map", "[v]", "-map", "2:a",
        "-c:a", "flac", late,
    )  # fmt: skip
    media = inspect(late)
    assert media.start_offset_ms == pytest.approx(5000, abs=40)
    pictures = Pictures(playback)
    playback.show_pictures(True)
    playback.open(late, media)
    qtbot.waitUntil(lambda: bool(pictures.colours))
    playback.seek(4700)
    playback.play()
    pictures.colours.clear()
    qtbot.waitUntil(lambda: "blue" in pictures.colours)
    assert playback.position_ms == pytest.approx(5000, abs=150)
    assert playback.duration_ms == pytest.approx(10_000, abs=100)


@pytest.mark.skipif(sys.platform != "linux", reason="asks the threads of glibc")
def test_a_thread_of_qt_disconnects_without_waiting_for_python(playback: Playback, video: Path) -> None:
    """It does so with a lock held that the main thread waits for in `stop`, with Python's own lock held: as here."""
    playback.show_pictures(True)
    playback.open(video)
    made = [one for one in playback.children() if not isinstance(one, QTimer)]
    assert [type(one).__name__ for one in made] == ["QMediaPlayer", "QVideoSink"]
    assert all(is_disconnected_without_python(one) for one in made)
    assert not is_disconnected_without_python(QObject(playback)), "what this test stands on"


class _Moment(ctypes.Structure):
    _fields_ = (("s", ctypes.c_long), ("ns", ctypes.c_long))


def is_disconnected_without_python(sender: QObject) -> bool:
    """Whether a thread that knows nothing of Python can disconnect from an object while this one lets no other run."""
    receiver = QObject()
    connection = QObject.connect(sender, SIGNAL("objectNameChanged(QString)"), receiver, SLOT("deleteLater()"))
    maps = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    core = ctypes.CDLL(next(line.split()[-1] for line in maps if "libQt6Core.so" in line))
    disconnect = ctypes.cast(core._ZN7QObject10disconnectERKN11QMetaObject10ConnectionE, ctypes.c_void_p)
    threads, thread = ctypes.PyDLL(None), ctypes.c_ulong()  # PyDLL keeps Python's lock while it calls
    (address,) = getCppPointer(connection)
    threads.pthread_create(ctypes.byref(thread), None, disconnect, ctypes.c_void_p(address))
    until = _Moment(int(time.time()) + 2, 0)
    if threads.pthread_timedjoin_np(thread, None, ctypes.byref(until)) == 0:
        return True
    ctypes.CDLL(None).pthread_join(thread, None)
    return False
