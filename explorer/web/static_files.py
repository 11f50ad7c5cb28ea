"""The files that every page needs: style, script, icon. Their addresses say what is in them.

They are few and small, so they are read once and handed out whole.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path


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
        paths = (path for path in self._folder.rglob("*") if path.is_file())
        return {path.relative_to(self._folder).as_posix(): path.read_bytes() for path in paths}
