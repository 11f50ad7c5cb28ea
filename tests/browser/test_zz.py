import re
from .test_swaps import *
from .test_swaps import _CONTROLS, _last_scene
from collections import Counter
import pytest
def test_zcount(desk, the_tale, the_days):
    for st, n, at in ((the_tale,60,6),(the_days,25,44)):
      for seed in (SEED, 1, 2,3,4):
        reader = desk.reader(st); ahead=_last_scene(reader, st) if n==60 else ""; reader.stand_at(at, threshold=1); reader.go("/read")
        w = Walker(reader, random.Random(seed), ("", "/read", "/carry", ahead) if n==60 else ("/read",))
        for _ in range(n):
            w.step()
            if n==25 and "/read" not in reader.page.url: reader.go("/read")
        print(seed, set(_CONTROLS)-{s.split(' at ')[0] for s in w.steps}, Counter(s.split(' at ')[0] for s in w.steps), Counter(w.kinds))
