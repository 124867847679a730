"""A picture above all windows on Wayland, by the protocol that panels use (wlr-layer-shell): wlroots, KDE and others.

No window of Qt can be that there: each takes the keyboard when it appears, and stands where the compositor likes. This
one takes neither the keyboard nor the mouse.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import struct
import threading
from dataclasses import dataclass
from functools import partial

from desktop.system.waker import Waker
from desktop.system.wayland import Compositor, Message, NoCompositor, text

SHELL = "zwlr_layer_shell_v1"
NAMESPACE = "undertone"
AWAY = 40
"""From the edge of the screen."""

# Opcodes of requests, by interface.
CREATE_SURFACE, CREATE_REGION = 0, 1
DESTROY = 0
ATTACH, SET_INPUT_REGION, COMMIT, SET_BUFFER_SCALE, DAMAGE_BUFFER = 1, 5, 6, 8, 9
CREATE_POOL, CREATE_BUFFER, DESTROY_POOL = 0, 0, 1
GET_LAYER_SURFACE = 0
SET_SIZE, SET_ANCHOR, SET_EXCLUSIVE_ZONE, SET_MARGIN, ACK_CONFIGURE, DESTROY_LAYER = 0, 1, 2, 3, 6, 7
CONFIGURE, CLOSED = 0, 1

LAYER_OVERLAY = 3
ANCHOR_TOP, ANCHOR_BOTTOM = 1, 2
ARGB8888 = 0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Picture:
    pixels: bytes
    width: int
    height: int
    scale: int
    is_at_top: bool

    @property
    def place(self) -> tuple[int, int, bool]:
        return self.width // self.scale, self.height // self.scale, self.is_at_top


class LayerPicture:
    """The OnTop port."""

    def __init__(self) -> None:
        """Raises NoCompositor where there is none, or it lets no program do this."""
        self._compositor = Compositor()
        try:
            self._surfaces = self._compositor.bind("wl_compositor", 4, lambda _message: None)
            self._memory = self._compositor.bind("wl_shm", 1, lambda _message: None)
            self._shell = self._compositor.bind(SHELL, 1, lambda _message: None)
            self._compositor.sync()
        except BaseException:
            self._compositor.close()
            raise
        self._surface = self._layer = 0
        self._is_configured = False
        self._place: tuple[int, int, bool] | None = None
        self._wanted: _Picture | None = None
        self._shown: _Picture | None = None
        self._is_over = False
        self._waker = Waker()
        self._thread = threading.Thread(target=self._run, name="layer", daemon=True)
        self._thread.start()

    def show(self, pixels: bytes, size: tuple[int, int], scale: int, is_at_top: bool) -> None:
        """Show this at the top or the bottom of the screen, from now on."""
        self._wanted = _Picture(pixels, *size, scale, is_at_top)
        self._waker.wake()

    def hide(self) -> None:
        """Show nothing."""
        self._wanted = None
        self._waker.wake()

    def close(self) -> None:
        """Let go of the compositor."""
        self._is_over = True
        self._waker.wake()
        self._thread.join()
        self._waker.close()

    # All that follows is done on the thread.

    def _run(self) -> None:
        try:
            while not self._is_over:
                ready, _, _ = select.select([self._compositor.fileno(), self._waker.fileno()], [], [])
                self._waker.clear()
                if self._compositor.fileno() in ready:
                    self._compositor.serve()
                self._follow()
        except (NoCompositor, OSError) as error:
            log.info("The sign of dictation cannot be shown any more: %s", error)
        finally:
            self._compositor.close()

    def _follow(self) -> None:
        """Bring what is shown nearer to what is wanted."""
        wanted = self._wanted
        if wanted is None:
            self._take_away()
        elif not self._surface:
            self._make(wanted)
        elif self._is_configured and wanted != self._shown:
            self._paint(wanted)

    def _make(self, wanted: _Picture) -> None:
        send, new = self._compositor.send, self._compositor.new
        self._surface = new(lambda _message: None)
        send(self._surfaces, CREATE_SURFACE, struct.pack("=I", self._surface))
        nowhere = new(lambda _message: None)  # an empty region: clicks go through
        send(self._surfaces, CREATE_REGION, struct.pack("=I", nowhere))
        send(self._surface, SET_INPUT_REGION, struct.pack("=I", nowhere))
        send(nowhere, DESTROY)
        self._layer = new(self._on_layer)
        about = struct.pack("=IIII", self._layer, self._surface, 0, LAYER_OVERLAY) + text(NAMESPACE)
        send(self._shell, GET_LAYER_SURFACE, about)
        send(self._layer, SET_EXCLUSIVE_ZONE, struct.pack("=i", 0))
        self._move(wanted)
        send(self._surface, COMMIT)  # without a picture yet: the compositor says first that it agrees

    def _move(self, wanted: _Picture) -> None:
        width, height, is_at_top = self._place = wanted.place
        self._compositor.send(self._layer, SET_SIZE, struct.pack("=II", width, height))
        self._compositor.send(self._layer, SET_ANCHOR, struct.pack("=I", ANCHOR_TOP if is_at_top else ANCHOR_BOTTOM))
        self._compositor.send(self._layer, SET_MARGIN, struct.pack("=iiii", AWAY, 0, AWAY, 0))

    def _paint(self, wanted: _Picture) -> None:
        if wanted.place != self._place:
            self._move(wanted)
        buffer = self._buffer(wanted)
        send = self._compositor.send
        send(self._surface, SET_BUFFER_SCALE, struct.pack("=i", wanted.scale))
        send(self._surface, ATTACH, struct.pack("=Iii", buffer, 0, 0))
        send(self._surface, DAMAGE_BUFFER, struct.pack("=iiii", 0, 0, wanted.width, wanted.height))
        send(self._surface, COMMIT)
        self._shown = wanted

    def _buffer(self, wanted: _Picture) -> int:
        """Memory that the compositor reads; it is let go when it has."""
        file = os.memfd_create("undertone-picture", os.MFD_CLOEXEC)
        try:
            os.write(file, wanted.pixels)
            pool = self._compositor.new(lambda _message: None)
            size = len(wanted.pixels)
            self._compositor.send(self._memory, CREATE_POOL, struct.pack("=Ii", pool, size), (file,))
        finally:
            os.close(file)
        buffer = self._compositor.new(lambda _message: None)
        self._compositor.adopt(buffer, partial(self._on_release, buffer))
        about = struct.pack("=IiiiiI", buffer, 0, wanted.width, wanted.height, 4 * wanted.width, ARGB8888)
        self._compositor.send(pool, CREATE_BUFFER, about)
        self._compositor.send(pool, DESTROY_POOL)
        self._compositor.forget(pool)
        return buffer

    def _take_away(self) -> None:
        if self._surface:
            self._compositor.send(self._layer, DESTROY_LAYER)
            self._compositor.send(self._surface, DESTROY)
            self._compositor.forget(self._layer)
            self._compositor.forget(self._surface)
        self._surface = self._layer = 0
        self._is_configured, self._shown = False, None

    def _on_layer(self, message: Message) -> None:
        if message.opcode == CONFIGURE:
            self._compositor.send(self._layer, ACK_CONFIGURE, struct.pack("=I", message.number()))
            self._is_configured = True
        elif message.opcode == CLOSED:  # its screen was taken away: it comes again on another one
            self._take_away()

    def _on_release(self, buffer: int, _message: Message) -> None:
        with contextlib.suppress(OSError):
            self._compositor.send(buffer, DESTROY)
        self._compositor.forget(buffer)
