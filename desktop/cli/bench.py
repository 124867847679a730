"""`undertone bench`: how fast this program is here, beside the others, on the same sound and the same weights."""

from __future__ import annotations

import argparse
import sys

from desktop import cli
from desktop.benchmark import bench
from desktop.benchmark.bench import Wish
from desktop.cli.place import Place
from desktop.core.errors import AppError
from desktop.core.i18n import _
from desktop.core.names import shown_path


def run_bench(arguments: argparse.Namespace) -> int:
    """Measure, print the tables, write JSON and picture; 1 when nothing could be measured."""
    wants_words = "words" in arguments.rows or arguments.audio or arguments.refs
    if wants_words and not (arguments.audio and arguments.refs and arguments.model):
        _tell(_("Word error rates need --audio, --refs and --model."))
        return cli.WRONG_USAGE
    try:
        place = Place.of_the_user()
        model = place.models.find(arguments.model).path if arguments.model else None
        wish = Wish(
            rows=tuple(arguments.rows),
            output=arguments.output,
            samples=place.paths.samples,
            demo_model=place.paths.demo_model,
            model=model,
            size=arguments.size,
            minutes=arguments.minutes,
            repeats=arguments.repeats,
            device=arguments.device or "",
            contestants=arguments.contestants,
            language=arguments.language,
            audio=arguments.audio,
            references=arguments.refs,
            quick=arguments.quick,
        )
        written = bench.run(wish, tell=_tell, show=print)
    except AppError as error:
        print(error, file=sys.stderr)
        return cli.SOME_FAILED
    except KeyboardInterrupt:
        return cli.INTERRUPTED
    for path in written:
        _tell(_("Written: {path}").format(path=shown_path(path)))
    return cli.DONE if written else cli.SOME_FAILED


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
