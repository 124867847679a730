"""A recording on disk: one Matroska file with a FLAC track for each device, to be read at any moment while it grows.

Sound is written in clusters of a fifth of a second, each whole in itself: when the program dies, all but the last are
there. It is written as a live stream, of which nothing has to be remembered; length and index come from the file itself
at the end, or from `repair` where there was no end.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from desktop.core.recording import ARE_SPEAKERS, TRACKS_TAG, Device
from desktop.system import matroska
from desktop.system.ring import Block

CLUSTER_MS = 200
MOST_HELD_BYTES = 64 << 20
SYNC_BYTES = 1 << 20
READ_BYTES = 1 << 18
"""At once: from one end to the other is quicker for a hard disk than a look at each cluster."""

LAYOUTS = {1: "mono", 2: "stereo", 3: "3.0", 4: "quad", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}
MOST_CHANNELS = max(LAYOUTS)

_OPTIONS = {"live": "1", "cluster_time_limit": str(CLUSTER_MS), "flush_packets": "1"}


def dtype_of(device: Device) -> str:
    """How the samples of a device are kept in memory; 24 bits stand in the upper part of 32."""
    return "int16" if device.sample_bits <= 16 else "int32"


class SoundFile:
    """A recording that is being written. Nothing written is taken back; `close` adds length and index.

    A full disk is no error here: what does not fit is held in memory and written as soon as there is room
    (`is_stuck`), so that the recorder can decide how long to hope.
    """

    def __init__(self, path: Path, devices: Sequence[Device], speakers: Sequence[str] = ()) -> None:
        """Raises OSError. With `speakers`, each track is what one of them says."""
        self.path = path
        self._target = _Target(path)
        self._container: Any = av.open(self._target, "w", format="matroska", options=_OPTIONS)
        self._container.metadata["title"] = path.stem
        self._container.metadata["creation_time"] = datetime.now(UTC).isoformat(timespec="seconds")
        if speakers:
            self._container.metadata[TRACKS_TAG] = ARE_SPEAKERS
        self._tracks = [
            _FlacTrack(self._container, device, title)
            for device, title in zip(devices, speakers or [device.name for device in devices], strict=True)
        ]
        self._container.start_encoding()

    def write(self, track: int, block: Block) -> None:
        """Add samples to a track."""
        if len(block):
            self._tracks[track].write(block)

    def silence(self, track: int, count: int) -> None:
        """Add zeros to a track."""
        self._tracks[track].silence(count)

    def count(self, track: int) -> int:
        """How many samples (of each channel) a track has been given."""
        return self._tracks[track].count

    def duration_ms(self) -> int:
        """Length of the longest track."""
        return max(round(1000 * track.count / track.rate_hz) for track in self._tracks)

    @property
    def size(self) -> int:
        """Bytes so far, with those that are held back."""
        return self._target.end

    @property
    def is_stuck(self) -> bool:
        """Whether something is held back since the disk is full."""
        return self._target.is_stuck

    @property
    def is_hopeless(self) -> bool:
        """Whether more is held back than memory should hold."""
        return self._target.held_bytes > MOST_HELD_BYTES

    @property
    def failure(self) -> OSError | None:
        """Why nothing can be written any more, other than for want of room."""
        return self._target.failure

    def catch_up(self) -> None:
        """Try again to write what is held back."""
        self._target.catch_up()

    def close(self) -> bool:
        """Write what is left, then length and index; whether all sound is on the disk.

        Sound is there and can be played without an index, for which there may be no room any more.
        """
        if not self._target.closed:
            for track in self._tracks:
                track.finish()
            self._container.close()
            self._target.close()
            if not self._target.is_stuck:
                with contextlib.suppress(OSError, ValueError):
                    repair(self.path)
        return not self._target.is_stuck


class _FlacTrack:
    def __init__(self, container: Any, device: Device, title: str) -> None:
        self._container = container
        self.rate_hz = device.sample_rate_hz
        self.count = 0
        self._dtype = dtype_of(device)
        self._channels = device.channels
        self._format = "s16" if self._dtype == "int16" else "s32"
        self._stream = container.add_stream(
            "flac", rate=self.rate_hz, options={"bits_per_raw_sample": "24"} if self._format == "s32" else {}
        )
        self._stream.codec_context.format = self._format
        self._stream.codec_context.layout = LAYOUTS[device.channels]
        self._stream.metadata["title"] = title
        self._stream.metadata["DEVICE"] = device.name

    def write(self, block: Block) -> None:
        flat = np.ascontiguousarray(block, self._dtype).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(flat, format=self._format, layout=LAYOUTS[self._channels])
        frame.sample_rate = self.rate_hz
        frame.time_base = Fraction(1, self.rate_hz)
        frame.pts = self.count
        self.count += len(block)
        self._container.mux(self._stream.encode(frame))

    def silence(self, count: int) -> None:
        while count > 0:
            piece = min(count, self.rate_hz)
            self.write(np.zeros((piece, self._channels), self._dtype))
            count -= piece

    def finish(self) -> None:
        if self.count:
            self._container.mux(self._stream.encode(None))


class _Target(io.RawIOBase):
    """The file itself, as FFmpeg writes to it. Want of room is no failure: what does not fit is held back."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        self._held: list[tuple[int, bytes]] = []
        self._at = 0
        self._unsynced = 0
        self.end = 0
        self.held_bytes = 0
        self.failure: OSError | None = None

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.end}[whence]
        return self._at

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._held.append((self._at, piece))
        self.held_bytes += len(piece)
        self._at += len(piece)
        self.end = max(self.end, self._at)
        self.catch_up()
        return len(piece)

    @property
    def is_stuck(self) -> bool:
        return bool(self._held)

    def catch_up(self) -> None:
        while self._held and not self.failure:
            at, piece = self._held[0]
            try:
                os.lseek(self._descriptor, at, os.SEEK_SET)
                done = os.write(self._descriptor, piece)
            except OSError as error:
                if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                    self.failure = error  # FFmpeg would be left in pieces by an exception
                return
            self.held_bytes -= done
            self._held[0] = (at + done, piece[done:])
            if done == len(piece):
                self._held.pop(0)
            self._sync(done)

    def _sync(self, done: int) -> None:
        """A power cut, too, takes little: the system is made to bring it to the disk now and then."""
        self._unsynced += done
        if self._unsynced >= SYNC_BYTES:
            self._unsynced = 0
            os.fsync(self._descriptor)

    def close(self) -> None:
        if not self.closed:
            try:
                self.catch_up()
                os.fsync(self._descriptor)
            finally:
                os.close(self._descriptor)
                super().close()


def repair(path: Path) -> None:
    """Give the file of a recording its length and its index, also one that was cut off; it may be done again.

    A file without any sound stays as it is. Raises OSError (no room for the index, for one), or ValueError when it is
    no recording.
    """
    with path.open("r+b", buffering=READ_BYTES) as file:
        matroska.complete(file)
