"""Single files: read, understood or refused in plain words, imported, written."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

import click

from explorer.cli.progress import progress
from explorer.storage.errors import Unrelated
from explorer.storage.store import SaveResult, Store
from explorer.storyfile import storyfile
from explorer.storyfile.storyfile import MOST_BYTES, BrokenStory, StoryFile

GOOD, STORY_AT_FAULT, CALL_AT_FAULT = 0, 1, 2


class Trouble(click.ClickException):
    """The call is at fault; the words are for whoever made it."""

    exit_code = CALL_AT_FAULT

    def show(self, file: IO[Any] | None = None) -> None:
        """Say what it is."""
        click.echo(f"explorer: {self.message}", file=file, err=file is None)


def import_file(store: Store, path: Path, *, replace: bool = False) -> int:
    """Import a file and say what came of it; gives the exit status."""
    name = click.format_filename(path)
    data, status = read(path)
    if data is None:
        return status
    file = understood(name, data)
    if file is None:
        click.echo(f"{name}: refused; the library is as it was.", err=True)
        return STORY_AT_FAULT
    try:
        with progress(name) as count:
            kept = store.save(file, replace=replace, progress=count)
    except Unrelated:
        click.echo(
            f'{name}: refused; it shares no scene with the story "{file.id}" in the library. '
            "If it is to take that story's place, say --replace; if not, change its id.",
            err=True,
        )
        return STORY_AT_FAULT
    for line in (_outcome(file, kept), *_changes_for_readers(file, kept)):
        click.echo(f"{name}: {line}")
    show_guesses(name, file, data)
    return GOOD


def _outcome(file: StoryFile, kept: SaveResult) -> str:
    title = f'"{file.entry.title}"'
    if kept.outcome == "new":
        return f"{title} is in the library now: {contents(file)}."
    if kept.outcome == "changed":
        return f"{title} has changed: {contents(file)}, revision {kept.revision}."
    return f"{title} is in the library already, just like this."


def _changes_for_readers(file: StoryFile, kept: SaveResult) -> tuple[str, ...]:
    """Say what the levels of a file do to those who were reading, where they have changed."""
    if kept.levels_before in ((), file.level_names):
        return ()
    from explorer.advice.level_changes import level_changes

    return level_changes(kept.levels_before, file.levels)


def contents(file: StoryFile) -> str:
    """Give in a few words what is in a story file."""
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


def show_guesses(name: str, file: StoryFile, data: bytes) -> None:
    """Name each guess that stands in a good file, with what it counts as."""
    for guess in storyfile.guesses_standing(file, data):
        click.echo(f"{name}:{guess}")


def read(path: Path) -> tuple[bytes | None, int]:
    """Read a file, or say why not; gives the exit status too."""
    try:
        # One byte more than fits tells that a file is too large, however large it is.
        with click.open_file(str(path), "rb") as stream:
            return stream.read(MOST_BYTES + 1), GOOD
    except OSError as error:
        name = click.format_filename(path)
        click.echo(f"{name}: cannot be read: {reason(error)}", err=True)
        return None, CALL_AT_FAULT


def understood(name: str, data: bytes, *, is_report: bool = False) -> StoryFile | None:
    """Understand what was read, or say what is wrong; a report goes to standard output."""
    try:
        return storyfile.read(data)
    except BrokenStory as broken:
        for fault in broken.problems:
            click.echo(f"{name}:{fault}", err=not is_report)
        return None


def write(text: str, output: Path | None) -> None:
    """Write all or nothing where that can be; a pipe or a device takes what it takes."""
    to_file = output is not None and str(output) != "-"
    atomic = output is not None and to_file and (output.is_file() or not output.exists())
    with click.open_file(str(output) if output else "-", "wb", atomic=atomic) as stream:
        stream.write(text.encode())
        stream.flush()


def reason(error: OSError) -> str:
    """Say why, in the system's words."""
    return error.strerror or str(error)
