"""The transcript as it is read: what is drawn, what stays in place, what follows the sound."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPalette, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.core import doubts, editing
from desktop.core.coverage import Kind, Part
from desktop.core.transcript import Segment, Transcript
from desktop.ui.document.document_view import DocumentView
from desktop.ui.document.paragraph import LINE_PX
from desktop.ui.theme import DARK, LIGHT, Theme
from tests.ui.document.conftest import CTRL, Person, segment

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Key = Qt.Key
CHECKED = (
    segment(0, "Sure."),
    segment(2000, "Thanks for watching.", suspect=doubts.BOILERPLATE),
    segment(4000, "Sure again."),
    segment(14_000, "Not so sure.", suspect=doubts.UNSURE),
)
GAP = Part(6000, 13_000, Kind.MISSING)
ARABIC = "السلام عليكم ورحمة الله وبركاته، أهلا وسهلا بكم في هذا البرنامج الجديد عن تاريخ البرمجة"


def image(view: DocumentView) -> QImage:
    return view.viewport().grab().toImage()


def texts_at(view: DocumentView) -> dict[int, int]:
    """Where the segments in sight stand in the window."""
    return {row.number: round(row.top) for row in view.rows_in_sight()}


def captions(view: DocumentView) -> list[Part]:
    return [part for _top, part in view.captions_in_sight()]


def wheel(view: DocumentView, lines: int) -> None:
    place = QPointF(300, 200)
    at = view.viewport().mapToGlobal(place)
    turn = QPoint(0, -40 * lines)
    buttons, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(place, at, QPoint(), turn, buttons, Qt.KeyboardModifier.NoModifier, phase, False)
    QApplication.sendEvent(view.viewport(), event)


# --- the same text, painted and written ---


@pytest.mark.parametrize(
    "spoken",
    [
        segment(0, "Some words of one speaker, " * 6),
        segment(0, "Thanks for watching.", suspect=doubts.BOILERPLATE),
        segment(0, ARABIC + " " + ARABIC),
        segment(0, "שלום 42 Python"),
        segment(0, "中文没有空格，所以每个字都可以换行。" * 6),
        segment(0, "Emoji 😀 and 👩‍👩‍👧 « fin »"),
        segment(0, "two\nlines", is_pinned=True),
        segment(0, "W" * 200),
        segment(0, "tab\there  double  spaces "),
        Segment(0, 1000, ""),
    ],
    ids=lambda one: one.text[:12] if isinstance(one, Segment) else "",
)
def test_the_editor_lies_over_the_painted_text_to_the_pixel(person: Person, spoken: Segment) -> None:
    person.opens(segment(-5000, "First."), spoken)
    painted = image(person.view)
    person.view._put_caret(1, 0)
    person.view.focusProxy().clearFocus()
    row, lines = person.view._row(1), person.view._column.lines(0, 0)
    place = QPoint(int(lines.left()) - 2, int(row.top) - 4), QPoint(int(lines.right()) + 4, int(row.bottom) + 8)
    written = image(person.view)
    for x in range(place[0].x(), place[1].x()):
        for y in range(place[0].y(), place[1].y()):
            assert painted.pixel(x, y) == written.pixel(x, y), (x, y)


def test_doubtful_text_is_grey_and_slanted_and_says_why(person: Person, look: Theme) -> None:
    person.opens(*CHECKED)
    view = person.view
    fonts = [row.paragraph.layout.font().italic() for row in view.rows_in_sight()]
    assert fonts == [False, True, False, True]
    assert view.told_at(QPointF(person.place_of(0, 1))) == ""
    assert view.told_at(QPointF(person.place_of(1, 1))).startswith(
        "A phrase that models make up in silence.\nF9 keeps it"
    )
    assert view.palette().color(QPalette.ColorRole.PlaceholderText).name() == LIGHT.quiet
    person.clicks(person.place_of(1, 1))
    assert view.focusProxy().accessibleDescription().startswith("0:02, A phrase that models make up")
    assert written_colour(view) == LIGHT.quiet
    look.use("dark")
    QApplication.processEvents()
    assert written_colour(view) == DARK.quiet


def written_colour(view: DocumentView) -> str:
    cursor = view.focusProxy().textCursor()
    cursor.setPosition(1)
    return QColor(cursor.charFormat().foreground().color()).name()


def test_doubtful_text_that_is_typed_over_looks_like_the_rest(person: Person) -> None:
    person.opens(*CHECKED)
    person.clicks(person.place_of(1, 1))
    person.types("No ")
    person.view.commit()
    assert not person.view._row(1).paragraph.layout.font().italic()
    assert not person.view.focusProxy().textCursor().charFormat().fontItalic()
    person.view.undo()
    assert person.view.focusProxy().textCursor().charFormat().fontItalic()


def test_scripts_without_slanted_letters_stay_readable(person: Person) -> None:
    person.opens(Segment(0, 1, "\U000e0fff", suspect=doubts.UNSURE))  # no font has this
    assert not person.view._row(0).paragraph.layout.font().italic()


def test_words_with_little_probability_are_marked_below_the_threshold_only(person: Person) -> None:
    spoken = segment(0, "One two three.")
    words = tuple(replace(word, probability=one) for word, one in zip(spoken.words, (0.9, 0.3, 1.0), strict=True))
    person.opens(replace(spoken, words=words))
    plain = image(person.view)
    marked = []
    for threshold in (0.2, 0.5, 0.95, 1.5):
        person.view.set_doubt_threshold(threshold)
        row = next(iter(person.view.rows_in_sight()))
        marked.append([one.word.text for one in person.view._marks(row, True).doubtful])
    assert marked == [[], [" two"], ["One", " two"], ["One", " two"]]
    assert image(person.view) != plain


# --- speech without text ---


def test_speech_without_text_is_named_where_it_was_said(person: Person) -> None:
    person.opens(*CHECKED)
    before = texts_at(person.view)
    person.view.set_missing([GAP])
    assert captions(person.view) == [GAP]
    top = next(top for top, _part in person.view.captions_in_sight())
    after = texts_at(person.view)
    assert after[2] == before[2] < top < after[3]
    assert person.view.told_at(QPointF(300, top + 5)) == "0:06–0:13  Speech without text"
    person.view.set_missing([])
    assert texts_at(person.view) == before


def test_speech_without_text_at_either_end_is_named_too(person: Person) -> None:
    first, last = Part(0, 3000, Kind.MISSING), Part(20_000, 25_000, Kind.MISSING)
    person.opens(segment(5000, "One."))
    person.view.set_missing([first, last])
    assert captions(person.view) == [first, last]
    person.hears(segment(30_000, "Two."))
    assert captions(person.view) == [first, last]
    person.opens()
    assert captions(person.view) == [Part(0, 25_000, Kind.MISSING)]


def test_what_can_be_done_about_it_is_clicked(qtbot: QtBot, person: Person) -> None:
    from desktop.ui.document.column import margin_font
    from desktop.ui.document.painter import Zone, caption_parts

    person.opens(*CHECKED)
    person.view.set_missing([GAP])
    top = next(top for top, _part in person.view.captions_in_sight())
    parts = caption_parts(person.view._column, margin_font(person.view._typesetter.style.font), top, GAP)
    wishes = {Zone.TRANSCRIBE: person.view.transcribe_wanted, Zone.WRITE: person.view.insert_wanted}
    for zone, place, _text in parts[1:]:
        with qtbot.waitSignal(wishes[zone]) as told:
            person.clicks(place.center().toPoint())
        assert told.args == [6000, 13_000]
    with qtbot.waitSignal(person.view.seek_wanted) as told:
        person.clicks(person.view._column.time(top, LINE_PX).center().toPoint())
    assert told.args == [6000]


def test_the_same_is_done_by_keyboard(qtbot: QtBot, person: Person) -> None:
    person.opens(*CHECKED)
    person.view.set_missing([GAP])
    with qtbot.assertNotEmitted(person.view.insert_wanted):
        person.view.write_here()
    person.view.show_place(GAP.start_ms)
    assert person.view.gap == GAP
    with qtbot.waitSignal(person.view.insert_wanted) as told:
        person.view.write_here()
    assert told.args == [6000, 13_000]
    person.presses(Key.Key_Home, CTRL)
    assert person.view.gap is None


def test_a_caption_goes_where_text_is_written(person: Person) -> None:
    person.opens(*CHECKED)
    person.view.set_missing([GAP])
    person._did(editing.inserted(person.document.current, 6000, 13_000, "Here."))
    assert person.caret == (3, 0)
    assert person.texts[3] == "Here."
    assert captions(person.view) == [GAP]  # until the map says otherwise
    person.view.set_missing([])
    assert captions(person.view) == []


# --- places ---


def test_a_place_is_brought_into_sight_with_the_caret(person: Person) -> None:
    view = person.view
    assert view.place_ms() == -1
    person.opens(*(segment(1000 * number, f"Segment {number}.") for number in range(80)))
    view.show_place(60_500)
    assert view.caret_place()[0] == 60
    assert view._is_in_sight(60, 0)
    assert view.place_ms() == 60_500
    scrolled = view.verticalScrollBar().value()
    view.show_place(61_500)  # in sight already
    assert view.verticalScrollBar().value() == scrolled
    person.presses(Key.Key_Home, CTRL)
    assert view.place_ms() == -1
    view.show_place(99_000_000)
    assert view.caret_place()[0] == 79
    person.opens()
    view.show_place(5)
    assert view.place_ms() == -1
    assert view.caret_place() == (-1, -1, -1)


def test_the_place_of_the_caret_is_news(qtbot: QtBot, person: Person) -> None:
    told: list[int] = []
    person.view.place_changed.connect(told.append)
    person.clicks(person.place_of(1, 6))
    person.presses(Key.Key_Left)
    person.presses(Key.Key_Home)
    assert told == [person.document.current.segments[1].words[1].start_ms, 2000]


# --- heights and scrolling ---


def test_all_of_a_long_transcript_can_be_reached_and_nothing_jumps(
    person: Person, many: Callable[[int], Transcript]
) -> None:
    many(400)
    view, bar = person.view, person.view.verticalScrollBar()
    for step in (60, -60):
        seen: list[int] = []
        for _time in range(2000):
            before, was = texts_at(view), bar.value()
            bar.setValue(was + step)
            seen += list(before)
            after = texts_at(view)
            moved = {before[number] - after[number] for number in before.keys() & after.keys()}
            assert len(moved) <= 1
            if not moved - {0} and bar.value() in (0, bar.maximum()):
                break
            assert moved == {step} or bar.value() in (0, bar.maximum())
        assert set(seen) == set(range(400))


def test_a_jump_shows_whole_lines_without_gaps(person: Person, many: Callable[[int], Transcript]) -> None:
    many(400)
    bar = person.view.verticalScrollBar()
    for share in (0.9, 0.3, 0.7, 1.0, 0.0):
        bar.setValue(round(bar.maximum() * share))
        rows = list(person.view.rows_in_sight())
        assert rows[0].top <= LINE_PX
        assert rows[-1].bottom >= person.view.viewport().height() - 2 * LINE_PX
        for row, follower in zip(rows, rows[1:], strict=False):
            assert follower.top - row.bottom == 10


def test_what_is_read_stays_where_it_is_when_the_window_changes(
    person: Person, many: Callable[[int], Transcript]
) -> None:
    many(200)
    person.view.verticalScrollBar().setValue(3000)
    number, top = next((number, top) for number, top in texts_at(person.view).items() if top >= 0)
    person.view.resize(420, 500)
    assert texts_at(person.view)[number] == top
    person.view.resize(900, 500)
    assert texts_at(person.view)[number] == top


def test_an_edit_above_does_not_move_what_is_read(person: Person, many: Callable[[int], Transcript]) -> None:
    person.view.resize(1200, 500)  # room for names beside lines of full length
    many(200)
    person.view._put_caret(100, 0)
    tops = texts_at(person.view)
    person._did(editing.spoken_by(person.document.current, [3, 50], "Anna"))
    assert texts_at(person.view) == tops


def test_an_edit_out_of_sight_is_brought_into_sight(person: Person, many: Callable[[int], Transcript]) -> None:
    many(200)
    person.view._put_caret(150, 8)
    person.presses(Key.Key_Return)
    person.presses(Key.Key_Home, CTRL)
    assert person.view.verticalScrollBar().value() == 0
    person.presses(Key.Key_Z, CTRL)
    assert person.caret == (150, 7)
    assert person.view._is_in_sight(150, 7)


def test_typing_on_into_another_line_moves_the_rest_down(person: Person) -> None:
    before = texts_at(person.view)
    person.clicks(person.place_of(0, 0))
    person.types("many words that go on " * 5)
    after = texts_at(person.view)
    lines = person.view._row(0).paragraph.line_count
    assert lines > 1
    assert after[1] - before[1] == (lines - 1) * LINE_PX
    assert person.view.focusProxy().verticalScrollBar().value() == 0


def test_the_end_is_followed_only_if_it_is_in_sight(person: Person) -> None:
    bar = person.view.verticalScrollBar()
    person.opens()
    for number in range(60):
        person.hears(segment(2000 * number, f"Segment {number}. " + "Words. " * (number % 30)))
    assert bar.value() == bar.maximum() > 0
    bar.setValue(10)
    tops = texts_at(person.view)
    person.hears(segment(200_000, "More."))
    assert texts_at(person.view) == tops
    bar.setValue(bar.maximum())
    person.view.resize(person.view.width(), 300)
    assert bar.value() == bar.maximum()
    person.view.set_missing([Part(1000, 1900, Kind.MISSING), Part(300_000, 310_000, Kind.MISSING)])
    assert bar.value() == bar.maximum()


def test_segments_that_arrive_do_not_disturb_typing_or_undo(person: Person) -> None:
    person.clicks(person.place_of(0, 3))
    person.types("!")
    person.hears(segment(6000, "Nine."))
    person.types("?")
    person.view.commit()
    assert person.texts == ["One!? two three.", "Four five.", "Six seven eight.", "Nine."]
    person.presses(Key.Key_Z, CTRL)
    assert person.texts == ["One two three.", "Four five.", "Six seven eight.", "Nine."]


# --- the playhead ---


def test_the_word_that_is_said_is_marked(person: Person) -> None:
    words = person.document.current.segments[1].words
    plain = image(person.view)
    person.view.set_playhead(words[1].start_ms + 5)
    assert person.view._said == (1, 1)
    assert image(person.view) != plain
    for ms in (1500, -1):
        person.view.set_playhead(ms)
        assert person.view._said is None
    assert image(person.view) == plain


def test_the_text_follows_what_is_said_until_a_person_scrolls_away(
    qtbot: QtBot, person: Person, many: Callable[[int], Transcript]
) -> None:
    many(200)
    view, told = person.view, list[bool]()
    view.following_changed.connect(told.append)
    view.set_playhead(200_500)
    qtbot.waitUntil(lambda: view._is_in_sight(100, 0))
    wheel(view, 3)  # the word stays in sight
    assert view.following
    wheel(view, 60)
    assert not view.following
    scrolled = view.verticalScrollBar().value()
    view.set_playhead(202_500)
    assert view.verticalScrollBar().value() == scrolled
    view.resume_following()
    qtbot.waitUntil(lambda: view._is_in_sight(101, 0))
    assert told == [False, True]


def test_a_person_who_scrolls_away_in_a_pause_is_not_taken_back(
    qtbot: QtBot, person: Person, many: Callable[[int], Transcript]
) -> None:
    pause_ms = many(200).segments[100].end_ms + 50
    view = person.view
    view.set_playhead(200_500)
    qtbot.waitUntil(lambda: view._is_in_sight(100, 0))
    view.set_playhead(pause_ms)
    assert view._said is None
    wheel(view, 60)
    assert not view.following
    view.resume_following()
    qtbot.waitUntil(lambda: view._is_in_sight(100, 0))


def test_the_text_glides_to_what_is_near(qtbot: QtBot, person: Person, many: Callable[[int], Transcript]) -> None:
    many(200)
    for number in range(40):
        person.view.set_playhead(2000 * number + 100)
        qtbot.waitUntil(lambda number=number: person.view._is_in_sight(number, 0))


def test_nothing_scrolls_away_from_under_typing_hands(person: Person, many: Callable[[int], Transcript]) -> None:
    many(200)
    person.clicks(person.place_of(0, 0))
    person.types("A")
    person.view.set_playhead(200_500)
    assert person.view.verticalScrollBar().value() == 0
    assert person.view.following


# --- all directions, sizes and scripts ---


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_everything_can_be_drawn_in_both_directions(person: Person, direction: Qt.LayoutDirection) -> None:
    view = person.view
    view.setLayoutDirection(direction)
    spoken = [replace(one, speaker="Anna" if number % 2 else "سلمى") for number, one in enumerate(CHECKED)]
    person.opens(*spoken, segment(20_000, ARABIC))
    view.set_missing([GAP])
    view.set_doubt_threshold(1.0)
    pictures = [image(view)]
    for do in (
        lambda: view.set_playhead(20_100),
        lambda: view.show_place(7000),
        lambda: view._choose(0, 2),
        lambda: QTest.mouseMove(view.viewport(), view._column.time(view._row(3).top, 24).center().toPoint()),
    ):
        do()
        QApplication.processEvents()
        pictures.append(image(view))
    assert all(one != other for one, other in zip(pictures, pictures[1:], strict=False))
    times, lines = view._column.time(0, 24), view._column.lines(0, 24)
    assert (times.left() < lines.left()) is (direction is Qt.LayoutDirection.LeftToRight)


def test_long_names_are_shortened_and_told_in_full(person: Person) -> None:
    name = "Professor Doctor Theodora von und zu Hohenstein-Wallersdorf"
    person.opens(segment(0, "One.", speaker=name))
    place = person.view._column.speaker(person.view._row(0).top, 24)
    assert place.width() < 140
    assert person.view.told_at(place.center()) == name
    image(person.view)


def test_a_very_long_segment_is_written_and_scrolled(person: Person) -> None:
    person.opens(segment(0, "word " * 2000), segment(2000, "Behind."))
    person.presses(Key.Key_End, CTRL)
    assert person.caret == (1, 7)
    person.presses(Key.Key_Up)
    assert person.caret[0] == 0
    assert person.view._is_in_sight(*person.caret)
    person.types("x")
    person.view.commit()
    assert len(person.texts[0]) == 10_001
    person.presses(Key.Key_PageUp, times=30)
    assert person.caret == (0, 0)


def test_an_empty_transcript_is_nothing_to_type_into(person: Person) -> None:
    person.opens()
    view = person.view
    person.types("nothing")
    for key in (Key.Key_Return, Key.Key_Backspace, Key.Key_Down, Key.Key_PageDown):
        person.presses(key)
    person.clicks(QPoint(300, 100))
    for do in (view.split_here, view.merge_with_next, view.delete_selected, view.keep_text, view.select_all):
        do()
    assert person.edits == []
    person.hears(segment(0, "One two."))
    assert person.caret == (0, 0)
    image(view)
    person.presses(Key.Key_End)
    person.types("!")
    view.commit()
    assert person.texts == ["One two.!"]


def test_the_view_tells_a_screen_reader_where_the_caret_is(person: Person) -> None:
    person.opens(segment(0, "One."), segment(62_000, "Two.", speaker="Anna"))
    person.clicks(person.place_of(1, 1))
    assert person.view.accessibleName() == "Transcript"
    assert person.view.accessibleDescription() == "1:02, Anna, Two."
    assert person.view.focusProxy().accessibleDescription() == "1:02, Anna"
    person.presses(Key.Key_A, CTRL, times=2)
    assert person.view.accessibleDescription() == "2 segments chosen"


def test_what_was_searched_for_is_marked_and_the_current_hit_shown(
    person: Person, many: Callable[[int], Transcript]
) -> None:
    many(200)
    plain = image(person.view)
    hits = [(number, 0, 7) for number in range(200)]
    person.view.set_found(hits)
    marked = image(person.view)
    assert marked != plain
    person.view.set_found(hits, 1)
    assert image(person.view) not in (plain, marked)
    person.view.set_found(hits, 120)
    assert person.view._is_in_sight(120, 0)
    assert person.caret == (0, 0)
    person._did(editing.reworded(person.document.current, 3, "Another."))
    person.view.verticalScrollBar().setValue(0)
    assert person.view._found == {}


def test_three_clicks_select_the_segment(person: Person) -> None:
    place, viewport = person.place_of(2, 6), person.view.viewport()
    person.clicks(place)
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    person.clicks(place)
    assert person.selected == "Six seven eight."
    assert person.view.chosen_count == 0


def test_deleting_who_speaks_makes_room_for_the_text(person: Person) -> None:
    person.view.resize(420, 500)
    person.opens(segment(0, "One two three."), segment(2000, "Four. " * 30, speaker="Anna"))
    narrow = person.view._column.text
    person.clicks(person.place_of(1, 100))
    person.view.delete_selected()
    assert person.view._column.text > narrow
    assert person.caret == (0, 14)
    person.view.undo()
    assert person.view._column.text == narrow
    assert person.caret == (1, 0)


def test_a_caption_fits_into_a_narrow_window(person: Person) -> None:
    from desktop.ui.document.column import margin_font
    from desktop.ui.document.painter import caption_parts

    font = margin_font(person.view._typesetter.style.font)
    for width in (1200, 420):
        person.view.resize(width, 500)
        lines = person.view._column.lines(0, 24)
        texts = []
        for _zone, place, text in caption_parts(person.view._column, font, 0, GAP):
            texts.append(text)
            assert lines.left() <= place.left()
            assert place.right() <= lines.right()
        assert texts[1:] == ["Transcribe this", "Write here"]
        assert texts[0].endswith("…") is (width == 420)


def test_what_is_kept_out_of_sight_does_not_move_what_is_read(
    person: Person, many: Callable[[int], Transcript]
) -> None:
    many(200)
    person.clicks(person.place_of(2, 0))
    person.types("W" * 60)
    person.view.verticalScrollBar().setValue(4000)
    tops = texts_at(person.view)
    person.view.commit()
    assert "WWWW" in person.texts[2]
    assert texts_at(person.view) == tops
