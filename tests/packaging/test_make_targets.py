"""`make` from a checkout: the promised targets, and what happens on machines that lack something."""

import os
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TARGETS = (
    "demo",
    "run",
    "test",
    "lint",
    "install",
    "uninstall",
    "screenshots",
    "bench",
    "bench-engine",
    "clean",
    "help",
)
SCRIPTS = sorted((ROOT / "packaging").rglob("*.sh"))
# A make that runs these tests must not talk the inner one into its own flags.
OUTSIDE = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}


def run(*command: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, env=env or OUTSIDE, capture_output=True, text=True, check=False, timeout=30
    )


@pytest.mark.parametrize("target", TARGETS)
def test_make_knows_the_target(target: str) -> None:
    result = run("make", "--dry-run", target)
    assert result.returncode == 0, result.stderr


def test_help_names_every_target() -> None:
    assert set(TARGETS) <= {line.split()[1] for line in run("make", "help").stdout.splitlines()}


def test_an_old_python_is_refused_in_one_sentence(tmp_path: Path) -> None:
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] || exit 1\necho "Python 3.9.2"\n')
    old.chmod(0o755)
    result = run("make", "python", f"PYTHON={old}")
    assert result.returncode == 2
    assert "needs Python 3.11 or newer" in result.stderr
    assert "is Python 3.9.2." in result.stderr


def test_ci_runs_make_test() -> None:
    script = ROOT / ".ci" / "run"
    assert script.read_text(encoding="utf-8").rstrip().endswith("make test")
    assert os.access(script, os.X_OK)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_is_one_for_any_posix_shell(script: Path) -> None:
    assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    assert run("sh", "-n", script).returncode == 0


def test_no_registry_is_named_in_a_script() -> None:
    for script in [ROOT / "Makefile", *SCRIPTS]:
        for scheme in ("http://", "https://"):
            assert scheme not in script.read_text(encoding="utf-8"), script


def test_every_folder_that_the_wheel_takes_along_holds_something() -> None:
    """Git keeps no empty folders: a clone without one cannot be installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for folder in project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]:
        assert any(path.is_file() for path in (ROOT / folder).rglob("*")), folder


class BareMachine:
    """A PATH on which dpkg, apt, sudo and id say what a test wants, and apt writes down what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.asked = folder / "asked"
        self.bin.mkdir()
        for name in ("sed", "tr", "grep", "env", "sh"):
            (self.bin / name).symlink_to(f"/bin/{name}")
        self.says("python3", "exit 0")

    def says(self, program: str, script: str) -> None:
        (self.bin / program).write_text(f"#!/bin/sh\n{script}\n")
        (self.bin / program).chmod(0o755)

    def with_apt(self, installed: str, uid: int) -> None:
        self.says("dpkg-query", f"printf '%s\\n' {installed}")
        self.says("apt-get", f'echo "$@" >> {self.asked}')
        self.says("id", f"echo {uid}")

    def check(self, wanted: str = "run") -> subprocess.CompletedProcess[str]:
        return run("/bin/sh", "packaging/linux/system_packages.sh", wanted, env={"PATH": str(self.bin)})


@pytest.fixture
def machine(tmp_path: Path) -> BareMachine:
    return BareMachine(tmp_path)


def everything() -> str:
    """dpkg-query's answer on a machine that has all; one package under another name, as in newer releases."""
    text = (ROOT / "packaging/linux/system_packages.sh").read_text(encoding="utf-8")
    names = {name for part in text.split('packages="')[1:] for name in part.partition('"')[0].split()}
    lines = [f"'ii |{name}, '" for name in names - {"libglib2.0-0", "$run_packages"}]
    return " ".join([*lines, "'ii |libglib2.0-0t64, libglib2.0-0 (= 2.80)'"])


def test_nothing_is_said_or_done_when_nothing_is_missing(machine: BareMachine) -> None:
    machine.with_apt(everything(), uid=0)
    result = machine.check("test")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert not machine.asked.exists()


def test_root_gets_the_missing_packages_installed(machine: BareMachine) -> None:
    machine.with_apt("'ii |libgl1, '", uid=0)
    assert machine.check().returncode == 0
    update, install = machine.asked.read_text().splitlines()
    assert update.startswith("update")
    assert install.startswith("install -y --no-install-recommends")
    assert "libportaudio2" in install
    assert " libgl1 " not in install
    assert "xvfb" not in install


def test_a_removed_package_counts_as_missing(machine: BareMachine) -> None:
    machine.with_apt(everything().replace("ii |libportaudio2", "rc |libportaudio2"), uid=0)
    machine.check()
    assert machine.asked.read_text().endswith("recommends libportaudio2 -qq\n")


def test_a_user_who_may_not_install_is_given_the_one_command(machine: BareMachine) -> None:
    machine.with_apt("'ii |libgl1, '", uid=1000)
    machine.says("sudo", "exit 1")
    result = machine.check()
    assert result.returncode == 1
    assert result.stderr.count("apt-get install") == 1
    assert "libportaudio2" in result.stderr
    assert not machine.asked.exists()


def test_sudo_without_a_password_is_used(machine: BareMachine) -> None:
    machine.with_apt("'ii |libgl1, '", uid=1000)
    machine.says("sudo", 'shift; exec "$@"')
    (machine.bin / "true").symlink_to("/bin/true")
    assert machine.check().returncode == 0
    assert "libportaudio2" in machine.asked.read_text()


def test_a_python_without_venv_gets_debians(machine: BareMachine) -> None:
    machine.with_apt(everything(), uid=0)
    machine.says("python3", "exit 1")
    assert machine.check().returncode == 0
    assert machine.asked.read_text().endswith("recommends python3-venv -qq\n")


def test_a_system_without_apt_is_told_what_it_needs_and_goes_on(machine: BareMachine) -> None:
    result = machine.check()
    assert result.returncode == 0
    assert "libportaudio2" in result.stdout
