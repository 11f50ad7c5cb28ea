"""`make run` in a fresh clone, to its first answer; it fetches what the cache of pip lacks."""

from __future__ import annotations

import shutil
import subprocess
import time

from bench import servers
from bench.ground import Ground
from bench.section import Section
from bench.tables import at_most, number

AIM = at_most(30, "s")


def measured(ground: Ground) -> Section:
    """Clone, make, ask."""
    git = shutil.which("git")
    if git is None:
        return Section("A fresh clone", "git is not installed here.")
    place = ground.place / "clone"
    subprocess.run([git, "clone", "-q", str(servers.ROOT), str(place)], check=True)
    port = servers.free_port()
    begun = time.perf_counter()
    server = subprocess.Popen(
        ["make", "run"],
        cwd=place,
        env=servers.settled(EXPLORER_PORT=str(port)),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )
    try:
        servers.wait_for(server, port, "/", 300)
        took = time.perf_counter() - begun
    finally:
        servers.end(server)
    text = f"`make run` in a fresh clone: {number(took)} s to its first answer. Aim: {AIM}."
    return Section("A fresh clone", text, tuple(AIM.missed("make run in a fresh clone", took)))
