"""What the import contracts of pyproject.toml cannot say."""

import ast
from pathlib import Path

from tests.conftest import ROOT

DESKTOP = ROOT / "desktop"


def imported_by(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def test_services_know_no_widgets() -> None:
    for path in (DESKTOP / "services").glob("*.py"):
        assert not {name for name in imported_by(path) if name in ("PySide6.QtWidgets", "PySide6.QtGui")}, path


def test_every_error_that_nobody_foresaw_is_caught_in_few_places() -> None:
    broad = {
        str(path.relative_to(DESKTOP))
        for path in DESKTOP.rglob("*.py")
        if "except Exception" in path.read_text(encoding="utf-8")
    }
    assert broad == {"services/task.py", "engine/process.py", "system/clipboard/apart.py", "system/macos.py"}
