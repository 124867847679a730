"""A Windows as far as Undertone asks one: messages, hot keys, keys, windows of others, and the clipboard."""

from __future__ import annotations

import ctypes
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any

from tests.system.fakes import until

WM_QUIT, WM_RENDERFORMAT, WM_DESTROYCLIPBOARD, WM_TIMER, WM_HOTKEY = 0x0012, 0x0305, 0x0307, 0x0113, 0x0312
CF_BITMAP, CF_UNICODETEXT = 2, 13
ACCESS_DENIED, ALREADY_REGISTERED, INVALID = 5, 1409, 87
CONTROL, V, RETURN = 0x11, 0x56, 0x0D
KEY_UP, UNICODE = 2, 4


@dataclass
class Window:
    """A window of ours: messages go to the thread that made it."""

    procedure: Callable[[int, int, int, int], int]
    messages: queue.Queue[tuple[int, int, int, Future[int] | None]] = field(default_factory=queue.Queue)
    thread: threading.Thread = field(default_factory=threading.current_thread)


class FakeWindows:
    """All of it. The program in front takes what is typed and pasted into `field`."""

    def __init__(self) -> None:
        self.front = 500
        self.programs = {500: (50, r"C:\Program Files\Editor\Notepad.EXE"), 501: (51, r"C:\Windows\regedit.exe")}
        self.elevated = {51}
        self.down: set[int] = set()
        self.takes_keys = True
        self.sent: list[tuple[int, int, int]] = []
        self.field = ""
        self.reads_pastes = True
        self.error = 0
        self.hotkeys: dict[tuple[int, int], tuple[int, int]] = {}
        self.taken: set[tuple[int, int]] = set()
        self.clip: dict[int, bytes | None] = {}
        self.clip_owner = 0
        self.is_open = False
        self._opening = threading.Lock()
        self.names: list[str] = []
        self._windows: dict[int, Window] = {}
        self._procedures: dict[str, Any] = {}
        self._memory: dict[int, Any] = {}
        self._timers: dict[int, threading.Event] = {}
        self._clip_handles: dict[int, int] = {}

    def library(self, name: str) -> SimpleNamespace:
        """What `ctypes.WinDLL` gives."""
        functions = self._user() if name == "user32" else self._kernel()
        return SimpleNamespace(**{name: partial(function) for name, function in functions.items()})  # with attributes

    # --- what others do ---

    def copy(self, contents: dict[int, bytes]) -> None:
        """Another program copies."""
        self._empty()
        self.clip, self.clip_owner = dict(contents), 0

    def paste(self) -> None:
        """The program in front asks for the text, and has the clipboard open until it has it."""
        until(lambda: self._open(0))
        if CF_UNICODETEXT in self.clip and self.clip[CF_UNICODETEXT] is None:
            self.send(self.clip_owner, WM_RENDERFORMAT, CF_UNICODETEXT)
        raw = self.clip.get(CF_UNICODETEXT) or b""
        self.field += raw.decode("utf-16-le").split("\0")[0]
        self.is_open = False

    def press(self, window: int, number: int) -> None:
        """The user presses a hot key."""
        self.down.add(self.hotkeys[window, number][1])
        self.send(window, WM_HOTKEY, number)

    def send(self, window: int, kind: int, first: int = 0) -> int:
        """A message that is waited for."""
        one = self._windows[window]
        if one.thread is threading.current_thread():
            return int(one.procedure(window, kind, first, 0))
        answer: Future[int] = Future()
        one.messages.put((kind, first, 0, answer))
        return answer.result(10)

    def key_window(self) -> int:
        return next(window for window, _number in self.hotkeys)

    # --- user32 ---

    def _user(self) -> dict[str, Any]:
        def register(made: Any) -> int:
            self._procedures[made._obj.class_name] = made._obj.procedure
            return 1

        def create(_style: int, class_name: str, *_rest: object) -> int:
            number = 9000 + len(self._windows)
            self._windows[number] = Window(self._procedures[class_name])
            return number

        def get(told: Any, *_filter: object) -> int:
            number, one = next(
                (number, one) for number, one in self._windows.items() if one.thread is threading.current_thread()
            )
            kind, first, second, answer = one.messages.get()
            if kind == WM_QUIT:
                return 0
            message = told._obj
            message.hWnd, message.message, message.wParam, message.lParam = number, kind, first, second
            self._answer = answer
            return 1

        def dispatch(told: Any) -> int:
            message, answer = told._obj, self._answer
            found = int(
                self._windows[message.hWnd].procedure(message.hWnd, message.message, message.wParam, message.lParam)
            )
            if answer:
                answer.set_result(found)
            return found

        def post(window: int, kind: int, first: int, second: int) -> int:
            self._windows[window].messages.put((kind, first, second, None))
            return 1

        return {
            "DefWindowProcW": lambda *message: 0,
            "RegisterClassW": register,
            "UnregisterClassW": lambda name, instance: 1,
            "CreateWindowExW": create,
            "DestroyWindow": self._kill_timer,
            "GetMessageW": get,
            "TranslateMessage": lambda message: 1,
            "DispatchMessageW": dispatch,
            "PostMessageW": post,
            "SetTimer": self._set_timer,
            "KillTimer": self._kill_timer,
            "VkKeyScanW": lambda letter: {"ö": 0xC0, "+": 0x01BB}.get(letter.value, -1),
            "GetAsyncKeyState": lambda code: 0x8000 if code in self.down else 0,
            "GetForegroundWindow": lambda: self.front or None,
            "GetWindowThreadProcessId": lambda window, told: setattr(
                told._obj, "value", self.programs.get(window, (0, ""))[0]
            ),
            "IsWindow": lambda window: window in self.programs,
            "SendInput": self._send_input,
            "RegisterHotKey": self._register_hotkey,
            "UnregisterHotKey": lambda window, number: self.hotkeys.pop((window, number)),
            "OpenClipboard": self._open,
            "CloseClipboard": lambda: setattr(self, "is_open", False),
            "EmptyClipboard": self._empty,
            "GetClipboardOwner": lambda: self.clip_owner,
            "EnumClipboardFormats": self._next_format,
            "GetClipboardData": self._clip_handle,
            "SetClipboardData": self._set_clip,
            "RegisterClipboardFormatW": self._format,
        }

    def _set_timer(self, window: int, _number: int, every_ms: int, _call: None) -> int:
        self._kill_timer(window)
        over = self._timers[window] = threading.Event()

        def run() -> None:
            while not over.wait(every_ms / 1000):
                self._windows[window].messages.put((WM_TIMER, 1, 0, None))

        threading.Thread(target=run, daemon=True).start()
        return 1

    def _kill_timer(self, window: int, _number: int = 1) -> int:
        self._timers.pop(window, threading.Event()).set()
        return 1

    def _send_input(self, count: int, inputs: Any, size: int) -> int:
        assert size == ctypes.sizeof(inputs[0])
        if not self.takes_keys:
            return 0
        keys = [(one.what.key.code, one.what.key.scan, one.what.key.flags) for one in inputs]
        self.sent += keys
        codes = {code for code, _scan, flags in keys if not flags & KEY_UP}
        if {CONTROL, V} <= codes and self.reads_pastes:
            threading.Thread(target=self.paste).start()
        units = [scan for _code, scan, flags in keys if flags & UNICODE and not flags & KEY_UP]
        self.field += b"".join(unit.to_bytes(2, "little") for unit in units).decode("utf-16-le")
        return count

    def _register_hotkey(self, window: int, number: int, flags: int, code: int) -> int:
        assert self._windows[window].thread is threading.current_thread(), "messages come to the thread that asks"
        if (flags, code) in self.taken or code == 0x7A:
            self.error = ALREADY_REGISTERED if (flags, code) in self.taken else INVALID
            return 0
        self.hotkeys[window, number] = (flags, code)
        return 1

    # --- the clipboard ---

    def _open(self, window: int) -> int:
        with self._opening:
            if self.is_open:
                return 0
            self.is_open, self._opener = True, window
            return 1

    def _empty(self) -> int:
        owner, self.clip, self._clip_handles = self.clip_owner, {}, {}
        self.clip_owner = getattr(self, "_opener", 0)
        if owner in self._windows and self._windows[owner].thread.is_alive():
            self.send(owner, WM_DESTROYCLIPBOARD)
        return 1

    def _next_format(self, kind: int) -> int:
        kinds = [0, *self.clip, 0]
        return kinds[kinds.index(kind) + 1 if kind else 1]

    def _clip_handle(self, kind: int) -> int:
        assert self.is_open
        assert kind != CF_BITMAP, "no memory"
        raw = self.clip[kind]
        assert raw is not None
        return self._allocate(0, len(raw), raw)

    def _set_clip(self, kind: int, handle: int | None) -> int | None:
        self.clip[kind] = None if handle is None else self._memory.pop(handle).raw
        return handle

    def _format(self, name: str) -> int:
        self.names.append(name)
        return 0xC000 + len(self.names)

    # --- kernel32 ---

    def _allocate(self, _flags: int, size: int, raw: bytes = b"") -> int:
        memory = ctypes.create_string_buffer(raw, size)
        handle = ctypes.addressof(memory)
        self._memory[handle] = memory
        return handle

    def _kernel(self) -> dict[str, Any]:
        def open_process(access: int, _inherit: bool, process: int) -> int:
            if access == 0x0400 and process in self.elevated:
                self.error = ACCESS_DENIED
                return 0
            return process

        def name_of(process: int, _flags: int, name: Any, _length: Any) -> int:
            name.value = next((path for number, path in self.programs.values() if number == process), "")
            return 1

        return {
            "GetModuleHandleW": lambda name: 1,
            "OpenProcess": open_process,
            "CloseHandle": lambda handle: 1,
            "QueryFullProcessImageNameW": name_of,
            "GlobalAlloc": self._allocate,
            "GlobalLock": lambda handle: handle,
            "GlobalUnlock": lambda handle: 1,
            "GlobalSize": lambda handle: len(self._memory[handle]),
        }
