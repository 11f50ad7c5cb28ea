"""What the machine allows: how many cores this process may use, and how many files it may open."""

from __future__ import annotations

import math
import os
import resource
from collections.abc import Iterator
from pathlib import Path

# So many files a worker opens beside its connections: code, databases, logs, pipes.
_OTHER_FILES = 256


def cores(root: Path = Path("/")) -> int:
    """Count the cores that this process may use: those it is bound to, and no more than its quota.

    In a container there are often fewer than the machine has. `root` is where /proc and /sys are.
    """
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, math.ceil(min([bound or 1, *_quotas(root)])))


def raise_open_files() -> int:
    """Let this process, and what it starts, open as many files as it may; gives how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == hard:
        return soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (OSError, ValueError):
        # Some systems name a limit that they do not grant.
        return soft
    return hard


def connections(files: int, most: int) -> int:
    """Say how many connections a worker carries that may open so many files, `most` at most."""
    return most if files == resource.RLIM_INFINITY else max(1, min(most, files - _OTHER_FILES))


def _quotas(root: Path) -> Iterator[float]:
    """Give the quotas, in cores, of the control groups that this process is in.

    The files are those of the kernel's documentation: `cpu.max` in version 2, `cpu.cfs_quota_us`
    and `cpu.cfs_period_us` in version 1. A group is bound by those above it as well.
    """
    top = root / "sys/fs/cgroup"
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, controllers, group = line.split(":", 2)
        if not controllers:
            yield from (_cores_of(_text(at / "cpu.max")) for at in _upwards(top, group))
        elif "cpu" in controllers.split(","):
            yield from (_cores_of(_first_version(at)) for at in _upwards(top / controllers, group))


def _upwards(top: Path, group: str) -> Iterator[Path]:
    """Give the folders of a group and of all above it; in a container some may not be in sight."""
    inner = Path(group.lstrip("/"))
    yield from (top / above for above in (inner, *inner.parents) if (top / above).is_dir())


def _first_version(group: Path) -> str:
    return f"{_text(group / 'cpu.cfs_quota_us')} {_text(group / 'cpu.cfs_period_us')}"


def _cores_of(words: str) -> float:
    """Read a quota and its period; endless where there is none, or nothing that can be read."""
    quota, _, period = words.partition(" ")
    if not (quota.isdecimal() and period.isdecimal() and int(period) > 0):
        return math.inf
    return int(quota) / int(period)


def _text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
