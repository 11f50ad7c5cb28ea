"""A memory of so much and no more, for what it costs to make and may be made again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class BoundedCache(Generic[_Key, _Value]):
    """Values by their keys, bounded by their weight; what was not asked for longest goes first.

    What a weight is, bytes or a number of things, is for the one who keeps to say.
    """

    def __init__(self, most: int) -> None:
        """Take how much all of it may weigh at most."""
        self._most = most
        self._kept: OrderedDict[_Key, tuple[_Value, int]] = OrderedDict()
        self._lock = Lock()
        self.weight = 0

    def __len__(self) -> int:
        """Give how many values there are."""
        return len(self._kept)

    def get(self, key: _Key) -> _Value | None:
        """Give what stands under a key; None where nothing does."""
        with self._lock:
            entry = self._kept.get(key)
            if entry is None:
                return None
            self._kept.move_to_end(key)
            return entry[0]

    def keep(self, key: _Key, value: _Value, weight: int = 1) -> _Value:
        """Keep a value, and give the one that stands there: another thread's, if it was first.

        What alone would push out many of the others is given back and not kept.
        """
        if weight > self._most // 4:
            return value
        with self._lock:
            if key in self._kept:
                return self._kept[key][0]
            self._kept[key] = value, weight
            self.weight += weight
            while self.weight > self._most:
                _, (_, less) = self._kept.popitem(last=False)
                self.weight -= less
            return value
