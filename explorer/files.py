"""The files that every page needs: style, script, icon. Their addresses say what is in them."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path


class Files:
    """The files of a folder."""

    def __init__(self, folder: Path, base: str) -> None:
        """Take the folder, and what stands before every address of this installation."""
        self.folder = folder
        self._base = base

    def href(self, name: str) -> str:
        """Give the address of a file as it is: with other contents it would have another one."""
        return f"{self._base}/static/{name}?{self._digests[name]}"

    def is_for_good(self, name: str, digest: str) -> bool:
        """Whether a file has this digest, so that it never changes under its address."""
        return self._digests.get(name) == digest

    @cached_property
    def _digests(self) -> dict[str, str]:
        paths = (path for path in self.folder.rglob("*") if path.is_file())
        return {
            path.relative_to(self.folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[
                :12
            ]
            for path in paths
        }
