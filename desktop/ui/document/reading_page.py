"""The page to read: drawn with its marks, told about by the pointer, and following what is being played."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QVariantAnimation, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QStyle

from desktop.core import doubts
from desktop.core.coverage import Part
from desktop.core.document import Edit
from desktop.core.i18n import _
from desktop.core.names import clock
from desktop.core.transcript import Segment, Transcript
from desktop.core.words import SURE
from desktop.ui.document import places
from desktop.ui.document.column import EDGE, SPACE, margin_font
from desktop.ui.document.page import CAPTION_PX, PARAGRAPH_GAP, TOP, Page, Row
from desktop.ui.document.painter import Marks, PagePainter, Span, Zone, caption_parts
from desktop.ui.document.paragraph import LINE_PX

KEEP_KEY = "F9"
GLIDE_SCREENS = 2
"""What lies further away is jumped to."""
NEAR = LINE_PX // 2


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies under a point of the viewport."""

    zone: Zone
    number: int = -1
    """A segment."""
    offset: int = 0
    """The nearest place in its text."""
    spot: int = -1
    """The word exactly there."""
    part: Part | None = None
    """Speech without text."""


class ReadingPage(Page):
    """Draws the transcript. Knows the current segment, those chosen, the place visited, the playhead and the doubts."""

    following_changed = Signal(bool)
    """Whether the text scrolls along with the playhead."""

    def __init__(self) -> None:
        super().__init__()
        self.keep_key = KEEP_KEY
        """The key that finds doubtful text right, as tooltips name it."""
        self._active = -1
        self._chosen: tuple[int, int] | None = None
        self._visited: tuple[int, int] | None = None
        self._hover = Hit(Zone.NOTHING)
        self._playhead_ms = -1
        self._said: tuple[int, int] | None = None
        self._is_following = True
        self._is_scrolled_by_person = False
        self._doubted_below = 0.0
        self._found: dict[int, list[Span]] = {}
        self._found_now: tuple[int, int, int] | None = None
        self._flags: tuple[int, ...] = ()
        self._glided = 0
        self._glide = QVariantAnimation(self)
        self._glide.valueChanged.connect(self._on_glided)
        self._glide.finished.connect(self._on_arrived)
        self.verticalScrollBar().actionTriggered.connect(self._on_scrolled_by_person)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(_("Transcript"))

    # --- what is shown ---

    def _show(self, transcript: Transcript) -> None:
        self._chosen = self._visited = None
        self.set_found(())
        self._hover = Hit(Zone.NOTHING)
        self._glide.stop()
        super()._show(transcript)
        self._find_said()

    def _add(self, transcript: Transcript) -> None:
        super()._add(transcript)
        self._find_said()

    def _apply(self, transcript: Transcript, edit: Edit) -> None:
        self._hover = Hit(Zone.NOTHING)
        self.set_found(())  # the places are those of the text before
        super()._apply(transcript, edit)
        self._find_said()

    def set_doubt_threshold(self, probability: float) -> None:
        """Dots under every word that the engine gave less than this; 0 for none."""
        self._doubted_below = min(probability, SURE)
        self.viewport().update()

    def set_found(self, hits: Sequence[tuple[int, int, int]], current: int = -1) -> None:
        """Mark what was searched for: segment, start and end in its text. The current one is brought into sight."""
        self._found = {}
        for number, start, end in hits:
            self._found.setdefault(number, []).append((start, end))
        self._found_now = hits[current] if 0 <= current < len(hits) else None
        if self._found_now:
            self._bring(*self._found_now[:2])
        self.viewport().update()

    def set_flags(self, moments_ms: Sequence[int]) -> None:
        """Moments that were flagged: a sign beside what was being said, or else beside what was said before."""
        self._flags = tuple(sorted(moments_ms))
        self.viewport().update()

    def _is_flagged(self, number: int) -> bool:
        segments = self._transcript.segments
        start_ms = segments[number].start_ms if number else 0
        end_ms = segments[number + 1].start_ms if number + 1 < len(segments) else math.inf
        at = bisect_left(self._flags, start_ms)
        return at < len(self._flags) and self._flags[at] < end_ms

    def doubt(self, number: int) -> str:
        """Why a text may not be what was said, and what to do; empty where there is no doubt."""
        if not 0 <= number < self.segment_count or not self._transcript.segments[number].suspect:
            return ""
        advice = _("{key} keeps it as it is.").format(key=self.keep_key)
        return f"{doubts.said(self._transcript.segments[number].suspect)}.\n{advice}"

    # --- the playhead ---

    @property
    def following(self) -> bool:
        """Whether the text scrolls along with the playhead."""
        return self._is_following

    def set_playhead(self, ms: int) -> None:
        """Mark the word that is being said; none for a negative time."""
        before = self._said
        self._playhead_ms = ms
        self._find_said()
        if self._said != before:
            for place in (before, self._said):
                self._update_row(place[0] if place else -1)
            if self._is_following:
                self._follow()

    def resume_following(self) -> None:
        """Scroll along with the playhead again."""
        self._set_following(True)
        self._follow()

    def _set_following(self, is_following: bool) -> None:
        if self._is_following is not is_following:
            self._is_following = is_following
            self.following_changed.emit(is_following)

    def _find_said(self) -> None:
        number = bisect_right(self._transcript.segments, self._playhead_ms, key=_start_ms) - 1
        self._said = None
        if self._playhead_ms >= 0 and number >= 0 and self._playhead_ms < self._transcript.segments[number].end_ms:
            self._said = number, places.spot_at_ms(places.spots(self._transcript.segments[number]), self._playhead_ms)

    def _said_line(self) -> tuple[int, int] | None:
        """The segment at the playhead, and the place of the word in its text; in a pause, the end of what was said."""
        if self._said is None:
            number = bisect_right(self._transcript.segments, self._playhead_ms, key=_start_ms) - 1
            return (number, len(self._transcript.segments[number].text)) if number >= 0 else None
        number, spot = self._said
        spots = self._spots(number)
        return number, spots[spot].start if 0 <= spot < len(spots) else 0

    def _follow(self) -> None:
        if place := self._said_line():
            self._bring(*place, is_gliding=True)

    @Slot(int)
    def _on_scrolled_by_person(self, _action: int) -> None:
        self._glide.stop()
        self._is_scrolled_by_person = True

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if self._is_scrolled_by_person:
            self._is_scrolled_by_person = False
            self._leave_playhead()

    def _leave_playhead(self) -> None:
        """A person who scrolls the word that is being said out of sight wants to read elsewhere."""
        place = self._said_line()
        if place and self._is_following and not self._is_in_sight(*place):
            self._set_following(False)

    # --- bringing into sight ---

    def _is_in_sight(self, number: int, offset: int) -> bool:
        top = self._text_top(number) + self._paragraph(number).line_of(offset) * LINE_PX - self._scrolled
        return 0 <= top <= self.viewport().height() - LINE_PX

    def _bring(self, number: int, offset: int, is_gliding: bool = False) -> None:
        """Scroll as little as can be if the line is near; else, and to follow, bring it a third down the window."""
        room = self.viewport().height()
        for _step in range(3):  # what is laid out on the way may turn out higher or lower than it was thought
            self._lay_out(number)
            top = self._text_top(number) + self._paragraph(number).line_of(offset) * LINE_PX
            above, below = self._scrolled - top, top + LINE_PX - self._scrolled - room
            if above <= 0 and below <= 0:
                return
            is_near = not is_gliding and max(above, below) <= 2 * LINE_PX
            wanted = self._scrolled + (-above - NEAR if above > 0 else below + NEAR) if is_near else top - room // 3
            if is_gliding and self._can_glide(wanted):
                self._glide_to(wanted)
                return
            self._scroll_to(wanted)

    def _can_glide(self, wanted: int) -> bool:
        length_ms = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self)
        is_near = abs(wanted - self._scrolled) <= GLIDE_SCREENS * self.viewport().height()
        self._glide.setDuration(max(0, length_ms))
        return length_ms > 0 and is_near and self.isVisible()

    def _glide_to(self, wanted: int) -> None:
        if self._glide.state() is QVariantAnimation.State.Running:
            return
        self._glided = 0
        self._glide.setStartValue(0)
        self._glide.setEndValue(wanted - self._scrolled)
        self._glide.start()

    @Slot(object)
    def _on_glided(self, passed: int) -> None:
        # In steps: what comes into sight on the way may move the whole.
        step, self._glided = passed - self._glided, passed
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + step)

    @Slot()
    def _on_arrived(self) -> None:
        if self._is_following:  # the sound has gone on meanwhile
            self._follow()

    # --- what is under a point ---

    def hit(self, point: QPointF) -> Hit:
        """What lies there. Beside and below the text, the nearest place in it."""
        for top, part in self.captions_in_sight():
            if top <= point.y() < top + CAPTION_PX:
                return Hit(self._caption_zone(point, top, part), part=part)
        if not self.segment_count:
            return Hit(Zone.NOTHING)
        number = self._heights.row_at(round(point.y()) + self._scrolled - TOP)
        row = self._row(number)
        lines = self._column.lines(row.top, row.bottom - row.top)
        zone = self._zone(point, row)
        offset = row.paragraph.offset_at(point.x() - lines.left(), point.y() - row.top)
        if point.y() >= row.bottom + PARAGRAPH_GAP:
            offset = len(row.segment.text)
        return Hit(zone, number, offset, self._spot_at(row, offset, point) if zone is Zone.TEXT else -1)

    def _zone(self, point: QPointF, row: Row) -> Zone:
        time, speaker = self._column.time(row.top, LINE_PX), self._column.speaker(row.top, LINE_PX)
        if time.adjusted(-EDGE / 2, 0, SPACE / 2, 0).contains(point):
            return Zone.TIME
        return Zone.SPEAKER if speaker.adjusted(-2, 0, 2, 0).contains(point) else Zone.TEXT

    def _caption_zone(self, point: QPointF, top: float, part: Part) -> Zone:
        if self._column.time(top, CAPTION_PX).contains(point):
            return Zone.TIME
        parts = caption_parts(self._column, margin_font(self._typesetter.style.font), top, part)
        return next((zone for zone, place, _text in parts if place.contains(point)), Zone.NOTHING)

    def _spot_at(self, row: Row, offset: int, point: QPointF) -> int:
        left_top = self._column.lines(row.top, 0).topLeft()
        spots = self._spots(row.number)
        near = places.spot_at(spots, offset)
        for number in range(max(0, near - 1), min(len(spots), near + 2)):
            spot = spots[number]
            if any(place.translated(left_top).contains(point) for place in row.paragraph.rects(spot.start, spot.end)):
                return number
        return -1

    def told_at(self, point: QPointF) -> str:
        """What there is to be said about a place, as a tooltip."""
        hit = self.hit(point)
        if hit.part:
            return f"{clock(hit.part.start_ms)}–{clock(hit.part.end_ms)}  {_('Speech without text')}"
        if hit.zone is Zone.TIME:
            return _("Play from here")
        if hit.zone is Zone.SPEAKER:
            return self._transcript.segments[hit.number].speaker or _("Name the speaker")
        return self.doubt(hit.number)

    # --- drawing ---

    def _update_row(self, number: int) -> None:
        if number in self._numbers_in_sight():
            row = self._row(number)
            self.viewport().update(0, int(row.top) - NEAR, self.viewport().width(), int(row.bottom - row.top) + LINE_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        drawing = PagePainter(painter, self._column, self.palette(), self._typesetter.style.font)
        clip = QRectF(event.rect())
        rows = list(self.rows_in_sight())
        if chosen := [row for row in rows if row.number in self._chosen_range]:
            drawing.chosen(chosen[0].top, chosen[-1].bottom)
        first = True
        for row in rows:
            if row.top - NEAR <= clip.bottom() and row.bottom + NEAR >= clip.top():
                drawing.draw(row, self._marks(row, first), clip)
            first = first and row.top < 0
        for top, part in self.captions_in_sight():
            hovered = self._hover.zone if self._hover.part == part else Zone.NOTHING
            drawing.caption(top, part, hovered, self._is_visited(part))
        painter.end()

    def _marks(self, row: Row, is_first: bool) -> Marks:
        number = row.number
        is_current, is_hovered = number == self._active, number == self._hover.number
        is_turn = number == 0 or self._is_turn(number)
        is_named = is_turn or is_current or is_hovered or (is_first and row.top >= 0)
        spots = self._spots(number) if self._doubted_below or (self._said and self._said[0] == number) else ()
        return Marks(
            is_current=is_current and self._is_in_use,
            is_hovered=is_hovered,
            is_visited=bool(self._visited and self._visited[0] == number and self._visited_gap is None),
            has_editor=is_current and self._has_editor,
            speaker=row.segment.speaker if is_named else "",
            is_turn=is_turn,
            said=self._said_spot(number, spots),
            found=tuple(self._found.get(number, ())),
            found_now=self._found_now[1:] if self._found_now and self._found_now[0] == number else None,
            doubtful=tuple(one for one in spots if one.word.probability < self._doubted_below),
            is_flagged=self._is_flagged(number),
            hovered=self._hover.zone if is_hovered else Zone.NOTHING,
        )

    def _said_spot(self, number: int, spots: Sequence[places.Spot]) -> places.Spot | None:
        if self._said is None or self._said[0] != number or not 0 <= self._said[1] < len(spots):
            return None
        return spots[self._said[1]]

    @property
    def _has_editor(self) -> bool:
        """Whether an editor draws the text of the current segment."""
        return False

    @property
    def _is_in_use(self) -> bool:
        """Whether the keyboard works here."""
        return False

    @property
    def _chosen_range(self) -> range:
        return range(min(self._chosen), max(self._chosen) + 1) if self._chosen else range(0)

    @property
    def _visited_gap(self) -> Part | None:
        """The speech without text that is visited."""
        return next((part for part in self._gaps.values() if self._is_visited(part)), None)

    def _is_visited(self, part: Part) -> bool:
        return bool(self._visited and part.start_ms <= self._visited[1] < part.end_ms)


def _start_ms(segment: Segment) -> int:
    return segment.start_ms
