"""The X server as hotkey, typist and clipboard see it: a connection with a thread of its own, keyboard and windows.

Everything goes through libxcb and past Qt: a connection of our own is told who reads the clipboard, and of each key.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import logging
import select
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from io import BytesIO
from typing import Any, TypeVar

import xcffib
import xcffib.res
import xcffib.xfixes
import xcffib.xkb
import xcffib.xproto
import xcffib.xtest
from xcffib.xproto import Atom, EventMask, GetPropertyType, MapIndex

from desktop.core.errors import AppError
from desktop.system.keysyms import keysym_of
from desktop.system.waker import Waker

log = logging.getLogger(__name__)
T = TypeVar("T")

XKB_CORE_KEYBOARD = 0x100
DETECTABLE_AUTO_REPEAT = 1
GRABS_USE_XKB_STATE = 2
"""With it a grab does not depend on which layout is chosen."""

MODIFIERS = {"shift": MapIndex.Shift, "ctrl": MapIndex.Control}
"""Those whose place among the eight is fixed; Alt and Meta are found by their keys."""
_MODIFIER_KEYS = {
    "ctrl": ("Control_L", "Control_R"),
    "shift": ("Shift_L", "Shift_R"),
    "alt": ("Alt_L", "Alt_R", "Meta_L"),
    "meta": ("Super_L", "Super_R"),
    "num lock": ("Num_Lock",),
    "scroll lock": ("Scroll_Lock",),
}
_SMALL_READ = 1 << 18
STILL_ALIVE_S = 0.2


class Unreachable(Exception):
    """There is no X server, or it lacks what we need."""


class Server:
    """A connection. Not for several threads at once: an answer may bring events along that another one waits for."""

    def __init__(self, display: str | None = None) -> None:
        """Raises Unreachable."""
        try:
            self.connection = xcffib.connect(display)
        except xcffib.XcffibException as error:
            raise Unreachable(str(error)) from error
        try:
            self.core = self.connection.core
            self.xtest = self.connection(xcffib.xtest.key)
            self.xfixes = self.connection(xcffib.xfixes.key)
            self.xfixes.QueryVersion(5, 0).reply()
            self.xkb = self.connection(xcffib.xkb.key)
            has_xkb = self.xkb.UseExtension(1, 0).reply().supported
            self.xtest.GetVersion(2, 2).reply()
        except xcffib.XcffibException as error:
            self.connection.disconnect()
            raise Unreachable(f"it lacks an extension ({type(error).__name__})") from error
        if not has_xkb:
            self.connection.disconnect()
            raise Unreachable("it lacks the extension XKEYBOARD")
        setup = self.connection.setup
        self.root: int = setup.roots[self.connection.pref_screen].root
        self._resource_mask: int = setup.resource_id_mask
        self._first_keycode, self._last_keycode = setup.min_keycode, setup.max_keycode
        self._atoms: dict[str, int] = {}
        self._atom_names: dict[int, str] = {}

    @property
    def keycodes(self) -> range:
        """Every keycode there is."""
        return range(self._first_keycode, self._last_keycode + 1)

    def atom(self, name: str) -> int:
        """The number that the server gives to a name."""
        if name not in self._atoms:
            raw = name.encode()
            self._atoms[name] = self.core.InternAtom(False, len(raw), raw).reply().atom
        return self._atoms[name]

    def atom_name(self, atom: int) -> str:
        """The name of such a number; empty if the server does not know it."""
        if atom not in self._atom_names:
            try:
                self._atom_names[atom] = self.core.GetAtomName(atom).reply().name.to_string()
            except xcffib.Error:
                return ""
        return self._atom_names[atom]

    def window(self) -> int:
        """A window of our own that is never shown; we are told when its properties change."""
        made: int = self.connection.generate_id()
        only_input, copy = 2, 0
        mask = xcffib.xproto.CW.EventMask
        self.core.CreateWindow(0, made, self.root, -1, -1, 1, 1, 0, only_input, copy, mask, [EventMask.PropertyChange])
        return made

    def sync(self) -> None:
        """Wait until everything asked for so far is done."""
        self.core.GetInputFocus().reply()

    # Lists of xcffib hold a Python object a byte: what may be large goes past them.

    def property(self, window: int, name: int, delete: bool = False) -> tuple[int, int, bytes]:
        """Type, width in bits and bytes of a property; type 0 if it is not there."""
        parts: list[bytes] = []
        while True:
            at = sum(map(len, parts)) // 4
            cookie = self.core.GetProperty(delete, window, name, GetPropertyType.Any, at, _SMALL_READ // 4)
            answer = self.connection.wait_for_reply(cookie.sequence)
            raw = bytes(xcffib.ffi.buffer(answer.cdata, answer.known_max))
            width, kind, left, count = struct.unpack_from("=xBxxxxxxIII", raw)
            parts.append(raw[32 : 32 + count * width // 8])
            if not left:
                return kind, width, b"".join(parts)

    def set_property(self, window: int, name: int, kind: int, width: int, data: bytes) -> None:
        """Write a property; no more than the server takes at once."""
        count = len(data) * 8 // width
        request = struct.pack("=xBxxIIIBxxxI", 0, window, name, kind, width, count) + data
        self.core.send_request(18, BytesIO(request))

    # Windows and who they belong to.

    def keyboard_window(self) -> int:
        """The window of a program that has the keyboard; 0 if none has.

        What counts is where the server sends keys: the window manager may not have noticed yet.
        """
        around = self._around(self.focus())
        _kind, width, data = self.property(self.root, self.atom("_NET_ACTIVE_WINDOW"))
        active = int(struct.unpack_from("=I", data)[0]) if width == 32 and len(data) >= 4 else 0
        if active in around:
            return active
        managed = [window for window in around if self._has(window, self.atom("WM_STATE"))]
        named = [window for window in around if self.program_of(window)]
        return next(iter([*managed, *reversed(named)]), 0)

    def is_within(self, window: int, outer: int) -> bool:
        """Whether a window is another one or a part of it."""
        return outer in self._around(window)

    def focus(self) -> int:
        """The window that has the keyboard, which may lie inside the active one."""
        found: int = self.core.GetInputFocus().reply().focus
        return 0 if found in (0, 1, self.root) else found

    def program_of(self, window: int) -> str:
        """The class of a window in lower case."""
        try:
            _kind, _width, data = self.property(window, Atom.WM_CLASS)
        except xcffib.Error:
            return ""
        names = [name for name in data.decode("latin-1").split("\0") if name]
        return names[-1].casefold() if names else ""

    def is_shown(self, window: int) -> bool:
        """Whether the window is there."""
        try:
            self.core.GetWindowAttributes(window).reply()
        except xcffib.Error:
            return False
        return True

    def client_of(self, window: int) -> int:
        """What all windows of one connection have in common."""
        return window & ~self._resource_mask

    def process_of(self, window: int) -> int:
        """The process that a window belongs to; 0 if the server cannot tell."""
        try:
            spec = xcffib.res.ClientIdSpec.synthetic(window, xcffib.res.ClientIdMask.LocalClientPID)
            found = self.connection(xcffib.res.key).QueryClientIds(1, [spec]).reply().ids
            return int(found[0].value[0]) if len(found) else 0
        except (xcffib.Error, xcffib.XcffibException, IndexError):
            return 0

    def _around(self, window: int) -> list[int]:
        """The window and those that it lies in, from the inside out."""
        found: list[int] = []
        while window and window != self.root:
            found.append(window)
            try:
                window = self.core.QueryTree(window).reply().parent
            except xcffib.Error:
                return []
        return found

    def _has(self, window: int, name: int) -> bool:
        try:
            return bool(self.property(window, name)[0])
        except xcffib.Error:
            return False


class Keyboard:
    """Which keys there are and what they write, as the server has it at the moment of asking."""

    def __init__(self, server: Server) -> None:
        codes = server.keycodes
        answer = server.core.GetKeyboardMapping(codes.start, len(codes)).reply()
        self.width: int = answer.keysyms_per_keycode
        symbols = list(answer.keysyms)
        self._rows = {code: symbols[at * self.width : (at + 1) * self.width] for at, code in enumerate(codes)}
        answer = server.core.GetModifierMapping().reply()
        each = answer.keycodes_per_modifier
        held = list(answer.keycodes)
        self._groups = [[code for code in held[at * each : (at + 1) * each] if code] for at in range(8)]

    def key(self, symbol: int) -> tuple[int, int]:
        """A keycode that writes the symbol, and at which place of its row; 0 where none does.

        Plain places go first, those of the first layout before all: 0 and 1 are its places without and with Shift,
        2 and 3 those of the second one.
        """
        for column in sorted(range(self.width), key=lambda at: (at % 2, at)):
            for code, row in self._rows.items():
                if row[column] == symbol:
                    return code, column
        return 0, 0

    def spare(self) -> list[int]:
        """Keycodes that write nothing."""
        return [code for code, row in self._rows.items() if not any(row)]

    def mask_of(self, modifier: str) -> int:
        """The bit of ctrl, shift, alt, meta, num lock or scroll lock; 0 if the keyboard has none."""
        if modifier in MODIFIERS:
            return 1 << int(MODIFIERS[modifier])
        symbols = {keysym_of(name) for name in _MODIFIER_KEYS[modifier]}
        for index, codes in enumerate(self._groups):
            if any(symbols & set(self._rows.get(code, ())) for code in codes):
                return 1 << index
        return 0

    def code_of(self, modifier: str) -> int:
        """A key that is this modifier; 0 if there is none."""
        for name in _MODIFIER_KEYS[modifier]:
            code, _column = self.key(keysym_of(name))
            if code:
                return code
        return 0

    def lock_masks(self) -> list[int]:
        """Every combination of CapsLock, NumLock and ScrollLock, which must not matter to a shortcut."""
        locks = {1 << MapIndex.Lock, self.mask_of("num lock"), self.mask_of("scroll lock")} - {0}
        return sorted(sum(some) for count in range(len(locks) + 1) for some in itertools.combinations(locks, count))

    def modifiers_among(self, codes: set[int]) -> list[str]:
        """Which of ctrl, shift, alt and meta are held, if these keys are."""
        found = []
        for modifier in ("ctrl", "shift", "alt", "meta"):
            mask = self.mask_of(modifier)
            if mask and codes & set(self._groups[mask.bit_length() - 1]):
                found.append(modifier)
        return found


def held_codes(server: Server) -> set[int]:
    """The keys that are down, by hand or by another program."""
    keys = list(server.core.QueryKeymap().reply().keys)
    return {index * 8 + bit for index, byte in enumerate(keys) for bit in range(8) if byte & 1 << bit}


class Loop:
    """A thread that owns a connection: events and questions are served one after the other."""

    def __init__(self, name: str, make: Callable[[Server], Callable[[Any], None]], display: str | None = None) -> None:
        """`make` gets the server on the thread and returns what takes the events. Raises Unreachable."""
        self._make = make
        self._display = display
        self._asked: deque[Callable[[], None]] = deque()
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._events: deque[Any] = deque()
        self._waker = Waker()
        self._is_over = False
        started: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(started,), name=name, daemon=True)
        self._thread.start()
        try:
            started.result()
        except BaseException:
            self.close()
            raise

    def ask(self, do: Callable[[], T]) -> T:
        """Do it on the thread and wait for what comes of it. Raises what it raises; Unreachable when all is over."""
        if threading.current_thread() is self._thread:
            return do()
        answer: Future[T] = Future()

        def answered() -> None:
            try:
                answer.set_result(do())
            except AppError as error:
                answer.set_exception(error)
            except BaseException as error:  # a bug, or the server is gone: the thread ends with it
                answer.set_exception(error)
                raise

        self.post(answered)
        while not answer.done() and self._thread.is_alive():
            with contextlib.suppress(TimeoutError):
                answer.result(STILL_ALIVE_S)
        if not answer.done():
            raise Unreachable("the X server is gone")
        try:
            return answer.result()
        except xcffib.ConnectionException as error:
            raise Unreachable(str(error)) from error

    def post(self, do: Callable[[], None]) -> None:
        """Do it on the thread, some time soon."""
        self._asked.append(do)
        self._waker.wake()

    def after(self, seconds: float, do: Callable[[], None]) -> None:
        """Do it on the thread in a while. Only called on the thread."""
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._numbers), do))

    def pump(self, is_done: Callable[[], bool], within_s: float) -> bool:
        """Serve events until something has come of it; whether it has. Only called on the thread."""
        until = time.monotonic() + within_s
        while not is_done():
            left = until - time.monotonic()
            if left <= 0:
                return False
            self._serve_events(left)
        return True

    def close(self) -> None:
        """End the thread; what is asked for so far is done before."""
        self._is_over = True
        self._waker.wake()
        if threading.current_thread() is not self._thread:
            self._thread.join()
            self._waker.close()

    def _run(self, started: Future[None]) -> None:
        try:
            self._server = Server(self._display)
            self._take = self._make(self._server)
        except Unreachable as error:
            started.set_exception(error)
            return
        except BaseException as error:
            started.set_exception(error)
            raise
        started.set_result(None)
        try:
            while True:
                while self._asked:
                    self._asked.popleft()()
                if self._is_over:
                    break
                while self._timers and self._timers[0][0] <= time.monotonic():
                    heapq.heappop(self._timers)[2]()
                self._serve_events(self._timers[0][0] - time.monotonic() if self._timers else None)
        except xcffib.ConnectionException:
            log.info("The X server is gone")
        finally:
            self._server.connection.disconnect()

    def _serve_events(self, within_s: float | None) -> None:
        """Whatever has come; if nothing has, wait for it so long at most."""
        self._server.connection.flush()
        self._events.extend(self._pending())
        if not self._events:
            wait_s = None if within_s is None else max(0.0, within_s)
            select.select([self._server.connection.get_file_descriptor(), self._waker.fileno()], [], [], wait_s)
            self._waker.clear()
            self._events.extend(self._pending())
        while self._events:
            self._take(self._events.popleft())

    def _pending(self) -> Iterator[Any]:
        while True:
            try:
                event = self._server.connection.poll_for_event()
            except xcffib.ConnectionException:
                raise
            except xcffib.XcffibException as error:  # of a request without an answer: a window that is gone
                log.debug("The X server refused something: %r", error)
                continue
            if event is None:
                return
            yield event
