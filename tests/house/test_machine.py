"""What the machine allows: cores, in a container too, and open files."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.machine import connections, cores

BOUND = len(os.sched_getaffinity(0))
SECOND = "sys/fs/cgroup/app/web/cpu.max"


def root(folder: Path, group: str, **files: str) -> Path:
    """Make a machine of which only its control groups are there."""
    for name, text in {"proc/self/cgroup": group, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    return folder


@pytest.mark.parametrize(
    ("quota", "expected"),
    [
        ("50000 100000", 1),
        ("100000 100000", 1),
        # A core and a half keeps two workers busy some of the time.
        ("150000 100000", min(2, BOUND)),
        ("6400000 100000", BOUND),
        ("max 100000", BOUND),
        ("", BOUND),
        ("0 0", BOUND),
        ("-1 100000", BOUND),
    ],
)
def test_a_quota_bounds_the_cores_as_the_second_version_writes_it(
    tmp_path: Path, quota: str, expected: int
) -> None:
    assert cores(root(tmp_path, "0::/app/web", **{SECOND: quota})) == expected


def test_a_group_is_bound_by_those_above_it(tmp_path: Path) -> None:
    files = {SECOND: "max 100000", "sys/fs/cgroup/app/cpu.max": "100000 100000"}

    assert cores(root(tmp_path, "0::/app/web", **files)) == 1


def test_in_a_container_the_group_is_the_root_that_is_in_sight(tmp_path: Path) -> None:
    files = {"sys/fs/cgroup/cpu.max": "100000 100000"}

    assert cores(root(tmp_path, "0::/system/docker/9f", **files)) == 1


@pytest.mark.parametrize(("quota", "expected"), [("100000", 1), ("-1", BOUND)])
def test_a_quota_bounds_the_cores_as_the_first_version_writes_it(
    tmp_path: Path, quota: str, expected: int
) -> None:
    at = "sys/fs/cgroup/cpu,cpuacct/web"
    files = {f"{at}/cpu.cfs_quota_us": quota, f"{at}/cpu.cfs_period_us": "100000"}

    group = "5:memory:/web\n4:cpu,cpuacct:/web"
    assert cores(root(tmp_path, group, **files)) == expected


def test_without_control_groups_all_cores_count(tmp_path: Path) -> None:
    assert cores(tmp_path) == BOUND


def test_as_many_connections_are_carried_as_files_may_be_opened() -> None:
    assert connections(1024, 8192) == 768
    assert connections(100_000, 8192) == 8192
    assert connections(resource.RLIM_INFINITY, 8192) == 8192
    assert connections(64, 8192) == 1


def test_the_limit_of_open_files_is_raised_as_far_as_it_may_be() -> None:
    code = (
        "import resource as r; from explorer import machine;"
        "r.setrlimit(r.RLIMIT_NOFILE, (512, 2048));"
        "print(machine.raise_open_files(), r.getrlimit(r.RLIMIT_NOFILE))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout

    assert said.split() == ["2048", "(2048,", "2048)"]
