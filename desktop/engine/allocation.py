"""How the engine process gets its memory: set before a model is loaded, given back when there is nothing to do.

CTranslate2 asks for and frees blocks of 50 to 200 MB in every layer of the encoder. glibc maps and unmaps each of them,
and the kernel fills them with zeros again each time: half of the encoder's time. Kept, they cost nothing.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Protocol

# Numbers from glibc's malloc.h.
_M_TRIM_THRESHOLD, _M_MMAP_MAX, _M_ARENA_MAX = -1, -4, -8

_SETTINGS = (
    (_M_MMAP_MAX, 0),  # no block of its own for what is large
    (_M_TRIM_THRESHOLD, 2**31 - 1),  # keep what was freed
    (_M_ARENA_MAX, 1),  # other arenas are made of heaps of 64 MB, too small for these blocks
)


class _Libc(Protocol):
    def mallopt(self, parameter: int, value: int) -> int: ...

    def malloc_trim(self, kept: int) -> int: ...


def tune(libc: _Libc | None = None) -> bool:
    """Keep freed memory for the next layer; whether this system's allocator can be told to."""
    libc = libc or _glibc()
    return libc is not None and all(libc.mallopt(parameter, value) for parameter, value in _SETTINGS)


def give_back(libc: _Libc | None = None) -> None:
    """Return to the system what is free."""
    libc = libc or _glibc()
    if libc is not None:
        libc.malloc_trim(0)


def _glibc() -> _Libc | None:
    """The C library of this process if it is glibc; musl, macOS and Windows have other allocators."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "gnu_get_libc_version") and hasattr(libc, "mallopt") else None
