"""What templates get: one frozen value per page, made of known values and addresses.

Templates draw these and ask nothing; whatever is not in here cannot be drawn. Pages of a story are
compared by identity: the same one is handed out for the same question, and drawn once.
"""

from __future__ import annotations

from dataclasses import dataclass

from explorer.knowledge.filters import View
from explorer.knowledge.known import (
    KnownEnded,
    KnownGate,
    KnownPerson,
    KnownProse,
    KnownRecap,
    KnownRow,
    KnownScene,
    KnownStanding,
    KnownTitle,
    KnownWork,
)
from explorer.knowledge.known_glimpse import KnownGlimpse
from explorer.knowledge.known_place import KnownCounting, KnownPlace
from explorer.pictures.models import Excerpt, FollowLink, Highlight, Pictures
from explorer.search.results import Found
from explorer.story.terms import Medium


@dataclass(frozen=True, slots=True)
class Preview:
    """What a link to any page of a story shows where it is shared: the same to everyone.

    `picture` is the address of the picture on this host.
    """

    title: str
    description: str
    language: str
    picture: str


@dataclass(frozen=True, slots=True)
class WayBack:
    """Where one press of "Take back" leads: the scene reached and, if it was named, the one seen.

    Keys, empty for none.
    """

    scene: str
    seen: str | None


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page of a story has around its own.

    `href` is the story's address, `address` this page's own, `here` what forms append to their
    action so that the answer comes back to this page, `token` names the bookmark and revision
    that the page was made from, `problem` is what was wrong with what the reader last `entered`,
    `way_back` is there where the address says from where the reader came.
    """

    title: KnownTitle
    standing: KnownStanding
    href: str
    address: str
    here: str
    token: str
    problem: str | None
    entered: str
    preview: Preview
    way_back: WayBack | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that turns one part of a view on or off."""

    label: str
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """All choices of a view. Compared by identity, so that it is a quick key."""

    people: tuple[Choice, ...]
    times: tuple[Choice, ...]
    orders: tuple[Choice, ...]
    matches: tuple[Choice, ...]
    clear: str
    filtered: bool


@dataclass(frozen=True, slots=True)
class ShelfCard:
    """A story as the library shows it."""

    href: str
    title: str
    medium: Medium
    language: str
    released: str | None
    complete: bool
    premise: KnownProse


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """Some stories by title: those that have the words of `query` in it.

    `earlier` and `later` lead to more of them; `problem` is what was wrong with what was `entered`.
    """

    address: str
    query: str
    problem: str | None
    entered: str
    cards: tuple[ShelfCard, ...]
    earlier: str | None
    later: str | None


@dataclass(frozen=True, slots=True, eq=False)
class CardPage:
    """A story's part of the library page, with how far this reader is."""

    frame: Frame
    card: ShelfCard


@dataclass(frozen=True, slots=True, eq=False)
class FrontPage:
    """A story's front page. `counting` is how the work is counted, if it is."""

    frame: Frame
    work: KnownWork
    previously: KnownRecap
    counting: KnownCounting | None


@dataclass(frozen=True, slots=True, eq=False)
class PlacePage:
    """What the reader's words on where they are were understood as, to be confirmed.

    `other` is there where a clock can be read in two ways; the earlier one is `place`. The frame
    is that of the page on which the words were said, to which this one leads back.
    """

    frame: Frame
    place: KnownPlace
    other: KnownPlace | None


@dataclass(frozen=True, slots=True, eq=False)
class ReadPage:
    """The plot as far as reached, under a view.

    `earlier` and `later` lead to more of what was reached, `latest` to the window of the scene
    reached last, `at_end` says that this is it; `missing` is that scene where the view leaves it
    out. `onward` is what forms append that lead on to the newest scene.
    """

    frame: Frame
    view: View
    onward: str
    rows: tuple[KnownRow, ...]
    ahead: tuple[KnownRow, ...]
    earlier: str | None
    later: str | None
    latest: str
    at_end: bool
    missing: KnownScene | None
    panel: Panel


@dataclass(frozen=True, slots=True, eq=False)
class ScenePage:
    """One scene that is covered."""

    frame: Frame
    scene: KnownScene
    previous: KnownScene | None
    following: KnownScene | None
    is_last: bool
    is_seen: bool


@dataclass(frozen=True, slots=True, eq=False)
class GatePage:
    """A scene that is ahead."""

    frame: Frame
    gate: KnownGate


@dataclass(frozen=True, slots=True)
class PeopleEntry:
    """Someone in who is who; `apart` tells them apart from others of the same name."""

    person: KnownGlimpse
    apart: str

    def __hash__(self) -> int:
        """Cheap, since it is the key under which drawn entries are remembered."""
        return hash((self.person.who, *(text.markdown for text in self.person.texts)))


@dataclass(frozen=True, slots=True, eq=False)
class PeoplePage:
    """Everyone who is known."""

    frame: Frame
    people: tuple[PeopleEntry, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PersonPage:
    """One person."""

    frame: Frame
    person: KnownPerson
    ended: KnownEnded
    filter_href: str


@dataclass(frozen=True, slots=True, eq=False)
class SearchPage:
    """Where words stand in what is known."""

    frame: Frame
    query: str
    found: Found


@dataclass(frozen=True, slots=True, eq=False)
class PrintPage:
    """All that was reached, to be printed."""

    frame: Frame
    work: KnownWork
    rows: tuple[KnownRow, ...]
    ahead: tuple[KnownScene, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ShapePage:
    """The pictures, and who can be followed through them.

    `unfolded` says that these are few enough, or in use, to be seen at once; `fold` is there where
    the pictures show a part of what was told.
    """

    frame: Frame
    pictures: Pictures
    light: Highlight
    lamps: tuple[FollowLink, ...]
    unfolded: bool
    fold: Excerpt | None


@dataclass(frozen=True, slots=True, eq=False)
class CarryPage:
    """The bookmark as a code to carry to another device."""

    frame: Frame
    code: str


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """Something that could not be answered."""

    status: int
    heading: str
    advice: str
    way_out: str
    way_out_label: str


StoryPage = (
    FrontPage
    | PlacePage
    | ReadPage
    | ScenePage
    | GatePage
    | PeoplePage
    | PersonPage
    | SearchPage
    | PrintPage
    | ShapePage
    | CarryPage
    | CardPage
)
