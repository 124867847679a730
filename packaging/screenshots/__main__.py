"""All pictures, or those of some parts of the program.

    PYTHONPATH=packaging .venv/bin/python -m screenshots [--into FOLDER] [PART…]

Needs the test packages of packaging/linux/system_packages.sh and ImageMagick's `import`.
"""

import argparse
import importlib
from pathlib import Path

PARTS = ("window", "recorder", "dictation", "models", "machine")
USUAL = Path(__file__).parents[2] / "resources" / "screenshots"


def main() -> None:
    """Take the pictures, part by part."""
    parser = argparse.ArgumentParser(prog="python -m screenshots", description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--into", type=Path, default=USUAL, metavar="FOLDER", help="instead of resources/screenshots")
    given = parser.parse_args()
    given.into.mkdir(parents=True, exist_ok=True)
    for part in given.parts or PARTS:
        importlib.import_module(f"screenshots.{part}").take_all(given.into)


if __name__ == "__main__":
    main()
