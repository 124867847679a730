"""The command line: the same work without a window; imports no Qt."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

from desktop import __version__
from desktop.core.formats import FORMATS
from desktop.core.frames import FRAME_RATES
from desktop.core.languages import LANGUAGES
from desktop.core.options import AUTO, CARDS, COMPUTE_TYPES, DEVICES, LANGUAGE_SCOPES, MODES, TASKS
from desktop.core.rules import PRESETS
from desktop.core.settings import COLLISIONS

DONE, SOME_FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130

COMMANDS = ("transcribe", "record", "convert", "doctor", "tune", "models", "list", "bench")

# Said again here since the benchmark loads numpy, and a command line has to be read at once.
BENCH_ROWS = ("modes", "lengths", "batch", "types", "sizes", "clips", "cancel", "first-second", "words", "cuda")
BENCH_SIZES = ("tiny", "base", "small", "medium", "large-v2", "large-v3", "turbo")
BENCH_CONTESTANTS = ("ours-fast", "ours-precise", "fw-sequential", "fw-batched", "openai-whisper", "whisper-cpp")

# Likewise for the converter.
QUANTIZATIONS = ("float16", "int8", "int8_float16", "float32", "bfloat16")
_QUANTIZATIONS = ", ".join(QUANTIZATIONS)

_RATES = ", ".join(f"{rate:g}" for rate in FRAME_RATES)

EXAMPLES = """\
examples:
  undertone                                     start the app; another start shows its window
  undertone interview.mp4                       start the app and queue the file
  undertone transcribe interview.mp4            print the text
  undertone transcribe *.mp4 --format srt,vtt   write talk.srt and talk.vtt beside each talk.mp4
  undertone transcribe talk.mkv --audio-track 2 --language de
  undertone record                              record the microphone until Ctrl+C
  undertone record --system --live              the sound of a call, too, with the text as it is spoken
  undertone convert talk.srt talk.vtt           subtitles of one format in another
  undertone convert 12 talk.srt --preset bbc    a transcript of the library, composed for a style guide
  undertone dictate --toggle                    start or end a dictation, for keys that the desktop watches
  undertone models install small                fetch a model; “undertone models list” shows which there are
  undertone doctor                              what this machine can do, proved by a self-test
  undertone tune --model small                  measure how a model runs best here, and use that
  undertone bench --quick                       how fast it is here, beside other programs
"""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line as values; `command` is None for the app. Exits with 2 and a sentence when it is wrong."""
    is_command = bool(arguments) and arguments[0] in (*COMMANDS, "-h", "--help", "--version")
    return (_command_parser() if is_command else _app_parser()).parse_args(arguments)


def run(arguments: argparse.Namespace) -> int:  # noqa: PLR0911 - one for each command
    """Carry out a command; returns the exit status."""
    match arguments.command:
        case "transcribe":
            from desktop.cli.transcribe import run_transcribe

            return run_transcribe(arguments)
        case "record":
            from desktop.cli.record import run_record

            return run_record(arguments)
        case "convert":
            from desktop.cli.convert import run_convert

            return run_convert(arguments)
        case "models":
            from desktop.cli.models import run_models

            return run_models(arguments)
        case "doctor":
            from desktop.cli.doctor import run_doctor

            return run_doctor(arguments.json)
        case "tune":
            from desktop.cli.tune import run_tune

            return run_tune(arguments)
        case "bench":
            from desktop.cli.bench import run_bench

            return run_bench(arguments)
        case _:
            from desktop.cli.listing import run_list

            return run_list(arguments.json)


def _plain_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="undertone",
        description="Speech becomes text on your own machine.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"undertone {__version__}")
    return parser


def _app_parser() -> argparse.ArgumentParser:
    parser = _plain_parser()
    parser.set_defaults(command=None)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="audio or video to queue in the app")
    parser.add_argument("--hidden", action="store_true", help="start in the tray, without a window")
    return parser


def _command_parser() -> argparse.ArgumentParser:
    parser = _plain_parser()
    parser.usage = "undertone [FILE ...] [--hidden]\n       undertone COMMAND [...]"
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", prog="undertone")
    _add_transcribe(commands)
    _add_record(commands)
    _add_convert(commands)
    doctor = commands.add_parser("doctor", help="machine, devices and their self-test, models, paths, versions")
    doctor.add_argument("--json", action="store_true", help="as one JSON object")
    _add_tune(commands)
    commands.add_parser("dictate", help="tell the running app that the key of dictation went down, up, ...")
    _add_models(commands)
    listing = commands.add_parser("list", help="the transcripts in the library")
    listing.add_argument("--json", action="store_true", help="as a JSON list with one object a transcript")
    _add_bench(commands)
    return parser


def _add_transcribe(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "transcribe",
        help="turn files into text",
        description="Turn audio and video files into text. The same command again goes on where it was left, "
        "or shows what is already there.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("paths", nargs="+", type=_path, metavar="FILE|FOLDER", help="audio or video; folders are walked")
    add(
        "--model",
        type=_given,
        metavar="NAME|PATH",
        help="an installed model or the folder of one (default: settings, else the best)",
    )
    add("--language", type=_language, metavar="CODE|auto", help="what is spoken, such as en or de")
    add(
        "--languages",
        choices=LANGUAGE_SCOPES,
        help="look for one language in the whole file (default), or for that of each window where talk is mixed",
    )
    add("--task", choices=TASKS, help="translate goes into English")
    add(
        "--format",
        type=_formats,
        default=(),
        metavar=",".join(FORMATS),
        help="files to write; without it: text to stdout",
    )
    add("--output-dir", type=Path, metavar="DIR", help="where files are written (default: beside the source)")
    collision = parser.add_mutually_exclusive_group()
    for name, what in zip(COLLISIONS, ("keep both: talk (2).srt (default)", "replace it", "leave it"), strict=True):
        collision.add_argument(
            f"--{name}", dest="collision", action="store_const", const=name, help=f"when a file is there: {what}"
        )
    parser.set_defaults(collision=COLLISIONS[0])
    add(
        "--device",
        choices=(*DEVICES, *CARDS),
        metavar="{auto,cpu,cuda,cuda:N}",
        help="default: the graphics card if it passes its self-test, else the processor",
    )
    add("--compute-type", choices=COMPUTE_TYPES, metavar="TYPE", help=f"one of {', '.join(COMPUTE_TYPES)}")
    add(
        "--audio-track",
        type=_between(1, 999),
        default=0,
        metavar="N",
        help="counted from 1 (default: the file's own default)",
    )
    add("--word-timestamps", action="store_true", help="write the time of each word into VTT")
    add("--beam-size", type=_between(1, 20), metavar="N", help="readings weighed against each other (default 5)")
    add(
        "--temperature",
        type=_temperatures,
        metavar="T,...",
        help="several: text in doubt is heard again, at last at these; 0: once",
    )
    add("--max-new-tokens", type=_between(1, 448), default=0, metavar="N", help="most tokens for 30 s of sound")
    add("--mode", choices=MODES, help="fast: windows together (default); precise: one by one, knowing the text before")
    add("--prompt", metavar="TEXT", help="text as the transcript should read: style and punctuation are taken up")
    add("--hotwords", metavar="WORDS", help="names and terms that will be said")
    add(
        "--batch-size", type=_between(1, 64), metavar="N", help="windows together (default: what device and model bear)"
    )
    add("--suspects", action="store_true", help="write text that may not have been said, too (JSON always has it)")
    add("--vad", action=argparse.BooleanOptionalAction, default=None, help="give only speech to the model (default)")
    add("--again", action="store_true", help="start anew even if a transcript is there or was begun")
    add("--json-progress", action="store_true", help="one JSON object a line on stdout")
    add("--quiet", action="store_true", help="no progress; text and failures are still printed")


def _add_record(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "record",
        help="record a microphone, the sound of the system, or both",
        description="Record until Ctrl+C. The sound is on the disk at once, as FLAC in a Matroska file that can be "
        "read at every moment; the recording appears in the library. Messages and the level go to stderr.",
    )
    add = parser.add_argument
    add("--list", action="store_true", help="show what can be recorded; * is the default")
    add("--device", type=_given, metavar="NAME", help="what to record, or a part of its name (default: settings)")
    add("--system", action="store_true", help="also what the machine plays, as a second track: the others in a call")
    add(
        "--microphone",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="--no-microphone with --system: what the machine plays alone",
    )
    add("--output", type=_path, metavar="FILE.mka", help="default: the folder of recordings, named after the time")
    add("--overwrite", action="store_true", help="replace FILE.mka if it is there")
    add("--duration", type=_seconds, default=0.0, metavar="S", help="end after so many seconds of sound")
    add("--live", action="store_true", help="print the text as it is spoken; else the window offers it")
    add("--language", type=_language, metavar="CODE|auto", help="what is spoken, such as en or de")
    add("--model", type=_given, metavar="NAME|PATH", help="for the text (default: settings, else the best)")
    add("--quiet", action="store_true", help="no level and no closing line; text and warnings are still printed")


def _add_convert(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "convert",
        help="turn subtitles or a transcript into another format, or compose them anew",
        description="Read subtitles or a transcript of any encoding and write them in another format. Without --preset "
        "texts, line breaks and times stay as they are; with it, cues are composed anew. What breaks the rules is said "
        "on stderr.",
    )
    add = parser.add_argument
    add(
        "source",
        type=_given,
        metavar="IN",
        help="SRT, VTT, ASS, SSA, TTML, CSV, TSV or JSON (ours, Whisper, WhisperX, whisper.cpp); the number of a "
        "transcript as “undertone list” shows it (a file of such a name: ./12); or - for stdin",
    )
    add("target", type=_given, metavar="OUT", help="its ending tells the format; - for stdout")
    add("--format", choices=FORMATS, metavar="NAME", help=f"one of {', '.join(FORMATS)}, whatever OUT ends with")
    add(
        "--preset",
        type=_given,
        metavar="NAME|FILE.toml",
        help=f"compose the cues anew: {', '.join(PRESETS)}, or your own rules",
    )
    add("--onto", type=_number, metavar="ID", help="give the subtitles the exact times of the words of a transcript")
    add("--frame-rate", type=_frame_rate, default=0.0, metavar="RATE", help=f"times fall on frames: {_RATES}")
    add("--word-times", action="store_true", help="write the time of each word, where the format can hold it")
    add("--suspects", action="store_true", help="write text that may not have been said, too (JSON always has it)")
    add("--report", type=_path, metavar="FILE.json", help="write what was odd in IN and the problems that remain")
    add("--overwrite", action="store_true", help="replace OUT and the report if they are there")
    add("--quiet", action="store_true", help="no notes and problems on stderr; failures are still printed")


def _add_tune(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "tune",
        help="measure how a model runs best on this machine",
        description="Work with different threads, batches and compute types for some seconds each, one or two minutes "
        "in all. The fastest is kept for this model and device and used from then on; Ctrl+C keeps nothing.",
    )
    add = parser.add_argument
    add("--model", type=_given, metavar="NAME|PATH", help="default: settings, else the best one installed")
    add("--device", choices=(*DEVICES, *CARDS), metavar="{auto,cpu,cuda,cuda:N}", help="default: settings")
    add("--compute-type", choices=COMPUTE_TYPES, metavar="TYPE", help="measure this one alone (default: all that fit)")
    add("--json", action="store_true", help="what is kept, as one JSON object")


def _add_models(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "models",
        help="what models there are; install, remove and verify them",
        description="Models are fetched from Hugging Face, or from the mirror that the settings or HF_ENDPOINT name, "
        "and only by install. What is cut off goes on with the same command.",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="what is offered and installed, how large, how good, how fast here")
    listing.add_argument("--json", action="store_true", help="as a JSON list with one object a model")
    install = actions.add_parser("install", help="fetch a model, or add a folder or a zip")
    install.add_argument(
        "names",
        nargs="+",
        type=_given,
        metavar="NAME|OWNER/NAME|FOLDER|ZIP",
        help="an offered model, any CTranslate2 Whisper model of Hugging Face, or one on the disk; a checkpoint of "
        "Transformers is converted, which takes the extra “convert”",
    )
    install.add_argument(
        "--quantization", choices=QUANTIZATIONS, default="", metavar="TYPE", help=f"of a conversion: {_QUANTIZATIONS}"
    )
    install.add_argument("--quiet", action="store_true", help="no progress; failures are still printed")
    remove = actions.add_parser("remove", help="free the space of models")
    remove.add_argument("names", nargs="+", type=_given, metavar="NAME")
    verify = actions.add_parser("verify", help="compare every byte with what the hub said")
    verify.add_argument("names", nargs="+", type=_given, metavar="NAME|FOLDER")
    verify.add_argument("--quiet", action="store_true", help="no progress; failures are still printed")
    path = actions.add_parser("path", help="the folder of the models, or of one")
    path.add_argument("name", nargs="?", type=_given, metavar="NAME")


def _add_bench(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "bench",
        help="how fast it is here, beside other ways to run Whisper",
        description="Measure this program beside faster-whisper, OpenAI's Whisper and whisper.cpp: the same sound, "
        "models of the same random weights, each run in a fresh process, in turn. Prints tables, writes results.json "
        "and picture.svg.",
    )
    add = parser.add_argument
    add("rows", nargs="*", type=_row, metavar="ROW", help=f"some of {', '.join(BENCH_ROWS)} (default: all)")
    add("--size", choices=BENCH_SIZES, default="base", metavar="SIZE", help=f"{', '.join(BENCH_SIZES)} (default: base)")
    add("--minutes", type=_between(1, 600), default=10, metavar="N", help="length of the file (default: 10)")
    add("--repeats", type=_between(1, 99), default=3, metavar="N", help="rounds; their median counts (default: 3)")
    add("--model", type=_given, metavar="NAME|PATH", help="a real model instead of random weights")
    add("--device", choices=DEVICES[1:], help="default: the graphics card if there is one")
    add(
        "--contestants",
        type=_contestants,
        default=(),
        metavar="A,B",
        help=f"some of {', '.join(BENCH_CONTESTANTS)} (default: all)",
    )
    add("--language", type=_language, default="en", metavar="CODE", help="what is spoken (default: en)")
    add("--audio", type=_folder, metavar="DIR", help="recordings for the row “words”; needs --refs and --model")
    add("--refs", type=_folder, metavar="DIR", help="what is said in them: NAME.txt, or NAME.json with segments")
    add("--output", type=_path, default=Path("bench-output"), metavar="DIR", help="default: bench-output")
    add("--quick", action="store_true", help="a small model, one minute of sound, one round")


def _row(text: str) -> str:
    if text not in BENCH_ROWS:
        raise argparse.ArgumentTypeError(f"“{text}” is no row; possible: {', '.join(BENCH_ROWS)}")
    return text


def _contestants(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not names or set(names) - set(BENCH_CONTESTANTS):
        raise argparse.ArgumentTypeError(f"“{text}” names no contestants; possible: {', '.join(BENCH_CONTESTANTS)}")
    return names


def _language(text: str) -> str:
    if text != AUTO and text not in LANGUAGES:
        raise argparse.ArgumentTypeError(f"“{text}” is no language code; possible: auto, {', '.join(LANGUAGES)}")
    return text


def _formats(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    if not names or set(names) - set(FORMATS):
        raise argparse.ArgumentTypeError(f"“{text}” is no list of formats; possible: {', '.join(FORMATS)}")
    return names


def _temperatures(text: str) -> tuple[float, ...]:
    try:
        values = tuple(float(part) for part in text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}” is no list of numbers such as 0,0.2,0.4") from error
    if not all(0 <= value <= 1 for value in values):
        raise argparse.ArgumentTypeError("temperatures lie between 0 and 1")
    return values


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 12:
        raise argparse.ArgumentTypeError(f"“{text}” is no number; “undertone list” shows them")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise argparse.ArgumentTypeError(f"“{text}” is no number of seconds above 0")
    return seconds


def _frame_rate(text: str) -> float:
    rates = {f"{rate:g}": rate for rate in FRAME_RATES}
    if text not in rates:
        raise argparse.ArgumentTypeError(f"“{text}” is no frame rate; possible: {_RATES}")
    return rates[text]


def _given(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("it is empty")
    return text


def _path(text: str) -> Path:
    return Path(_given(text))  # an empty one would mean the present folder


def _folder(text: str) -> Path:
    path = _path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"“{text}” is no folder")
    return path


class _between:  # noqa: N801 - reads as a function where it is used
    def __init__(self, least: int, most: int) -> None:
        self._least, self._most = least, most

    def __call__(self, text: str) -> int:
        if not text.isdecimal() or not self._least <= int(text) <= self._most:
            raise argparse.ArgumentTypeError(f"“{text}” is no whole number from {self._least} to {self._most}")
        return int(text)
