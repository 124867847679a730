"""The clipboard of X11, in the hands of a connection of our own: we see who reads, and give back every format.

Who owns a selection answers for it: each paste is a request to the owner. So we know when the target has the text
(its receipt), and tell it from a clipboard history that looks in. What was there before is fetched in all its formats,
large ones in pieces (INCR), and offered again afterwards, as long as nobody else has copied anything.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import struct
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import xcffib
from xcffib.xproto import (
    CW,
    Atom,
    DestroyNotifyEvent,
    EventMask,
    Property,
    PropertyNotifyEvent,
    SelectionClearEvent,
    SelectionNotifyEvent,
    SelectionRequestEvent,
)

from desktop.core.errors import ClipboardUnusable
from desktop.core.ports import Target
from desktop.system.clipboard import heir
from desktop.system.x11 import Loop, Server, Unreachable

log = logging.getLogger(__name__)

QUIET_S = 0.2
"""The target may read more than once; when it has been quiet for so long, it has all it wants."""
ANSWER_WITHIN_S = 1.0
KEEP_WITHIN_S = 4.0
"""For all formats together; what a slow owner does not give until then cannot be given back."""
PIECE_WITHIN_S = 5.0
OWN_WITHIN_S = 2.0
LOOK_EVERY_S = 0.02
LOST_SOON_S = 2.0
AT_ONCE_BYTES = 200_000
"""More goes in pieces: no server takes less than this at once."""

INBOXES = 16
OFTEN = 5

SECRET = "x-kde-passwordManagerHint"
TEXT_TARGETS = ("UTF8_STRING", "text/plain;charset=utf-8", "text/plain", "STRING", "TEXT")
_NO_CONTENT = frozenset(
    "TARGETS TIMESTAMP MULTIPLE SAVE_TARGETS DELETE INSERT_SELECTION INSERT_PROPERTY PIXMAP BITMAP DRAWABLE COLORMAP "
    "LENGTH LIST_LENGTH OWNER_OS HOST_NAME USER CLASS NAME CLIENT_WINDOW PROCESS MODULE ATOM INTEGER SPAN".split()
)
_FIRST = ("UTF8_STRING", "text/plain;charset=utf-8", "text/html", "text/uri-list", "image/png")
"""Fetched before the others: what a program can make of these again is missed least when time is short."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a selection holds in one format: the type of the property, its width in bits, its bytes."""

    kind: int
    width: int
    data: bytes


Contents = dict[int, Content]
"""By format, in the order of its first owner."""


@dataclass(slots=True)
class _Offer:
    """What we answer for in one selection."""

    contents: Contents
    since: int
    is_lent: bool
    """It is the text of a dictation, and what was there before comes back."""


@dataclass(slots=True)
class _Transfer:
    """A large answer on its way, piece by piece."""

    content: Content
    deadline: float
    is_text: bool
    at: int = 0


@dataclass(slots=True)
class _Lent:
    """One text from offer to giving back."""

    reader: Target | None
    selections: tuple[int, ...]
    is_read: threading.Event = field(default_factory=threading.Event)
    last_request: float = 0.0
    is_over: bool = False


class X11Clipboard:
    """CLIPBOARD, and PRIMARY (the selected text) where a terminal pastes that."""

    def __init__(self, display: str | None = None) -> None:
        """Raises Unreachable."""
        self._offers: dict[int, _Offer] = {}
        self._kept: dict[int, Contents] = {}
        self._owners: dict[int, tuple[int, int]] = {}
        """Who took each selection last, and when."""
        self._transfers: dict[tuple[int, int], _Transfer] = {}
        self._changed: set[int] = set()
        self._arrived: SelectionNotifyEvent | None = None
        self._time_told = 0
        self._lent: _Lent | None = None
        self._lost = threading.Event()
        self._display = display
        self._loop = Loop("clipboard", self._start, display)

    def keep(self) -> None:
        """Begin to remember what is there; returns at once."""
        self._loop.post(lambda: self._keep(self._clipboard))

    def offer(self, text: str, reader: Target | None, with_selection: bool = False) -> None:
        """Lend the clipboard to a text for one reader. Raises ClipboardUnusable."""
        selections = (self._clipboard, int(Atom.PRIMARY)) if with_selection else (self._clipboard,)
        self._asked(lambda: self._lend(text, reader, selections))

    def wait_read(self, within_s: float) -> bool:
        """Wait until the reader has taken the text; whether it has."""
        lent = self._lent
        return bool(lent and lent.is_read.wait(within_s))

    def is_lent(self) -> bool:
        """Whether the text is still there."""
        try:
            return self._loop.ask(lambda: self._clipboard in self._offers and self._offers[self._clipboard].is_lent)
        except Unreachable:
            return False

    def give_back(self) -> None:
        """What was kept comes back once nobody reads any more; returns at once."""
        self._loop.post(lambda: self._give_back_when_quiet(self._lent))

    def put(self, text: str) -> None:
        """Copy a text for good. Raises ClipboardUnusable."""
        self._asked(lambda: self._put(text))

    def adopt(self, contents: Contents, owner: int) -> None:
        """Answer for what another process has kept, if its window still is the owner. Raises ClipboardUnusable."""

        def take() -> None:
            if self._server.core.GetSelectionOwner(self._clipboard).reply().owner == owner:
                self._own(self._clipboard, contents, is_lent=False)

        self._asked(take)

    def wait_lost(self) -> None:
        """Until somebody else has copied something, or the server is gone."""
        with contextlib.suppress(Unreachable):
            while self._loop.ask(lambda: self._clipboard in self._offers):
                self._lost.wait(LOST_SOON_S)

    def close(self) -> None:
        """Give back what is not given back yet; a clipboard manager takes it over from us, or a process that stays."""
        with contextlib.suppress(Unreachable, xcffib.XcffibException, OSError):
            if contents := self._loop.ask(self._leave):
                heir.leave(contents, self._window, self._display)
        self._loop.close()

    def _asked(self, do: Callable[[], None]) -> None:
        try:
            self._loop.ask(do)
        except (Unreachable, xcffib.XcffibException) as error:
            raise ClipboardUnusable(reason=str(error) or type(error).__name__) from error

    # All that follows is done on the thread of the loop.

    def _start(self, server: Server) -> Callable[[Any], None]:
        self._server = server
        self._window = server.window()
        self._clipboard = server.atom("CLIPBOARD")
        self._targets, self._incr = server.atom("TARGETS"), server.atom("INCR")
        self._multiple, self._timestamp = server.atom("MULTIPLE"), server.atom("TIMESTAMP")
        self._clock = server.atom("UNDERTONE_CLOCK")
        # Taken in turn: an owner that answers too late does not write into the answer of another question.
        self._inboxes = itertools.cycle([server.atom(f"UNDERTONE_INBOX_{number}") for number in range(INBOXES)])
        self._text_targets = frozenset(server.atom(name) for name in TEXT_TARGETS)
        for selection in (self._clipboard, Atom.PRIMARY):
            server.xfixes.SelectSelectionInput(server.root, selection, 1)  # 1: a new owner
        server.sync()
        return self._on_event

    def _on_event(self, event: Any) -> None:
        match event:
            case SelectionRequestEvent():
                self._answer(event)
            case PropertyNotifyEvent():
                self._on_property(event)
            case SelectionNotifyEvent():
                self._arrived = event
            case SelectionClearEvent():
                offer = self._offers.get(event.selection)
                if offer and event.time >= offer.since:  # else it is old news
                    self._lose(event.selection)
            case xcffib.xfixes.SelectionNotifyEvent():
                if event.owner != self._window:
                    self._owners[event.selection] = (event.owner, event.selection_timestamp)
                    self._kept.pop(event.selection, None)
            case DestroyNotifyEvent():
                for key in [key for key in self._transfers if key[0] == event.window]:
                    del self._transfers[key]

    # What was there before.

    def _keep(self, selection: int) -> None:
        """What another one holds there, or we ourselves for good; what is lent stays known as it was before."""
        ours = self._offers.get(selection)
        if ours is None:
            for _ in range(OFTEN):
                if selection in self._kept:
                    break
                owner = self._owners.get(selection)
                kept = self._fetched(selection)
                if self._owners.get(selection) == owner:  # else somebody copied meanwhile
                    self._kept[selection] = kept
        elif not ours.is_lent:
            self._kept[selection] = ours.contents

    def _fetched(self, selection: int) -> Contents:
        """Everything that the owner can give; empty if there is no owner."""
        if not self._server.core.GetSelectionOwner(selection).reply().owner:
            return {}
        until = time.monotonic() + KEEP_WITHIN_S
        listed = self._converted(selection, self._targets, ANSWER_WITHIN_S)
        names: Iterable[int] = (self._server.atom("UTF8_STRING"), int(Atom.STRING))
        if listed and listed.width == 32:
            names = struct.unpack(f"={len(listed.data) // 4}I", listed.data)
        wanted = [atom for atom in dict.fromkeys(names) if self._server.atom_name(atom) not in (*_NO_CONTENT, "")]
        found: Contents = {}
        for atom in sorted(wanted, key=self._is_later):
            left = until - time.monotonic()
            content = self._converted(selection, atom, min(left, PIECE_WITHIN_S)) if left > 0 else None
            if content:
                found[atom] = content
            elif left <= 0:
                log.info("The owner of the clipboard is too slow to keep all its formats")
                break
        return {atom: found[atom] for atom in wanted if atom in found}

    def _is_later(self, atom: int) -> bool:
        return self._server.atom_name(atom) not in _FIRST

    def _converted(self, selection: int, target: int, within_s: float) -> Content | None:
        """What the owner gives in one format; None when it does not."""
        inbox = next(self._inboxes)
        self._arrived = None
        self._server.core.ConvertSelection(self._window, selection, target, inbox, self._now())
        if not self._loop.pump(lambda: self._has_arrived(inbox, target), within_s):
            return None
        if not self._arrived or not self._arrived.property:
            return None
        self._changed.discard(inbox)  # what the owner put down before it told us is no piece yet
        kind, width, data = self._server.property(self._window, inbox, delete=True)
        if kind != self._incr:
            return Content(kind, width, data) if kind else None
        return self._in_pieces(inbox, within_s)

    def _has_arrived(self, inbox: int, target: int) -> bool:
        one = self._arrived
        return one is not None and one.target == target and one.property in (inbox, 0)

    def _in_pieces(self, inbox: int, within_s: float) -> Content | None:
        """A large answer: the owner puts down the next piece when we took the one before; an empty one ends it."""
        parts: list[bytes] = []
        while True:
            if not self._loop.pump(lambda: inbox in self._changed, within_s):
                return None
            self._changed.discard(inbox)
            kind, width, data = self._server.property(self._window, inbox, delete=True)
            if not data:
                return Content(kind, width, b"".join(parts))
            parts.append(data)

    # What we answer for.

    def _lend(self, text: str, reader: Target | None, selections: tuple[int, ...]) -> None:
        for selection in selections:
            self._keep(selection)
        self._lent = _Lent(reader, selections)
        contents = self._as_text(text)
        secret = self._server.atom(SECRET)
        contents[secret] = Content(secret, 8, b"secret")
        for selection in selections:
            self._own(selection, contents, is_lent=True)

    def _put(self, text: str) -> None:
        self._kept.clear()
        self._lent = None
        self._own(self._clipboard, self._as_text(text), is_lent=False)

    def _as_text(self, text: str) -> Contents:
        utf8, string = self._server.atom("UTF8_STRING"), int(Atom.STRING)
        raw = text.encode("utf-8", "replace")
        contents = {
            self._server.atom(name): Content(self._server.atom(name), 8, raw)
            for name in ("UTF8_STRING", "text/plain;charset=utf-8", "text/plain")
        }
        contents[self._server.atom("TEXT")] = Content(utf8, 8, raw)
        with contextlib.suppress(UnicodeEncodeError):
            contents[string] = Content(string, 8, text.encode("latin-1"))
        return contents

    def _own(self, selection: int, contents: Contents, is_lent: bool) -> None:
        """Raises ClipboardUnusable when another one takes it in the same moment."""
        since = self._now()
        self._offers[selection] = _Offer(contents, since, is_lent)
        self._server.core.SetSelectionOwner(self._window, selection, since)
        if self._server.core.GetSelectionOwner(selection).reply().owner != self._window:
            self._lose(selection)
            raise ClipboardUnusable(reason="another program took it in the same moment")

    def _now(self) -> int:
        """The clock of the server, which decides who owned a selection when: writing a property tells it."""
        self._changed.discard(self._clock)
        self._server.set_property(self._window, self._clock, int(Atom.INTEGER), 8, b"")
        self._loop.pump(lambda: self._clock in self._changed, OWN_WITHIN_S)
        return self._time_told

    def _lose(self, selection: int) -> None:
        """Somebody copied: that stays."""
        self._offers.pop(selection, None)
        self._kept.pop(selection, None)
        self._lost.set()

    def _give_back_when_quiet(self, lent: _Lent | None) -> None:
        """A text that was lent since takes its place: the two have the same before them."""
        if lent is None or lent is not self._lent or lent.is_over:
            return
        quiet_s = time.monotonic() - lent.last_request
        is_reading = any(transfer.is_text for transfer in self._transfers.values())
        if is_reading or quiet_s < QUIET_S:
            self._loop.after(max(LOOK_EVERY_S, QUIET_S - quiet_s), lambda: self._give_back_when_quiet(lent))
            return
        self._give_back(lent)

    def _give_back(self, lent: _Lent) -> None:
        lent.is_over = True
        for selection in lent.selections:
            ours = self._offers.get(selection)
            before = self._kept.pop(selection, None)
            if ours is None or not ours.is_lent:
                continue
            if before:
                with contextlib.suppress(ClipboardUnusable):
                    self._own(selection, before, is_lent=False)
            else:
                self._offers.pop(selection)
                self._server.core.SetSelectionOwner(0, selection, self._now())
                self._server.sync()

    def _leave(self) -> Contents | None:
        """What of ours nobody has taken over."""
        if self._lent and not self._lent.is_over:
            self._give_back(self._lent)
        manager = self._server.atom("CLIPBOARD_MANAGER")
        ours = self._offers.get(self._clipboard)
        if ours and self._server.core.GetSelectionOwner(manager).reply().owner:
            self._converted(manager, self._server.atom("SAVE_TARGETS"), ANSWER_WITHIN_S)
            ours = None
        self._loop.pump(lambda: not self._transfers, ANSWER_WITHIN_S)
        return ours.contents if ours else None

    # Answering.

    def _answer(self, event: SelectionRequestEvent) -> None:
        offer = self._offers.get(event.selection)
        name = event.property or event.target  # clients of the eighties name no property
        is_given = False
        if offer and event.target == self._multiple:
            is_given = self._answer_all(event.requestor, name, offer)
        elif offer:
            is_given = self._give(event.requestor, name, event.target, offer)
        if offer and offer.is_lent:
            self._note(event)
        told = SelectionNotifyEvent.synthetic(
            event.time, event.requestor, event.selection, event.target, name if is_given else 0
        )
        self._server.core.SendEvent(False, event.requestor, 0, told.pack())
        self._server.connection.flush()

    def _answer_all(self, requestor: int, name: int, offer: _Offer) -> bool:
        try:
            kind, _width, data = self._server.property(requestor, name)
        except xcffib.Error:
            return False
        pairs = list(struct.unpack(f"={len(data) // 4}I", data[: len(data) // 4 * 4]))
        for at in range(0, len(pairs) - 1, 2):
            if not self._give(requestor, pairs[at + 1], pairs[at], offer):
                pairs[at + 1] = 0
        self._server.set_property(requestor, name, kind, 32, struct.pack(f"={len(pairs)}I", *pairs))
        return True

    def _give(self, requestor: int, name: int, target: int, offer: _Offer) -> bool:
        if target == self._targets:
            atoms = (self._targets, self._timestamp, self._multiple, *offer.contents)
            self._server.set_property(requestor, name, int(Atom.ATOM), 32, struct.pack(f"={len(atoms)}I", *atoms))
            return True
        if target == self._timestamp:
            self._server.set_property(requestor, name, int(Atom.INTEGER), 32, struct.pack("=I", offer.since))
            return True
        content = offer.contents.get(target)
        if content is None:
            return False
        if len(content.data) <= AT_ONCE_BYTES:
            self._server.set_property(requestor, name, content.kind, content.width, content.data)
        else:
            self._begin(requestor, name, content, is_text=offer.is_lent)
        return True

    def _begin(self, requestor: int, name: int, content: Content, is_text: bool) -> None:
        mask = EventMask.PropertyChange | EventMask.StructureNotify
        self._server.core.ChangeWindowAttributes(requestor, CW.EventMask, [mask])
        self._server.set_property(requestor, name, self._incr, 32, struct.pack("=I", len(content.data)))
        self._transfers[requestor, name] = _Transfer(content, time.monotonic() + PIECE_WITHIN_S, is_text)
        self._loop.after(PIECE_WITHIN_S, self._forget_stuck)

    def _on_property(self, event: PropertyNotifyEvent) -> None:
        if event.window == self._window:
            if event.state == Property.NewValue:
                self._changed.add(event.atom)
                self._time_told = event.time
            return
        transfer = self._transfers.get((event.window, event.atom))
        if transfer is None or event.state != Property.Delete:
            return
        piece = transfer.content.data[transfer.at : transfer.at + AT_ONCE_BYTES]
        transfer.at += len(piece)
        transfer.deadline = time.monotonic() + PIECE_WITHIN_S
        self._server.set_property(event.window, event.atom, transfer.content.kind, transfer.content.width, piece)
        if not piece:
            del self._transfers[event.window, event.atom]
            if transfer.is_text:
                self._note_read(event.window)

    def _forget_stuck(self) -> None:
        now = time.monotonic()
        for key, transfer in list(self._transfers.items()):
            if transfer.deadline <= now:
                del self._transfers[key]
            else:
                self._loop.after(transfer.deadline - now, self._forget_stuck)

    # Receipts.

    def _note(self, event: SelectionRequestEvent) -> None:
        lent = self._lent
        if lent and self._is_by(event.requestor, lent.reader):
            lent.last_request = time.monotonic()
            is_in_pieces = (event.requestor, event.property) in self._transfers
            if event.target in self._text_targets and not is_in_pieces:
                lent.is_read.set()

    def _note_read(self, requestor: int) -> None:
        lent = self._lent
        if lent and self._is_by(requestor, lent.reader):
            lent.last_request = time.monotonic()
            lent.is_read.set()

    def _is_by(self, requestor: int, reader: Target | None) -> bool:
        """Whether the reader asks, and no clipboard history: by its connection to the server, or by its process."""
        if reader is None or not reader.window:
            return True
        windows = [window for window in (reader.window, reader.focus) if window]
        clients = {self._server.client_of(window) for window in windows}
        if self._server.client_of(requestor) in clients:
            return True
        process = self._server.process_of(requestor)
        return bool(process) and process in self._processes(windows)

    def _processes(self, windows: Iterable[int]) -> set[int]:
        return {self._server.process_of(window) for window in windows}
