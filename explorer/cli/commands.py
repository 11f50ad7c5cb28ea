"""The command line: serve the library, put stories into it and take them out.

Exit status: 0 good, 1 a story is at fault, 2 the call is.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

import click

from explorer.cli.check import check_file, show_file
from explorer.cli.files import GOOD, STORY_AT_FAULT, Trouble, import_file, reason, write
from explorer.cli.progress import progress
from explorer.settings import BadSetting, Settings, folder, unknown
from explorer.storage.errors import StoreError
from explorer.storage.store import Holding, Store

_FILE = click.Path(allow_dash=True, path_type=Path)


class _Commands(click.Group):
    """Says in plain words what goes wrong in any command, on any screen."""

    def invoke(self, ctx: click.Context) -> object:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        try:
            return super().invoke(ctx)
        except (BadSetting, StoreError) as error:
            raise Trouble(str(error)) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="plot-explorer")
def main() -> None:
    """Read the plot of a story as far as you want to know it, and not a scene further.

    The library is kept in a database: the one that EXPLORER_DATABASE_URL names, or else a SQLite
    file in the checkout's instance folder, or the user's data folder.
    """


@main.command()
def serve() -> None:
    """Serve the library to browsers.

    EXPLORER_HOST, EXPLORER_PORT and EXPLORER_WORKERS say where and how. An empty library gets the
    story that comes with Plot Explorer first.
    """
    from explorer import server

    settings = Settings.from_environment()
    for words in unknown(os.environ):
        click.echo(f"explorer: {words}", err=True)
    with _open_store(settings.database_url, is_made=True) as store:
        if store.is_empty() and folder("scenes.json").exists():
            _exit_unless_good([import_file(store, folder("scenes.json"))])
    try:
        server.serve(settings)
    except OSError as error:
        where = f"{settings.host}, port {settings.port}"
        advice = "Set EXPLORER_HOST or EXPLORER_PORT."
        raise Trouble(f"cannot serve at {where}: {reason(error)}. {advice}") from error


@main.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=_FILE)
@click.option("--replace", is_flag=True, help="Replace a story that shares no scene with the file.")
def import_(files: tuple[Path, ...], replace: bool) -> None:
    """Put stories into the library, or newer forms of them.

    A file with faults is refused whole, and what the library had of its story stays. The same
    file twice changes nothing. "-" reads from standard input.
    """
    with _open_store(is_made=True) as store:
        _exit_unless_good([import_file(store, path, replace=replace) for path in files])


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=_FILE)
@click.option(
    "--advice",
    type=click.Choice(["some", "all", "none"]),
    default="some",
    show_default=True,
    help="How much advice to give on good stories.",
)
@click.option(
    "--as",
    "reader",
    metavar="THRESHOLD,SCENE",
    help="Show the story instead, as it is told to a reader who accepts so much (a level's number "
    "or name) and has turned to this scene (its id).",
)
def check(files: tuple[Path, ...], advice: str, reader: str | None) -> None:
    """Say all that is wrong with story files, and what may give good ones away.

    Advice is not an error; take it or leave it. Nothing is imported. "-" reads from standard
    input.
    """
    if reader is None:
        _exit_unless_good([check_file(path, advice) for path in files])
    elif len(files) == 1:
        _exit_unless_good([show_file(files[0], reader)])
    else:
        raise Trouble("--as shows one file at a time")


@main.command()
@click.argument("story")
@click.option("-o", "--output", type=_FILE, help="Write to this file, not to standard output.")
def export(story: str, output: Path | None) -> None:
    """Write a story as a file that imports to the same story."""
    with _open_store() as store:
        text = store.export(story)
    if text is None:
        raise _no_such(story)
    try:
        write(text, output)
    except OSError as error:
        where = "the story" if output is None else click.format_filename(output)
        raise Trouble(f"cannot write {where}: {reason(error)}") from error


@main.command("list")
def list_() -> None:
    """List the stories in the library.

    One line for each: id, title, number of scenes, revision, with tabs between.
    """
    with _open_store() as store:
        statuses = [_list_story(one) for one in store.holdings()]
        if not statuses:
            click.echo("The library is empty.", err=True)
    _exit_unless_good(statuses)


@main.command()
@click.argument("story")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(story: str, yes: bool) -> None:
    """Take a story out of the library."""
    with _open_store() as store:
        title = store.title(story)
        if title is None:
            raise _no_such(story)
        if not yes and not _confirmed(f'Remove "{title}" from the library?'):
            raise Trouble("nothing was removed; --yes removes without asking")
        store.remove(story)
    click.echo(f'"{title}" is removed.')


@main.command()
@click.argument("address")
def copy(address: str) -> None:
    """Copy the library into another database, with all that bookmarks need.

    ADDRESS is as for EXPLORER_DATABASE_URL. Past revisions go along, those of removed stories
    too. Nothing there is written over; after an interruption the same command goes on.
    """
    counts: Counter[str] = Counter()
    damaged: list[str] = []
    with (
        _open_store() as store,
        _open_store(address, is_made=True) as target,
        progress("copy") as count,
    ):
        for copied in store.copy(target, count):
            counts["removed" if copied.is_removed else copied.outcome] += 1
            damaged += [copied.id] if copied.outcome == "damaged" else []
    for story in damaged:
        advice = "Remove it, import it again, then copy again."
        click.echo(f"{story}: is damaged and was not copied. {advice}", err=True)
    known = f"There already: {counts['same']}. Removed, but remembered: {counts['removed']}."
    click.echo(f"Stories copied: {counts['new']}. {known}")
    _exit_unless_good([STORY_AT_FAULT if damaged else GOOD])


@main.command()
def upgrade() -> None:
    """Bring the database's tables up to date.

    With SQLite the other commands do it by themselves.
    """
    with Store(Settings.from_environment().database_url) as store:
        changed = store.upgrade()
    click.echo("The tables are up to date now." if changed else "The tables are up to date.")


def _list_story(one: Holding) -> int:
    """Say what there is of a story; gives the exit status."""
    if one.is_damaged:
        click.echo(f"{one.id}: is damaged. Remove it and import it again.", err=True)
        return STORY_AT_FAULT
    click.echo(f"{one.id}\t{one.title}\t{one.scenes}\t{one.revision}")
    return GOOD


# --- what commands share -----------------------------------------------------------------------


@contextmanager
def _open_store(url: str | None = None, *, is_made: bool = False) -> Iterator[Store]:
    """Open a library, or else the one of the settings, with its tables up to date.

    One that is not there is an error, unless it is to be made.
    """
    with Store(Settings.from_environment().database_url if url is None else url) as store:
        store.prepare(is_made=is_made)
        yield store


def _exit_unless_good(statuses: Iterable[int]) -> None:
    worst = max(statuses, default=GOOD)
    if worst:
        sys.exit(worst)


def _no_such(story: str) -> Trouble:
    return Trouble(f'there is no story "{story}" in the library; see: explorer list')


def _confirmed(question: str) -> bool:
    try:
        return click.confirm(question)
    except click.Abort:
        return False
