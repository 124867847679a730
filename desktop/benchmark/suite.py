"""The rows of the benchmark: which measurements each one takes, and the tables that are made of them."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from desktop.benchmark import task as tasks
from desktop.benchmark import words
from desktop.benchmark.material import CLIP_S
from desktop.benchmark.plan import Plan
from desktop.benchmark.rounds import Case, Outcome
from desktop.benchmark.tables import Table, compared, growth, left_out, seconds, share, uneven
from desktop.benchmark.task import FW_BATCHED, FW_SEQUENTIAL, OURS, OURS_FAST, OURS_PRECISE
from desktop.benchmark.weights import SIZES
from desktop.core.i18n import _, mark
from desktop.core.options import FALLBACK_TEMPERATURES

LENGTHS_MIN = (5, 15, 30, 60)
BATCHES = (1, 2, 4, 8, 16)
CUDA_BATCHES = (1, 4, 8, 16, 32)
TYPES = ("float32", "float16", "int8", "int8_float16")
ALWAYS_SIZES = ("tiny", "base", "small")
CLIPS, QUICK_CLIPS = 100, 20
LOOK_AHEAD = 31
CANCEL_SIZE = "small"
STOPS_S = (3.0, 15.0)

WITHOUT_JIWER = mark(
    "The words are not compared: jiwer is not installed. Install it with: pip install 'undertone[bench]'"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One question, with the measurements that answer it."""

    name: str
    question: str
    cases: Callable[[Plan], Iterator[Case]]
    tables: Callable[[Plan, Outcome], Iterator[Table]]
    rounds: int = 0
    """How often; 0: as often as the user wants."""


# --- modes, lengths, sizes: one file, everybody ---


def _modes(plan: Plan) -> Iterator[Case]:
    sound = plan.material.speech(60 * plan.minutes)
    for name in plan.chosen(*tasks.CONTESTANTS):
        for word_times in (False, True) if name in (FW_SEQUENTIAL, FW_BATCHED) else (False,):
            task = replace(plan.task(name, sound), word_times=word_times)
            label = f"{name}, word times" if word_times else name
            yield plan.case("modes", f"{plan.minutes:g} min", label, task, 60 * plan.minutes)


def _mode_tables(plan: Plan, outcome: Outcome) -> Iterator[Table]:
    table = compared(_title(plan, _("One file of {minutes:g} min").format(minutes=plan.minutes)), outcome)
    sentence = _("{name} is left out: {reason}.")
    hindered = [(name, plan.hindrance(name)) for name in plan.contestants]
    yield table.noting(
        *(sentence.format(name=name, reason=reason) for name, reason in hindered if reason),
        *uneven(outcome),
        _("“ours” always finds the time of each word, and leaves out silence as faster-whisper does."),
        _(
            "Where faster-whisper finds word times one window after the other, the last word decides where the next "
            "window begins: with random weights that is anywhere, so compare the time for a window."
        ),
    )


def _lengths(plan: Plan) -> Iterator[Case]:
    for minutes in LENGTHS_MIN[:2] if plan.quick else LENGTHS_MIN:
        sound = plan.material.speech(60 * minutes)
        for name in plan.chosen(OURS_FAST, FW_SEQUENTIAL, FW_BATCHED):
            yield plan.case("lengths", f"{minutes} min", name, plan.task(name, sound), 60 * minutes)


def _length_tables(plan: Plan, outcome: Outcome) -> Iterator[Table]:
    yield compared(_title(plan, _("Files of different length")), outcome, ("wall", "ratio", "speed", "first", "peak"))
    yield growth(_("Memory for each further hour"), outcome)


def _sizes(plan: Plan) -> Iterator[Case]:
    if plan.model is not None:
        return
    sound = plan.material.speech(60 * plan.minutes)
    known = list(SIZES)
    wanted = ALWAYS_SIZES[:2] if plan.quick else ALWAYS_SIZES
    for size in dict.fromkeys([*wanted, *known[known.index("tiny") : known.index(plan.size) + 1]]):
        for name in plan.chosen(OURS_FAST, *(one for one in tasks.CONTESTANTS if one not in OURS)):
            yield plan.case("sizes", size, name, plan.task(name, sound), 60 * plan.minutes, size)


def _size_tables(plan: Plan, outcome: Outcome) -> Iterator[Table]:
    title = _("Models of different size, {minutes:g} min").format(minutes=plan.minutes)
    yield compared(title, outcome, ("load", "wall", "ratio", "speed", "cpu", "peak"))


# --- batch, types, cuda: how the device is used ---


def _batch(plan: Plan) -> Iterator[Case]:
    sound = plan.material.speech(60 * plan.minutes)
    for size in BATCHES:
        for name in plan.chosen(OURS_FAST, FW_BATCHED):
            task = replace(plan.task(name, sound), batch_size=size)
            yield plan.case("batch", _("batch of {size}").format(size=size), name, task, 60 * plan.minutes)


def _batch_tables(plan: Plan, outcome: Outcome) -> Iterator[Table]:
    yield compared(
        _title(plan, _("Windows decoded together")), outcome, ("wall", "ratio", "speed", "cpu", "first", "peak")
    )


def _types(plan: Plan) -> Iterator[Case]:
    sound = plan.material.speech(60 * plan.minutes)
    model = plan.model or plan.demo_model
    for kind in (kind for kind in TYPES if kind in plan.types):
        for name in plan.chosen(OURS_FAST):
            task = replace(plan.task(name, sound), compute_type=kind)
            yield plan.case("types", kind, name, task, 60 * plan.minutes)
            words_task = replace(task, model=str(model), tokens=0, keeps_text=True)
            yield plan.case("types", kind, f"{name}, {model.name}", words_task, 60 * plan.minutes)


def _type_tables(plan: Plan, outcome: Outcome) -> Iterator[Table]:
    cases = outcome.cases()
    timed = Outcome(tuple(run for run in outcome.runs if not run.case.task.keeps_text))
    yield compared(_title(plan, _("Compute types"), ""), timed, ("load", "wall", "speed", "cpu", "peak"))
    heard = {case.group: outcome.median(case).texts for case in cases if case.task.keeps_text}
    standard = heard.get(TYPES[0])
    if standard is None:
        return
    rows = []
    for kind, texts in heard.items():
        try:
            found = words.errors(standard, texts, plan.language)
        except ImportError:
            yield Table(_("Words that differ from float32"), ("type",), (), (*left_out(outcome), _(WITHOUT_JIWER)))
            return
        rows.append((kind, share(found.rate), str(found.words)))
    model = plan.model or plan.demo_model
    note = _("Heard with {model}, since random weights say nothing. Compared by {how}.")
    note = note.format(model=model.name, how=words.normaliser(plan.language)[1])
    yield Table(_("Words that differ from float32"), ("type", "differ", "words"), tuple(rows), (note,))


def _cuda(plan: Plan) -> Iterator[Case]:
    if plan.device != "cuda":
        return
    sound = plan.material.speech(60 * plan.minutes)
    clips = plan.material.clips(QUICK_CLIPS if plan.quick else CLIPS)
    for kind in (kind for kind in TYPES if kind in plan.types):
        for size in CUDA_BATCHES:
            for name in plan.chosen(OURS_FAST, FW_BATCHED):
                group = _("{type}, batch of {size}").format(type=kind, size=size)
                task = replace(plan.task(name, sound), compute_type=kind, batch_size=size)
                yield plan.case("cuda", group, name, task, 60 * plan.minutes)
                many = replace(task, sources=tuple(map(str, clips)), look_ahead=LOOK_AHEAD)
                yield plan.case("cuda", group, f"{name}, {len(clips)} clips", many, CLIP_S * len(clips))


def _cuda_tables(plan: Plan, outcome: Outcome) -> Iterator[Table]:
    title = _title(plan, _("On the graphics card: compute type and windows decoded together"), "")
    yield compared(title, outcome, ("wall", "ratio", "hours", "files", "first"))


# --- clips, cancel, first-second: what waiting feels like ---


def _clips(plan: Plan) -> Iterator[Case]:
    clips = plan.material.clips(QUICK_CLIPS if plan.quick else CLIPS)
    group = _("{count} clips of {seconds:g} s").format(count=len(clips), seconds=CLIP_S)
    for name in plan.chosen(OURS_FAST, FW_SEQUENTIAL):
        for look_ahead in (LOOK_AHEAD, 0) if name in OURS else (0,):
            task = replace(plan.task(name, *clips), look_ahead=look_ahead)
            label = f"{name}, one by one" if name in OURS and not look_ahead else name
            yield plan.case("clips", group, label, task, CLIP_S * len(clips))


def _clip_tables(plan: Plan, outcome: Outcome) -> Iterator[Table]:
    columns = ("wall", "ratio", "files", "cpu", "first", "windows", "tokens")
    yield compared(_title(plan, _("Many short files")), outcome, columns).noting(
        _("“ours-fast” is told of the next {count} files while it works on one.").format(count=LOOK_AHEAD)
    )


def _cancel(plan: Plan) -> Iterator[Case]:
    sound = plan.material.speech(600.0)
    size = "tiny" if plan.quick else CANCEL_SIZE
    # Drawn once: every contestant is stopped at the same moments.
    moments = random.Random(1)
    for number in range(1, 2 * plan.repeats + 1):
        moment_s = round(moments.uniform(*STOPS_S), 2)
        for name in plan.chosen(OURS_FAST, OURS_PRECISE, FW_SEQUENTIAL):
            task = replace(plan.task(name, sound), temperatures=FALLBACK_TEMPERATURES, stop_after_s=moment_s)
            yield plan.case("cancel", f"stop {number}", name, task, 600.0, size, sure=False)


def _cancel_tables(plan: Plan, outcome: Outcome) -> Iterator[Table]:
    waits: dict[str, list[float]] = {}
    for run in outcome.runs:
        if run.figures.stop_s:  # not through before
            waits.setdefault(run.case.task.contestant, []).append(run.figures.stop_s)
    rows = tuple(
        (name, seconds(statistics.median(some)), seconds(max(some)), str(len(some))) for name, some in waits.items()
    )
    note = _(
        "All six temperatures are tried for each window. faster-whisper's generator can be closed between windows only."
    )
    yield Table(
        _("From the wish to stop to its fulfilment"), ("", "median", "most", "stops"), rows, (*left_out(outcome), note)
    )


def _first_second(plan: Plan) -> Iterator[Case]:
    clip = plan.material.clips(1)[0]
    for name in plan.chosen(*tasks.CONTESTANTS):
        task = replace(plan.task(name, clip), times=2)
        yield plan.case("first-second", _("a clip of {seconds:g} s").format(seconds=CLIP_S), name, task, CLIP_S)


def _first_second_tables(plan: Plan, outcome: Outcome) -> Iterator[Table]:
    rows = []
    for case in outcome.cases():
        median = outcome.median(case)
        first_s = median.load_s + median.wall_s
        rows.append((case.name, seconds(median.load_s), seconds(first_s), seconds(median.again_s)))
    title = _title(plan, _("The first file and the second"))
    yield Table(title, ("", "load", "first, with load", "second"), tuple(rows), left_out(outcome))


# --- words: the user's own material ---


def _words(plan: Plan) -> Iterator[Case]:
    if plan.model is None or not plan.audio:
        return
    for name in plan.chosen(OURS_FAST, OURS_PRECISE, FW_SEQUENTIAL, FW_BATCHED):
        task = replace(plan.task(name, *plan.audio), temperatures=FALLBACK_TEMPERATURES, keeps_text=True)
        yield plan.case("words", plan.model.name, name, task, plan.audio_s)


def _word_tables(plan: Plan, outcome: Outcome) -> Iterator[Table]:
    if plan.model is None or not plan.audio:
        return
    title = _("Words that are wrong, {model}").format(model=plan.model.name)
    headings = ("", "error rate", "wrong", "missing", "too many", "words", "wall s", "x real time")
    rows = []
    for case in outcome.cases():
        median = outcome.median(case)
        try:
            found = words.errors(plan.references, median.texts, plan.language)
        except ImportError:
            yield Table(title, headings, (), (*left_out(outcome), _(WITHOUT_JIWER)))
            return
        counts = (found.substituted, found.deleted, found.inserted, found.words)
        speed = f"{case.audio_s / median.wall_s:.1f}" if median.wall_s else ""
        rows.append((case.name, share(found.rate), *map(str, counts), seconds(median.wall_s), speed))
    note = _("Compared by {how}.").format(how=words.normaliser(plan.language)[1])
    yield Table(title, headings, tuple(rows), (*left_out(outcome), note))


def _title(plan: Plan, what: str, compute_type: str | None = None) -> str:
    model = plan.model.name if plan.model else plan.size
    place = f"{plan.device} {plan.compute_type if compute_type is None else compute_type}".strip()
    return f"{what} ({model}, {place})"


ROWS = {
    row.name: row
    for row in (
        Row("modes", "every way to transcribe, with and without word times", _modes, _mode_tables),
        Row("lengths", "5 to 60 minutes: memory, wait for the first words", _lengths, _length_tables),
        Row("batch", "1 to 16 windows decoded together", _batch, _batch_tables),
        Row("types", "compute types: time, memory, words that change", _types, _type_tables),
        Row("sizes", "tiny, base, small and larger ones", _sizes, _size_tables),
        Row("clips", "many short files", _clips, _clip_tables),
        Row("cancel", "how long a stop takes", _cancel, _cancel_tables, rounds=1),
        Row("first-second", "a cold start against a warm one", _first_second, _first_second_tables),
        Row("words", "word error rate on your own recordings", _words, _word_tables),
        Row("cuda", "compute types and batches on a graphics card", _cuda, _cuda_tables),
    )
}
QUICK_ROWS = ("modes", "clips", "first-second")


def cases_of(plan: Plan, rows: Sequence[str]) -> Iterator[tuple[Row, list[Case]]]:
    """The rows that have something to measure here."""
    for name in rows:
        cases = list(ROWS[name].cases(plan))
        if cases:
            yield ROWS[name], cases
