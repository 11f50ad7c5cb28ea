"""Templates are compiled once in a process, however many applications its tests make."""

from __future__ import annotations

from types import CodeType

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
    """What templates were compiled to, by what stands in them."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled already; of a file that changed since, nothing."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Remember what was compiled."""
        self._codes[bucket.key, bucket.checksum] = bucket.code


def share() -> None:
    """Let all applications that are made from now on share what is compiled."""
    Flask.jinja_options.setdefault("bytecode_cache", Compiled())
