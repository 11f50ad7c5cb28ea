"""Input from strangers, made safe to use: the forms of the moves, and the view in an address."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, IntegerField, StringField, TextAreaField, ValidationError
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Regexp

from explorer.knowledge.filters import Match, Order, Wish
from explorer.reading.way_back import NOWHERE, Stood
from explorer.story.terms import KEY, Time

MOST_PEOPLE = 50

# So many ends of the addresses of forms are remembered, of those no longer than our own make.
MOST_QUERIES = 1024
USUAL_QUERY = 200

_KEY = re.compile(KEY)
_STORY = re.compile(r"[a-z0-9-]{1,100}")
_PAGE = re.compile(f"front|read|people|shape|carry|(?:scenes|people)/{KEY}")

# Signs for machines, which no page may hold.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_Word = TypeVar("_Word", bound=StrEnum)

_ANYTHING = Wish()

# No place is said with more, even in our own words, which are longer than those typed.
MOST_SAID = 240


def _yes(_: Form, field: Field) -> None:
    """Let a field that is there be nothing but "yes"."""
    if field.raw_data and field.data != "yes":
        raise ValidationError("Choose yes, or nothing.")


def _given(_: Form, field: Field) -> None:
    """Let a field be there, empty or not."""
    if not field.raw_data:
        raise ValidationError("Say to which scene.")


_scene = Regexp(rf"^(?:{_KEY.pattern})?\Z", message="There is no such scene here.")


class ThresholdForm(Form):
    """How much may be told."""

    threshold = IntegerField(
        validators=[
            InputRequired("Choose how much may be told."),
            NumberRange(min=0, max=999, message="There is no such level in this story."),
        ]
    )


class SeenForm(Form):
    """Up to where the work itself is known: exactly one of a scene, a marker, and all of it.

    A marker asks first, and moves where the reader is `sure`.
    """

    scene = StringField(validators=[_scene])
    marker = StringField(validators=[Length(max=MOST_SAID, message="That is too long.")])
    all = StringField(validators=[_yes])
    sure = StringField(validators=[_yes])

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Say whether it is good: each field, and that there is just one of the three."""
        good = super().validate(extra_validators)
        named = sum(len(field.raw_data or ()) for field in (self.scene, self.marker, self.all))
        if named != 1:
            self.form_errors.append("Say one thing: a scene, where you are, or all of it.")
        return good and named == 1

    @property
    def asks(self) -> bool:
        """Whether a place was said and is yet to be confirmed."""
        return self.marker.data is not None and self.sure.data is None


class BackForm(Form):
    """Back to an earlier scene, and to one up to which the work is known; empty: to the start."""

    scene = StringField(validators=[_given, _scene])
    seen = StringField(validators=[_scene])


class WarnedForm(Form):
    """Whether content warnings are shown before opening."""

    warned = StringField(validators=[AnyOf(["yes", "no"], message="Choose yes or no.")])


class SearchForm(Form):
    """Words to find."""

    q = StringField(
        filters=[lambda words: _UNSEEN.sub(" ", words or "").strip()],
        validators=[Length(max=200, message="That is too long: 200 characters at most.")],
    )


class LibraryForm(SearchForm):
    """Words to find in titles, and the story after which to look; any that can be none is none."""

    after = StringField(
        filters=[lambda story: story if story and _STORY.fullmatch(story) else ""],
    )


class CarryForm(Form):
    """A code from another device."""

    code = TextAreaField(
        validators=[
            InputRequired("Paste the code from the other device."),
            Length(max=8000, message="This is too long for a code."),
        ],
    )


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a form stood: a page of the story, and the view on it."""

    page: str
    wish: Wish


def stood(query: bytes) -> Stood:
    """Read where the reader stood before the last move from the end of an address.

    A key may be empty; one that is none is as if it were not there.
    """
    if not query:
        return NOWHERE
    args = _pairs(query)
    named = (args.get(name) for name in ("since", "saw"))
    return Stood(*(key if key == "" or (key and _KEY.fullmatch(key)) else None for key in named))


def turned_from(form: Mapping[str, str]) -> str:
    """Read which scene the reader sees as the last one: empty before the first, "?" for nonsense.

    Nobody types this and nothing is told of it, so it needs no form with errors.
    """
    origin = form.get("from", "")
    return origin if not origin or _KEY.fullmatch(origin) else "?"


def problem(form: Form) -> str | None:
    """Say what is wrong with a form; None when it is good."""
    if form.validate():
        return None
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def wish(query: bytes) -> Wish:
    """Read a view from the end of an address; what is malformed is as if it were not there."""
    return _wish(_pairs(query)) if query else _ANYTHING


def _pairs(query: bytes) -> MultiDict[str, str]:
    return MultiDict(parse_qsl(query.decode(errors="replace"), keep_blank_values=True))


def _wish(args: MultiDict[str, str]) -> Wish:
    who = [key for key in args.getlist("who")[:MOST_PEOPLE] if _KEY.fullmatch(key)]
    times = [_word(Time, time) for time in args.getlist("time")]
    return Wish(
        who=tuple(dict.fromkeys(who)),
        match=_word(Match, args.get("match", "")) or Match.ANY,
        times=tuple(time for time in Time if time in times),
        order=_word(Order, args.get("order", "")) or Order.TOLD,
        before=_key(args.getlist("before")),
        after=_key(args.getlist("after")),
    )


def origin(query: bytes) -> Origin:
    """Read where a form stood from the end of its address; anything unknown is the reading page."""
    return _usual_origin(query) if len(query) <= USUAL_QUERY else _origin(query)


def _origin(query: bytes) -> Origin:
    args = _pairs(query)
    page = args.get("page", "")
    return Origin(page if _PAGE.fullmatch(page) else "read", _wish(args))


_usual_origin = lru_cache(MOST_QUERIES)(_origin)


def _word(words: type[_Word], value: str) -> _Word | None:
    return words(value) if value in list(words) else None


def _key(values: Sequence[str]) -> str:
    return values[0] if values and _KEY.fullmatch(values[0]) else ""
