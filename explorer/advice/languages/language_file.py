"""What `check` knows of a language: a file for each, named by its primary tag.

In it stand, all of them where there is something to say:

- `stopwords`: the words that tell nothing;
- `turning`: words on which plots turn. Those of one line are one matter, so whoever knows of it
  by one of them learns nothing by another;
- `omens`: words that look ahead, with the patterns of when they do (without: always) and `unless`,
  the patterns of when they do not; `in_names` says whether they do so in names;
- `short`: what stands in these patterns for longer ones.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from explorer.story.language import primary


@dataclass(frozen=True, slots=True)
class OmenEntry:
    """Words as they are written, with the patterns of when they look ahead and when not."""

    words: str
    ahead: tuple[str, ...] = ("@",)
    unless: tuple[str, ...] = ()
    in_names: bool = True


@dataclass(frozen=True, slots=True)
class LanguageFile:
    """What a file says."""

    stopwords: str = ""
    turning: tuple[str, ...] = ()
    short: Mapping[str, str] = field(default_factory=dict)
    omens: tuple[OmenEntry, ...] = ()


_FILES = {path.stem: path for path in Path(__file__).parent.glob("*.toml")}
_READ = TypeAdapter(LanguageFile)


@cache
def language_file(language: str) -> LanguageFile:
    """Give what is known of a language, by any tag of it; nothing of one that has no file."""
    path = _FILES.get(primary(language))
    if path is None:
        return LanguageFile()
    return _READ.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
