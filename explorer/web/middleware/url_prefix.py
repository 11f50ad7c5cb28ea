"""Serves the app below a prefix, whether the proxy in front takes that off or leaves it on.

It stands before all else, and so gives every request a path and a query: where there is nothing in
one of them a server may leave it out.
"""

from __future__ import annotations

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class Mounted:
    """A WSGI application under a prefix such as "/plots"; without one, the application itself."""

    def __init__(self, app: WSGIApplication, prefix: str) -> None:
        """Take the application and the prefix, which has no slash at its end."""
        self._app = app
        self._prefix = prefix

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, with the prefix moved from its path to its script name."""
        path = environ.get("PATH_INFO", "")
        if self._prefix and (path + "/").startswith(self._prefix + "/"):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + self._prefix
            path = path[len(self._prefix) :]
        environ["PATH_INFO"] = path or "/"
        environ.setdefault("QUERY_STRING", "")
        return self._app(environ, start_response)
