"""Everyone at a glance: the same as all that is known of them begins and ends with."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from explorer.knowledge.knowledge import Knowledge
from tests.support import tale
from tests.support.tale import documents, patiently, places


@given(st.data())
@patiently
def test_a_glance_shows_the_first_and_the_newest_of_the_facts(data: st.DataObject) -> None:
    story = tale.told(data.draw(documents()))
    known = Knowledge.of(story, data.draw(places(story)))

    for glimpse, person in zip(known.cast.glimpses(), known.everyone(most=0), strict=True):
        texts = [fact.text for fact in person.facts]
        assert glimpse.who == person.who
        assert glimpse.texts == tuple(texts if len(texts) < 2 else (texts[0], texts[-1]))
