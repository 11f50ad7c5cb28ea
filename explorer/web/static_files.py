"""The files that pages need: style, script, icon. Their addresses say what is in them.

They are few and small, so they are read once and handed out whole. A style is written in several
files and joined here; those are not handed out themselves.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path

# What pages link, and the files of `css/` that it is made of. Each of these is a layer of its own,
# so that nothing hangs on their order, but that `tokens`, which puts the layers in order, is first.
STYLES = {
    "explorer.css": (
        *("tokens", "base", "page", "text", "controls", "scene", "front", "people"),
        *("carry", "search", "sheet", "library", "print"),
    ),
    # A fifth of it all, and only one page has any use for it.
    "pictures.css": ("pictures",),
}
_PARTS = "css"


class Files:
    """The files of a folder."""

    def __init__(self, folder: Path, base: str) -> None:
        """Take the folder, and what stands before every address of this installation."""
        self._folder = folder
        self._base = base

    def href(self, name: str) -> str:
        """Give the address of a file as it is: with other contents it would have another one."""
        return f"{self._base}/static/{name}?{self._digests[name]}"

    def read(self, name: str) -> bytes | None:
        """Give what is in a file; None where there is none of that name."""
        return self._contents.get(name)

    def digest(self, name: str) -> str:
        """Give a sign for what is in a file that is there; with other contents it is another."""
        return self._digests[name]

    @cached_property
    def _digests(self) -> dict[str, str]:
        contents = self._contents.items()
        return {name: hashlib.sha256(content).hexdigest()[:12] for name, content in contents}

    @cached_property
    def _contents(self) -> dict[str, bytes]:
        parts = self._folder / _PARTS
        paths = (path for path in self._folder.rglob("*") if path.is_file())
        whole = {
            path.relative_to(self._folder).as_posix(): path.read_bytes()
            for path in paths
            if path.parent != parts
        }
        return whole | {name: _joined(parts, names) for name, names in STYLES.items()}


def _joined(folder: Path, names: tuple[str, ...]) -> bytes:
    return b"\n".join((folder / f"{name}.css").read_bytes() for name in names)
