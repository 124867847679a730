"""What the command line prints: text for people, or one JSON object a line for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from tqdm import tqdm

from desktop.core.errors import AppError
from desktop.core.i18n import _
from desktop.core.jobs import Engine, Job
from desktop.core.names import clock, shown_name, shown_path, speed
from desktop.core.transcript import DEMO_MODEL, Segment, Transcript


class Output(Protocol):
    """The news of a run, in the order in which they come."""

    def begin(self, path: Path, number: int, count: int) -> None: ...

    def demo_model(self) -> None: ...

    def known(self, job: Job, transcript: Transcript) -> None: ...

    def loading(self, model: str, device: str, compute_type: str) -> None: ...

    def started(self, job: Job, engine: Engine) -> None: ...

    def progress(self, job: Job, at_ms: int) -> None: ...

    def heard(self, job: Job, segments: Sequence[Segment]) -> None: ...

    def note(self, sentence: str) -> None: ...

    def done(self, job: Job, written: Sequence[Path]) -> None: ...

    def failed(self, path: Path | None, error: AppError) -> None: ...

    def interrupted(self, job: Job) -> None: ...


class TextOutput:
    """Text on stdout when it is wanted, all else on stderr; a bar when that is a terminal."""

    def __init__(self, quiet: bool, prints_text: bool, shows_suspects: bool = False) -> None:
        self._quiet = quiet
        self._shows_suspects = shows_suspects
        self._prints_text = prints_text
        self._bar: tqdm[Any] | None = None
        self._said_demo = False

    def begin(self, path: Path, number: int, count: int) -> None:
        if count > 1 and self._prints_text:
            print(f"{'' if number == 1 else chr(10)}# {shown_name(path)}", flush=True)

    def demo_model(self) -> None:
        if not self._said_demo:
            self._said_demo = True
            self._say(_(DEMO_MODEL))

    def known(self, job: Job, transcript: Transcript) -> None:
        if not self._quiet:
            sentence = _("{name}: kept up to {at}.") if job.fraction < 1 else _("{name}: already transcribed.")
            self._say(sentence.format(name=shown_name(job.source), at=clock(job.heard_ms)))
        self.heard(job, transcript.segments)

    def loading(self, model: str, device: str, compute_type: str) -> None:
        if not self._quiet:
            self._say(_("Loading {model} ({device} {type})…").format(model=model, device=device, type=compute_type))

    def started(self, job: Job, engine: Engine) -> None:
        if engine.is_demo:
            self.demo_model()
        if not self._quiet:
            self._bar = tqdm(
                total=max(1, job.duration_ms // 1000),
                initial=job.heard_ms // 1000,
                desc=_short_name(job),
                disable=None,  # only on a terminal
                leave=False,
                bar_format="{desc}  {percentage:3.0f} %  |{bar}|  {remaining}",
            )

    def progress(self, job: Job, at_ms: int) -> None:
        pass  # decoding runs far ahead of hearing: the bar shows what is heard

    def heard(self, job: Job, segments: Sequence[Segment]) -> None:
        if self._prints_text:
            with tqdm.external_write_mode(sys.stdout):
                for segment in segments:
                    if self._shows_suspects or not segment.suspect:
                        print(segment.text)
                sys.stdout.flush()
        if self._bar is not None and job.worked_ms:
            self._bar.set_description_str(f"{_short_name(job)}  {speed(job.heard_ms / job.worked_ms)}", refresh=False)
            self._bar.update(job.heard_ms // 1000 - self._bar.n)

    def note(self, sentence: str) -> None:
        self._say(sentence)

    def done(self, job: Job, written: Sequence[Path]) -> None:
        self._close_bar()
        for note in job.notes:
            self._say(str(note))
        if job.coverage.to_check and not self._quiet:
            self._say(job.coverage.said)
        for path in written:
            if not self._quiet:
                self._say(_("Written: {path}").format(path=shown_path(path)))

    def failed(self, path: Path | None, error: AppError) -> None:
        self._close_bar()
        self._say(str(error))

    def interrupted(self, job: Job) -> None:
        self._close_bar()
        self._say(
            _("Stopped at {at}. The same command goes on from there.").format(at=clock(job.heard_ms)),
        )

    def _say(self, sentence: str) -> None:
        tqdm.write(sentence, file=sys.stderr)

    def _close_bar(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def _short_name(job: Job) -> str:
    return shown_name(job.source)[:30]


class JsonOutput:
    """One JSON object a line on stdout and nothing else there; `event` names what it is."""

    def __init__(self) -> None:
        self._file = ""

    def begin(self, path: Path, number: int, count: int) -> None:
        self._file = shown_path(path)

    def demo_model(self) -> None:
        print(_(DEMO_MODEL), file=sys.stderr)

    def known(self, job: Job, transcript: Transcript) -> None:
        self.heard(job, transcript.segments)

    def loading(self, model: str, device: str, compute_type: str) -> None:
        self._line("loading", model=model, device=device, compute_type=compute_type)

    def started(self, job: Job, engine: Engine) -> None:
        if engine.is_demo:
            self.demo_model()
        self.progress(job, job.heard_ms)

    def progress(self, job: Job, at_ms: int) -> None:
        self._line(
            "progress",
            at_ms=job.heard_ms,
            decoded_ms=at_ms,
            duration_ms=job.duration_ms,
            fraction=round(job.fraction, 4),
        )

    def heard(self, job: Job, segments: Sequence[Segment]) -> None:
        for segment in segments:
            words = [
                {"start_ms": word.start_ms, "end_ms": word.end_ms, "text": word.text, "probability": word.probability}
                for word in segment.words
            ]
            about = {"suspect": segment.suspect} if segment.suspect else {}
            about |= {"language": segment.language} if segment.language else {}
            self._line(
                "segment", start_ms=segment.start_ms, end_ms=segment.end_ms, text=segment.text, words=words, **about
            )
        self.progress(job, job.heard_ms)

    def note(self, sentence: str) -> None:
        print(sentence, file=sys.stderr)

    def done(self, job: Job, written: Sequence[Path]) -> None:
        self._line(
            "done",
            id=job.id,
            language=job.language,
            model=job.engine.model,
            demo_model=job.engine.is_demo,
            device=job.engine.device,
            compute_type=job.engine.compute_type,
            reason=job.engine.reason,
            duration_ms=job.duration_ms,
            worked_ms=job.worked_ms,
            notes=[str(note) for note in job.notes],
            speech_with_text=round(job.coverage.fraction, 4),
            map=[[part.start_ms, part.end_ms, part.kind] for part in job.coverage.parts],
            outputs=[shown_path(path) for path in written],
        )

    def failed(self, path: Path | None, error: AppError) -> None:
        self._line("failed", code=type(error).__name__, error=error.said_headline, advice=error.said_advice)
        print(error, file=sys.stderr)

    def interrupted(self, job: Job) -> None:
        interrupted = {"code": "Interrupted", "at_ms": job.heard_ms}
        self._line("failed", error=_("Stopped."), advice=_("The same command goes on from there."), **interrupted)

    def _line(self, event: str, **values: object) -> None:
        print(json.dumps({"event": event, "file": self._file, **values}, ensure_ascii=False), flush=True)
