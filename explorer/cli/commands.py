"""The command line: serve the library, put stories into it and take them out.

Exit status: 0 good, 1 a story is at fault, 2 the call is.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

import click

from explorer.cli.progress import Ticker
from explorer.settings import BadSetting, Settings, folder
from explorer.storage.errors import StoreError, Unrelated
from explorer.storage.store import SaveResult, Store
from explorer.storyfile.storyfile import MOST_BYTES, BrokenStory, StoryFile, read

GOOD, STORY_AT_FAULT, CALL_AT_FAULT = 0, 1, 2

# How many pieces of advice of one kind are enough to see the pattern.
_SOME = 10

_FILE = click.Path(allow_dash=True, path_type=Path)


class Trouble(click.ClickException):
    """The call is at fault; the words are for whoever made it."""

    exit_code = CALL_AT_FAULT

    def show(self, file: IO[Any] | None = None) -> None:
        """Say what it is."""
        click.echo(f"explorer: {self.message}", file=file, err=file is None)


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
    file in the instance folder.
    """


@main.command()
def serve() -> None:
    """Serve the library to browsers.

    EXPLORER_HOST, EXPLORER_PORT and EXPLORER_WORKERS say where and how. An empty library gets the
    story that comes with Plot Explorer first.
    """
    from explorer import server

    settings = Settings.from_environment()
    with _open_store(settings.database_url) as store:
        if store.is_empty() and folder("scenes.json").exists():
            _exit_unless_good([_import_file(store, folder("scenes.json"))])
    try:
        server.serve(settings)
    except OSError as error:
        where = f"{settings.host}, port {settings.port}"
        advice = "Set EXPLORER_HOST or EXPLORER_PORT."
        raise Trouble(f"cannot serve at {where}: {_reason(error)}. {advice}") from error


@main.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=_FILE)
@click.option("--replace", is_flag=True, help="Replace a story that shares no scene with the file.")
def import_(files: tuple[Path, ...], replace: bool) -> None:
    """Put stories into the library, or newer forms of them.

    A file with faults is refused whole, and what the library had of its story stays. The same
    file twice changes nothing. "-" reads from standard input.
    """
    with _open_store() as store:
        _exit_unless_good([_import_file(store, path, replace=replace) for path in files])


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
        _exit_unless_good([_check_file(path, advice) for path in files])
    elif len(files) == 1:
        _exit_unless_good([_show_file(files[0], reader)])
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
        _write(text, output)
    except OSError as error:
        where = "the story" if output is None else click.format_filename(output)
        raise Trouble(f"cannot write {where}: {_reason(error)}") from error


@main.command("list")
def list_() -> None:
    """List the stories in the library.

    One line for each: id, title, number of scenes, revision, with tabs between.
    """
    with _open_store() as store:
        for one in store.holdings():
            click.echo(f"{one.id}\t{one.title}\t{one.scenes}\t{one.revision}")
        if store.is_empty():
            click.echo("The library is empty.", err=True)


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
    with _open_store() as store, _open_store(address) as target, Ticker("copy") as ticker:
        for copied in store.copy(target, ticker.count):
            counts["removed" if copied.is_removed else copied.outcome] += 1
            if copied.outcome == "damaged":
                ticker.clear()
                advice = "Remove it, import it again, then copy again."
                click.echo(f"{copied.id}: is damaged and was not copied. {advice}", err=True)
    known = f"There already: {counts['same']}. Removed, but remembered: {counts['removed']}."
    click.echo(f"Stories copied: {counts['new']}. {known}")
    _exit_unless_good([STORY_AT_FAULT if counts["damaged"] else GOOD])


@main.command()
def upgrade() -> None:
    """Bring the database's tables up to date.

    With SQLite the other commands do it by themselves.
    """
    with Store(Settings.from_environment().database_url) as store:
        changed = store.upgrade()
    click.echo("The tables are up to date now." if changed else "The tables are up to date.")


# --- one file ----------------------------------------------------------------------------------


def _import_file(store: Store, path: Path, *, replace: bool = False) -> int:
    """Import a file and say what came of it; gives the exit status."""
    name = click.format_filename(path)
    with Ticker(name) as ticker:
        data, status = _read(path)
        if data is None:
            return status
        file = _understood(name, data)
        if file is None:
            click.echo(f"{name}: refused; the library is as it was.", err=True)
            return STORY_AT_FAULT
        try:
            kept = store.save(file, replace=replace, progress=ticker.count)
        except Unrelated:
            ticker.clear()
            click.echo(
                f'{name}: refused; it shares no scene with the story "{file.id}" in the library. '
                "If it is to take that story's place, say --replace; if not, change its id.",
                err=True,
            )
            return STORY_AT_FAULT
    click.echo(f"{name}: {_outcome(file, kept)}")
    return GOOD


def _outcome(file: StoryFile, kept: SaveResult) -> str:
    title = f'"{file.entry.title}"'
    if kept.outcome == "new":
        return f"{title} is in the library now: {_contents(file)}."
    if kept.outcome == "changed":
        return f"{title} has changed: {_contents(file)}, revision {kept.revision}."
    return f"{title} is in the library already, just like this."


def _check_file(path: Path, amount: str) -> int:
    """Say what is wrong with a file, or what there is to advise; gives the exit status."""
    from explorer.advice import advice

    name = click.format_filename(path)
    data, status = _read(path)
    file = None if data is None else _understood(name, data, is_report=True)
    if data is None or file is None:
        return status or STORY_AT_FAULT
    click.echo(f"{name}: a good story: {_contents(file)}.")
    if amount != "none":
        with Ticker(name):
            found = advice.advice(file, data.decode("utf-8-sig"))
        for line in advice.shown(name, found, _SOME if amount == "some" else None):
            click.echo(line)
    return GOOD


def _show_file(path: Path, named: str) -> int:
    """Show a story as one reader is told it; gives the exit status."""
    from explorer.advice import first_readers

    data, status = _read(path)
    file = None if data is None else _understood(click.format_filename(path), data)
    if file is None:
        return status or STORY_AT_FAULT
    story = file.story(revision=1)
    try:
        place = first_readers.place_named(story, named)
    except first_readers.NoSuchReader as error:
        raise Trouble(str(error)) from error
    click.echo(first_readers.seen_by(story, place), nl=False)
    return GOOD


def _contents(file: StoryFile) -> str:
    counts = {
        "scene": len(file.entry.scenes),
        "level": len(file.entry.levels),
        "person": len(file.entry.people),
    }
    plurals = {"person": "people"}
    return ", ".join(
        f"{count} {word if count == 1 else plurals.get(word, word + 's')}"
        for word, count in counts.items()
    )


def _read(path: Path) -> tuple[bytes | None, int]:
    """Read a file, or say why not; gives the exit status too."""
    try:
        # One byte more than fits tells that a file is too large, however large it is.
        with click.open_file(str(path), "rb") as stream:
            return stream.read(MOST_BYTES + 1), GOOD
    except OSError as error:
        name = click.format_filename(path)
        click.echo(f"{name}: cannot be read: {_reason(error)}", err=True)
        return None, CALL_AT_FAULT


def _understood(name: str, data: bytes, *, is_report: bool = False) -> StoryFile | None:
    """Understand what was read, or say what is wrong; a report goes to standard output."""
    try:
        return read(data)
    except BrokenStory as broken:
        for fault in broken.problems:
            click.echo(f"{name}:{fault}", err=not is_report)
        return None


def _write(text: str, output: Path | None) -> None:
    """Write all or nothing where that can be; a pipe or a device takes what it takes."""
    to_file = output is not None and str(output) != "-"
    atomic = output is not None and to_file and (output.is_file() or not output.exists())
    with click.open_file(str(output) if output else "-", "wb", atomic=atomic) as stream:
        stream.write(text.encode())
        stream.flush()


# --- what commands share -----------------------------------------------------------------------


@contextmanager
def _open_store(url: str | None = None) -> Iterator[Store]:
    """Open a library, or else the one of the settings, with its tables up to date."""
    with Store(Settings.from_environment().database_url if url is None else url) as store:
        store.prepare()
        yield store


def _exit_unless_good(statuses: Iterable[int]) -> None:
    worst = max(statuses)
    if worst:
        sys.exit(worst)


def _no_such(story: str) -> Trouble:
    return Trouble(f'there is no story "{story}" in the library; see: explorer list')


def _confirmed(question: str) -> bool:
    try:
        return click.confirm(question)
    except click.Abort:
        return False


def _reason(error: OSError) -> str:
    """Say why, in the system's words."""
    return error.strerror or str(error)
