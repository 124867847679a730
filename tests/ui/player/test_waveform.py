"""The waveform under real mouse and key events."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.core.coverage import Coverage, Kind, Part
from desktop.core.document import Document, Edit
from desktop.core.transcript import Segment, Transcript
from desktop.ui.player.canvas import FIRST_SPAN_MS, Canvas
from desktop.ui.player.canvas_drawing import RULER_PX
from desktop.ui.player.waveform import Waveform
from desktop.ui.theme import Theme
from tests.core.test_peaks import part_of, peaks_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SECOND = 1000
LENGTH = 60 * SECOND
Y = 80
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
ALT, CTRL, SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


def loud_from(*spans: tuple[int, int]) -> bytes:
    """The values of a minute of quiet with sound between these times."""
    values = bytearray([10] * (LENGTH // 10))
    for start_ms, end_ms in spans:
        values[start_ms // 10 : end_ms // 10] = bytes([150] * ((end_ms - start_ms) // 10))
    return bytes(values)


VALUES = loud_from((2 * SECOND, 5 * SECOND), (5500, 8 * SECOND), (12 * SECOND, 15 * SECOND))
TRANSCRIPT = Transcript(
    (
        Segment(2 * SECOND, 5 * SECOND, "").reworded("The first one"),
        Segment(5500, 8 * SECOND, "").reworded("The second one"),
        replace(Segment(8 * SECOND, 10 * SECOND, "").reworded("Doubtful"), suspect="repeated"),
    ),
    coverage=Coverage(
        (
            Part(0, 2 * SECOND, Kind.SILENCE),
            Part(2 * SECOND, 10 * SECOND, Kind.TEXT),
            Part(10 * SECOND, 12 * SECOND, Kind.SILENCE),
            Part(12 * SECOND, 15 * SECOND, Kind.MISSING),
        )
    ),
)


class Hand:
    """A pointer over the canvas that thinks in times."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    def x(self, ms: float) -> float:
        return self.canvas.view.x_of(ms)

    def press(self, ms: float, y: float = Y, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self._send(QMouseEvent.Type.MouseButtonPress, self.x(ms), y, LEFT, LEFT, modifiers)

    def move(self, ms: float, y: float = Y, modifiers: Qt.KeyboardModifier = NONE, held: bool = True) -> None:
        buttons = LEFT if held else Qt.MouseButton.NoButton
        self._send(QMouseEvent.Type.MouseMove, self.x(ms), y, Qt.MouseButton.NoButton, buttons, modifiers)

    def release(self, ms: float, y: float = Y, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self._send(QMouseEvent.Type.MouseButtonRelease, self.x(ms), y, LEFT, Qt.MouseButton.NoButton, modifiers)

    def click(self, ms: float, y: float = Y) -> None:
        self.press(ms, y)
        self.release(ms, y)

    def drag(self, start_ms: float, end_ms: float, modifiers: Qt.KeyboardModifier = NONE, y: float = Y) -> None:
        self.press(start_ms, y, modifiers)
        for step in range(1, 6):
            self.move(start_ms + (end_ms - start_ms) * step / 5, y, modifiers)
        self.release(end_ms, y, modifiers)

    def wheel(self, ms: float, steps: float, modifiers: Qt.KeyboardModifier = NONE) -> None:
        place = QPointF(self.x(ms), Y)
        event = QWheelEvent(
            place, self.canvas.mapToGlobal(place), QPoint(), QPoint(0, round(120 * steps)),
            Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(self.canvas, event)

    def _send(
        self, kind: QMouseEvent.Type, x: float, y: float, button: Qt.MouseButton, buttons: Qt.MouseButton,
        modifiers: Qt.KeyboardModifier,
    ) -> None:  # fmt: skip
        place = QPointF(x, y)
        event = QMouseEvent(kind, place, self.canvas.mapToGlobal(place), button, buttons, modifiers)
        QApplication.sendEvent(self.canvas, event)


@pytest.fixture
def waveform(qtbot: QtBot, look: Theme) -> Waveform:
    one = Waveform()
    qtbot.addWidget(one)
    one.resize(900, 180)
    one.show()
    one.show_media(peaks_of(VALUES), LENGTH)
    one.show_transcript(TRANSCRIPT)
    return one


@pytest.fixture
def hand(waveform: Waveform) -> Hand:
    return Hand(waveform.canvas)


def times(edit: Edit) -> list[tuple[int, int]]:
    return [(one.start_ms, one.end_ms) for one in Document.of(TRANSCRIPT).did(edit).current.segments]


# --- a click ---


def test_a_click_goes_there_and_chooses_the_segment(qtbot: QtBot, waveform: Waveform, hand: Hand) -> None:
    with qtbot.waitSignal(waveform.seek_wanted) as sought, qtbot.waitSignal(waveform.segment_chosen) as chosen:
        hand.click(6 * SECOND)
    assert sought.args == [pytest.approx(6 * SECOND, abs=40)]
    assert chosen.args == [1]


def test_a_click_on_the_ruler_goes_there_alone(qtbot: QtBot, waveform: Waveform, hand: Hand) -> None:
    with qtbot.waitSignal(waveform.seek_wanted), qtbot.assertNotEmitted(waveform.segment_chosen):
        hand.click(6 * SECOND, RULER_PX / 2)


def test_a_hand_that_trembles_does_not_drag(qtbot: QtBot, waveform: Waveform, hand: Hand) -> None:
    with qtbot.waitSignal(waveform.seek_wanted), qtbot.assertNotEmitted(waveform.edit_wanted):
        hand.press(5 * SECOND)
        hand.move(waveform.canvas.view.ms_at(hand.x(5 * SECOND) + 2))
        hand.release(5 * SECOND)


# --- a drag ---


def test_dragging_an_edge_wishes_for_one_edit_when_it_is_let_go(qtbot: QtBot, waveform: Waveform, hand: Hand) -> None:
    edits: list[Edit] = []
    waveform.edit_wanted.connect(edits.append)
    hand.press(2 * SECOND)
    for ms in (1800, 1500, 1200):
        hand.move(ms)
    assert edits == []
    assert waveform.canvas.dragged_edit
    hand.release(1200)
    assert len(edits) == 1
    assert times(edits[0])[0][0] == pytest.approx(1200, abs=40)
    assert waveform.canvas.dragged_edit is None


def test_a_drag_is_shown_as_it_goes(waveform: Waveform, hand: Hand) -> None:
    before = waveform.canvas.grab().toImage()
    hand.press(2 * SECOND)
    hand.move(1500)
    hand.move(1000)
    during = waveform.canvas.grab().toImage()
    assert during != before
    x = round(hand.x(1500))
    assert during.pixelColor(x, Y + 40) != before.pixelColor(x, Y + 40)
    hand.release(1000)
    assert waveform.canvas.grab().toImage() == before  # nobody has taken the edit


def test_an_edge_snaps_to_where_the_sound_begins_unless_alt_is_held(
    qtbot: QtBot, waveform: Waveform, hand: Hand
) -> None:
    late = Transcript((Segment(2300, 5 * SECOND, "").reworded("Too late"),))
    waveform.show_transcript(late)
    with qtbot.waitSignal(waveform.edit_wanted) as told:
        hand.drag(2300, 2100)
    assert told.args[0].splices[0].inserted[0].start_ms == 2000
    with qtbot.waitSignal(waveform.edit_wanted) as told:
        hand.drag(2300, 2100, ALT)
    assert told.args[0].splices[0].inserted[0].start_ms == pytest.approx(2100, abs=2)


def test_an_edge_snaps_to_the_playhead(qtbot: QtBot, waveform: Waveform, hand: Hand) -> None:
    waveform.set_playhead(1111)
    with qtbot.waitSignal(waveform.edit_wanted) as told:
        hand.drag(2000, 1180)
    assert told.args[0].splices[0].inserted[0].start_ms == 1111


def test_where_two_segments_meet_both_edges_move_and_with_ctrl_one(
    qtbot: QtBot, waveform: Waveform, hand: Hand
) -> None:
    with qtbot.waitSignal(waveform.edit_wanted) as told, qtbot.assertNotEmitted(waveform.segment_chosen):
        hand.drag(8 * SECOND, 9 * SECOND)
    moved = times(told.args[0])
    assert moved[1][1] == moved[2][0] == pytest.approx(9000, abs=40)
    with qtbot.waitSignal(waveform.edit_wanted) as told:
        hand.drag(7980, 7 * SECOND, CTRL)
    moved = times(told.args[0])
    assert (moved[1][1], moved[2][0]) == (pytest.approx(7000, abs=60), 8000)


def test_the_middle_of_a_segment_moves_it(qtbot: QtBot, waveform: Waveform, hand: Hand) -> None:
    with qtbot.waitSignal(waveform.edit_wanted) as told, qtbot.waitSignal(waveform.segment_chosen):
        hand.drag(3500, 2500)
    assert times(told.args[0])[0] == pytest.approx((1000, 4000), abs=40)


def test_escape_lets_go_without_a_change(qtbot: QtBot, waveform: Waveform, hand: Hand) -> None:
    with qtbot.assertNotEmitted(waveform.edit_wanted):
        hand.press(2 * SECOND)
        hand.move(1500)
        hand.move(1000)
        qtbot.keyClick(waveform.canvas, Qt.Key.Key_Escape)
        hand.release(1000)


def test_text_that_changes_under_a_drag_ends_it(qtbot: QtBot, waveform: Waveform, hand: Hand) -> None:
    with qtbot.assertNotEmitted(waveform.edit_wanted):
        hand.press(2 * SECOND)
        hand.move(1500)
        waveform.take(replace(TRANSCRIPT, segments=TRANSCRIPT.segments[1:]), None)
        hand.release(1000)


def test_an_edit_that_was_made_is_shown(waveform: Waveform, hand: Hand) -> None:
    edits: list[Edit] = []
    waveform.edit_wanted.connect(edits.append)
    before = waveform.canvas.grab().toImage()
    hand.drag(2 * SECOND, 1 * SECOND)
    waveform.take(Document.of(TRANSCRIPT).did(edits[0]).current, edits[0])
    assert waveform.canvas.grab().toImage() != before
    waveform.take(TRANSCRIPT, edits[0].inverse)
    assert waveform.canvas.grab().toImage() == before


def test_a_drag_beyond_the_edge_takes_the_view_along(qtbot: QtBot, waveform: Waveform, hand: Hand) -> None:
    waveform.canvas.zoom(10)
    waveform.canvas.center(4 * SECOND)
    end = waveform.canvas.view.end_ms
    hand.press(5 * SECOND)
    hand.move(5100)
    outside = waveform.canvas.mapToGlobal(QPoint(waveform.canvas.width() + 60, Y))
    waveform.canvas.cursor().setPos(outside)
    hand.move(end + 200)
    qtbot.waitUntil(lambda: waveform.canvas.view.end_ms > end)
    hand.release(end)


# --- a stretch ---


@pytest.mark.parametrize(
    ("start_ms", "end_ms", "modifiers", "y"),
    [
        (11 * SECOND, 14 * SECOND, NONE, Y),
        (14 * SECOND, 11 * SECOND, NONE, Y),
        (3 * SECOND, 6 * SECOND, NONE, 5),
        (3 * SECOND, 6 * SECOND, SHIFT, Y),
    ],
    ids=["empty space", "backwards", "ruler", "shift"],
)
def test_a_drag_over_empty_space_the_ruler_or_with_shift_selects_a_stretch(
    qtbot: QtBot, waveform: Waveform, hand: Hand, start_ms: int, end_ms: int, modifiers: Qt.KeyboardModifier, y: int
) -> None:
    with qtbot.waitSignal(waveform.stretch_selected) as told, qtbot.assertNotEmitted(waveform.edit_wanted):
        hand.drag(start_ms, end_ms, modifiers, y)
    assert told.args == pytest.approx(sorted((start_ms, end_ms)), abs=40)
    assert waveform.stretch == tuple(told.args)


def test_a_click_elsewhere_or_escape_forgets_the_stretch(qtbot: QtBot, waveform: Waveform, hand: Hand) -> None:
    hand.drag(11 * SECOND, 14 * SECOND)
    with qtbot.waitSignal(waveform.stretch_cleared):
        hand.click(20 * SECOND)
    assert waveform.stretch is None
    hand.drag(11 * SECOND, 14 * SECOND)
    with qtbot.waitSignal(waveform.stretch_cleared):
        qtbot.keyClick(waveform.canvas, Qt.Key.Key_Escape)


def test_a_double_click_selects_the_segment(qtbot: QtBot, waveform: Waveform, hand: Hand) -> None:
    place = QPoint(round(hand.x(3 * SECOND)), Y)
    with qtbot.waitSignal(waveform.stretch_selected) as told:
        qtbot.mouseDClick(waveform.canvas, LEFT, pos=place)
    assert told.args == [2 * SECOND, 5 * SECOND]


def test_the_right_button_offers_a_menu_for_the_time_and_the_segment(
    qtbot: QtBot, waveform: Waveform, hand: Hand
) -> None:
    place = QPoint(round(hand.x(6 * SECOND)), Y)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, waveform.canvas.mapToGlobal(place))
    with qtbot.waitSignal(waveform.segment_chosen) as chosen, qtbot.waitSignal(waveform.menu_wanted) as wanted:
        QApplication.sendEvent(waveform.canvas, event)
    assert chosen.args == [1]
    assert wanted.args[1] == pytest.approx(6 * SECOND, abs=40)


# --- what is in view ---


def test_ctrl_and_wheel_come_closer_around_the_pointer_the_wheel_alone_moves_along(
    waveform: Waveform, hand: Hand
) -> None:
    canvas = waveform.canvas
    x, before = hand.x(7 * SECOND), canvas.view
    hand.wheel(7 * SECOND, 2, CTRL)
    assert canvas.view.ms_per_px == pytest.approx(before.ms_per_px / 1.5**2)
    assert canvas.view.ms_at(x) == pytest.approx(7 * SECOND, abs=1)
    start = canvas.view.start_ms
    hand.wheel(7 * SECOND, -1)
    assert canvas.view.start_ms > start
    hand.wheel(7 * SECOND, 1)
    assert canvas.view.start_ms == pytest.approx(start)


def test_keys_zoom_scroll_and_seek(qtbot: QtBot, waveform: Waveform) -> None:
    canvas = waveform.canvas
    before = canvas.view.ms_per_px
    qtbot.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.view.ms_per_px < before
    qtbot.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.view.ms_per_px == pytest.approx(before)
    qtbot.keyClick(canvas, Qt.Key.Key_0)
    assert (canvas.view.start_ms, canvas.view.end_ms) == pytest.approx((0, LENGTH))
    waveform.zoom_in()
    qtbot.keyClick(canvas, Qt.Key.Key_PageDown)
    assert canvas.view.start_ms > 0
    waveform.set_playhead(10 * SECOND)
    for key, modifiers, wanted in (
        (Qt.Key.Key_Right, NONE, 10_500), (Qt.Key.Key_Left, NONE, 9_500), (Qt.Key.Key_Left, SHIFT, 9_950),
        (Qt.Key.Key_Home, NONE, 0), (Qt.Key.Key_End, NONE, LENGTH),
    ):  # fmt: skip
        with qtbot.waitSignal(waveform.seek_wanted) as told:
            qtbot.keyClick(canvas, key, modifiers)
        assert told.args == [wanted]


def test_the_view_goes_with_the_playhead_until_the_user_looks_elsewhere(waveform: Waveform, hand: Hand) -> None:
    canvas = waveform.canvas
    for ms in range(0, 40 * SECOND, 33):
        waveform.set_playhead(ms)
        assert canvas.view.holds(ms)
    canvas.travel(-5000)
    looked_at = canvas.view
    waveform.set_playhead(41 * SECOND)
    assert canvas.view == looked_at
    waveform.follow()
    assert canvas.view.holds(41 * SECOND)
    canvas.travel(-5000)
    hand.click(3 * SECOND)  # a click means: here
    waveform.set_playhead(3 * SECOND)
    waveform.set_playhead(45 * SECOND)
    assert canvas.view.holds(45 * SECOND)


def test_a_segment_is_brought_into_view_and_stays_if_it_is(waveform: Waveform) -> None:
    before = waveform.canvas.view
    waveform.bring_into_view(5 * SECOND, 8 * SECOND)
    assert waveform.canvas.view == before
    waveform.bring_into_view(50 * SECOND, 52 * SECOND)
    assert waveform.canvas.view.holds(50 * SECOND)
    assert waveform.canvas.view.holds(52 * SECOND)


def test_a_file_that_is_opened_before_the_window_has_its_size_begins_in_the_same_view(waveform: Waveform) -> None:
    canvas = waveform.canvas
    waveform.show_media(peaks_of(VALUES), 10 * LENGTH)
    waveform.resize(500, 180)
    assert canvas.view.span_ms == pytest.approx(FIRST_SPAN_MS)
    waveform.resize(1100, 180)
    assert canvas.view.span_ms == pytest.approx(FIRST_SPAN_MS)
    waveform.zoom_in()
    scale = canvas.view.ms_per_px
    waveform.resize(800, 180)
    assert canvas.view.ms_per_px == scale


def test_what_the_pointer_means_stays_under_it(waveform: Waveform, hand: Hand) -> None:
    waveform.segment_chosen.connect(lambda at: waveform.bring_into_view(*_ends(at)))
    waveform.edit_wanted.connect(lambda _edit: waveform.bring_into_view(*_ends(1)))
    one = TRANSCRIPT.segments[1]
    waveform.canvas.zoom(20, hand.x(one.end_ms - 100))
    before = waveform.canvas.view
    assert before.start_ms > one.start_ms
    hand.click(one.end_ms - 500)
    hand.drag(one.end_ms, one.end_ms - 200)
    assert waveform.canvas.view == before
    waveform.bring_into_view(*_ends(1))
    assert waveform.canvas.view.holds(one.start_ms)


def _ends(at: int) -> tuple[int, int]:
    return TRANSCRIPT.segments[at].start_ms, TRANSCRIPT.segments[at].end_ms


def test_the_overview_moves_the_view_and_a_click_goes_there(qtbot: QtBot, waveform: Waveform) -> None:
    overview = waveform.overview
    waveform.canvas.zoom(4, 0)
    with qtbot.waitSignal(waveform.seek_wanted) as told:
        qtbot.mouseClick(overview, LEFT, pos=QPoint(overview.width() // 2, 10))
    assert told.args[0] == pytest.approx(LENGTH / 2, abs=100)
    assert waveform.canvas.view.holds(LENGTH / 2)
    with qtbot.assertNotEmitted(waveform.seek_wanted):
        qtbot.mousePress(overview, LEFT, pos=QPoint(overview.width() // 2, 10))
        qtbot.mouseMove(overview, QPoint(overview.width() * 3 // 4, 10))
        qtbot.mouseRelease(overview, LEFT, pos=QPoint(overview.width() * 3 // 4, 10))
    assert waveform.canvas.view.holds(LENGTH * 3 / 4)


def test_peaks_that_arrive_are_shown_and_a_file_may_be_longer_than_it_says(waveform: Waveform) -> None:
    waveform.show_media(None, 20 * SECOND)
    before = waveform.canvas.grab().toImage()
    waveform.add_peaks([part_of(VALUES[:1024])])
    assert waveform.canvas.grab().toImage() != before
    waveform.add_peaks([part_of(VALUES[1024:2048]), part_of(VALUES[2048:3072])])
    waveform.show_all()
    assert waveform.canvas.view.end_ms == pytest.approx(30_720)


# --- what it says ---


def test_pointing_tells_time_and_text(waveform: Waveform, hand: Hand) -> None:
    assert waveform.canvas.told_at(hand.x(3 * SECOND)) == "0:02.00–0:05.00\nThe first one"
    assert waveform.canvas.told_at(hand.x(13 * SECOND)).endswith("Speech without text")
    assert waveform.overview.told_at(waveform.overview.width() / 60).startswith("0:01  Silence")


def test_the_cursor_says_what_a_press_would_do(waveform: Waveform, hand: Hand) -> None:
    shapes = []
    for ms in (2 * SECOND, 8 * SECOND, 3 * SECOND, 20 * SECOND):
        hand.move(ms, held=False)
        shapes.append(waveform.canvas.cursor().shape())
    shape = Qt.CursorShape
    assert shapes == [shape.SizeHorCursor, shape.SplitHCursor, shape.ArrowCursor, shape.IBeamCursor]


def test_it_is_named_for_those_who_listen(waveform: Waveform) -> None:
    assert waveform.canvas.accessibleName() == "Waveform"
    waveform.set_selection([1])
    assert waveform.canvas.accessibleDescription() == "0:05.50–0:08.00"
    assert waveform.overview.accessibleDescription() == TRANSCRIPT.coverage.said


# --- what it looks like, without regard to colour ---


def darkness(image: QImage, x: float, y: int) -> int:
    colour = QColor(image.pixel(round(x * image.devicePixelRatio()), y))
    return 255 - colour.lightness()


def column(image: QImage, x: float) -> list[int]:
    return [darkness(image, x, y) for y in range(image.height())]


def test_kinds_of_speech_differ_in_form(waveform: Waveform, hand: Hand) -> None:
    waveform.show_media(None, LENGTH)  # no sound, so that only the marks are seen
    image = waveform.canvas.grab().toImage()
    low = image.height() - 20
    hatched = [darkness(image, hand.x(ms), low) > 30 for ms in range(12_300, 14_700, 20)]
    assert True in hatched
    assert hatched.count(False) > len(hatched) / 3
    sure = {darkness(image, hand.x(ms), low) for ms in range(2300, 4700, 20)}
    assert len(sure) == 1
    whole, broken = (
        {max(darkness(image, hand.x(ms) - x, y) for x in range(3)) for y in range(48, 70)} for ms in (5000, 10_000)
    )
    assert len(whole) == 1
    assert max(broken) - min(broken) > 60


@pytest.mark.parametrize("zoom", [1 / 64, 1, 64])
def test_it_follows_the_theme_at_every_scale(
    qtbot: QtBot, waveform: Waveform, look: Theme, qapp: QApplication, zoom: float
) -> None:
    waveform.canvas.zoom(zoom)
    light = waveform.grab().toImage()
    look.use("dark")
    qapp.processEvents()
    assert waveform.grab().toImage() != light


def test_thousands_of_segments_are_drawn_as_what_they_cover(qtbot: QtBot, waveform: Waveform) -> None:
    many = Transcript(tuple(Segment(at, at + 9, "x") for at in range(0, 30 * SECOND, 10)))
    waveform.show_transcript(many)
    waveform.show_all()
    image = waveform.canvas.grab().toImage()
    low = image.height() - 8
    covered = [darkness(image, x, low) for x in range(10, image.width() // 2 - 10)]
    bare = [darkness(image, x, low) for x in range(image.width() // 2 + 10, image.width() - 10) if x % 150 > 3]
    assert min(covered) > max(bare[:50])


def test_without_a_file_it_is_empty_and_still(qtbot: QtBot, look: Theme) -> None:
    one = Waveform()
    qtbot.addWidget(one)
    one.resize(600, 150)
    one.show()
    hand = Hand(one.canvas)
    with qtbot.assertNotEmitted(one.seek_wanted), qtbot.assertNotEmitted(one.stretch_selected):
        hand.drag(0, 1)
        hand.wheel(0, 1, CTRL)
        one.zoom_in()
        one.set_playhead(5)
    assert not one.grab().isNull()
