"""Any audio or video file as 16 kHz mono samples, in steps that can be stopped."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
import numpy as np
import numpy.typing as npt

from desktop.core import errors
from desktop.core.media import AudioTrack, Media
from desktop.core.names import clock, shown_name
from desktop.core.ports import Stopped
from desktop.core.recording import ARE_SPEAKERS, TRACKS_TAG
from desktop.engine.growing import Growth

SAMPLE_RATE_HZ = 16_000
SAMPLES_PER_MS = SAMPLE_RATE_HZ // 1000
BLOCK_SAMPLES = 10 * SAMPLE_RATE_HZ
LEAST_LIVE_SAMPLES = SAMPLE_RATE_HZ // 10
"""What is given out at once of a recording when there is no more of it yet."""
LAG_SAMPLES = 15 * SAMPLE_RATE_HZ
"""A track that is so far behind another in the same file has nothing there: it is taken for silent."""
MOST_PIECES = 1000  # so that a long stretch that is skipped can be left in between

HASHED_WHOLE = 64 << 20
HASHED_PLACES = 64
HASHED_PIECE = 1 << 20

LONGEST_GAP_S = 600  # a larger jump of the clock is a broken clock, not silence
SHORTEST_GAP_S = 0.1  # containers round their times: smaller differences are no gaps
MISSING_AT_END_MS = 2000
NEAR_END_US = 3_000_000

# Speech codecs without any header: FFmpeg guesses them from a few bits and takes ordinary text for them.
GUESSED_FORMATS = ("amrnb", "amrwb")

Samples = npt.NDArray[np.float32]

# What FFmpeg raises for bytes that make no sense; PyAV adds ValueError for headers that make none.
_UNDECODABLE = (
    av.error.InvalidDataError,
    av.error.PatchWelcomeError,
    av.error.UndefinedError,
    av.error.BugError,
    av.error.UnknownError,
    av.error.ExternalError,
    ValueError,
)

av.logging.set_level(av.logging.PANIC)


def inspect(path: Path, stopped: Callable[[], bool] = lambda: False) -> Media:
    """Length, tracks and hash of a file whose first sound could be decoded. Raises AppError."""
    with MediaFile(path) as file:
        file.prove()
        return file.media(content_hash(path, stopped))


def content_hash(path: Path, stopped: Callable[[], bool] = lambda: False) -> str:
    """A BLAKE2b hash that tells whether two files hold the same.

    Files above 64 MiB are sampled at 64 evenly spread places of 1 MiB, so that a film on a slow drive does not have
    to be read twice; together with the size this tells apart everything but files edited in place to mislead.
    """
    size = path.stat().st_size
    digest = hashlib.blake2b(str(size).encode(), digest_size=16)
    places = [0] if size <= HASHED_WHOLE else [(size - HASHED_PIECE) * n // HASHED_PLACES for n in range(HASHED_PLACES)]
    with path.open("rb") as file:
        for place in places:
            file.seek(place)
            for _ in range(1 if len(places) > 1 else HASHED_WHOLE // HASHED_PIECE):
                if stopped():
                    raise Stopped
                if not (piece := file.read(HASHED_PIECE)):
                    break
                digest.update(piece)
    return digest.hexdigest()


class MediaFile:
    """An open file and the one of its sound tracks that is wanted; all of them where each is a speaker.

    `notes` holds, after `blocks` has come to its end, what the user should know about the file.
    """

    def __init__(self, path: Path, track: int = 0, growth: Growth | None = None) -> None:
        """Open it. `track` counts from 1, 0 is the default one. Raises AppError.

        With `growth` it is read through that, from its beginning to its end, as it grows.
        """
        self.path = path
        self.name = shown_name(path)
        self.notes: list[errors.AppError] = []
        self._growth = growth
        if growth:
            growth.wait()
        self._size = checked_size(path)
        self._damaged = 0
        self._sounds: list[_Sound] = []
        with self._translated():
            self._container: Any = av.open(
                growth or local_url(path),
                metadata_errors="ignore",
                options={"protocol_whitelist": "file"},
            )
        if self._container.format.name in GUESSED_FORMATS:
            raise errors.NotMedia(name=self.name)
        self._stream: Any = self._choose(track)
        self.speakers: tuple[str, ...] = ()
        """Who speaks on which track, where that is known; the tracks are then heard each on its own."""
        tags = {name.upper(): value for name, value in self._container.metadata.items()}
        if not track and tags.get(TRACKS_TAG) == ARE_SPEAKERS and len(self._container.streams.audio) > 1:
            self.speakers = tuple(one.metadata.get("title", "") for one in self._container.streams.audio)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._container.close()
        if self._growth:
            self._growth.close()

    def media(self, hashed: str) -> Media:
        """What is known about the file."""
        return Media(
            size=self._size,
            content_hash=hashed,
            duration_ms=self.duration_ms(),
            start_offset_ms=self.start_offset_ms(),
            tracks=tuple(_track(number, stream) for number, stream in enumerate(self._container.streams.audio, 1)),
            has_video=any(
                not stream.disposition & stream.disposition.attached_pic for stream in self._container.streams.video
            ),
        )

    def start_offset_ms(self) -> int:
        """Where the sound starts on the clock that players show, which starts with the earliest stream.

        Right once a frame has been decoded: not every container tells before.
        """
        first_s = next((sound.first_s for sound in self._sounds), None)
        if first_s is None or self._container.start_time is None:
            return 0
        return max(0, round(1000 * first_s - float(self._container.start_time) / 1000))

    def duration_ms(self) -> int:
        """Length of the sound as the file states it; when it does not, the packets are counted."""
        if self._stream.duration:
            return round(1000 * float(self._stream.duration) * float(self._stream.time_base))
        if self._container.duration:
            return max(0, int(self._container.duration) // 1000 - self.start_offset_ms())
        return self._measured_ms()

    def prove(self) -> None:
        """Decode the first frame and go back to the start. Raises NoSound or NotMedia."""
        frame = next(self._frames([self._stream]), None)
        if frame is None:
            raise errors.NotMedia(name=self.name) if self._damaged else errors.NoSound(name=self.name)
        self._sounds = [_Sound(_time_s(frame[1]))]
        self._damaged = 0
        with self._translated():
            self._container.seek(0)

    def blocks(self, start_ms: int = 0) -> Iterator[Samples]:
        """The sound from `start_ms` on as float32 in -1..1, ten seconds at a time (the last one shorter).

        It is always decoded from the beginning: seeking is not exact to the sample in every format, and decoding
        an hour costs seconds. Blocks before the start come as empty arrays, so that the caller can stop or report.
        """
        for _number, block in self._blocks([self._stream], [start_ms]):
            yield block

    def blocks_of_speakers(self, starts_ms: Sequence[int]) -> Iterator[tuple[int, Samples]]:
        """As `blocks`, of the track of each of the `speakers`, which have one clock, with its number, from 0."""
        yield from self._blocks(list(self._container.streams.audio), starts_ms)

    def _blocks(self, streams: Sequence[Any], starts_ms: Sequence[int]) -> Iterator[tuple[int, Samples]]:
        kept: list[list[Samples]] = [[] for _start in starts_ms]
        lengths = [0] * len(starts_ms)
        for number, piece in self._samples(streams):
            skip = starts_ms[number] * SAMPLES_PER_MS
            wanted = piece[max(0, len(piece) - max(0, self._sounds[number].produced - skip)) :]
            kept[number].append(wanted)
            lengths[number] += len(wanted)
            if self._is_enough(lengths[number], len(kept[number])):
                yield number, np.concatenate(kept[number])
                kept[number], lengths[number] = [], 0
        for number, rest in enumerate(kept):
            if lengths[number]:
                yield number, np.concatenate(rest)
        self._note_end()

    def _is_enough(self, length: int, pieces: int) -> bool:
        """Whether to give out what is there; of a recording that still goes on, all there is."""
        if length >= BLOCK_SAMPLES or pieces >= MOST_PIECES:
            return True
        return self._growth is not None and length >= LEAST_LIVE_SAMPLES and self._growth.is_at_end

    def excerpt(self, at_ms: int, length_ms: int) -> Samples:
        """About `length_ms` of the sound from about `at_ms` on, found by seeking; the file is then at its start."""
        with self._translated():
            self._container.seek((self._container.start_time or 0) + at_ms * 1000)
        kept: list[Samples] = []
        wanted = length_ms * SAMPLES_PER_MS
        resampler = _Resampler()
        for _number, frame in self._frames([self._stream]):
            for piece in resampler.feed(frame):
                kept.append(piece)
                wanted -= len(piece)
            if wanted <= 0:
                break
        with self._translated():
            self._container.seek(0)
        return np.concatenate(kept) if kept else np.empty(0, np.float32)

    # --- decoding ---

    def _samples(self, streams: Sequence[Any]) -> Iterator[tuple[int, Samples]]:
        """Resampled pieces of the tracks, with silence where a track has none for its time."""
        first_s = (self._container.start_time or 0) / 1_000_000 if len(streams) > 1 else None
        self._sounds = [_Sound(first_s) for _stream in streams]
        for number, frame in self._frames(streams):
            for piece in self._sounds[number].pieces(frame):
                yield number, piece
            furthest = self._sounds[number].produced
            for other, sound in enumerate(self._sounds):
                if (lag := furthest - sound.produced) > LAG_SAMPLES:
                    yield other, sound.silence(lag - LAG_SAMPLES // 2)
        for number, sound in enumerate(self._sounds):
            for piece in sound.pieces(None):
                yield number, piece

    @property
    def _produced_ms(self) -> int:
        return max((sound.produced for sound in self._sounds), default=0) // SAMPLES_PER_MS

    def _frames(self, streams: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """Decoded frames with the number of their track; what cannot be decoded is counted and left out."""
        numbers = {stream.index: number for number, stream in enumerate(streams)}
        packets = self._container.demux(*streams)
        while (packet := self._next_packet(packets)) is not None:
            try:
                frames = packet.decode()
            except av.error.EOFError:
                return
            except _UNDECODABLE:
                self._damaged += 1
                continue
            for frame in frames:
                yield numbers[packet.stream.index], frame

    def _next_packet(self, packets: Iterator[Any]) -> Any | None:
        try:
            return next(packets, None)
        except _UNDECODABLE:  # the container is broken from here on: FFmpeg found no further packet
            self._damaged += 1
            return None
        except (av.error.FFmpegError, OSError) as error:
            raise self._unreadable(error) from error

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (av.error.FFmpegError, OSError, *_UNDECODABLE) as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> errors.AppError:
        number = getattr(error, "errno", 0)
        if number in (errno.ENOENT, errno.ESTALE, errno.EIO, errno.ENODEV, errno.ENOTCONN):
            return errors.FileVanished(name=self.name, heard=clock(self._produced_ms))
        if number in (errno.EACCES, errno.EPERM):
            return errors.FileForbidden(name=self.name)
        return errors.NotMedia(name=self.name)

    def _choose(self, track: int) -> Any:
        tracks = self._container.streams.audio
        if not tracks:
            raise errors.NoAudioTrack(name=self.name)
        if track > len(tracks):
            raise errors.AudioTrackMissing(name=self.name, track=track, count=len(tracks))
        if track:
            return tracks[track - 1]
        return next((one for one in tracks if one.disposition & one.disposition.default), tracks[0])

    def _measured_ms(self) -> int:
        times_s: list[float] = [0.0]
        packets = self._container.demux(self._stream)
        while (packet := self._next_packet(packets)) is not None:
            if packet.pts is not None:
                times_s.append(float((packet.pts + (packet.duration or 0)) * packet.time_base))
        with self._translated():
            self._container.seek(0)
        start_s = float((self._stream.start_time or 0) * self._stream.time_base)
        return max(0, int(1000 * (max(times_s) - start_s)))

    def _picture_goes_on(self, heard_ms: int) -> bool:
        """Whether another stream of the file lasts longer: then the sound is not cut off, it is only shorter."""
        if self._stream.duration or len(self._container.streams) < 2:
            return False
        start_us = self._container.start_time or 0
        try:
            self._container.seek(max(0, start_us + self._container.duration - NEAR_END_US))
            packets = [packet for packet in self._container.demux() if packet.pts is not None]
        except (av.error.FFmpegError, OSError, *_UNDECODABLE):
            return False
        ends_ms = [1000 * float(packet.pts * packet.time_base) - start_us / 1000 for packet in packets]
        return max(ends_ms, default=0.0) > heard_ms + self.start_offset_ms() + MISSING_AT_END_MS / 2

    def _note_end(self) -> None:
        if self._damaged:
            self.notes.append(errors.DamagedPlaces(name=self.name, count=self._damaged))
        if self._growth:
            return
        heard_ms, stated_ms = self._produced_ms, self.duration_ms()
        if stated_ms - heard_ms > max(MISSING_AT_END_MS, stated_ms // 50) and not self._picture_goes_on(heard_ms):
            self.notes.append(errors.EndsEarly(name=self.name, heard=clock(heard_ms), duration=clock(stated_ms)))
        if _size_or_none(self.path) != self._size:
            self.notes.append(errors.FileChanged(name=self.name))


class _Sound:
    """What has come out of one track so far: its samples, and silence where its clock jumps forward."""

    def __init__(self, first_s: float | None = None) -> None:
        self.first_s = first_s
        self.produced = 0
        self._resampler = _Resampler()

    def pieces(self, frame: Any | None) -> Iterator[Samples]:
        """What comes out for one frame; None asks for the rest."""
        at_s = _time_s(frame) if frame is not None else None
        if at_s is not None:
            self.first_s = at_s if self.first_s is None else self.first_s
            gap_s = at_s - self.first_s - (self.produced + self._resampler.held) / SAMPLE_RATE_HZ
            if SHORTEST_GAP_S < gap_s < LONGEST_GAP_S:
                yield self.silence(int(gap_s * SAMPLE_RATE_HZ))
        for piece in self._resampler.feed(frame):
            self.produced += len(piece)
            yield piece

    def silence(self, length: int) -> Samples:
        """So many samples of it."""
        self.produced += length
        return np.zeros(length, np.float32)


class _Resampler:
    """Frames of any format as 16 kHz mono float32, also when the format changes within the file."""

    def __init__(self) -> None:
        self._format: tuple[str, str, int] | None = None
        self._resampler: Any = None
        self._fed_s = 0.0
        self._given = 0

    @property
    def held(self) -> int:
        """Samples that went in and have not come out yet."""
        return max(0, round(self._fed_s * SAMPLE_RATE_HZ) - self._given)

    def feed(self, frame: Any | None) -> Iterator[Samples]:
        """What comes out for one frame; None asks for the rest."""
        if frame is not None:
            form = (frame.format.name, frame.layout.name, frame.sample_rate)
            if form != self._format:
                yield from self._drain()
                self._format = form
                self._resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE_HZ)
            self._fed_s += frame.samples / frame.sample_rate
            yield from self._pieces(frame)
        else:
            yield from self._drain()

    def _drain(self) -> Iterator[Samples]:
        if self._resampler is not None:
            yield from self._pieces(None)
            self._resampler = None

    def _pieces(self, frame: Any | None) -> Iterator[Samples]:
        for out in self._resampler.resample(frame):
            piece: Samples = np.clip(np.nan_to_num(out.to_ndarray().reshape(-1)), -1.0, 1.0).astype(np.float32)
            self._given += len(piece)
            yield piece


def _time_s(frame: Any) -> float | None:
    return float(frame.pts * frame.time_base) if frame.pts is not None and frame.time_base else None


def local_url(path: Path) -> str:
    # Without "file:" FFmpeg takes "a:b.mp3" for a protocol and "%d" for a series of pictures.
    return f"file:{path.absolute()}"


def checked_size(path: Path) -> int:
    name = shown_name(path)
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # opening a pipe would wait for a writer for ever
            raise errors.NotMedia(name=name)
        with path.open("rb"):
            size = found.st_size
    except FileNotFoundError as error:
        raise errors.FileMissing(name=name) from error
    except PermissionError as error:
        raise errors.FileForbidden(name=name) from error
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise errors.PathTooLong(name=name) from error
        raise errors.FileVanished(name=name, heard=clock(0)) from error
    except ValueError as error:  # a NUL in the path
        raise errors.FileMissing(name=name) from error
    if size == 0:
        raise errors.FileEmpty(name=name)
    return size


def _size_or_none(path: Path) -> int | None:
    try:
        return os.stat(path).st_size  # noqa: PTH116 - path.stat() would do the same, but not for a deleted one
    except OSError:
        return None


def _track(number: int, stream: Any) -> AudioTrack:
    return AudioTrack(
        number=number,
        language=stream.language or "",
        title=stream.metadata.get("title", ""),
        codec=stream.codec_context.name,
        channels=stream.codec_context.channels,
        sample_rate_hz=stream.codec_context.sample_rate,
        is_default=bool(stream.disposition & stream.disposition.default),
    )
