"""What `check` says of a story file: its faults, advice, or what one reader is told."""

from __future__ import annotations

from pathlib import Path

import click

from explorer.cli.files import (
    GOOD,
    STORY_AT_FAULT,
    Trouble,
    contents,
    read,
    show_guesses,
    understood,
)

# How many pieces of advice of one kind are enough to see the pattern.
_SOME = 10


def check_file(path: Path, amount: str) -> int:
    """Say what is wrong with a file, or what there is to advise; gives the exit status."""
    from explorer.advice import advice

    name = click.format_filename(path)
    data, status = read(path)
    file = None if data is None else understood(name, data, is_report=True)
    if data is None or file is None:
        return status or STORY_AT_FAULT
    click.echo(f"{name}: a good story: {contents(file)}.")
    show_guesses(name, file, data)
    if amount != "none":
        found = advice.advice(file, data.decode("utf-8-sig"))
        for line in advice.shown(name, found, _SOME if amount == "some" else None):
            click.echo(line)
    return GOOD


def show_file(path: Path, named: str) -> int:
    """Show a story as one reader is told it; gives the exit status."""
    from explorer.advice import first_readers

    data, status = read(path)
    file = None if data is None else understood(click.format_filename(path), data)
    if file is None:
        return status or STORY_AT_FAULT
    story = file.story(revision=1)
    try:
        place = first_readers.place_named(story, named)
    except first_readers.NoSuchReader as error:
        raise Trouble(str(error)) from error
    click.echo(first_readers.seen_by(story, place), nl=False)
    return GOOD
