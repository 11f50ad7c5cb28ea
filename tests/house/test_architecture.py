"""The plan of the house, read from its imports, its page values and its templates."""

from __future__ import annotations

import ast
import dataclasses
import re
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import pytest
from jinja2 import Environment, meta, nodes
from markupsafe import Markup

import explorer
from explorer.knowledge import known, known_glimpse, known_place
from explorer.pages import models as page_models
from explorer.pictures import models as picture_models
from explorer.search import results
from explorer.web import rendering
from tests.support.crawl import Element, Page

HOUSE = Path(explorer.__file__).parent
TEMPLATES = HOUSE.parent / "templates"
SHEETS = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
PACKAGES = sorted(HOUSE.rglob("__init__.py"))

# These stand between the reader and the gate: what they hold may travel.
OUTSIDE = {"search", "export", "pictures", "pages", "web"}


def modules() -> Iterator[str]:
    """Give the modules of the house, by their names below it."""
    for path in HOUSE.rglob("*.py"):
        name = path.relative_to(HOUSE).with_suffix("")
        if "migrations" not in name.parts and (path.stem != "__init__" or len(name.parts) == 1):
            yield ".".join(name.parts)


MODULES = sorted(modules())

# A module has one reason to exist and fits a head.
MOST_LINES = 350


@dataclass(frozen=True, slots=True)
class Taken:
    """That one module of the house takes a name (None: all of it) from another."""

    module: str
    name: str | None


def file_of(module: str) -> Path:
    """Give the file of a module."""
    return HOUSE.joinpath(*module.split(".")).with_suffix(".py")


def package_of(module: str) -> str:
    """Give the package at the top that a module is in; a module that is in none is its own."""
    return module.partition(".")[0]


def imports(module: str) -> set[Taken]:
    """Give what a module takes from others of the house, wherever in it the import stands."""
    return set(_imports(ast.parse(file_of(module).read_text())))


def _imports(tree: ast.Module) -> Iterator[Taken]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                package, _, rest = alias.name.partition(".")
                if package == "explorer":
                    yield Taken(rest, None)
        elif isinstance(node, ast.ImportFrom):
            package, _, rest = (node.module or "").partition(".")
            if package != "explorer" and not node.level:
                continue
            rest = (node.module or "") if node.level else rest
            for alias in node.names:
                yield _named(rest, alias.name)


def _named(place: str, name: str) -> Taken:
    """Give what is taken: a name of a module, or a module of a package."""
    whole = f"{place}.{name}".lstrip(".")
    return Taken(whole, None) if whole in MODULES else Taken(place or name, name if place else None)


def rooms(module: str) -> set[str]:
    """Give the modules that a module takes anything from."""
    return {taken.module for taken in imports(module)}


def takers(module: str) -> set[str]:
    """Give the modules that take anything from a module."""
    return {other for other in MODULES if module in rooms(other)}


# --- who may know whom -------------------------------------------------------------------------


def test_a_module_takes_from_others_by_their_whole_names() -> None:
    for module in MODULES:
        froms = [
            one for one in ast.walk(ast.parse(text(module))) if isinstance(one, ast.ImportFrom)
        ]

        assert not [one for one in froms if one.level], module


def test_a_package_says_what_lives_in_it_and_takes_nothing() -> None:
    for path in PACKAGES:
        tree = ast.parse(path.read_text())

        assert ast.get_docstring(tree), path
        assert len(tree.body) == 1 or path.parent == HOUSE, path


def test_outside_the_gate_a_story_is_but_a_few_plain_words() -> None:
    outside = [one for one in MODULES if package_of(one) in OUTSIDE]

    assert {package_of(one) for one in outside} == OUTSIDE
    assert [one for one in outside if "story.model" in rooms(one)] == []


def test_the_page_of_pictures_is_laid_out_without_the_story() -> None:
    taken = rooms("reading.shape_page") - {"reading.window"}

    assert {package_of(module) for module in taken} <= {"pages", "pictures", "knowledge", "story"}
    assert taken & {"knowledge.rule", "knowledge.narrator", "knowledge.knowledge"} == set()
    assert "story.model" not in rooms("reading.shape_page")


def test_only_the_gate_moves_readers_and_the_web_but_hears_that_a_move_is_refused() -> None:
    heard = {
        one.name
        for module in MODULES
        if package_of(module) == "web"
        for one in imports(module)
        if one.module == "knowledge.moves"
    }

    assert heard == {"MoveRefused"}
    assert {package_of(one) for one in takers("knowledge.moves")} == {"knowledge", "reading", "web"}


def test_the_store_and_the_decider_meet_only_inside_the_gate() -> None:
    both = takers("storage.store") & takers("knowledge.knowledge")

    assert {package_of(module) for module in both} <= {"library", "reading"}


def test_known_values_know_no_decider_and_no_story() -> None:
    assert rooms("knowledge.known") == {"story.terms"}
    assert rooms("knowledge.known_place") == set()


def test_the_decider_knows_no_page_no_request_and_no_view() -> None:
    model = {"story.model", "story.terms", "knowledge.bookmark"}
    made = {"knowledge.known", "knowledge.known_words", "knowledge.revision_cache"}

    assert rooms("knowledge.scene_runs") <= model
    assert rooms("knowledge.first_place") <= model
    assert rooms("knowledge.rule") <= model | {"knowledge.scene_runs", "knowledge.first_place"}
    assert rooms("knowledge.presence") <= model | {"knowledge.rule"}
    assert rooms("knowledge.veil") <= model | {"knowledge.known", "knowledge.rule"}
    assert rooms("knowledge.narrator") <= model | made | {
        "knowledge.rule",
        "knowledge.veil",
        "story.prose",
        "story.phrases",
    }
    for answers in ("word_index", "work", "recap", "cast"):
        assert rooms(f"knowledge.{answers}") <= {
            "story.model",
            "knowledge.known",
            "knowledge.known_glimpse",
            "knowledge.known_words",
            "knowledge.scene_segments",
            "knowledge.narrator",
            "knowledge.presence",
            "knowledge.work",
        }
    assert rooms("knowledge.revision_cache") <= {
        "bounded_cache",
        "story.model",
        "knowledge.known",
        "knowledge.known_words",
        "knowledge.scene_segments",
    }
    assert takers("knowledge.rule") == {
        f"knowledge.{one}" for one in ("narrator", "knowledge", "presence", "veil")
    }
    assert takers("knowledge.scene_runs") == takers("knowledge.first_place") == {"knowledge.rule"}
    assert {package_of(module) for module in takers("knowledge.narrator")} == {"knowledge"}
    assert takers("knowledge.word_index") == {"knowledge.knowledge"}


MOST_METHODS = 20


def test_what_decides_is_put_together_and_inherits_nothing() -> None:
    """No class stands on another of ours, and none has more methods than fit a head."""
    deciding = [one for one in MODULES if package_of(one) == "knowledge"]

    assert deciding
    for module in deciding:
        nodes_in_it = ast.walk(ast.parse(text(module)))
        classes = [one for one in nodes_in_it if isinstance(one, ast.ClassDef)]
        bases = {ast.unparse(base) for one in classes for base in one.bases}
        sizes = {one.name: sum(isinstance(e, ast.FunctionDef) for e in one.body) for one in classes}

        assert bases <= {"StrEnum", "ValueError", "LookupError", "Generic[_Value]"}, module
        assert not {name for name, size in sizes.items() if size > MOST_METHODS}, module


def test_nothing_but_the_edge_knows_of_the_web() -> None:
    edge = {"__init__", "app", "cli.commands", "web.responses", "web.request_guard"}
    edge |= {"web.rendering", "web.errors", "web.social_image", "web.gate", "web.form_request"}
    edge |= {"web.reader.views", "web.reader.forms", "web.reader.responses"}
    edge |= {"web.site.views", "web.api.views"}
    edge |= {"web.reader.bookmark_cookie", "web.middleware.content_encoding"}
    web = re.compile(r"^\s*(?:from|import) (?:flask|werkzeug|wtforms)\b", re.MULTILINE)

    assert {module for module in MODULES if web.search(text(module))} <= edge


# What imports by a name that is made up at run time.
MADE_UP = re.compile(r"importlib|__import__|sys\.modules|\bexec\(|\beval\(")


def test_nothing_is_imported_by_a_name_made_up_at_run_time() -> None:
    assert [module for module in MODULES if MADE_UP.search(text(module))] == []


def test_nobody_takes_what_another_module_keeps_to_itself() -> None:
    taken = [(module, one) for module in MODULES for one in imports(module)]

    assert taken
    assert [pair for pair in taken if (pair[1].name or "").startswith("_")] == []


MIGRATIONS = sorted(HOUSE.rglob("migrations/versions/*.py"))


def test_a_migration_takes_nothing_of_the_house_which_changes_after_it() -> None:
    assert MIGRATIONS
    for path in MIGRATIONS:
        assert not set(_imports(ast.parse(path.read_text()))), path
        assert not MADE_UP.search(path.read_text()), path


@pytest.mark.parametrize(
    "line",
    [
        "import explorer",
        "import explorer.storage.title_index as t",
        "from explorer.storage import title_index as titles",
        "from explorer.storage.title_index import keys",
        "from ... import titles",
        "from ...titles import keys",
    ],
)
def test_whatever_is_taken_of_the_house_is_seen_however_it_is_taken(line: str) -> None:
    assert set(_imports(ast.parse(f"def upgrade() -> None:\n    {line}")))


# --- modules -----------------------------------------------------------------------------------


def text(module: str) -> str:
    """Give the text of a module."""
    return file_of(module).read_text()


def test_every_module_opens_with_what_it_is_for() -> None:
    paths = HOUSE.rglob("*.py")

    assert [path for path in paths if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_every_module_fits_a_head() -> None:
    assert [module for module in MODULES if len(text(module).splitlines()) > MOST_LINES] == []


def test_a_module_has_one_word_or_two_for_a_name() -> None:
    for name in {name for module in MODULES for name in module.split(".")}:
        assert re.fullmatch("[a-z]+(_[a-z]+)?|__init__", name), name
        assert name not in {
            "utils",
            "util",
            "helpers",
            "helper",
            "manager",
            "data",
            "info",
            "common",
        }


# --- what travels ------------------------------------------------------------------------------

PLAIN = {str, int, bool, float, types.NoneType, Markup}


def values(module: types.ModuleType) -> list[type]:
    """Give the dataclasses that a module makes."""
    found = [one for one in vars(module).values() if isinstance(one, type)]
    return [one for one in found if one.__module__ == module.__name__ and not issubclass(one, Enum)]


TRAVEL = (page_models, known, known_glimpse, known_place, picture_models, results)
TRAVELLING = [value for module in TRAVEL for value in values(module)]


def test_what_travels_is_a_frozen_dataclass() -> None:
    for value in TRAVELLING:
        assert dataclasses.is_dataclass(value), value
        assert value.__dataclass_params__.frozen, value  # type: ignore[attr-defined]
        assert "__slots__" in vars(value), value


def test_what_travels_has_no_road_back_to_the_story() -> None:
    for value in TRAVELLING:
        for name, kind in typing.get_type_hints(value).items():
            for leaf in leaves(kind):
                assert may_travel(leaf), f"{value.__name__}.{name} is {leaf}"


def leaves(kind: object) -> Iterator[object]:
    """Give the types that a type is put together from."""
    if isinstance(kind, typing.NewType):
        yield from leaves(kind.__supertype__)
    elif typing.get_origin(kind) in (typing.Union, types.UnionType, tuple):
        for part in typing.get_args(kind):
            if part is not Ellipsis:
                yield from leaves(part)
    else:
        yield kind


def may_travel(kind: object) -> bool:
    """Whether a type is plain, an enumeration, or itself one of those that are looked at here."""
    if not isinstance(kind, type):
        return False
    home = kind.__module__
    return (
        kind in PLAIN
        or issubclass(kind, Enum)
        or (home in {one.__name__ for one in TRAVEL})
        or (home == "explorer.knowledge.filters" and kind.__name__ == "View")
    )


def test_every_page_has_a_template_that_says_it_takes_this_page() -> None:
    for value, name in rendering.TEMPLATES.items():
        first = sheet(name).splitlines()[0]
        assert re.search(rf"\bTakes an? {value.__name__}\b", first), name


def test_every_page_value_is_drawn_by_a_template() -> None:
    named = {value for value in values(page_models) if value.__name__.endswith("Page")}

    assert set(rendering.TEMPLATES) == named


# --- templates ---------------------------------------------------------------------------------


def sheet(name: str) -> str:
    """Give the text of a template."""
    return (TEMPLATES / name).read_text()


def parsed(name: str) -> nodes.Template:
    """Give the tree of a template."""
    environment = Environment()
    environment.filters.update(dict.fromkeys(("drawn", "panelled"), str))
    return environment.parse(sheet(name))


def test_a_template_opens_with_what_it_takes() -> None:
    for name in SHEETS:
        first = sheet(name).splitlines()[0]

        assert re.fullmatch(r"\{# .+\. #\}", first), name
        assert re.search(r"\btakes?\b", first, re.IGNORECASE), name


@pytest.mark.parametrize("name", SHEETS)
def test_a_template_gets_one_page_and_nothing_else(name: str) -> None:
    tree = parsed(name)
    macros = {each for one in tree.find_all(nodes.FromImport) for each in one.names}
    asked = meta.find_undeclared_variables(tree) - macros
    remembered = {
        "components/row.html": {"href", "here", "row"},
        "components/panel.html": {"panel"},
    }
    remembered["layouts/story.html"] = {"page", "layout", "origin"}

    assert asked <= remembered.get(name, {"page", "layout", "site"})


@pytest.mark.parametrize("name", SHEETS)
def test_a_template_draws_and_does_not_reckon_or_ask(name: str) -> None:
    reckoning = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow)
    tree = parsed(name)

    assert not list(tree.find_all(reckoning))
    for call in tree.find_all(nodes.Call):
        of_itself = isinstance(call.node, nodes.Getattr) and not (call.args or call.kwargs)
        assert isinstance(call.node, nodes.Name) or of_itself, f"{name}:{call.lineno}"


@pytest.mark.parametrize("name", SHEETS)
def test_a_template_trusts_no_text_and_builds_no_address_by_route(name: str) -> None:
    tree = parsed(name)
    filters = {one.name for one in tree.find_all(nodes.Filter)}
    names = {one.name for one in tree.find_all(nodes.Name)}

    assert not filters & {"safe", "tojson", "forceescape", "pprint", "xmlattr"}
    assert not names & {
        "url_for",
        "Markup",
        "request",
        "g",
        "session",
        "config",
        "get_flashed_messages",
    }
    assert "autoescape" not in sheet(name)


@pytest.mark.parametrize("name", SHEETS)
def test_every_htmx_attribute_is_spelled_as_data_and_sits_on_what_works_without(name: str) -> None:
    for element in drawn(name).elements:
        for attribute in element.attributes:
            assert not attribute.startswith("hx-"), attribute
            if attribute.startswith("data-hx-"):
                assert works_without(element), f"{element.tag} {attribute}"


def drawn(name: str) -> Page:
    """Give a template's elements as they stand there, with words for all that is filled in."""
    html = re.sub(r"\{#.*?#\}", "", sheet(name), flags=re.DOTALL)
    html = re.sub(r"\{\{ swaps\(\) \}\}", 'data-hx-boost="swaps"', html)
    html = re.sub(r"\{%-? macro swaps.*?endmacro -?%\}", "", html, flags=re.DOTALL)
    return Page.read(re.sub(r"\{%.*?%\}", "", re.sub(r"\{\{.*?\}\}", "word", html)))


def works_without(element: Element) -> bool:
    """Whether an element is a real link or form, or stands in one."""
    return any(
        (one.tag == "a" and one.get("href")) or (one.tag == "form" and one.get("action"))
        for one in (element, *element.within)
    )


@pytest.mark.parametrize("name", SHEETS)
def test_a_template_has_no_style_and_no_script_of_its_own(name: str) -> None:
    for element in drawn(name).elements:
        assert element.tag != "style"
        assert element.tag != "script" or element.get("src")
        assert not [one for one in element.attributes if one == "style" or one.startswith("on")]


@pytest.mark.parametrize("name", SHEETS)
def test_every_form_that_moves_says_where_it_stands(name: str) -> None:
    for match in re.finditer(r'<form[^>]*method="post"[^>]*action="([^"]*)"', sheet(name)):
        assert re.search(
            r"\{\{ (?:page\.frame\.)?(?:here|query) \}\}|page\.onward|\?page=", match[1]
        )
