"""The W3C's checker finds nothing in any page, whole or part, nor in a picture of ours."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from explorer import create_app
from explorer.settings import Settings
from explorer.storage.store import Store
from explorer.storyfile.storyfile import read
from tests.browser.tales import Tale, long_tale, tale
from tests.browser.tools import missing
from tests.conftest import HOT_MB

pytestmark = pytest.mark.html

ROOT = Path(__file__).parents[2]

# So many filters and orders are looked at in each place, and all pages.
_VIEWS = 8

_OURS = {"Sec-Fetch-Site": "same-origin"}
_PART = {"HX-Request-Type": "partial"}


@pytest.fixture(scope="module")
def checker() -> list[str]:
    """The checker's command line, as far as its files."""
    jar = Path(os.environ.get("EXPLORER_VNU_JAR") or ROOT / ".cache" / "vnu.jar")
    if not jar.is_file():
        missing(f"The HTML checker (make checker fetches it to {jar.name})")
    java = shutil.which("java")
    if java is None:
        missing("Java")
    return [
        java,
        "-jar",
        str(jar),
        "--format",
        "json",
        "--stdout",
        "--no-langdetect",
        "--also-check-svg",
    ]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Give an application with two stories that have everything in them."""
    return _app(tmp_path_factory.mktemp("html") / "library.db", tale(), long_tale())


def _app(library: Path, *stories: Tale) -> Flask:
    address = f"sqlite:///{library}"
    with Store(address) as store:
        store.prepare()
        for story in stories:
            store.save(read(json.dumps(story.document).encode()))
    return create_app(Settings(database_url=address, hot_mb=HOT_MB, fresh_ms=0))


class Reader:
    """Walks through a story without a browser and keeps every page it meets."""

    def __init__(self, app: Flask, story: Tale, folder: Path) -> None:
        self._client: FlaskClient = app.test_client()
        self._rules = list(app.url_map.iter_rules())
        self._folder = folder
        self.href = f"/stories/{story.id}"

    def move(self, what: str, **form: str) -> str:
        answer = self._client.post(f"{self.href}/{what}", data=form, headers=_OURS | _PART)
        self._keep(f"after {what}", answer)
        return answer.text

    def turn(self, last: str) -> str:
        return _reached(self.move("next?page=read", **{"from": last}))

    def look(self, path: str, name: str, *, part: bool = True) -> None:
        """Keep a page, whole and perhaps as the part that swaps."""
        self._keep(name, self._client.get(path, follow_redirects=True))
        if part:
            answer = self._client.get(path, headers=_PART, follow_redirects=True)
            self._keep(f"{name}, part", answer)

    def look_around(self, name: str) -> None:
        """Keep whatever there is to get of the story, as it is for this reader now."""
        story = self.href.rpartition("/")[2]
        linked = (
            self._client.get(f"{self.href}/read").text
            + self._client.get(f"{self.href}/people").text
        )
        for rule in self._rules:
            if "GET" not in (rule.methods or ()) or "path" in str(rule):
                continue
            for number, path in enumerate(_paths(rule, story, linked)):
                self.look(path, f"{name} {rule.endpoint} {number}", part=number == 0)
        queries = sorted(set(re.findall(r'/read\?([^"#]*)"', linked)))
        for number, query in enumerate(queries[:_VIEWS]):
            path = f"{self.href}/read?{query.replace('&amp;', '&')}"
            self.look(path, f"{name} view {number}", part=number == 0)

    def _keep(self, name: str, answer: TestResponse) -> None:
        """Keep an answer that the checker knows how to read; a picture may stand in a page."""
        file = re.sub(r"\W+", "-", f"{self.href} {name} {answer.status_code}").strip("-")
        if answer.mimetype == "image/svg+xml":
            (self._folder / f"{file}.svg").write_bytes(answer.data)
        elif answer.mimetype == "text/html" and answer.data:
            whole = answer.text if "<!doctype" in answer.text else _wrapped(answer.text)
            (self._folder / f"{file}.html").write_text(whole, encoding="utf-8")


def _paths(rule: Rule, story: str, linked: str) -> Iterator[str]:
    """The addresses of a rule: one, or one for each scene or person that is linked."""
    path = rule.rule.replace("<story>", story)
    kind = next((kind for kind in ("scene", "person") if f"<{kind}>" in path), None)
    if kind is None:
        yield path
    else:
        folder = {"scene": "scenes", "person": "people"}[kind]
        for key in sorted(set(re.findall(rf"/{folder}/([a-z2-7]{{12}})", linked))):
            yield path.replace(f"<{kind}>", key)


def _reached(page: str) -> str:
    found = re.search(r'data-reached="([^"]*)"', page)
    assert found is not None
    return found[1]


def _wrapped(part: str) -> str:
    """Make a page of a part: its title to the head, the rest as the body."""
    title = re.search(r"<title>.*?</title>", part, re.DOTALL)
    head = title[0] if title else "<title>Part</title>"
    rest = part.replace(head, "")
    if "<main" not in part:
        rest = f"<h1>What it stands in</h1>{rest}"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{head}</head>'
        f"<body>{rest}</body></html>"
    )


def _read_through(reader: Reader, story: Tale) -> None:
    """Meet every kind of page there is of a story."""
    reader.look_around("at first")
    keys: dict[int, str] = {}
    reader.move("threshold?page=read", threshold="1")
    for number in range(1, len(story.scenes) + 1):
        keys[number] = reader.turn(keys.get(number - 1, ""))
    reader.move("warned?page=front", warned="yes")
    reader.look_around("at the end")
    reader.move("back?page=read", scene=keys[15])
    for number in (3, 24):
        reader.move(f"scenes/{keys[number]}/open?page=read")
        reader.move(f"scenes/{keys[number]}/open?page=scenes/{keys[number]}")
    reader.look_around("in the middle")
    reader.look(f"{reader.href}/scenes/{keys[26]}", "a scene ahead")
    reader.move("seen?page=front", marker="00:10")
    reader.move("seen?page=front", marker="x" * 50)
    reader.move("threshold?page=read", threshold="77")
    reader.move("carry?page=carry", code="<no> & code")
    reader.look_around("with a part seen")


def _saved(app: Flask, folder: Path) -> list[Path]:
    """Save every page and picture there is."""
    whole, windows = Reader(app, tale(), folder), Reader(app, long_tale(), folder)
    _read_through(whole, tale())
    last = _reached(windows.move("threshold?page=read", threshold="1"))
    for _ in long_tale().scenes:
        last = windows.turn(last)
    windows.look_around("windows")
    whole.look("/?q=the", "titles that were found")
    whole.look("/?q=<none>", "no title that was found")
    whole.look(f"/?q={'x' * 201}", "a search that is too long")
    whole.look("/nowhere", "nothing there")
    whole.look("/stories/nowhere", "no such story")
    Reader(_app(folder / "empty.db"), tale(), folder).look("/", "an empty library")
    for picture in sorted((ROOT / "static").rglob("*.svg")):
        shutil.copy(picture, folder)
    return sorted([*folder.glob("*.html"), *folder.glob("*.svg")])


def test_the_checker_finds_nothing_on_any_page_part_or_picture(
    checker: list[str], app: Flask, tmp_path: Path
) -> None:
    files = _saved(app, tmp_path)

    result = subprocess.run(
        [*checker, *map(str, files)], capture_output=True, text=True, check=False
    )

    found = json.loads(result.stdout)["messages"]
    assert [_said(message) for message in found] == []
    assert len(files) > 100
    assert any(file.suffix == ".svg" for file in files)


def _said(message: dict[str, object]) -> str:
    file = Path(str(message.get("url", ""))).name
    return f"{file}:{message.get('lastLine')}: {message['message']} {message.get('extract', '')}"


def test_the_checker_would_find_a_fault(checker: list[str], tmp_path: Path) -> None:
    broken = tmp_path / "broken.html"
    broken.write_text(_wrapped('<p id="one"></p><p id="one"></p><title>2</title>'))

    result = subprocess.run([*checker, str(broken)], capture_output=True, text=True, check=False)

    assert "Duplicate ID" in result.stdout
