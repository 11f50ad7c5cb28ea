"""A reader of a real server: asks over a connection, keeps the bookmark, posts like its pages."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.support import tale


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    text: str


@dataclass
class Live:
    """Somebody with a browser of their own; `base` is the address, without a slash."""

    base: str
    trust: ssl.SSLContext | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cookie: str = ""

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers)

    def post(self, path: str, form: Mapping[str, str] | None = None, **headers: str) -> Answer:
        own = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, own | headers, urlencode(form or {}))

    def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: str | None = None
    ) -> Answer:
        where = urlsplit(self.base)
        connection = self._connection(where.netloc)
        own = {"Cookie": f"bookmark={self.cookie}"} if self.cookie else {}
        try:
            all_headers = self.headers | own | dict(headers)
            connection.request(method, where.path + path, body, all_headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        finally:
            connection.close()
        for kept in answer.headers.get_all("Set-Cookie", []):
            self.cookie = kept.partition(";")[0].removeprefix("bookmark=")
        return Answer(answer.status, answer.headers, text)

    def _connection(self, host: str) -> HTTPConnection:
        if self.trust is not None:
            return HTTPSConnection(host, timeout=30, context=self.trust)
        return HTTPConnection(host, timeout=30)


def tale_file(folder: Path) -> Path:
    """Write the tiny tale down as a file."""
    path = folder / "tale.json"
    path.write_text(json.dumps(tale.document()), encoding="utf-8")
    return path
