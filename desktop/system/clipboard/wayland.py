"""The clipboard of Wayland, by the protocol of clipboard managers: all formats, and a receipt.

Nobody tells who reads. Histories read as soon as there is something new, the target when the chord has reached it: so
the readings that come after `expect_reading` are taken for the receipt.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
import queue
import select
import struct
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from desktop.core.errors import AppError, ClipboardUnusable
from desktop.core.ports import Target
from desktop.system.waker import Waker
from desktop.system.wayland import MANAGERS, Compositor, Message, NoCompositor, read_all, text

log = logging.getLogger(__name__)

SETTLE_S = 0.06
"""A history has read what is new by then."""
QUIET_S = 0.25
KEEP_WITHIN_S = 4.0
WRITE_WITHIN_S = 10.0
MOST_BYTES = 256 << 20

SECRET = "x-kde-passwordManagerHint"
TEXT_TYPES = ("text/plain;charset=utf-8", "text/plain", "UTF8_STRING", "STRING", "TEXT")

Contents = dict[str, bytes]


class WaylandClipboard:
    """Data control: on wlroots, KDE and what follows the standard."""

    def __init__(self) -> None:
        """Raises NoCompositor."""
        self._asked: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._waker = Waker()
        self._is_over = False
        self._offered: dict[int, list[str]] = {}
        self._selection = 0
        self._source = 0
        self._sources: dict[int, Contents] = {}
        self._kept: Contents | None = None
        self._lent = 0
        """The source of the text that is lent; 0 if none is."""
        self._reads = 0
        self._read = threading.Event()
        self._last_read = 0.0
        self._quiet_at = math.inf
        """When the clipboard is to be given back, if nobody reads until then."""
        started: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(started,), name="clipboard", daemon=True)
        self._thread.start()
        try:
            started.result()
        except BaseException:
            self.close()
            raise

    def keep(self) -> None:
        """Begin to remember what is there; returns at once."""
        self._post(self._keep)

    def offer(self, text: str, reader: Target | None, with_selection: bool = False) -> None:
        """Lend the clipboard to a text. Raises ClipboardUnusable."""
        self._ask(lambda: self._lend(text))
        time.sleep(SETTLE_S)
        self._read.clear()

    def wait_read(self, within_s: float) -> bool:
        """Wait until somebody has taken the text since it was offered; whether it was."""
        return self._read.wait(within_s)

    def is_lent(self) -> bool:
        """Whether the text is still there."""
        return bool(self._lent)

    def give_back(self) -> None:
        """What was kept comes back once nobody reads any more; returns at once."""
        self._post(lambda: self._give_back(self._lent))

    def put(self, text: str) -> None:
        """Copy a text for good. Raises ClipboardUnusable."""
        self._ask(lambda: self._put(text))

    def close(self) -> None:
        """Give back what is not given back yet, and let go."""
        self._is_over = True
        self._waker.wake()
        self._thread.join()
        self._waker.close()

    def _post(self, do: Callable[[], None]) -> None:
        self._asked.put(do)
        self._waker.wake()

    def _ask(self, do: Callable[[], None]) -> None:
        answer: Future[None] = Future()

        def answered() -> None:
            try:
                do()
            except AppError as error:
                answer.set_exception(error)
            except BaseException as error:  # a bug, or the compositor is gone: the thread ends with it
                answer.set_exception(error)
                raise
            else:
                answer.set_result(None)

        self._post(answered)
        while not answer.done() and self._thread.is_alive():
            with contextlib.suppress(TimeoutError):
                answer.result(0.2)
        if not answer.done():
            raise ClipboardUnusable(reason="the compositor is gone")
        try:
            answer.result()
        except (NoCompositor, OSError) as error:
            raise ClipboardUnusable(reason=str(error)) from error

    # All that follows is done on the thread.

    def _run(self, started: Future[None]) -> None:
        try:
            self._compositor = Compositor()
            self._connect()
        except NoCompositor as error:
            started.set_exception(error)
            return
        except BaseException as error:
            started.set_exception(error)
            raise
        started.set_result(None)
        try:
            while not self._is_over:
                self._serve()
            if self._lent:
                self._restore()
                self._compositor.sync()
        except (NoCompositor, OSError):
            log.info("The compositor is gone")
        finally:
            self._compositor.close()

    def _serve(self) -> None:
        left_s = None if self._quiet_at == math.inf else max(0.0, self._quiet_at - time.monotonic())
        ready, _, _ = select.select([self._compositor.fileno(), self._waker.fileno()], [], [], left_s)
        if self._compositor.fileno() in ready:
            self._compositor.serve()
        self._waker.clear()
        with contextlib.suppress(queue.Empty):
            while True:
                self._asked.get_nowait()()
        if self._quiet_at <= time.monotonic():
            self._give_back(self._lent)

    def _connect(self) -> None:
        name = next((one for one in MANAGERS if self._compositor.offers(one)), "")
        if not name:
            raise NoCompositor("this compositor keeps the clipboard for the window in focus")
        ignore: Callable[[Message], None] = lambda message: None  # noqa: E731 - an object whose events say nothing to us
        self._manager = self._compositor.bind(name, MANAGERS[name], ignore)
        seat = self._compositor.bind("wl_seat", 1, ignore)
        self._device = self._compositor.new(self._on_device)
        self._compositor.send(self._manager, 1, struct.pack("=II", self._device, seat))
        self._compositor.sync()

    def _on_device(self, message: Message) -> None:
        match message.opcode:
            case 0:
                offer = message.number()
                self._offered[offer] = types = []
                self._compositor.adopt(offer, lambda one: types.append(one.text()) if one.opcode == 0 else None)
            case 1:
                self._select(message.number())
            case 3:
                self._drop(message.number())  # the selected text is no concern of ours

    def _select(self, offer: int) -> None:
        """The clipboard holds something else. It is ours when our mark is among its formats."""
        if offer != self._selection:
            self._drop(self._selection)
        self._selection = offer
        mark = self._mark(self._source)
        if not self._source or mark not in self._offered.get(offer, ()):
            self._kept = None

    def _drop(self, offer: int) -> None:
        if self._offered.pop(offer, None) is not None:
            self._compositor.send(offer, 1)
            self._compositor.forget(offer)

    def _mark(self, source: int) -> str:
        return f"application/x-undertone-{os.getpid()}-{source}"

    def _keep(self) -> None:
        if self._kept is not None or self._lent:
            return
        if self._source:
            self._kept = self._sources[self._source]
            return
        until = time.monotonic() + KEEP_WITHIN_S
        kept: Contents = {}
        offer = self._selection
        for kind in list(self._offered.get(offer, ())):
            data = self._received(offer, kind, until - time.monotonic())
            if data is not None:
                kept[kind] = data
        self._kept = kept

    def _received(self, offer: int, kind: str, within_s: float) -> bytes | None:
        if within_s <= 0:
            return None
        read_end, write_end = os.pipe()
        try:
            self._compositor.send(offer, 0, text(kind), (write_end,))
        finally:
            os.close(write_end)
        try:
            return read_all(read_end, within_s, MOST_BYTES)
        finally:
            os.close(read_end)

    def _lend(self, wanted: str) -> None:
        self._keep()
        contents = _as_text(wanted) | {SECRET: b"secret"}
        self._quiet_at = math.inf
        self._lent = self._own(contents)

    def _put(self, wanted: str) -> None:
        self._lent = 0
        self._kept = None
        self._own(_as_text(wanted))

    def _own(self, contents: Contents) -> int:
        source = self._compositor.new(lambda message: self._on_source(source, message))
        self._compositor.send(self._manager, 0, struct.pack("=I", source))
        for kind in (*contents, self._mark(source)):
            self._compositor.send(source, 0, text(kind))
        self._sources[source] = contents
        before, self._source = self._source, source
        self._compositor.send(self._device, 0, struct.pack("=I", source))
        if before:
            self._sources.pop(before, None)
            self._compositor.send(before, 1)
        self._compositor.sync()
        return source

    def _on_source(self, source: int, message: Message) -> None:
        if message.opcode == 0:
            kind, file = message.text(), message.file()
            self._give(source, kind, file)
        elif source == self._source:
            # Cancelled: somebody copied, and that stays.
            self._source = self._lent = 0
            self._kept = None
            self._sources.pop(source, None)
            self._compositor.send(source, 1)

    def _give(self, source: int, kind: str, file: int) -> None:
        """On a thread of its own: a reader may be slow, and others want to read meanwhile."""
        data = self._sources.get(source, {}).get(kind, b"")

        def write() -> None:
            is_whole = _written(file, data)
            if is_whole and source == self._lent and kind in TEXT_TYPES:
                self._last_read = time.monotonic()
                self._read.set()

        threading.Thread(target=write, name="clipboard reader", daemon=True).start()

    def _give_back(self, source: int) -> None:
        """A text that was lent since takes its place: the two have the same before them."""
        if not source or source != self._lent:
            return
        left_s = QUIET_S - (time.monotonic() - self._last_read)
        if left_s > 0:
            self._quiet_at = time.monotonic() + left_s
            return
        self._quiet_at = math.inf
        self._restore()

    def _restore(self) -> None:
        self._lent = 0
        before, self._kept = self._kept, None
        if before:
            self._own(before)
        else:
            source, self._source = self._source, 0
            self._sources.pop(source, None)
            self._compositor.send(self._device, 0, struct.pack("=I", 0))
            self._compositor.send(source, 1)
            self._compositor.sync()


def _as_text(wanted: str) -> Contents:
    raw = wanted.encode("utf-8", "replace")
    return dict.fromkeys(TEXT_TYPES, raw)


def _written(file: int, data: bytes) -> bool:
    """Write all of it into a pipe; whether the reader took it."""
    until = time.monotonic() + WRITE_WITHIN_S
    os.set_blocking(file, False)
    rest = memoryview(data)
    try:
        while rest:
            _, ready, _ = select.select([], [file], [], max(0.0, until - time.monotonic()))
            if not ready:
                return False
            rest = rest[os.write(file, rest) :]
    except (BrokenPipeError, BlockingIOError):
        return False
    else:
        return True
    finally:
        os.close(file)
