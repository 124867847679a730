"""A Mac as far as Undertone asks one: AppKit, Quartz and Carbon, with a main thread, a pasteboard, keys and windows."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

QWERTY = "asdfhgzxcv§bqweryt123465=97-80]ou[ip\rlj'k;\\,/nm.\t `"
DVORAK = "aoeidhfyxqj§k',.ry"
COMMAND, SHIFT, OPTION, CONTROL = 1 << 20, 1 << 17, 1 << 19, 1 << 18
STRING = "public.utf8-plain-text"
ON_SCREEN, ALL, NO_DESKTOP = 1, 0, 16
EXISTS = -9878
PRESSED, RELEASED = 5, 6


class NSObject:
    """What every class of Objective-C has."""

    def __init_subclass__(cls, protocols: list[str] | None = None) -> None:
        cls.protocols = protocols or []

    @classmethod
    def alloc(cls) -> Any:
        return cls.__new__(cls)

    def init(self) -> Any:
        return self


class Main:
    """The main thread with its run loop."""

    def __init__(self) -> None:
        self.calls: queue.Queue[Callable[[], object] | None] = queue.Queue()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.is_free = threading.Event()
        self.is_free.set()

    def start(self) -> None:
        self.thread.start()

    def end(self) -> None:
        self.is_free.set()
        self.calls.put(None)
        if self.thread.is_alive():
            self.thread.join()

    def wait_for(self, do: Callable[[], Any]) -> Any:
        """Done there, for a test."""
        answers: queue.Queue[Any] = queue.Queue()
        self.calls.put(lambda: answers.put(do()))
        return answers.get(timeout=10)

    def run_once(self, _mode: object, until_s: float) -> bool:
        """`runMode:beforeDate:`."""
        assert threading.current_thread() is self.thread
        try:
            call = self.calls.get(timeout=until_s)
        except queue.Empty:
            return True
        if call:
            call()
        return True

    def call_after(self, do: Callable[..., object], *arguments: object) -> None:
        self.calls.put(lambda: do(*arguments))

    def call_later(self, delay_s: float, do: Callable[..., object], *arguments: object) -> None:
        timer = threading.Timer(delay_s, self.call_after, (do, *arguments))
        timer.daemon = True
        timer.start()

    def _run(self) -> None:
        while call := self.calls.get():
            self.is_free.wait()
            call()


class Item(NSObject):
    """An item of the pasteboard: data in some kinds, or promised."""

    def init(self) -> Item:
        self.data: dict[str, bytes] = {}
        self.promises: dict[str, Any] = {}
        self.denied = False
        return self

    def types(self) -> list[str]:
        return [*self.data, *(kind for kind in self.promises if kind not in self.data)]

    def dataForType_(self, kind: str) -> bytes | None:
        if self.denied:
            return None
        if kind not in self.data and kind in self.promises:
            self.promises[kind].pasteboard_item_provideDataForType_(None, self, kind)
        return self.data.get(kind)

    def setData_forType_(self, data: bytes, kind: str) -> bool:
        self.data[kind] = data
        return True

    def setString_forType_(self, text: str, kind: str) -> bool:
        return self.setData_forType_(text.encode(), kind)

    def setDataProvider_forTypes_(self, provider: Any, kinds: list[str]) -> None:
        assert "NSPasteboardItemDataProvider" in provider.protocols
        self.promises = dict.fromkeys(kinds, provider)


class Pasteboard:
    """The general one."""

    def __init__(self, main: Main) -> None:
        self._main = main
        self._count = 7
        self.items: list[Item] = []
        self.is_local = False
        self.refuses = False
        self.access = 2

    def copy(self, *contents: dict[str, bytes], denied: bool = False) -> None:
        """Another program copies."""
        self._count += 1
        self.items = []
        for data in contents:
            item = Item.alloc().init()
            item.data, item.denied = dict(data), denied
            self.items.append(item)

    def contents(self) -> list[dict[str, bytes]]:
        return [dict(item.data) for item in self.items]

    def accessBehavior(self) -> int:
        return self.access

    def changeCount(self) -> int:
        self._check()
        return self._count

    def types(self) -> list[str]:
        self._check()
        return [kind for item in self.items for kind in item.types()]

    def pasteboardItems(self) -> list[Item] | None:
        self._check()
        return self.items or None

    def clearContents(self) -> int:
        self._check()
        self._count += 1
        self.items, self.is_local = [], False
        return self._count

    def prepareForNewContentsWithOptions_(self, options: int) -> int:
        self.clearContents()
        self.is_local = options == 1
        return self._count

    def writeObjects_(self, items: list[Item]) -> bool:
        self._check()
        if self.refuses:
            self.refuses = False
            return False
        self.items = list(items)
        return True

    def setString_forType_(self, text: str, kind: str) -> bool:
        item = Item.alloc().init()
        item.setString_forType_(text, kind)
        return self.writeObjects_([item])

    def _check(self) -> None:
        assert threading.current_thread() is self._main.thread, "AppKit is for the main thread"


class FakeMac:
    """All of it. A program in front takes what is typed and pasted into `field`."""

    def __init__(self) -> None:
        self.main = Main()
        self.pasteboard = Pasteboard(self.main)
        self.layout: Callable[[int, int], str] = lambda code, _flags: QWERTY[code] if code < len(QWERTY) else ""
        self.front: tuple[int, str] | None = (40, "TextEdit")
        self.windows = [
            self.window(900, 1, 25),
            self.window(901, 40, 101),
            self.window(902, 40),
            self.window(903, 40),
            self.window(904, 41),
        ]
        self.may_post, self.was_asked = True, False
        self.held = 0
        self.keys_down: set[int] = set()
        self.posted: list[tuple[int, bool, int, str]] = []
        self.field = ""
        self.reads_pastes = True
        self.caret: tuple[str, int, int] | None = None
        """Text, start and length of the selection of the part in focus."""
        self.is_secret = self.is_odd = False
        self.hotkeys: dict[int, tuple[int, int, int]] = {}
        self.taken: set[tuple[int, int]] = set()
        self._handler: Any = None
        self._refs = 100

    @staticmethod
    def window(number: int, process: int, layer: int = 0) -> dict[str, int]:
        return {"number": number, "process": process, "layer": layer}

    def type_key(self, number: int, kind: int) -> int:
        """The user's finger on a shortcut; what the handler says."""
        event = number * 10 + kind
        return int(self.main.wait_for(lambda: self._handler(None, event, None)))

    def modules(self) -> dict[str, ModuleType]:
        """What Python imports there."""
        helper = SimpleNamespace(callAfter=self.main.call_after, callLater=self.main.call_later)
        made = {
            "AppKit": self._appkit(),
            "Quartz": self._quartz(),
            "HIServices": self._services(),
            "objc": {
                "error": type("error", (Exception,), {}),
                "autorelease_pool": _Pool,
                "protocolNamed": lambda name: name,
            },
            "PyObjCTools": {"AppHelper": helper},
        }
        return {name: _module(name, content) for name, content in made.items()}

    def carbon(self) -> SimpleNamespace:
        """The library, for `ctypes`."""

        def register(code: int, flags: int, number: Any, _target: Any, _options: int, made: Any) -> int:
            assert threading.current_thread() is self.main.thread
            if (code, flags) in self.taken:
                return EXISTS
            self._refs += 1
            made._obj.value = self._refs
            self.hotkeys[self._refs] = (code, flags, number.number)
            return 0 if code < 200 else -50

        def unregister(made: Any) -> int:
            del self.hotkeys[made.value]
            return 0

        def install(_target: Any, handler: Any, count: int, kinds: Any, _own: Any, made: Any) -> int:
            assert [kinds[at].kind for at in range(count)] == [PRESSED, RELEASED]
            self._handler, made._obj.value = handler, 1
            return 0

        def parameter(event: int, *arguments: Any) -> int:
            told = arguments[-1]._obj
            told.signature = int.from_bytes(b"UNDT", "big") if event < 1000 else 0
            told.number = event // 10
            return 0

        return SimpleNamespace(
            GetEventDispatcherTarget=lambda: 1,
            GetEventKind=lambda event: event % 10,
            InstallEventHandler=install,
            RemoveEventHandler=lambda made: 0,
            RegisterEventHotKey=register,
            UnregisterEventHotKey=unregister,
            GetEventParameter=parameter,
        )

    def _appkit(self) -> dict[str, Any]:
        def program(process: int, name: str) -> SimpleNamespace:
            return SimpleNamespace(processIdentifier=lambda: process, localizedName=lambda: name)

        space = SimpleNamespace(frontmostApplication=lambda: self.front and program(*self.front))
        processes = {one["process"] for one in self.windows}

        def running(process: int) -> object:
            named = dict([self.front]) if self.front else {}
            return program(process, named.get(process, "")) if process in processes else None

        def event_of(event: Any) -> SimpleNamespace:
            assert not 54 <= event.code <= 63, "macOS raises for modifiers"
            assert threading.current_thread() is self.main.thread, "the layout is for the main thread"
            return SimpleNamespace(charactersByApplyingModifiers_=lambda flags: self.layout(event.code, flags))

        loop = SimpleNamespace(runMode_beforeDate_=self.main.run_once)
        return {
            "NSObject": NSObject,
            "NSPasteboardItem": Item,
            "NSPasteboard": SimpleNamespace(generalPasteboard=lambda: self.pasteboard),
            "NSPasteboardTypeString": STRING,
            "NSPasteboardContentsCurrentHostOnly": 1,
            "NSPasteboardAccessBehaviorAlwaysDeny": 3,
            "NSData": SimpleNamespace(data=lambda: b""),
            "NSEvent": SimpleNamespace(eventWithCGEvent_=event_of),
            "NSThread": SimpleNamespace(isMainThread=lambda: threading.current_thread() is self.main.thread),
            "NSRunLoop": SimpleNamespace(mainRunLoop=lambda: loop),
            "NSDate": SimpleNamespace(dateWithTimeIntervalSinceNow_=lambda seconds: seconds),
            "NSDefaultRunLoopMode": "default",
            "NSWorkspace": SimpleNamespace(sharedWorkspace=lambda: space),
            "NSRunningApplication": SimpleNamespace(runningApplicationWithProcessIdentifier_=running),
        }

    def _quartz(self) -> dict[str, Any]:
        def listed(which: int, _window: int) -> list[dict[str, int]]:
            assert which in (ALL, ON_SCREEN | NO_DESKTOP)
            return self.windows

        def ask() -> bool:
            self.was_asked = True
            return False

        def event(_source: object, code: int, is_down: bool) -> SimpleNamespace:
            return SimpleNamespace(code=code, is_down=is_down, flags=0, text="")

        def write(made: SimpleNamespace, units: int, text: str) -> None:
            assert units == len(text.encode("utf-16-le")) // 2 <= 20
            made.text = text

        return {
            "kCGEventFlagMaskCommand": COMMAND,
            "kCGEventFlagMaskShift": SHIFT,
            "kCGEventFlagMaskAlternate": OPTION,
            "kCGEventFlagMaskControl": CONTROL,
            "kCGEventSourceStatePrivate": -1,
            "kCGEventSourceStateHIDSystemState": 1,
            "kCGSessionEventTap": 1,
            "kCGWindowListOptionAll": ALL,
            "kCGWindowListOptionOnScreenOnly": ON_SCREEN,
            "kCGWindowListExcludeDesktopElements": NO_DESKTOP,
            "kCGNullWindowID": 0,
            "kCGWindowNumber": "number",
            "kCGWindowOwnerPID": "process",
            "kCGWindowLayer": "layer",
            "CGPreflightPostEventAccess": lambda: self.may_post,
            "CGRequestPostEventAccess": ask,
            "CGEventSourceCreate": lambda state: object(),
            "CGEventSourceKeyState": lambda state, code: code in self.keys_down,
            "CGEventSourceFlagsState": lambda state: self.held,
            "CGWindowListCopyWindowInfo": listed,
            "CGEventCreateKeyboardEvent": event,
            "CGEventSetFlags": lambda made, flags: setattr(made, "flags", flags),
            "CGEventKeyboardSetUnicodeString": write,
            "CGEventPost": self._post,
        }

    def _services(self) -> dict[str, Any]:
        """Accessibility: each answer is an error and a value. Places are counted in UTF-16."""

        def attribute(element: str, name: str, _out: None) -> tuple[int, Any]:
            if name == "AXFocusedApplication":
                return (0, self.front) if self.front and self.may_post else (-25212, None)
            if not self.caret:
                return -25212, None
            text, start, length = self.caret
            known = {
                "AXFocusedUIElement": "field",
                "AXSelectedTextRange": ("range", (start, length)),
                "AXNumberOfCharacters": len(text.encode("utf-16-le")) // 2,
                **({"AXSubrole": "AXSecureTextField"} if self.is_secret else {}),
            }
            assert (element == "desk") == (name == "AXFocusedUIElement")
            return (0, known[name]) if name in known else (-25205, None)

        def string(_field: str, _name: str, wanted: tuple[int, tuple[int, int]], _out: None) -> tuple[int, Any]:
            assert self.caret
            start, length = wanted[1]
            raw = self.caret[0].encode("utf-16-le")
            assert 0 <= start <= start + length <= len(raw) // 2
            return 0, raw[2 * start : 2 * (start + length)].decode("utf-16-le")

        return {
            "AXUIElementCreateSystemWide": lambda: "desk",
            "AXUIElementSetMessagingTimeout": lambda element, seconds: 0,
            "AXUIElementCopyAttributeValue": attribute,
            "AXUIElementCopyParameterizedAttributeValue": string,
            "AXValueGetValue": lambda value, kind, out: (not self.is_odd, value[1]),
            "AXValueCreate": lambda kind, value: (kind, value),
            "AXUIElementGetPid": lambda program, out: (0, program[0]),
            "kAXFocusedApplicationAttribute": "AXFocusedApplication",
            "kAXFocusedUIElementAttribute": "AXFocusedUIElement",
            "kAXSelectedTextRangeAttribute": "AXSelectedTextRange",
            "kAXNumberOfCharactersAttribute": "AXNumberOfCharacters",
            "kAXStringForRangeParameterizedAttribute": "AXStringForRange",
            "kAXSubroleAttribute": "AXSubrole",
            "kAXSecureTextFieldSubrole": "AXSecureTextField",
            "kAXValueCFRangeType": 4,
        }

    def _post(self, _tap: int, event: SimpleNamespace) -> None:
        assert self.may_post, "macOS would drop it"
        self.posted.append((event.code, event.is_down, event.flags, event.text))
        if not event.is_down:
            return
        if event.text:
            self.field += event.text
        elif event.flags & COMMAND and self.layout(event.code, COMMAND) == "v" and self.reads_pastes:
            self.main.call_after(self._paste)
        elif event.code == 36:
            self.field += "\n"

    def _paste(self) -> None:
        for item in self.pasteboard.items:
            self.field += (item.dataForType_(STRING) or b"").decode()


class _Pool:
    def __enter__(self) -> None: ...

    def __exit__(self, *_error: object) -> None: ...


def _module(name: str, content: dict[str, Any]) -> ModuleType:
    made = ModuleType(name)
    made.__dict__.update(content)
    return made
