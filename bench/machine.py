"""What the figures were taken on, and which core does what."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path


@cache
def cores() -> tuple[int, int]:
    """Give the core of the servers and the core of the client; the same one where there is one.

    Whoever asks later, and is held to one of them by then, is told the same.
    """
    if not hasattr(os, "sched_getaffinity"):
        return -1, -1
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[-1]


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Let what is started within run on this core alone; -1: wherever the system likes."""
    if core < 0:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def on_both_cores() -> Iterator[None]:
    """Let what is started within run on the core of the servers and on that of the client."""
    first, second = cores()
    if first < 0:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {first, second})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def date() -> str:
    """Give today's date."""
    return dt.datetime.now(dt.UTC).date().isoformat()


def load() -> str:
    """Give how busy the machine was in the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


def described() -> str:
    """Tell the machine and the versions in two sentences."""
    kernel = f"{platform.system()} {platform.release()}, {platform.machine()}"
    return (
        f"{_processor()}, {_memory()}, {kernel}. Python {platform.python_version()}, "
        f"Flask {version('flask')}, granian {version('granian')}, "
        f"SQLAlchemy {version('sqlalchemy')}, SQLite {sqlite3.sqlite_version}"
        f"{_program('nginx', '-v')}{_program('wrk', '-v')}."
    )


def commit() -> str:
    """Give the commit that is measured; empty where this is no checkout."""
    git = shutil.which("git")
    if git is None:
        return ""
    asked = [git, "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


def _program(name: str, option: str) -> str:
    path = shutil.which(name)
    if path is None:
        return f", without {name}"
    asked = subprocess.run([path, option], capture_output=True, text=True, check=False)
    found = re.search(r"\d+(?:\.\d+)+", asked.stdout + asked.stderr)
    return f", {name} {found.group() if found else ''}".rstrip()


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    if not models:
        return platform.processor() or "a processor that does not say its name"
    return f"{models[0]}, {len(models)} cores"


def _memory() -> str:
    size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{size / 1e9:.0f} GB of memory"
