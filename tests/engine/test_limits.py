"""What a process may take of the machine: affinity, and control groups of both versions."""

from pathlib import Path

import pytest

from desktop.engine import limits


def tree(folder: Path, cgroup: str, **files: str) -> tuple[Path, Path]:
    """A made-up /proc/self and /sys; `/` in names of files is written as `__`."""
    proc, sys_folder = folder / "proc", folder / "sys"
    proc.mkdir()
    (proc / "cgroup").write_text(cgroup)
    for name, text in files.items():
        path = sys_folder / "fs" / "cgroup" / name.replace("__", "/").replace("-", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return proc, sys_folder


def files(**named: str) -> dict[str, str]:
    return {name.replace("_dot_", "-"): text for name, text in named.items()}


def test_the_least_of_all_levels_counts(tmp_path: Path) -> None:
    places = tree(
        tmp_path,
        "0::/user/app\n",
        **files(user__cpu_dot_max="150000 100000", user__app__cpu_dot_max="max 100000", user__memory_dot_max="4096"),
    )
    assert limits.cores(*places) == 1.5
    assert limits.memory(*places) == 4096


def test_version_one_has_a_tree_for_each_controller(tmp_path: Path) -> None:
    places = tree(
        tmp_path,
        "9:memory:/docker/x\n4:cpu,cpuacct:/docker/x\n0::/\n",
        **{
            "cpu,cpuacct__docker__x__cpu-cfs_quota_us": "200000",
            "cpu,cpuacct__docker__x__cpu-cfs_period_us": "100000",
            "cpu,cpuacct__cpu-cfs_quota_us": "-1",
            "cpu,cpuacct__cpu-cfs_period_us": "100000",
            "memory__docker__x__memory-limit_in_bytes": "1073741824",
            "memory__memory-limit_in_bytes": str(2**63 - 4096),
        },
    )
    assert limits.cores(*places) == 2.0
    assert limits.memory(*places) == 1 << 30


def test_within_a_container_its_own_group_is_the_root(tmp_path: Path) -> None:
    places = tree(tmp_path, "0::/docker/on-the-host\n", **files(cpu_dot_max="50000 100000"))
    assert limits.cores(*places) == 0.5


@pytest.mark.parametrize("text", ["max 100000", "", "rubbish", "0 0"])
def test_what_says_nothing_limits_nothing(tmp_path: Path, text: str) -> None:
    places = tree(tmp_path, "0::/\n", **files(cpu_dot_max=text, memory_dot_max="max"))
    assert limits.cores(*places) is None
    assert limits.memory(*places) is None


def test_a_system_without_control_groups_has_no_limit(tmp_path: Path) -> None:
    assert limits.cores(tmp_path / "proc", tmp_path / "sys") is None
    assert limits.memory(tmp_path / "proc", tmp_path / "sys") is None


def test_two_threads_of_a_core_count_once(tmp_path: Path) -> None:
    for cpu, siblings in enumerate(("0,4", "1,5", "2,6", "3,7", "0,4", "1,5", "2,6", "3,7")):
        folder = tmp_path / f"devices/system/cpu/cpu{cpu}/topology"
        folder.mkdir(parents=True)
        (folder / "thread_siblings_list").write_text(siblings + "\n")
    assert limits.physical_cores(tmp_path, set(range(8))) == 4
    assert limits.physical_cores(tmp_path, {0, 4}) == 1
    assert limits.physical_cores(tmp_path, {98, 99}) == 2, "without its topology each counts"
