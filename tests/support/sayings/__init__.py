"""What readers say when asked where they are, story by story, and the one right answer to each.

Read from the contract's words on markers alone. Tests of how a place is understood take their
rows from here; nothing here is computed by what they test.
"""

from typing import Final

from tests.support.sayings.books import BOOKS
from tests.support.sayings.kinds import ASKED_BACK, KINDS, REFUSED, Kind, Saying
from tests.support.sayings.screens import SCREENS
from tests.support.sayings.tongues import TONGUES

SAYINGS: Final = (*BOOKS, *SCREENS, *TONGUES)

__all__ = ["ASKED_BACK", "KINDS", "REFUSED", "SAYINGS", "Kind", "Saying"]
