"""The program as it is installed: from a wheel, outside the checkout."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLES
from tests.journeys.desk import Desk, Program, wait_for
from tests.sounds import said_in

SHORT = SAMPLES / "demo-short.flac"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The console command of a fresh environment that has the wheel; its dependencies are those of this one."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("undertone-*.whl")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--quiet", str(wheel)],
        check=True,
        capture_output=True,
    )
    (here,) = (Path(sys.prefix) / "lib").glob("python*/site-packages")
    (site / "dependencies.pth").write_text(f"{here}\n")
    return folder / "venv" / "bin" / "undertone"


def test_it_transcribes_with_the_model_that_it_brings(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [installed, "transcribe", SHORT, "--language", "en"], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (done.returncode, done.stdout) == (0, said_in("demo-short") + "\n")
    where = "import desktop, pathlib; print(pathlib.Path(desktop.__file__).parent)"
    python = installed.with_name("python")
    folder = subprocess.run([python, "-c", where], capture_output=True, text=True, cwd=tmp_path, check=True).stdout
    assert ROOT not in Path(folder.strip()).parents


def test_its_window_works(installed: Path, desk: Desk, program: Program, tmp_path: Path) -> None:
    program.command = [str(installed)]
    program.start(SHORT)
    wait_for("the job to be done", lambda: program.states() == ["done"])
    assert program.texts() == [said_in("demo-short")]
    assert desk.picture(tmp_path / "wheel.png").stat().st_size > 10_000
    assert program.end() == 0
    assert program.said() == ""
