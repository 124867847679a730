"""Subtitles put into a copy of a video as a track of their own, which players show or hide.

Picture and sound are copied as they are. FFmpeg as PyAV bundles it has no libass, so subtitles cannot be drawn into the
picture by it.
"""

from __future__ import annotations

import errno
import struct
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import av
from av.stream import Disposition

from desktop.core import errors
from desktop.core.cues import Cue
from desktop.core.events import Finished, Working
from desktop.core.formats import WriteOptions, ass, vtt
from desktop.core.formats.guards import guarded
from desktop.core.names import clock, shown_name
from desktop.core.ports import StopFlag
from desktop.engine.media import MISSING_AT_END_MS, checked_size, local_url

BUFFER_BYTES = 1 << 20
REPORT_S = 0.1

_MILLISECOND = Fraction(1, 1000)
_LONGEST_MOV_TEXT = 0xFFFF
_OF_THE_CONTAINER = ("major_brand", "minor_version", "compatible_brands", "encoder")

# The codes of Whisper as containers write them (ISO 639-2/T).
_LANGUAGES = dict(
    pair.split(":")
    for pair in (
        "af:afr am:amh ar:ara as:asm az:aze ba:bak be:bel bg:bul bn:ben bo:bod br:bre bs:bos ca:cat cs:ces cy:cym "
        "da:dan de:deu el:ell en:eng es:spa et:est eu:eus fa:fas fi:fin fo:fao fr:fra gl:glg gu:guj ha:hau haw:haw "
        "he:heb hi:hin hr:hrv ht:hat hu:hun hy:hye id:ind is:isl it:ita ja:jpn jw:jav ka:kat kk:kaz km:khm kn:kan "
        "ko:kor la:lat lb:ltz ln:lin lo:lao lt:lit lv:lav mg:mlg mi:mri mk:mkd ml:mal mn:mon mr:mar ms:msa mt:mlt "
        "my:mya ne:nep nl:nld nn:nno no:nor oc:oci pa:pan pl:pol ps:pus pt:por ro:ron ru:rus sa:san sd:snd si:sin "
        "sk:slk sl:slv sn:sna so:som sq:sqi sr:srp su:sun sv:swe sw:swa ta:tam te:tel tg:tgk th:tha tk:tuk tl:tgl "
        "tr:tur tt:tat uk:ukr ur:urd uz:uzb vi:vie yi:yid yo:yor yue:yue zh:zho"
    ).split()
)

# QuickTime knows these languages by the older codes only (ISO 639-2/B), and many others not at all.
_OLD_CODES = {"deu": "ger", "nld": "dut", "ell": "gre", "isl": "ice", "zho": "chi", "fas": "per", "sqi": "alb"}


@dataclass(frozen=True, slots=True)
class _Container:
    """A kind of file, FFmpeg's name for it, and the kind of subtitles that its players know."""

    format: str
    codec: str
    holds_fonts: bool = False


_CONTAINERS = {
    ".mp4": _Container("mp4", "mov_text"),
    ".m4v": _Container("mp4", "mov_text"),
    ".mov": _Container("mov", "mov_text"),
    ".mkv": _Container("matroska", "subrip", holds_fonts=True),
    ".webm": _Container("webm", "webvtt"),
}
SUFFIXES = tuple(_CONTAINERS)

_FAILURES = (av.error.FFmpegError, OSError, ValueError)


def suffix_for(source: Path) -> str:
    """The kind of file that a copy of this one is best made as."""
    suffix = source.suffix.lower()
    return suffix if suffix in _CONTAINERS else ".mkv"


def mux(
    source: Path,
    target: BinaryIO,
    suffix: str,
    cues: Sequence[Cue],
    options: WriteOptions,
    stop: StopFlag,
    language: str = "",
    title: str = "",
) -> Iterator[Working | Finished]:
    """Copy a video into an open file of the kind that `suffix` names, with the cues as one more track.

    The file is whole when Finished has come; its notes say what of the source had no place. Once `stop` is set nothing
    more is written and it ends without Finished. Times of cues count from where players begin to count. The times of
    words have a place in MKV and WebM. Raises AppError for what is wrong with the source or its tracks, and OSError as
    writing the target raises it.
    """
    name = shown_name(source)
    if suffix not in _CONTAINERS:
        raise errors.ContainerWithoutSubtitles(name=f"*{suffix}", possible=", ".join(SUFFIXES))
    if not cues:
        raise errors.NoCues(name=name)
    checked_size(source)
    copy = _Copy(name, suffix, options, _Written(target))
    try:
        with ExitStack() as closing:
            copy.open(source, closing)
            copy.add_tracks(language, title)
            yield from copy.packets(cues, stop)
    except _FAILURES as error:
        raise copy.failure(error) from error
    if copy.is_whole:
        yield Finished(tuple(copy.notes))


class _Written:
    """The target as FFmpeg writes it; remembers why it could not be written, since FFmpeg says that in its own way."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.error: OSError | None = None
        self.is_given_up = False

    def write(self, data: bytes) -> int:
        if self.is_given_up:  # the index of a file that nobody will see
            return len(data)
        try:
            return self._file.write(data)
        except OSError as error:
            self.error = error
            raise

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True


class _Copy:
    """One source on its way into one target."""

    def __init__(self, name: str, suffix: str, options: WriteOptions, written: _Written) -> None:
        self.notes: list[errors.AppError] = []
        self.is_whole = False
        self._name = name
        self._suffix = suffix
        self._container = _CONTAINERS[suffix]
        self._codec = "ass" if options.sings and self._container.codec == "subrip" else self._container.codec
        self._options = options
        self._written = written
        self._at_ms = 0
        self._source: Any = None
        self._target: Any = None
        self._subtitles: Any = None
        self._tracks: dict[int, Any] = {}
        self._last_dts: dict[int, int] = {}

    def open(self, source: Path, closing: ExitStack) -> None:
        """Open both; `closing` will close them, at the end of a copy that is not whole without writing any more."""
        self._source = closing.enter_context(
            av.open(local_url(source), metadata_errors="ignore", options={"protocol_whitelist": "file"})
        )
        self._target = av.open(self._written, "w", format=self._container.format, buffer_size=BUFFER_BYTES)
        closing.callback(self._close)

    def _close(self) -> None:
        self._written.is_given_up = not self.is_whole
        self._target.close()

    def add_tracks(self, language: str, title: str) -> None:
        """All tracks of the source for which there is a place, and the new one. Raises NoPicture or TrackUnfit."""
        if all(stream.disposition & Disposition.attached_pic for stream in self._source.streams.video):
            raise errors.NoPicture(name=self._name)
        left = [stream for stream in self._source.streams if not self._has_taken(stream)]
        if left:
            lacks = ", ".join(_described(stream) for stream in left)
            self.notes.append(errors.TracksLeftOut(name=self._name, tracks=lacks, suffix=self._suffix))
        self._target.metadata.update(
            {key: value for key, value in self._source.metadata.items() if key.lower() not in _OF_THE_CONTAINER}
        )
        self._target.set_chapters(self._source.chapters())
        self._subtitles = self._target.add_stream(self._codec)
        self._subtitles.time_base = _MILLISECOND
        # Only what is drawn by ASS is scaled to the picture; MP4 counts letters in its pixels.
        height = ass.HEIGHT if self._codec == "ass" else self._source.streams.video[0].height
        self._subtitles.codec_context.subtitle_header = ass.header(self._options, height=height).encode()
        code = _LANGUAGES.get(language, language or "und")
        self._subtitles.metadata["language"] = _OLD_CODES.get(code, code) if self._suffix == ".mov" else code
        if title:
            self._subtitles.metadata["title"] = self._subtitles.metadata["handler_name"] = title
        self._subtitles.disposition = Disposition.default

    def _has_taken(self, stream: Any) -> bool:
        """Whether the track goes along, or is none; raises TrackUnfit for picture and sound that cannot."""
        if stream.type == "attachment" and self._container.holds_fonts:
            self._target.add_attachment(stream.name or "attachment", stream.mimetype or "", stream.data)
            return True
        if stream.type == "data":  # the names of chapters, which are copied, and the time code of a camera
            return bool(self._source.chapters())
        codec = stream.codec_context.name if stream.codec_context else ""
        if codec not in self._target.supported_codecs:
            if stream.type in ("video", "audio"):
                raise errors.TrackUnfit(name=self._name, track=_described(stream), suffix=self._suffix)
            return False
        track = self._target.add_stream_from_template(stream)
        track.metadata.update(stream.metadata)
        is_subtitle = stream.type == "subtitle"
        track.disposition = stream.disposition & ~Disposition.default if is_subtitle else stream.disposition
        self._tracks[stream.index] = track
        return True

    def packets(self, cues: Sequence[Cue], stop: StopFlag) -> Iterator[Working]:
        """Copy everything, the cues among it where they begin; the copy is then whole unless it was stopped."""
        waiting = deque(self._packed(cues))
        streams = [stream for stream in self._source.streams if stream.index in self._tracks]
        reported_s = time.monotonic()
        for packet in self._source.demux(streams):
            if stop.is_set():
                return
            if not self._is_timed(packet):
                continue
            while waiting and waiting[0].pts <= self._at_ms:
                self._target.mux(waiting.popleft())
            packet.stream = self._tracks[packet.stream.index]
            self._target.mux(packet)
            if time.monotonic() - reported_s > REPORT_S:
                reported_s = time.monotonic()
                yield Working(self._at_ms)
        for packet in waiting:
            self._target.mux(packet)
        self._note_end()
        self.is_whole = True

    def _note_end(self) -> None:
        stated_ms = (self._source.duration or 0) // 1000
        if stated_ms - self._at_ms > max(MISSING_AT_END_MS, stated_ms // 50):
            at, whole = clock(self._at_ms), clock(stated_ms)
            self.notes.append(errors.CopyEndsEarly(name=self._name, copied=at, duration=whole))

    def _is_timed(self, packet: Any) -> bool:
        """Bring the packet onto a clock that begins at zero and never stands still; the empty last one has no time."""
        if packet.dts is None and packet.pts is None:
            packet.dts = packet.pts = 0  # a cover
            return bool(packet.size)
        start = round(Fraction(self._source.start_time or 0, av.time_base) / packet.time_base)
        pts = packet.dts if packet.pts is None else packet.pts
        dts = pts if packet.dts is None else packet.dts
        dts = max(dts - start, self._last_dts.get(packet.stream.index, dts - start - 1) + 1)
        self._last_dts[packet.stream.index] = dts
        packet.dts, packet.pts = dts, max(dts, pts - start)
        self._at_ms = max(self._at_ms, int(dts * packet.time_base * 1000))
        return True

    def _packed(self, cues: Sequence[Cue]) -> Iterator[Any]:
        for number, cue in enumerate(cues):
            packet = av.Packet(self._content(number, cue))
            packet.stream = self._subtitles
            packet.time_base = _MILLISECOND
            packet.pts = packet.dts = cue.start_ms
            packet.duration = cue.end_ms - cue.start_ms
            yield packet

    def _content(self, number: int, cue: Cue) -> bytes:
        """One cue as its kind of track holds it."""
        match self._codec:
            case "ass":
                name = ass.name_of(cue) if self._options.speakers else ""
                text = ass.text_of(cue, self._options.sings)
                return f"{number},0,Default,{name},0,0,0,,{text}".encode()
            case "webvtt":
                return vtt.text_of(cue, self._options).encode()
            case "mov_text":
                content = guarded(cue.text).encode()
                if len(content) > _LONGEST_MOV_TEXT:
                    raise errors.CueTooLong(at=clock(cue.start_ms), suffix=self._suffix)
                return struct.pack(">H", len(content)) + content
            case _:
                return guarded(cue.text).encode()

    def failure(self, error: Exception) -> Exception:
        """What to say of it: nothing that FFmpeg says if the target could not be written."""
        if self._written.error:
            return self._written.error
        number = getattr(error, "errno", 0)
        if number in (errno.ENOENT, errno.ESTALE, errno.EIO, errno.ENODEV, errno.ENOTCONN):
            return errors.FileVanished(name=self._name, heard=clock(self._at_ms))
        if self._source is None:
            return errors.NotMedia(name=self._name)
        return errors.VideoUncopied(name=self._name, at=clock(self._at_ms))


def _described(stream: Any) -> str:
    name = stream.codec_context.name if stream.codec_context else stream.metadata.get("filename", "")
    return f"{stream.type} {name}".rstrip()
