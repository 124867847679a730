"""The stages of the demo model, each by its name."""

import argparse
import os
import sys
from collections.abc import Iterator

# Beside other work one of two threads is always late; waiting for it actively would cost twice the processor time.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")


def main() -> None:
    """Run one stage; each goes on where it was stopped."""
    parser = argparse.ArgumentParser(prog="python -m demo_model", description=__doc__)
    stages = parser.add_subparsers(dest="stage", required=True)
    speak = stages.add_parser("speak", help="make the cache of spoken sentences")
    speak.add_argument("--share", default="0/1", help="only every n-th part, as 0/2 and 1/2 in two processes")
    stages.add_parser("train", help="train until it is stopped or all is done")
    stages.add_parser("samples", help="write the sound that goes with the program into resources/samples")
    stages.add_parser("export", help="write the model of the last checkpoint for faster-whisper")
    report = stages.add_parser("report", help="measure the exported model")
    report.add_argument("--brief", action="store_true", help="with a sixth of the sound")
    for line in _news(parser.parse_args()):
        print(line, flush=True)


def _news(given: argparse.Namespace) -> Iterator[str]:
    if given.stage == "speak":
        from demo_model import clips

        share, shares = map(int, given.share.split("/"))
        yield from map(str, clips.make_parts(share, shares))
    elif given.stage == "train":
        from demo_model.training import Training

        yield from Training().run()
    elif given.stage == "samples":
        from demo_model import samples

        yield from map(str, samples.write())
    elif given.stage == "export":
        from demo_model import export

        export.write(export.FOLDER)
        yield str(export.FOLDER)
    else:
        from demo_model import card, export, report

        figures = []
        for figure in report.measure(export.FOLDER, is_brief=given.brief):
            figures.append(figure)
            yield " | ".join(figure)
        card.write(export.FOLDER, export.SIZE, figures)


if __name__ == "__main__":
    sys.exit(main())
