"""Settings: what an installation decides, read from its environment, and where its files are."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, TypeVar

from platformdirs import user_data_path
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from explorer.machine import cores

Htmx = Literal["cdn", "local"]
Log = Literal["errors", "requests"]
LogForm = Literal["auto", "text", "json"]

# As many requests a worker answers at the same time, and as many connections it keeps.
THREADS = 4

_PACKAGE = Path(__file__).resolve().parent
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
_A_HOST = "a name or an address such as 127.0.0.1"
_TRUSTED = re.compile(r"\.?[A-Za-z0-9._-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")
_PREFIX = re.compile(r"(/(?!\.\.?(/|$))[A-Za-z0-9._~-]+)*")


_HTMX: tuple[Htmx, ...] = ("cdn", "local")
_LOG: tuple[Log, ...] = ("errors", "requests")
_LOG_FORM: tuple[LogForm, ...] = ("auto", "text", "json")

Choice = TypeVar("Choice", bound=str)


class BadSetting(ValueError):  # noqa: N818 - a setting that is bad, in the words of the one who set it
    """A setting has a value that it cannot have; the words say which one it needs."""


def folder(name: str) -> Path:
    """Find what ships beside the code: "templates", "static" or "scenes.json".

    A checkout has them at its root, an installed package inside itself.
    """
    inside = _PACKAGE / name
    return inside if inside.exists() else _PACKAGE.parent / name


def instance() -> Path:
    """Give the folder for what an installation makes itself.

    A checkout keeps it to itself. An installed package has it in the user's data folder: a virtual
    environment is made anew now and then, and all that lies in it goes.
    """
    if (_PACKAGE.parent / "pyproject.toml").is_file():
        return _PACKAGE.parent / "instance"
    return user_data_path("plot-explorer", appauthor=False)


def _library() -> str:
    return f"sqlite:///{instance() / 'explorer.db'}"


def _loopback(host: str) -> str:
    """Give this machine's own address, of the kind that it serves at."""
    return "::1" if ":" in host else "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set."""

    database_url: str = field(default_factory=_library)
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = field(default_factory=cores)
    htmx: Htmx = "cdn"
    proxy_hops: int = 0
    trusted_hosts: tuple[str, ...] = ()
    url_prefix: str = ""
    fresh_ms: int = 500
    form_seconds: int = 10
    head_seconds: int = 30
    memory_mb: int = 256
    hot_mb: int = 32
    log: Log = "errors"
    log_form: LogForm = "auto"
    metrics_port: int = 0
    metrics_host: str = "127.0.0.1"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings; raises BadSetting. One that is empty is as if it were not set."""
        read = _Reader(os.environ if environ is None else environ)
        host = read.matching("HOST", _HOST, _A_HOST) or "127.0.0.1"
        return cls(
            database_url=read.database("DATABASE_URL") or _library(),
            host=host,
            port=read.number("PORT", 1, 65535, 8000),
            workers=read.number("WORKERS", 1, 256, cores()),
            htmx=read.choice("HTMX", _HTMX),
            proxy_hops=read.number("PROXY_HOPS", 0, 10, 0),
            trusted_hosts=read.hosts("TRUSTED_HOSTS"),
            url_prefix=read.matching("URL_PREFIX", _PREFIX, "a path such as /plots", strip="/"),
            fresh_ms=read.number("FRESH_MS", 0, 900, 500),
            form_seconds=read.number("FORM_SECONDS", 1, 600, 10),
            head_seconds=read.number("HEAD_SECONDS", 1, 600, 30),
            memory_mb=read.number("MEMORY_MB", 16, 1_000_000, 256),
            hot_mb=read.number("HOT_MB", 0, 65536, 32),
            log=read.choice("LOG", _LOG),
            log_form=read.choice("LOG_FORM", _LOG_FORM),
            metrics_port=read.number("METRICS_PORT", 0, 65535, 0),
            metrics_host=read.matching("METRICS_HOST", _HOST, _A_HOST) or _loopback(host),
        )


def unknown(environ: Mapping[str, str]) -> Iterator[str]:
    """Say of each setting that nobody reads that it is none, and which one may be meant."""
    known = [one.name.upper() for one in fields(Settings)]
    for name in sorted(environ):
        word = name.removeprefix("EXPLORER_")
        if word == name or word in known:
            continue
        near = get_close_matches(word, known, n=1)
        meant = f"; did you mean EXPLORER_{near[0]}?" if near else "."
        yield f"{name} is no setting and changes nothing{meant}"


@dataclass(frozen=True, slots=True)
class _Reader:
    """Takes settings out of an environment, each with what it may be."""

    environ: Mapping[str, str]

    def text(self, name: str) -> str:
        return self.environ.get(f"EXPLORER_{name}", "").strip()

    def number(self, name: str, least: int, most: int, default: int) -> int:
        text = self.text(name)
        if not text:
            return default
        if not re.fullmatch("[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise self.bad(name, f"a whole number from {least} to {most}")
        return int(text)

    def matching(self, name: str, form: re.Pattern[str], what: str, strip: str = "") -> str:
        text = self.text(name).rstrip(strip or None)
        if text and not form.fullmatch(text):
            raise self.bad(name, what)
        return text

    def choice(self, name: str, choices: tuple[Choice, ...]) -> Choice:
        """Give one of a few words; the first, where it is not set."""
        text = self.text(name)
        if text and text not in choices:
            raise self.bad(name, " or ".join(choices))
        return next((choice for choice in choices if choice == text), choices[0])

    def hosts(self, name: str) -> tuple[str, ...]:
        hosts = tuple(host.strip() for host in self.text(name).split(",") if host.strip())
        if not all(_TRUSTED.fullmatch(host) for host in hosts):
            raise self.bad(name, "names of hosts with commas between, such as plots.example.org")
        return hosts

    def database(self, name: str) -> str:
        text = self.text(name)
        try:
            if text:
                make_url(text)
        except (ArgumentError, ValueError):
            # The address may hold a password, so it is not repeated.
            what = "an address such as sqlite:////srv/plots.db or postgresql+psycopg://host/plots"
            raise BadSetting(f"EXPLORER_{name} must be {what}.") from None
        return text

    def bad(self, name: str, what: str) -> BadSetting:
        return BadSetting(f"EXPLORER_{name} must be {what}, not {self.text(name)[:100]!r}.")
