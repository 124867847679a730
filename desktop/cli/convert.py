"""`undertone convert`: subtitles and transcripts from one format into another, composed anew if wanted."""

from __future__ import annotations

import argparse
import json
import os
import stat
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from desktop import cli
from desktop.cli.place import Place
from desktop.core import editing, errors, i18n
from desktop.core.cues import Cue
from desktop.core.document import Document
from desktop.core.formats import FORMATS, Format, WriteOptions
from desktop.core.formats.format import timestamp
from desktop.core.frames import Frames
from desktop.core.i18n import _
from desktop.core.jobs import JobId, JobState
from desktop.core.names import clock, shown_name, shown_path
from desktop.core.problems import Problem, problems
from desktop.core.reading import MOST_BYTES, Read, read
from desktop.core.reading.matching import onto
from desktop.core.reading.notes import Notes
from desktop.core.rules import DEFAULT, PRESETS, Rules, read_rules
from desktop.core.transcript import DEMO_MODEL, Segment, Transcript
from desktop.services.importing import bytes_of
from desktop.store.exports import Exports
from desktop.store.paths import Paths

SHOWN_AT_MOST = 20
"""More notes or problems than these are counted on stderr; the report has them all."""

STANDARD = "-"
# They hold segments and know nothing of cues: composed cues are written as segments.
_OF_SEGMENTS = ("json", "csv", "tsv")
# In these, lines and times on a screen are of no concern.
_TO_READ = ("txt", "docx", "markdown", "html")


class _WrongUsage(Exception):
    """What was asked for cannot be, whatever the files hold."""


@dataclass(frozen=True, slots=True)
class _Source:
    """What is to be converted, and where it is from."""

    transcript: Transcript
    path: Path
    read: Read | None = None
    """How it stood in its file; none for a transcript of the library."""


def run_convert(arguments: argparse.Namespace) -> int:
    """Read, compose and write; returns the exit status."""
    try:
        i18n.use_language("", Paths.default().translations)
        return _Conversion(arguments).run()
    except _WrongUsage as error:
        print(error, file=sys.stderr)
        return cli.WRONG_USAGE
    except errors.AppError as error:
        print(error, file=sys.stderr)
        return cli.SOME_FAILED
    except KeyboardInterrupt:
        return cli.INTERRUPTED


class _Conversion:
    """One run of the command."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._asked = arguments
        self._format = _format(arguments.target, arguments.format)
        self._preset = _rules(arguments.preset) if arguments.preset else None

    def run(self) -> int:
        source = self._source()
        self._refuse_taken(source.path)
        transcript = self._prepared(source)
        # Cues that were read stay as they are; a transcript of the library has none before it is composed.
        rules = self._preset or (None if source.read else DEFAULT)
        rate = self._asked.frame_rate
        options = WriteOptions(
            word_timestamps=self._asked.word_times, suspects=self._asked.suspects, rules=rules, frame_rate=rate
        )
        cues = options.cues(transcript)
        limits = replace(rules or DEFAULT, frame_rate=rate) if rate else rules or DEFAULT
        found = [] if self._format.name in _TO_READ else problems(cues, limits)
        if self._preset and self._format.name in _OF_SEGMENTS:
            transcript = replace(transcript, segments=tuple(_as_segment(cue) for cue in cues))
        self._write(self._asked.target, self._format.content(transcript, options), source.path)
        self._say(_problem_line(cues, one) for one in found)
        if self._asked.report:
            self._write(self._asked.report, self._report(source, cues, found), source.path)
        return cli.DONE

    # --- what is read ---

    def _source(self) -> _Source:
        name, onto_id = self._asked.source, self._asked.onto
        if name.isdecimal() and onto_id is None:
            return _Source(*self._heard(int(name)))
        path = Path(name)
        found = read(_bytes(name), "stdin" if name == STANDARD else name)
        if onto_id is None:
            self._say(note.said for note in found.notes)
            named = replace(found.transcript, source=found.transcript.source or shown_name(path))
            return _Source(named, path, found)
        (heard, _path), notes = self._heard(onto_id), Notes()
        segments = tuple(onto(heard, found.transcript, notes))
        found = replace(found, notes=(*found.notes, *notes.all()))
        self._say(note.said for note in found.notes)
        return _Source(replace(heard, segments=segments), path, found)

    def _heard(self, job_id: JobId) -> tuple[Transcript, Path]:
        """A transcript of the library, and the file that was heard."""
        with closing(Place.of_the_user().library()) as library:
            job, transcript = library.job(job_id), library.transcript(job_id)
        if job.state is not JobState.DONE:
            kept = _("{name}: kept up to {at}.")
            self._say([kept.format(name=shown_name(job.source), at=clock(job.heard_ms))])
        if job.engine.is_demo:
            self._say([_(DEMO_MODEL)])
        return transcript, job.source

    def _prepared(self, source: _Source) -> Transcript:
        """The transcript without what is not to be written, its cues free to be composed or else on frames."""
        transcript = source.transcript
        if not self._asked.suspects and self._format.name != "json":
            transcript = transcript.without_suspects()
        if self._preset:
            edit = editing.unpinned(transcript, [at for at, one in enumerate(transcript.segments) if one.is_pinned])
            return Document.of(transcript).did(edit).current
        if self._asked.frame_rate:
            frames = Frames(self._asked.frame_rate)
            segments = (_on_frames(one, frames) if one.is_pinned or source.read else one for one in transcript.segments)
            return replace(transcript, segments=tuple(segments))
        return transcript

    # --- what is written ---

    def _refuse_taken(self, source: Path) -> None:
        """Before any work: a file that is there is written over only if the user says so, the source never."""
        for target in filter(None, (self._asked.target, self._asked.report)):
            path = Path(target)
            if str(target) == STANDARD or _is_device(path):
                continue
            if _is_same(path, source):
                raise errors.OutputIsSource(name=shown_name(path))
            if os.path.lexists(path) and not self._asked.overwrite:
                raise errors.OutputExists(name=shown_name(path))

    def _write(self, target: str | Path, content: bytes, source: Path) -> None:
        if str(target) == STANDARD:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
            return
        path = Path(target)
        if _is_device(path):
            path.write_bytes(content)
            return
        with Exports(None, "overwrite" if self._asked.overwrite else "skip").new_file(path, source) as new:
            new.file.write(content)
        if new.path is None:
            raise errors.OutputExists(name=shown_name(path))
        if not self._asked.quiet:
            print(_("Written: {path}").format(path=shown_path(new.path)), file=sys.stderr)

    def _report(self, source: _Source, cues: Sequence[Cue], found: Sequence[Problem]) -> bytes:
        read_as = {"format": source.read.format, "encoding": source.read.encoding} if source.read else {}
        record = {
            "source": shown_path(source.path),
            **read_as,
            "target": shown_path(str(self._asked.target)),
            "target_format": self._format.name,
            "preset": self._asked.preset,
            "cues": len(cues),
            "notes": [note.to_record() for note in source.read.notes] if source.read else [],
            "problems": [
                {**one.to_record(), "start_ms": cues[one.cue].start_ms, "end_ms": cues[one.cue].end_ms} for one in found
            ],
        }
        return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")

    def _say(self, sentences: Iterable[str]) -> None:
        if self._asked.quiet:
            return
        said = list(sentences)
        for sentence in said[:SHOWN_AT_MOST]:
            print(sentence, file=sys.stderr)
        if len(said) > SHOWN_AT_MOST:
            more = _("… and {count} more; --report FILE.json holds all.")
            print(more.format(count=len(said) - SHOWN_AT_MOST), file=sys.stderr)


def _format(target: str, name: str | None) -> Format:
    """The format that is named, else that of the ending. Raises _WrongUsage."""
    if name:
        return FORMATS[name]
    suffix = Path(target).suffix.lower()
    if found := [one for one in FORMATS.values() if one.suffix == suffix]:
        return found[0]
    possible = ", ".join(one.suffix for one in FORMATS.values())
    raise _WrongUsage(errors.BadOption(value=target, option="OUT", possible=f"{possible}, --format NAME"))


def _rules(preset: str) -> Rules:
    """Those of a preset or of a file. Raises AppError, or _WrongUsage."""
    if preset in PRESETS:
        return PRESETS[preset].rules
    path = Path(preset)
    if path.suffix.lower() != ".toml":
        possible = f"{', '.join(PRESETS)}, FILE.toml"
        raise _WrongUsage(errors.BadOption(value=preset, option="--preset", possible=possible))
    try:
        text = bytes_of(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise errors.RulesUnreadable(name=shown_name(path), detail=str(error)) from error
    return read_rules(text, shown_name(path))


def _bytes(name: str) -> bytes:
    """What a file holds, or stdin. Raises AppError."""
    return sys.stdin.buffer.read(MOST_BYTES + 1) if name == STANDARD else bytes_of(Path(name))


def _as_segment(cue: Cue) -> Segment:
    return Segment(cue.start_ms, cue.end_ms, cue.text, cue.words, speaker=cue.speaker, is_pinned=True)


def _on_frames(segment: Segment, frames: Frames) -> Segment:
    """A cue whose times were set, on the frames nearest to them; it keeps at least one."""
    start_ms, end_ms = _nearest(segment.start_ms, frames), _nearest(segment.end_ms, frames)
    return replace(segment, start_ms=start_ms, end_ms=max(end_ms, frames.up_ms(start_ms + 1)))


def _nearest(at_ms: int, frames: Frames) -> int:
    down_ms, up_ms = frames.down_ms(at_ms), frames.up_ms(at_ms)
    return down_ms if at_ms - down_ms <= up_ms - at_ms else up_ms


def _problem_line(cues: Sequence[Cue], problem: Problem) -> str:
    at = timestamp(cues[problem.cue].start_ms, ".")
    return _("Cue {number} at {time}: {problem}").format(number=problem.cue + 1, time=at, problem=problem.said)


def _is_device(path: Path) -> bool:
    """Something that is written to, not replaced: a pipe, a terminal, /dev/null."""
    try:
        return not stat.S_ISREG(mode := path.stat().st_mode) and not stat.S_ISDIR(mode)
    except (OSError, ValueError):
        return False


def _is_same(path: Path, source: Path) -> bool:
    try:
        return path.samefile(source)
    except (OSError, ValueError):
        return False
