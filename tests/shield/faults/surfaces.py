"""The faults, in the order of `leaks.md`."""

from __future__ import annotations

from tests.shield.faults import Edit, Fault


def knowing_all(reading: str) -> str:
    """Give what someone knows who knows everything, to be asked instead of the reader's own."""
    scenes = f"len({reading}.story.scenes)"
    place = f"type({reading}.position)(len({reading}.story.levels) - 1, {scenes}, {scenes})"
    return f"{reading}.loaded.knowledge({place})"


def one(surface: str, wrong: str, old: str, new: str, *more: Edit) -> Fault:
    """Give a fault of one edit, or of a few."""
    return Fault(surface, wrong, ((old, new), *more))


FAULTS = (
    # --- in the answer itself ---
    one(
        "Hidden text in the HTML",
        "an attribute of every page is a hash of how many scenes there are",
        'return sha256(f"{reading.story.id} {at}".encode()).hexdigest()[:12]',
        "at += str(len(reading.story.scenes))\n"
        '    return sha256(f"{reading.story.id} {at}".encode()).hexdigest()[:12]',
    ),
    one(
        "A second read path without the rule",
        "the JSON export is of somebody who was told everything",
        "responses.kept(markdown.json(reading(story).whole()))",
        "responses.kept(markdown.json(moves.with_threshold(reading(story), "
        "len(reading(story).entry().title.levels) - 1).whole()))",
    ),
    one(
        "Failing open",
        "a scene of which nothing may be told shows its least telling",
        "<= position.threshold:\n                return n\n        return None",
        "<= position.threshold:\n                return n\n        return 0",
    ),
    one(
        "404 against 403",
        "a person who is hidden gets another answer than one who is not there",
        "        position = self._known.narrator.person_at(key)\n        if position is None:\n"
        "            raise NotFound\n        one =",
        "        position = self._known.narrator.person_at(key)\n        if position is None:\n"
        "            if key in self.reading.story.index.person_at:\n"
        "                raise Moved(self.reading.href)\n"
        "            raise NotFound\n        one =",
    ),
    one(
        "Status of a hidden scene where its name means nothing",
        "closing a scene that is hidden is answered otherwise than closing one that is not there",
        "return reading if scene is None else reading.at(moves.closed(reading.position, scene))",
        "return reading.at(moves.closed(reading.position, reading.named(key)))",
    ),
    one(
        "ETag from what is not shown",
        "the reading page carries a hash of the whole story",
        "    return responses.page(laid_out(story).read(forms.wish(request.query_string)))",
        "    response = responses.page(laid_out(story).read(forms.wish(request.query_string)))\n"
        "    response.set_etag(str(hash(str(reading(story).loaded.story.scenes[-1].full.title))))\n"
        "    return response",
    ),
    one(
        "One reader's page served to another",
        "scenes are remembered without the names that people have for this reader",
        "memo = (scene, told, opened, numbered, asks, naming)",
        "memo = (scene, told, opened, numbered, asks, naming is None)",
    ),
    one(
        "A shared cache",
        "the memory of answers forgets whose answer it keeps",
        "            str(revision),\n            reader,\n",
        "            str(revision),\n",
    ),
    one(
        "Cookies",
        "the bookmark's age is that of the story's length",
        "terms = _terms(reading.href, COOKIE_AGE, secure)",
        "terms = _terms(reading.href, COOKIE_AGE + len(reading.loaded.story.scenes), secure)",
    ),
    # --- addresses and furniture ---
    one(
        "Titles of parts that are ahead",
        "parts are known from the start",
        "        while at and not self.rule.holds(parts[at - 1].condition):\n            at -= 1\n"
        "        return",
        "        return",
    ),
    one(
        "Crawlers and chat bots treated better than readers",
        "a search engine may read on to the end",
        "    return shelf().reading(story, bookmark_cookie.bookmark())",
        '    found = shelf().reading(story, bookmark_cookie.bookmark())\n    if "Googlebot" in '
        'request.headers.get("User-Agent", ""):\n'
        "        return moves.seen_by_everyone(found)\n    return found",
        (
            "def seen(reading: Reading, key: str) -> Reading:",
            (
                "def seen_by_everyone(reading: Reading) -> Reading:\n"
                "    return reading.at(moves.seen_all(reading.story, reading.position))\n\n\n"
                "def seen(reading: Reading, key: str) -> Reading:"
            ),
        ),
    ),
    one(
        "Open Graph",
        "the description of a link has the names of somebody who knows everything",
        "title, premise = reading.first.title(), reading.first.work().premise",
        f"title, premise = reading.first.title(), {knowing_all('reading')}.work().premise",
    ),
    one(
        "Titles of sources",
        "a text cites a source that is not known yet",
        "        entry = self._story.sources[source]\n"
        "        if not self.rule.holds(entry.condition):\n            return None\n",
        "        entry = self._story.sources[source]\n",
    ),
    one(
        "Sitemap of what is ahead",
        "the story so far leads to scenes that are not reached",
        "map(narrator.link, reversed(scenes))",
        "map(narrator.link_to, reversed(scenes))",
        (
            "    def _scene(self, scene: int, told: int | None) -> KnownScene:",
            (
                "    def link_to(self, scene: int) -> KnownLink:\n"
                "        entry = self._story.scenes[scene]\n"
                "        return KnownLink(entry.key, self.rule.number(scene), entry.full.title)\n\n"
                "    def _scene(self, scene: int, told: int | None) -> KnownScene:"
            ),
        ),
    ),
    # --- search and lists ---
    one(
        "A row of hidden text",
        "search shows what it finds as someone knows it who knows all",
        "finder.find(known, self._known.words.steps, query)",
        f"finder.find(known, {knowing_all('self.reading')}.words.steps, query)",
    ),
    one(
        "A match on a name that is learned later",
        "search finds people by spellings that are not known yet",
        "known = (also.name for also in spellings if self._rule.holds(also.condition))",
        "known = (also.name for also in spellings)",
    ),
    one(
        "Counts",
        "a page says how many scenes there are in all",
        "            number=position.reached,\n",
        "            number=position.reached and len(scenes),\n",
    ),
    one(
        "Filter choices that are offered before they are known",
        "flashbacks can be chosen before one was told",
        "            if any(self.rule.told(scene) == telling for scene, telling in spots)",
        "            if spots",
    ),
    one(
        "Filters by what is hidden",
        "a window may begin at a scene that is ahead",
        "        return scene if stands else None",
        "        return self.story.index.scene_at.get(key)",
    ),
    # --- people ---
    one(
        "The last name instead of the name so far",
        "a name counts before its condition holds",
        "return next((name.name for name in names if self.holds(name.condition)), None)",
        "names = list(names)  # type: ignore[assignment]\n"
        "        known = any(self.holds(name.condition) for name in names)\n"
        "        return next((name.name for name in names), None) if known else None",
    ),
    one(
        "Facts written from the end",
        "facts are told as soon as their person is known",
        "return self.holds(entry.condition) and not (",
        "return (entry.condition.scene is None or self.holds(entry.condition)) and not (",
    ),
    one(
        "Two who turn out to be one",
        "they are one before it is known",
        "                or not self.holds(identity.condition)\n",
        "",
    ),
    one(
        "Mere presence",
        "who is mentioned but not known is linked all the same",
        "return KnownMention(mention.words or someone(self._story.language), None)",
        "return KnownMention(mention.words or someone(self._story.language), "
        "self._story.people[mention.person].key)",
    ),
    one(
        "A person listed before the audience can know who it is",
        "a telling lists someone unknown as somebody",
        "return tuple(dict.fromkeys(filter(None, map(self.who, people))))",
        "return tuple(self.who(p) or KnownWho(self._story.people[p].key, '?') for p in people)",
    ),
    one(
        "The cast list",
        "a credit is known before its condition holds",
        "        for credit in narrator.rule.story.credits\n"
        "        if narrator.rule.holds(credit.condition)\n",
        "        for credit in narrator.rule.story.credits\n",
    ),
    one(
        "Order of the list itself",
        "people stand in the order of the file",
        "        ordered.sort(key=lambda entry: entry[0])\n",
        "",
    ),
    one(
        "Scenes of a person that are not shown",
        "a person's scenes are those of tellings that nobody was shown",
        "(one.scene for one in latest if self._rule.told(one.scene) == one.telling)",
        "(one.scene for one in latest if self._rule.told(one.scene) is not None)",
    ),
    one(
        "A relation whose other end is unknown",
        "its words stand there all the same",
        "            if origin is None or target is None or origin.key == target.key:\n",
        "            target = target or KnownWho(self._story.people[relation.target].key, '?')\n"
        "            if origin is None or origin.key == target.key:\n",
    ),
    # --- time and pictures ---
    one(
        "Where a flashback stands in time",
        "a veiled scene stands in story order where it happens",
        "            if told is not None:\n"
        "                ranks[scene] = self.story.index.happened[scene][told]\n",
        "            ranks[scene] = self.story.index.happened[scene][told or 0]\n",
    ),
    one(
        "Numbers with gaps",
        "a scene that was opened ahead carries its number",
        "        return scene + 1 if scene < self.position.reached else None",
        "        return scene + 1",
    ),
    one(
        "A curve drawn to full width",
        "a picture is drawn of all scenes and people, as far as tellings go",
        "lambda: shape_page.told(self.reading.whole(), self.reading.href, view),",
        f"lambda: shape_page.told({knowing_all('self.reading')}.whole(), "
        "self.reading.href, View()),",
    ),
    one(
        "Content warnings",
        "warnings stand before opening, whether they were asked for or not",
        "    asks = rule.position.warned and state is not State.OPEN\n",
        "    asks = state is not State.OPEN\n",
    ),
    # --- the reader's controls ---
    one(
        "A choice of where am I that reaches ahead",
        "one can say that one is at a scene to which nobody has turned",
        "    if scene is None or scene >= reading.position.reached:\n"
        '        raise moves.MoveRefused("You have not turned to such a scene.")\n',
        "    scene = reading.story.index.scene_at.get(key)\n    if scene is None:\n"
        '        raise moves.MoveRefused("You have not turned to such a scene.")\n',
    ),
    one(
        "Opening one scene that also reveals others",
        "a scene that is opened counts as all scenes before it",
        "        if scene in position.opened:\n            return len(tellings) - 1\n"
        "        if scene >= position.reached",
        "        if position.opened and scene <= max(position.opened):\n"
        "            return len(tellings) - 1\n        if scene >= position.reached",
    ),
    one(
        "A stray step",
        "the programs' interface is always one scene ahead",
        "reading = shelf().asked(story, asked.bookmark(), asked.turn is not None)",
        "reading = shelf().asked(story, asked.bookmark(), True)",
    ),
    # --- data and operation ---
    one(
        "An edit that moves a reveal earlier",
        "a scene that an edit put before the reader is told",
        "        if scene >= position.reached or scene in position.withheld:\n",
        "        if scene >= position.reached:\n",
    ),
    one(
        "Conditions",
        "a scene that is told in part meets conditions that wait for it in full",
        "return told == len(tellings) - 1 or (level is not None and tellings[told].level >= level)",
        "return told == len(tellings) - 1 or level is not None",
    ),
)
