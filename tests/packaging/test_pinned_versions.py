"""packaging/constraints.txt: one exact version for everything that gets installed, from nowhere in particular."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LINES = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
PINNED = {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in LINES)}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DIRECT = [Requirement(line) for line in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]]


def is_for_this_machine(requirement: Requirement) -> bool:
    """Some are only for another system."""
    return requirement.marker is None or requirement.marker.evaluate()


def installed_with(requirement: Requirement, seen: dict[str, Requirement]) -> dict[str, Requirement]:
    """The requirement and all that it brings along on this machine."""
    name = canonicalize_name(requirement.name)
    if name not in seen:
        seen[name] = requirement
        for line in metadata.requires(name) or []:
            needed = Requirement(line)
            if needed.marker is None or any(
                needed.marker.evaluate({"extra": extra}) for extra in {"", *requirement.extras}
            ):
                installed_with(needed, seen)
    return seen


def test_each_line_is_a_name_and_an_exact_version() -> None:
    for line in LINES:
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.+!-]*", line), line
    assert len(PINNED) == len(LINES)


def test_everything_that_gets_installed_is_pinned() -> None:
    wanted: dict[str, Requirement] = {}
    for requirement in filter(is_for_this_machine, DIRECT):
        installed_with(requirement, wanted)
    assert set(wanted) <= set(PINNED)


def test_the_pinned_versions_are_those_that_the_project_allows() -> None:
    for requirement in DIRECT:
        assert requirement.specifier.contains(PINNED[canonicalize_name(requirement.name)]), str(requirement)


def test_the_parts_of_pyside_are_pinned_together() -> None:
    assert len({PINNED[name] for name in ("pyside6", "pyside6-essentials", "pyside6-addons", "shiboken6")}) == 1
