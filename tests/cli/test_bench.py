"""`undertone bench` as a program of its own."""

import json
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT


def bench(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); from desktop.__main__ import main; sys.exit(main())"
    command = [sys.executable, "-c", code, ROOT, "bench", *arguments]
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, cwd=cwd)


def test_it_prints_a_table_and_writes_every_run(tmp_path: Path) -> None:
    done = bench("first-second", "--quick", "--contestants", "ours-fast,fw-sequential", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "The first file and the second (tiny, cpu int8)" in done.stdout
    assert "ours-fast" in done.stdout
    results = tmp_path / "bench-output" / "results.json"
    assert f"Written: {Path('bench-output') / 'results.json'}" in done.stderr
    record = json.loads(results.read_text(encoding="utf-8"))
    assert [run["figures"]["tokens"] for run in record["runs"]] == [42, 42]
    assert record["settings"]["size"] == "tiny"


def test_what_is_not_there_is_named_with_what_is_possible(tmp_path: Path) -> None:
    for wrong, sentence in (
        (["nonsense"], "“nonsense” is no row; possible: modes, lengths"),
        (["--contestants", "siri"], "“siri” names no contestants; possible: ours-fast"),
        (["--audio", "nowhere"], "“nowhere” is no folder"),
        (["words"], "Word error rates need --audio, --refs and --model."),
    ):
        done = bench(*wrong, cwd=tmp_path)
        assert done.returncode == 2
        assert sentence in done.stderr
    assert not (tmp_path / "bench-output").exists()
