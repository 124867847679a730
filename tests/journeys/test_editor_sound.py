"""The sound of the real window: played, looped and followed by keys, looked at and dragged by the mouse."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.transcript import Segment, Transcript
from tests.conftest import SAMPLES
from tests.journeys.desk import LINE_STEP, TEXT_LEFT, TEXT_TOP, Desk, Program, wait_for
from tests.sounds import with_ffmpeg
from tests.ui.player.speakers import TOOLS, Speakers, open_speakers

QUEUE_PX = 301
"""The waveform begins behind the queue."""
FIRST_VIEW_MS = 30_000
"""What is seen of a longer sound at first."""
RULER, REGIONS = 184, 98
"""The ruler of the waveform and its middle, from the lower edge of a window of the usual size."""


@pytest.fixture(scope="module")
def speakers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Speakers]:
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        pytest.skip(f"this machine lacks {', '.join(missing)}: see packaging/linux/system_packages.sh")
    with open_speakers(tmp_path_factory.mktemp("pulse")) as one:
        # While nobody listens, a sink without hardware takes two seconds of sound at a time.
        listening = ["parec", "-d", "speakers.monitor", "--latency-msec=5"]
        ear = subprocess.Popen(listening, env=one.environment, stdout=subprocess.DEVNULL)
        try:
            yield one
        finally:
            ear.kill()
            ear.wait()


@pytest.fixture
def program(program: Program, speakers: Speakers) -> Program:
    """The program with something to be heard through."""
    program.variables["PULSE_SERVER"] = speakers.server
    return program


def is_playing(speakers: Speakers) -> bool:
    """Whether a sound goes to the speakers."""
    told = subprocess.run(
        ["pactl", "list", "sink-inputs"], env=speakers.environment, capture_output=True, text=True, check=True
    )
    return "Corked: no" in told.stdout


def place(program: Program) -> int:
    """Where the player is: the segment with the caret is made to end there, and that is undone."""
    before = program.transcript().segments
    program.desk.press("ctrl+bracketright")
    after = program.seen("an end at the playhead", lambda segments: segments != before)
    program.desk.press("ctrl+z")
    program.seen("that undone", lambda segments: segments == before)
    return next(new.end_ms for new, old in zip(after, before, strict=True) if new != old)


def play(desk: Desk, speakers: Speakers, seconds: float) -> float:
    """Play for so long, and how long it was at most."""
    began = time.monotonic()
    desk.press("ctrl+space")
    wait_for("sound", lambda: is_playing(speakers))
    time.sleep(seconds)
    desk.press("ctrl+space")
    wait_for("silence", lambda: not is_playing(speakers))
    return time.monotonic() - began


def test_the_sound_is_stepped_through_and_played_at_every_speed(
    desk: Desk, program: Program, speakers: Speakers, heard: Transcript
) -> None:
    first, second, third = heard.segments[:3]
    x, y, _width, _height = desk.place()
    desk.press("alt+Right", "alt+Right", "alt+Right", "alt+Right", "alt+Left")
    assert place(program) == first.words[2].start_ms
    desk.press("alt+Next")
    assert place(program) == second.start_ms
    desk.press("alt+Next", "alt+Prior", "alt+comma")
    assert place(program) == second.start_ms - 3000
    desk.press("alt+period", "alt+period", "alt+comma")
    assert place(program) == second.start_ms
    desk.click(*program.words_on(1)[3])
    assert place(program) == second.words[3].start_ms
    desk.click(x + TEXT_LEFT - 30, y + TEXT_TOP + 12 + 2 * LINE_STEP)
    assert place(program) == third.start_ms
    # A segment is looped: after a while the player is still there, and not any more when the loop has ended.
    start = (x + TEXT_LEFT - 30, y + TEXT_TOP + 12)
    desk.click(*start)
    desk.press("ctrl+Home", *["alt+plus"] * 4, "ctrl+shift+l")
    wait_for("sound", lambda: is_playing(speakers))
    time.sleep(2.2)
    desk.press("ctrl+space")
    wait_for("silence", lambda: not is_playing(speakers))
    assert first.start_ms <= place(program) < first.end_ms
    desk.press("ctrl+shift+l")
    play(desk, speakers, 1.8)
    assert place(program) > first.end_ms
    # The first segment gets a length that the player does not come to the end of.
    desk.press("ctrl+Down", *["shift+Down"] * 8, "ctrl+shift+Delete")
    program.seen("room", lambda segments: len(segments) == len(heard.segments) - 9)
    desk.press("ctrl+Home", "alt+Next", "ctrl+bracketright")
    program.seen("a long segment", lambda segments: segments[0].end_ms == segments[1].start_ms)
    desk.click(*start)
    play(desk, speakers, 1.6)
    assert place(program) - first.start_ms > 1.6 * 1200
    desk.click(*start)
    desk.press(*["alt+minus"] * 6)
    most_s = play(desk, speakers, 1.2)
    assert 150 < place(program) - first.start_ms < 750 * most_s
    assert program.end() == 0
    assert "speed=0.5" in (program.home / "config" / "undertone" / "window.ini").read_text()


def test_the_text_follows_the_sound_until_one_looks_elsewhere(
    desk: Desk, program: Program, speakers: Speakers, heard: Transcript
) -> None:
    x, y, width, _height = desk.place()
    # Without the first two lines, where the caret blinks.
    text = (x + TEXT_LEFT - 4, y + TEXT_TOP + 2 * LINE_STEP, width - TEXT_LEFT - 30, 6 * LINE_STEP)
    top = desk.pixels(*text)
    desk.press(*["alt+Next"] * 15)
    wait_for("the text at the place of the player", lambda: desk.pixels(*text) != top)
    wait_for("a text that is still", lambda: desk.pixels(*text) == desk.pixels(*text))
    there = desk.pixels(*text)
    desk.press("ctrl+space")
    wait_for("another word marked", lambda: desk.pixels(*text) != there)
    desk.run("xdotool", "mousemove", str(x + width - 60), str(y + TEXT_TOP + 200), "click", "--repeat", "20", "4")
    wait_for("the top of the text", lambda: desk.pixels(*text) == top)
    assert is_playing(speakers)
    for _look in range(6):  # a word lasts less
        time.sleep(0.25)
        assert desk.pixels(*text) == top
    desk.press("ctrl+shift+f")
    wait_for("the text at the place of the player again", lambda: desk.pixels(*text) != top)
    time.sleep(0.5)
    assert desk.pixels(*text) != top
    desk.press("ctrl+space")
    wait_for("silence", lambda: not is_playing(speakers))


def test_the_waveform_is_zoomed_and_its_segments_are_dragged(
    desk: Desk, program: Program, speakers: Speakers, heard: Transcript
) -> None:
    x, y, width, height = desk.place()
    left, wide, middle = x + QUEUE_PX, width - QUEUE_PX, y + height - REGIONS
    first, second, third = heard.segments[:3]
    near = pytest.approx

    def at(ms: float, view_ms: float = FIRST_VIEW_MS) -> tuple[int, int]:
        return left + round(ms * wide / view_ms), middle

    def drag(start: tuple[int, int], by_px: int, held: str = "alt") -> tuple[Segment, ...]:
        """What is held where it is let go of; the step is undone."""
        desk.drag(start, (start[0] + by_px, start[1]), held)
        after = program.seen("another place", lambda segments: segments != heard.segments)
        desk.press("ctrl+z")
        program.seen("that undone", lambda segments: segments == heard.segments)
        return after

    px_ms = FIRST_VIEW_MS / wide
    # The middle of a segment takes all its words along.
    moved = drag(at(second.start_ms + 900), -9)[1]
    by_ms = moved.start_ms - second.start_ms
    assert by_ms == near(-9 * px_ms, abs=px_ms)
    assert [word.start_ms - by_ms for word in moved.words] == [word.start_ms for word in second.words]
    # Alt leaves an edge where it is dragged to; else it comes to where the sound ends.
    free = [drag(at(second.end_ms), by_px)[1].end_ms for by_px in (17, 21)]
    assert free[1] - free[0] == near(4 * px_ms, abs=px_ms)
    snapped = [drag(at(second.end_ms), by_px, held="")[1].end_ms for by_px in (17, 21)]
    assert snapped[0] == snapped[1]
    # The wheel comes closer to what is under the pointer, three times by half; then it goes along by an eighth.
    edge, _y = at(third.end_ms)
    desk.run("xdotool", "mousemove", str(edge), str(middle), "keydown", "ctrl")
    desk.run("xdotool", "click", "--repeat", "3", "4", "keyup", "ctrl", "click", "5")
    edge -= wide // 8
    closer_ms = px_ms / 1.5**3
    # It stays where it is when something is let go of: what was dragged once can be dragged on.
    for start, end in ((edge, edge - 30), (edge - 30, edge - 50)):
        desk.drag((start, middle), (end, middle), held="alt")
    expected = near(third.end_ms - 50 * closer_ms, abs=2 * px_ms)
    twice = program.seen("an edge dragged twice", lambda segments: segments[2].end_ms == expected)[2]
    assert twice.start_ms == third.start_ms
    desk.press("ctrl+z", "ctrl+z")
    program.seen("that undone", lambda segments: segments == heard.segments)
    # By keys: all of it, closer to the playhead, away from it.
    desk.press("ctrl+0")
    whole_ms = heard.duration_ms
    assert drag(at(first.end_ms, whole_ms), -10)[0].end_ms - first.end_ms == near(-10 * whole_ms / wide, abs=100)
    desk.press("ctrl+plus", "ctrl+plus")
    assert drag(at(first.end_ms, whole_ms / 2.25), -20)[0].end_ms - first.end_ms == near(
        -20 * whole_ms / wide / 2.25, abs=100
    )
    desk.press("ctrl+minus", "ctrl+minus")
    # A stretch that is chosen in the ruler is what is looped.
    start, end = at(1000, whole_ms), at(3000, whole_ms)
    desk.drag((start[0], y + height - RULER), (end[0], y + height - RULER))
    desk.press(*["alt+plus"] * 4, "ctrl+shift+l")
    wait_for("sound", lambda: is_playing(speakers))
    time.sleep(2)
    desk.press("ctrl+space")
    wait_for("silence", lambda: not is_playing(speakers))
    assert 900 <= place(program) <= 3100
    desk.drag(at(first.end_ms, whole_ms), at(first.end_ms - 1000, whole_ms), held="alt")
    program.seen("another end", lambda segments: segments[0].end_ms < first.end_ms - 500)
    program.back_and_forth(heard)


def test_the_picture_stands_beside_the_text_with_the_cue_over_it(desk: Desk, program: Program, tmp_path: Path) -> None:
    video = tmp_path / "talk.mp4"
    red = ["-f", "lavfi", "-i", "color=red:size=320x180:rate=10"]
    with_ffmpeg(*red, "-i", SAMPLES / "demo-short.flac", "-shortest", "-pix_fmt", "yuv420p", video)
    program.start(video)
    wait_for("the job to be done", lambda: program.states() == ["done"])
    program.open_text()
    x, y, width, _height = desk.place()

    def shown() -> tuple[int, int]:
        """How many pixels are red, and how many are the white of a cue in the middle of the red."""
        wide, high = 310, 300
        seen = desk.pixels(x + width - wide, y + TEXT_TOP, wide, high)
        reds = [at for at in range(wide * high) if seen[3 * at] > 200 and seen[3 * at + 1] < 60]
        if not reds:
            return 0, 0
        left, right = (end(at % wide for at in reds) for end in (min, max))
        inside = [at for at in range(reds[0], reds[-1]) if left < at % wide < right]
        return len(reds), sum(seen[3 * at + 1] > 200 for at in inside)

    wait_for("the picture", lambda: shown()[0] > 5000)
    assert shown()[1] == 0
    desk.press("alt+Right", "alt+Right")
    wait_for("the cue over it", lambda: shown()[1] > 50)
    desk.press("ctrl+shift+m")
    wait_for("no picture", lambda: shown() == (0, 0))
    desk.press("ctrl+shift+m")
    wait_for("the picture again", lambda: shown()[0] > 5000)
