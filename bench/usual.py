"""The reading page as it is usually written: Flask, an ORM session per request, a template.

It shows the same twenty scenes with the same people, filter, forms and links, from tables of its
own, and draws them for each request. Its Markdown was made into HTML beforehand. It keeps to the
threshold as one would at first, in a query, and so it keeps few of the promises of the app.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from flask import Flask, abort, g, render_template, request
from markdown_it import MarkdownIt
from sqlalchemy import Column, ForeignKey, Table, create_engine, select
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    mapped_column,
    relationship,
    selectinload,
    sessionmaker,
)

from explorer.settings import folder
from explorer.storyfile.storyfile import read

WINDOW = 20


class Base(DeclarativeBase):
    """What the tables have in common."""


_listed = Table(
    "scene_people",
    Base.metadata,
    Column("scene_id", ForeignKey("scene.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
)


class Story(Base):
    """A story."""

    __tablename__ = "story"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    premise: Mapped[str]
    levels: Mapped[list[Level]] = relationship(order_by="Level.position")


class Level(Base):
    """A step of a story's scale."""

    __tablename__ = "level"
    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    note: Mapped[str]


class Person(Base):
    """A person of a story."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"), index=True)
    slug: Mapped[str]
    name: Mapped[str]


class Scene(Base):
    """A scene of a story."""

    __tablename__ = "scene"
    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"), index=True)
    position: Mapped[int] = mapped_column(index=True)
    slug: Mapped[str]
    level: Mapped[int]
    title: Mapped[str]
    text: Mapped[str]
    place: Mapped[str | None]
    time: Mapped[str]
    marker: Mapped[str | None]
    people: Mapped[list[Person]] = relationship(secondary=_listed)


def fill(path: Path) -> None:
    """Put *Ballerina* into new tables."""
    entry = read(folder("scenes.json").read_bytes()).entry
    markdown = MarkdownIt("commonmark", {"html": False})
    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        levels = [
            Level(position=n, name=level.name, note=level.note)
            for n, level in enumerate(entry.levels)
        ]
        story = Story(slug=entry.id, title=entry.title, premise=entry.premise, levels=levels)
        session.add(story)
        session.flush()
        people = {
            person.id: Person(story_id=story.id, slug=person.id, name=person.names[-1].name)
            for person in entry.people
        }
        for position, scene in enumerate(entry.scenes):
            text = _mentioned(scene.text, entry.id, people)
            session.add(
                Scene(
                    story_id=story.id,
                    position=position,
                    slug=scene.id,
                    level=scene.level,
                    title=scene.title,
                    text=markdown.render(text),
                    place=scene.place,
                    time=scene.time.value,
                    marker=scene.marker,
                    people=[people[ident] for ident in scene.people],
                )
            )
        session.commit()
    engine.dispose()


def _mentioned(text: str, story: str, people: dict[str, Person]) -> str:
    def link(found: re.Match[str]) -> str:
        ident, _, words = found.group(1).partition("|")
        return f"[{words or people[ident].name}](/stories/{story}/people/{ident})"

    return re.sub(r"\[\[(.+?)\]\]", link, text)


def flask() -> Flask:
    """An application over the tables in the file EXPLORER_BENCH_TABLES."""
    app = Flask("usual", template_folder=str(Path(__file__).parent / "templates"))
    sessions = sessionmaker(create_engine(f"sqlite:///{os.environ['EXPLORER_BENCH_TABLES']}"))

    @app.before_request
    def begin() -> None:
        g.session = sessions()

    @app.teardown_request
    def finish(_: BaseException | None) -> None:
        g.session.close()

    @app.get("/stories/<slug>/read")
    def reading_page(slug: str) -> str:
        threshold = request.cookies.get("threshold", 0, type=int)
        reached = request.cookies.get("reached", 0, type=int)
        story = g.session.scalars(
            select(Story).where(Story.slug == slug).options(selectinload(Story.levels))
        ).one_or_none()
        if story is None:
            abort(404)
        latest = g.session.scalars(
            select(Scene)
            .where(Scene.story_id == story.id, Scene.position < reached, Scene.level <= threshold)
            .order_by(Scene.position.desc())
            .limit(WINDOW)
            .options(selectinload(Scene.people))
        ).all()
        people = g.session.scalars(
            select(Person)
            .join(_listed)
            .join(Scene)
            .where(Scene.story_id == story.id, Scene.position < reached)
            .distinct()
            .order_by(Person.name)
        ).all()
        return render_template(
            "usual.html",
            story=story,
            scenes=latest[::-1],
            people=people,
            threshold=threshold,
            reached=reached,
        )

    return app
