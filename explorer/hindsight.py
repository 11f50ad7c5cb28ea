"""Words that look ahead: "not yet", "for the last time", "her former friend".

Whoever writes a story down knows how it ends, and such words tell. What somebody says in
quotation marks is part of the scene, and a name is a name; neither is looked at. Each word has a
pattern in which it looks ahead and one in which it does not, both read on what stands around it,
with the word itself between the signs ‹ and ›.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from explorer.faults import Flaw, quoted
from explorer.foresight import LOOKING_AHEAD
from explorer.manuscript import GAP, Manuscript, Passage, Role, Spot
from explorer.spellings import Glossary
