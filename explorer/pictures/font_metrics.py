"""A TrueType font, as far as it must be known to set a line: which signs it has, and how wide."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Font:
    """A font by the widths of its signs, for a size of 1."""

    widths: Mapping[str, float]

    @classmethod
    def read(cls, path: Path) -> Font:
        """Read a font file; it must have a full Unicode table, as today's fonts do."""
        file = path.read_bytes()
        tables = dict(_tables(file))
        per_em: int = struct.unpack_from(">H", file, tables["head"] + 18)[0]
        advances = _advances(file, tables)
        glyphs = _glyphs(file, tables["cmap"])
        return cls({sign: advances[min(n, len(advances) - 1)] / per_em for sign, n in glyphs})

    def covers(self, text: str) -> bool:
        """Whether the font has every sign of a text."""
        return all(sign in self.widths for sign in text)

    def width(self, text: str, size: float) -> float:
        """How wide a text is that the font covers; kerning makes it narrower."""
        return size * sum(self.widths[sign] for sign in text)


def _tables(file: bytes) -> Iterator[tuple[str, int]]:
    """Give the tables with their places; `sfnt` puts a list of them at the beginning."""
    count: int = struct.unpack_from(">H", file, 4)[0]
    for n in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sIII", file, 12 + 16 * n)
        yield tag.decode(), offset


def _advances(file: bytes, tables: Mapping[str, int]) -> list[int]:
    """Give the widths of the first glyphs; all that come after have the last one."""
    count: int = struct.unpack_from(">H", file, tables["hhea"] + 34)[0]
    return [struct.unpack_from(">H", file, tables["hmtx"] + 4 * n)[0] for n in range(count)]


def _glyphs(file: bytes, cmap: int) -> Iterator[tuple[str, int]]:
    """Give the signs with the numbers of their glyphs, out of the table of format 12."""
    count: int = struct.unpack_from(">H", file, cmap + 2)[0]
    records = (struct.unpack_from(">HHI", file, cmap + 4 + 8 * n) for n in range(count))
    table = next(cmap + at for platform, kind, at in records if (platform, kind) == (3, 10))
    groups: int = struct.unpack_from(">I", file, table + 12)[0]
    for n in range(groups):
        first, last, glyph = struct.unpack_from(">III", file, table + 16 + 12 * n)
        yield from ((chr(sign), glyph + sign - first) for sign in range(first, last + 1))
