"""Length and index of a Matroska file that was written as a live stream.

FFmpeg holds the index of what it writes in memory until the end, and whoever is cut off has none. A file written with
its option `live` costs no memory; here it gets both from what is on the disk: RFC 9559 (Matroska), RFC 8794 (EBML).
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import av

EBML, SEGMENT, SEEK_HEAD, INFO, TRACKS, TAGS, CLUSTER, CUES = (
    *(0x1A45DFA3, 0x18538067, 0x114D9B74, 0x1549A966),
    *(0x1654AE6B, 0x1254C367, 0x1F43B675, 0x1C53BB6B),
)
VOID, CRC_32 = 0xEC, 0xBF
SEEK, SEEK_ID, SEEK_POSITION = 0x4DBB, 0x53AB, 0x53AC
DURATION = 0x4489
TRACK_ENTRY, TRACK_NUMBER = 0xAE, 0xD7
TIMESTAMP = 0xE7
CUE_POINT, CUE_TIME, CUE_TRACK_POSITIONS, CUE_TRACK, CUE_CLUSTER_POSITION = 0xBB, 0xB3, 0xB7, 0xF7, 0xF1

CUE_EVERY_MS = 1000
MOST_OF_TAIL = 15
"""So many clusters before the last one are decoded to know where the sound ends."""
LEAST_VOID_BYTES = 2
MOST_HEAD_BYTES = 1 << 20
SEARCHED_BYTES = 1 << 20
_CLUSTER_HEAD_BYTES = 40


def complete(file: BinaryIO) -> None:
    """Put length and index into a file, open for reading and writing, that was cut off or written as a live stream.

    What is no whole cluster at its end is cut off; a file without any cluster stays as it is. It may be interrupted
    and done again at any time. Times are in milliseconds, as FFmpeg has them. Raises OSError, and ValueError when this
    is no Matroska file.
    """
    size = file.seek(0, os.SEEK_END)
    head = _Head.read(file, size)
    places, end = list[_Place](), head.end
    last: list[_Place] = []
    for place in _clusters(file, head.end, size):
        if not places or place.time_ms - places[-1].time_ms >= CUE_EVERY_MS:
            places.append(place)
        last = [*last[-MOST_OF_TAIL:], place]
        end = place.end
    if not places:
        return
    ends_ms = max(last[-1].time_ms, _ends_ms(_part(file, 0, head.end) + _part(file, last[0].start, end)))
    cues = head.cues(places)
    patch = head.patch(ends_ms, end, end + len(cues))
    file.truncate(end)
    try:
        _write(file, end, cues)
    except OSError:
        file.truncate(end)  # half an index is worse than none
        raise
    _write(file, head.patched_from, patch)


@dataclass(frozen=True, slots=True)
class _Element:
    id: int
    start: int
    content: int
    end: int
    """Where it ends; as if it ended where its content begins, where that is unknown."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A cluster."""

    time_ms: int
    start: int
    end: int


@dataclass(slots=True)
class _Head:
    """All before the first cluster."""

    segment: int
    """Where the content of the segment begins: places in the file are counted from there."""
    size_bytes: int
    """Of the field that tells the size of the segment, right before it."""
    info: bytes
    tracks: list[int]
    """Their numbers."""
    starts: dict[int, int] = field(default_factory=dict)
    """Where the elements begin that players look for."""
    end: int = 0

    @classmethod
    def read(cls, file: BinaryIO, size: int) -> _Head:
        data = _part(file, 0, min(size, MOST_HEAD_BYTES))
        first, segment = _element(data, 0), None
        if first and first.id == EBML:
            segment = _element(data, first.end)
        if segment is None or segment.id != SEGMENT:
            raise ValueError("not a Matroska file")
        head = cls(segment.content, segment.content - segment.start - 4, b"", [], end=segment.content)
        while (one := _element(data, head.end)) and one.id not in (CLUSTER, CUES) and one.end <= len(data):
            head.starts[one.id] = one.start
            head.end = one.end
            if one.id == INFO:
                kept = [child for child in _children(data, one) if child.id not in (CRC_32, VOID, DURATION)]
                head.info = b"".join(data[child.start : child.end] for child in kept)
            elif one.id == TRACKS:
                entries = [child for child in _children(data, one) if child.id == TRACK_ENTRY]
                numbers = [child for entry in entries for child in _children(data, entry) if child.id == TRACK_NUMBER]
                head.tracks = [int.from_bytes(data[number.content : number.end]) for number in numbers]
        if TRACKS not in head.starts or INFO not in head.starts:
            raise ValueError("the beginning of the file is missing")
        return head

    def cues(self, places: list[_Place]) -> bytes:
        """The index: where each track is at each of these times."""
        points = bytearray()
        for place in places:
            where = _packed(CUE_CLUSTER_POSITION, _number(place.start - self.segment))
            tracks = (_packed(CUE_TRACK_POSITIONS, _packed(CUE_TRACK, _number(one)) + where) for one in self.tracks)
            points += _packed(CUE_POINT, _packed(CUE_TIME, _number(place.time_ms)) + b"".join(tracks))
        return _packed(CUES, bytes(points))

    @property
    def patched_from(self) -> int:
        """Where what `patch` returns belongs."""
        return self.segment - self.size_bytes

    def patch(self, duration_ms: float, cues: int, total: int) -> bytes:
        """Size of the segment, table of contents and facts anew, as long as what stands before the tracks now."""
        facts = self.info + _packed(DURATION, struct.pack(">d", duration_ms))
        starts = {**self.starts, CUES: cues}
        starts[INFO] = self.segment + len(self._contents(starts))
        before = _size(total - self.segment, self.size_bytes) + self._contents(starts) + _packed(INFO, facts)
        left = self.starts[TRACKS] - self.patched_from - len(before)
        if left < LEAST_VOID_BYTES:
            raise OSError(errno.EFBIG, "no room for the place of the index")
        return before + _void(left)

    def _contents(self, starts: dict[int, int]) -> bytes:
        """SeekHead: as long wherever the elements are."""
        seeks = [
            _packed(SEEK, _packed(SEEK_ID, _id(one)) + _packed(SEEK_POSITION, struct.pack(">Q", start - self.segment)))
            for one, start in starts.items()
            if one in (INFO, TRACKS, TAGS, CUES)
        ]
        return _packed(SEEK_HEAD, b"".join(seeks))


def _clusters(file: BinaryIO, at: int, size: int) -> Iterator[_Place]:
    """All whole clusters; what is damaged between two of them is passed over."""
    while at < size:
        if place := _cluster(file, at, size):
            yield place
            at = place.end
        else:
            at = _next_cluster(file, at + 1, size)


def _cluster(file: BinaryIO, at: int, size: int) -> _Place | None:
    data = _part(file, at, at + _CLUSTER_HEAD_BYTES)
    one = _element(data, 0)
    if one is None or one.id != CLUSTER or one.end == one.content or at + one.end > size:
        return None
    child = _element(data, one.content)
    if child and child.id == CRC_32:
        child = _element(data, child.end)
    if child is None or child.id != TIMESTAMP or child.end > len(data):
        return None
    return _Place(int.from_bytes(data[child.content : child.end]), at, at + one.end)


def _next_cluster(file: BinaryIO, at: int, size: int) -> int:
    mark = _id(CLUSTER)
    while at < size:
        data = _part(file, at, at + SEARCHED_BYTES)
        if (found := data.find(mark)) >= 0:
            return at + found
        at += max(1, len(data) - len(mark) + 1)
    return size


def _ends_ms(data: bytes) -> float:
    """Where the sound ends: the time of the last sample in a file that is nothing but a head and its last clusters."""
    ends = [0.0]
    with contextlib.suppress(av.error.FFmpegError), av.open(io.BytesIO(data), metadata_errors="ignore") as container:
        for packet in container.demux(*container.streams.audio):
            with contextlib.suppress(av.error.FFmpegError):
                for frame in packet.decode():
                    if frame.time is not None:
                        ends.append(1000 * (frame.time + frame.samples / frame.sample_rate))
    return max(ends)


# --- EBML ---


def _element(data: bytes, at: int) -> _Element | None:
    """The element that begins there; None where there is none, or too little of it."""
    if at >= len(data) or not data[at]:
        return None
    id_bytes = 9 - data[at].bit_length()
    size_at = at + id_bytes
    if id_bytes > 4 or size_at >= len(data) or not data[size_at]:
        return None
    size_bytes = 9 - data[size_at].bit_length()
    content = size_at + size_bytes
    if content > len(data):
        return None
    mask = (1 << 7 * size_bytes) - 1
    size = int.from_bytes(data[size_at:content]) & mask
    return _Element(int.from_bytes(data[at:size_at]), at, content, content + (0 if size == mask else size))


def _children(data: bytes, parent: _Element) -> Iterator[_Element]:
    at = parent.content
    while at < parent.end and (one := _element(data, at)):
        yield one
        at = one.end


def _packed(id: int, content: bytes) -> bytes:
    size = len(content)
    return _id(id) + _size(size, 1 + (size + 1).bit_length() // 7) + content


def _id(id: int) -> bytes:
    return id.to_bytes((id.bit_length() + 7) // 8, "big")


def _size(size: int, in_bytes: int) -> bytes:
    return (size | 1 << 7 * in_bytes).to_bytes(in_bytes, "big")


def _void(count: int) -> bytes:
    """So many bytes, two at least, that say nothing."""
    in_bytes = min(8, count - 1)
    size = count - 1 - in_bytes
    return _id(VOID) + _size(size, in_bytes) + bytes(size)


def _number(number: int) -> bytes:
    return number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big")


# --- the file ---


def _part(file: BinaryIO, start: int, end: int) -> bytes:
    file.seek(start)
    return file.read(end - start)


def _write(file: BinaryIO, at: int, data: bytes) -> None:
    """Bring it to the disk, in pieces if need be."""
    file.seek(at)
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]
    file.flush()
    os.fsync(file.fileno())
