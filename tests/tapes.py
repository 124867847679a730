"""Recordings for the tests that grow as a recorder's do: Matroska, FLAC tracks, short clusters, a locked flag."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
import numpy as np
from filelock import FileLock

from desktop.core.recording import ARE_SPEAKERS, TRACKS_TAG, flag_of
from tests.sounds import RATE_HZ

CHUNK = RATE_HZ // 10


class Tape:
    """A recording at work. What was written is on the disk, but for the last tenths of a second."""

    def __init__(self, path: Path, speakers: Sequence[str] = ()) -> None:
        self.path = path
        self._speakers = speakers
        self._lock = FileLock(flag_of(path), thread_local=False)
        self._at = 0

    def __enter__(self) -> Self:
        self._lock.acquire()
        options = {"cluster_time_limit": "100", "flush_packets": "1"}
        self._container: Any = av.open(str(self.path), "w", format="matroska", options=options)
        if self._speakers:
            self._container.metadata[TRACKS_TAG] = ARE_SPEAKERS
        self._streams = [self._track(name) for name in self._speakers or [""]]
        self._container.start_encoding()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def write(self, *sounds: np.ndarray) -> None:
        """Sound for each track, of one length, after what was written before."""
        whole = [(np.clip(sound, -1, 1) * 32767).astype(np.int16) for sound in sounds]
        for begin in range(0, len(whole[0]), CHUNK):
            for stream, sound in zip(self._streams, whole, strict=True):
                piece = sound[None, begin : begin + CHUNK]
                frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(piece), format="s16", layout="mono")
                frame.sample_rate, frame.pts = RATE_HZ, self._at + begin
                self._container.mux(stream.encode(frame))
        self._at += len(whole[0])

    def stop(self) -> None:
        """The recording is over: the file is whole and its flag is gone."""
        if self._lock.is_locked:
            for stream in self._streams:
                self._container.mux(stream.encode(None))
            self._container.close()
            flag_of(self.path).unlink()
            self._lock.release()

    def die(self) -> None:
        """As if the recorder had been killed: the flag stays and nobody holds it."""
        self._lock.release()

    def _track(self, name: str) -> Any:
        stream = self._container.add_stream("flac", rate=RATE_HZ, layout="mono")
        stream.codec_context.format = "s16"
        stream.codec_context.options = {"frame_size": "1600"}
        if name:
            stream.metadata["title"] = name
        return stream


def taped(path: Path, sound: np.ndarray, *others: np.ndarray, speakers: Sequence[str] = ()) -> Path:
    """A recording that is over."""
    with Tape(path, speakers) as tape:
        tape.write(sound, *others)
    return path
