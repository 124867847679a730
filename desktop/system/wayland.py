"""The Wayland compositor as the clipboard needs it: the wire protocol, and only as much of it as that takes.

A window of Qt reaches the clipboard only while it has the keyboard; what a program behind other windows needs is the
protocol of clipboard managers (data-control), which compositors offer under two names with the same messages.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
from collections import deque
from collections.abc import Callable
from pathlib import Path

DISPLAY, REGISTRY = 1, 2
ANSWER_WITHIN_S = 3.0

MANAGERS = {"ext_data_control_manager_v1": 1, "zwlr_data_control_manager_v1": 2}
"""What gives access to the clipboard, the standard one first, and the version of it that is spoken here."""


class NoCompositor(Exception):
    """There is none, or it does not let programs behind others near the clipboard."""


class Message:
    """One event: its values are taken out one after the other."""

    def __init__(self, sender: int, opcode: int, body: bytes, fds: deque[int]) -> None:
        self.sender, self.opcode = sender, opcode
        self._body, self._fds = body, fds
        self._at = 0

    def number(self) -> int:
        """An unsigned number, or the id of an object (0 for none)."""
        (value,) = struct.unpack_from("=I", self._body, self._at)
        self._at += 4
        return int(value)

    def text(self) -> str:
        """A string."""
        length = self.number()
        raw = self._body[self._at : self._at + max(0, length - 1)]
        self._at += (length + 3) & ~3
        return raw.decode("utf-8", "replace")

    def file(self) -> int:
        """An open file that came along."""
        return self._fds.popleft()


class Compositor:
    """A connection. Used by one thread."""

    def __init__(self) -> None:
        """Raises NoCompositor."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._objects: dict[int, Callable[[Message], None]] = {DISPLAY: self._on_display, REGISTRY: self._on_global}
        self._last_id = REGISTRY
        self._received = b""
        self._fds: deque[int] = deque()
        self._globals: dict[str, tuple[int, int]] = {}
        try:
            self._socket.connect(_address())
            self.send(DISPLAY, 1, struct.pack("=I", REGISTRY))
            self.sync()
        except (OSError, KeyError) as error:
            self._socket.close()
            raise NoCompositor("there is no Wayland compositor") from error

    def fileno(self) -> int:
        """For select."""
        return self._socket.fileno()

    def new(self, on_event: Callable[[Message], None]) -> int:
        """The id of a new object of ours."""
        self._last_id += 1
        self._objects[self._last_id] = on_event
        return self._last_id

    def adopt(self, object_id: int, on_event: Callable[[Message], None]) -> None:
        """An object that the compositor made."""
        self._objects[object_id] = on_event

    def forget(self, object_id: int) -> None:
        """It was destroyed; late events to it are let go."""
        self._objects.pop(object_id, None)

    def bind(self, interface: str, version: int, on_event: Callable[[Message], None]) -> int:
        """An object for something the compositor offers. Raises NoCompositor."""
        if interface not in self._globals:
            raise NoCompositor(f"this compositor lacks {interface}")
        name, offered = self._globals[interface]
        made = self.new(on_event)
        version = min(version, offered)
        self.send(REGISTRY, 0, struct.pack("=I", name) + text(interface) + struct.pack("=II", version, made))
        return made

    def offers(self, interface: str) -> bool:
        """Whether the compositor has it."""
        return interface in self._globals

    def send(self, receiver: int, opcode: int, body: bytes = b"", files: tuple[int, ...] = ()) -> None:
        """A request."""
        data = struct.pack("=II", receiver, (8 + len(body)) << 16 | opcode) + body
        if files:
            socket.send_fds(self._socket, [data], list(files))
        else:
            self._socket.sendall(data)

    def sync(self) -> None:
        """Wait until the compositor has done all that was asked. Raises NoCompositor."""
        done: list[int] = []
        callback = self.new(lambda message: done.append(1))
        self.send(DISPLAY, 0, struct.pack("=I", callback))
        while not done:
            ready, _, _ = select.select([self._socket], [], [], ANSWER_WITHIN_S)
            if not ready:
                raise NoCompositor("the compositor does not answer")
            self.serve()

    def serve(self) -> None:
        """Take what has come. Raises NoCompositor when it is gone."""
        data, fds, _flags, _address = socket.recv_fds(self._socket, 1 << 16, 64)
        if not data:
            raise NoCompositor("the compositor is gone")
        self._fds.extend(fds)
        self._received += data
        while len(self._received) >= 8:
            sender, size_and_opcode = struct.unpack_from("=II", self._received)
            size = size_and_opcode >> 16
            if len(self._received) < size:
                return
            message = Message(sender, size_and_opcode & 0xFFFF, self._received[8:size], self._fds)
            self._received = self._received[size:]
            if on_event := self._objects.get(sender):
                on_event(message)

    def close(self) -> None:
        """Leave."""
        self._socket.close()
        for fd in self._fds:
            os.close(fd)

    def _on_display(self, message: Message) -> None:
        if message.opcode == 0:
            message.number()
            code, reason = message.number(), message.text()
            raise NoCompositor(f"the compositor ended the connection ({code}: {reason})")

    def _on_global(self, message: Message) -> None:
        if message.opcode == 0:
            name, interface, version = message.number(), message.text(), message.number()
            self._globals[interface] = name, version


def text(value: str) -> bytes:
    """A string as it travels."""
    raw = value.encode() + b"\0"
    return struct.pack("=I", len(raw)) + raw + b"\0" * (-len(raw) % 4)


def read_all(fd: int, within_s: float, most_bytes: int) -> bytes | None:
    """All that comes out of a pipe; None if its end does not come in time."""
    import time

    until = time.monotonic() + within_s
    parts: list[bytes] = []
    os.set_blocking(fd, False)
    while (left := until - time.monotonic()) > 0 and sum(map(len, parts)) <= most_bytes:
        ready, _, _ = select.select([fd], [], [], left)
        if ready:
            with contextlib.suppress(BlockingIOError):
                part = os.read(fd, 1 << 16)
                if not part:
                    return b"".join(parts)
                parts.append(part)
    return None


def _address() -> str:
    name = os.environ["WAYLAND_DISPLAY"]
    return name if name.startswith("/") else str(Path(os.environ["XDG_RUNTIME_DIR"]) / name)
