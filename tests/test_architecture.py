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
from explorer import known, page, picture, respond
from tests.crawl import Element, Page

HOUSE = Path(explorer.__file__).parent
TEMPLATES = HOUSE.parent / "templates"
MODULES = sorted(path.stem for path in HOUSE.glob("*.py"))
SHEETS = sorted(path.name for path in TEMPLATES.glob("*.html"))

# These stand between the reader and the gate: what they hold may travel.
OUTSIDE = {
    *("pages", "api", "respond", "guard", "drawing", "forms", "view", "page", "known"),
    *(
        "search",
        "shape",
        "export",
        "mount",
        "lobby",
        "machine",
        "words",
        "hot",
        "headed",
        "files",
        "cookie",
    ),
    *("asked", "folding", "panel", "poster", "font", "jsonform", "query", "openapi"),
    *("watch", "metrics", "packing"),
    *("picture", "canvas", "curve", "lanes", "ordering", "web", "springs", "spacing", "lettering"),
}
# These hold whole stories, or rows and files of them.
INSIDE = {
    *("store", "database", "schema", "rows", "titles", "tables", "copying", "patience"),
    *("storyfile", "building", "entries", "sense", "places", "faults", "census"),
    *("library", "held", "memory", "rule", "stretches", "wording"),
    *("concordance", "knowledge", "order"),
}
# Words of the story that say nothing of it: kinds, and what stands in addresses.
VOCABULARY = {"Medium", "Time", "SceneKey", "PersonKey"}

# A module has one reason to exist and fits a head; these are the few that need more room, each
# with the room it has. Take lines out of here, do not put them in.
MOST_LINES = 350
ROOMY = {
    "reading": 475,  # The gate: a method per page and move, so that nothing goes around it.
}


@dataclass(frozen=True, slots=True)
class Taken:
    """That one module of the house takes a name (None: all of it) from another."""

    module: str
    name: str | None


def imports(module: str) -> set[Taken]:
    """Give what a module takes from others of the house, wherever in it the import stands."""
    return set(_imports(ast.parse((HOUSE / f"{module}.py").read_text())))


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
                yield Taken(rest, alias.name) if rest else Taken(alias.name, None)


def rooms(module: str) -> set[str]:
    """Give the modules that a module takes anything from."""
    return {taken.module for taken in imports(module)}


def takers(module: str) -> set[str]:
    """Give the modules that take anything from a module."""
    return {other for other in MODULES if module in rooms(other)}


# --- who may know whom -------------------------------------------------------------------------


@pytest.mark.parametrize("module", sorted(OUTSIDE & set(MODULES)))
def test_what_travels_never_meets_what_holds_a_story(module: str) -> None:
    assert not rooms(module) & INSIDE


@pytest.mark.parametrize("module", sorted(OUTSIDE & set(MODULES)))
def test_outside_the_gate_a_story_is_but_a_few_plain_words(module: str) -> None:
    taken = {one.name for one in imports(module) if one.module == "story"}

    assert taken <= VOCABULARY


def test_only_the_store_touches_the_tables() -> None:
    assert takers("tables") == {"store", "rows", "titles", "copying"}
    assert takers("rows") == {"store", "copying"}
    assert takers("titles") == {"store", "rows", "copying"}
    assert takers("copying") == {"store"}


def test_only_the_store_touches_the_database() -> None:
    assert takers("database") <= {"store", "schema", "copying"}
    assert takers("schema") == {"store"}


def test_the_store_and_the_decider_do_not_know_each_other() -> None:
    decider = {"rule", "wording", "concordance", "knowledge"}

    assert not rooms("store") & decider
    for module in decider:
        assert not rooms(module) & {"store", "database", "rows", "storyfile", "library", "held"}


def test_the_store_and_the_decider_meet_only_inside_the_gate() -> None:
    both = takers("store") & takers("knowledge")

    assert both <= {"library", "reading"}


def test_only_the_gate_asks_the_decider_and_readers_made_up_for_authors() -> None:
    assert takers("knowledge") <= {"held", "reading", "readers"}


def test_no_reader_gets_what_is_told_to_authors() -> None:
    told, takes = {"readers"}, takers("readers")
    while takes - told:
        told |= takes
        takes = {taker for module in told for taker in takers(module)}

    assert not told & (OUTSIDE | {"__init__", "library", "held", "reading", "shelf", "serving"})


def test_known_values_know_no_decider_and_no_story() -> None:
    assert rooms("known") == {"story"}


def test_the_decider_knows_no_page_no_request_and_no_view() -> None:
    assert rooms("rule") <= {"story", "bookmark"}
    assert rooms("wording") <= {"rule", "story", "bookmark", "known", "memory", "prose", "words"}
    assert rooms("concordance") <= {"wording", "known", "stretches"}
    assert rooms("knowledge") <= {"concordance", "wording", "story", "bookmark", "known", "memory"}
    assert rooms("memory") <= {"story", "known", "stretches"}
    assert takers("rule") == {"wording"}
    assert takers("wording") <= {"concordance", "knowledge"}
    assert takers("concordance") == {"knowledge"}


def test_the_core_knows_only_the_core() -> None:
    core = {"story", "bookmark", "known", "rule", "wording", "knowledge", "order", "prose", "words"}
    core |= {"concordance", "memory", "stretches"}

    for module in core:
        assert rooms(module) <= core, module


@pytest.mark.parametrize("module", MODULES)
def test_nothing_but_the_edge_knows_of_the_web(module: str) -> None:
    edge = {"__init__", "cli", "pages", "api", "respond", "asked", "cookie", "guard", "forms"}
    edge |= {"packing"}
    web = re.search(r"^\s*(?:from|import) (?:flask|werkzeug|wtforms)\b", text(module), re.MULTILINE)

    assert module in edge or web is None


# What imports by a name that is made up at run time.
MADE_UP = re.compile(r"importlib|__import__|sys\.modules|\bexec\(|\beval\(")


@pytest.mark.parametrize("module", MODULES)
def test_nothing_is_imported_by_a_name_made_up_at_run_time(module: str) -> None:
    assert not MADE_UP.search(text(module))


@pytest.mark.parametrize("module", MODULES)
def test_nobody_takes_what_another_module_keeps_to_itself(module: str) -> None:
    assert not [taken for taken in imports(module) if (taken.name or "").startswith("_")]


MIGRATIONS = sorted(HOUSE.rglob("migrations/versions/*.py"))


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: path.stem)
def test_a_migration_takes_nothing_of_the_house_which_changes_after_it(path: Path) -> None:
    assert not set(_imports(ast.parse(path.read_text())))
    assert not MADE_UP.search(path.read_text())


@pytest.mark.parametrize(
    "line",
    [
        "import explorer",
        "import explorer.titles as t",
        "from explorer import titles",
        "from explorer.titles import keys",
        "from ... import titles",
        "from ...titles import keys",
    ],
)
def test_whatever_is_taken_of_the_house_is_seen_however_it_is_taken(line: str) -> None:
    assert set(_imports(ast.parse(f"def upgrade() -> None:\n    {line}")))


# --- modules -----------------------------------------------------------------------------------


def text(module: str) -> str:
    """Give the text of a module."""
    return (HOUSE / f"{module}.py").read_text()


@pytest.mark.parametrize("path", sorted(HOUSE.rglob("*.py")), ids=lambda path: path.stem)
def test_every_module_opens_with_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


@pytest.mark.parametrize("module", MODULES)
def test_every_module_fits_a_head(module: str) -> None:
    assert len(text(module).splitlines()) <= ROOMY.get(module, MOST_LINES)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_one_word_for_a_name(module: str) -> None:
    assert re.fullmatch("[a-z]+|__init__|__main__", module)
    assert module not in {"utils", "util", "helpers", "helper", "manager", "data", "info", "common"}


# --- what travels ------------------------------------------------------------------------------

PLAIN = {str, int, bool, float, types.NoneType, Markup}


def values(module: types.ModuleType) -> list[type]:
    """Give the dataclasses that a module makes."""
    found = [one for one in vars(module).values() if isinstance(one, type)]
    return [one for one in found if one.__module__ == module.__name__ and not issubclass(one, Enum)]


@pytest.mark.parametrize(
    "value", [*values(page), *values(known), *values(picture)], ids=lambda value: value.__name__
)
def test_what_travels_is_a_frozen_dataclass(value: type) -> None:
    assert dataclasses.is_dataclass(value)
    assert value.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(value)


@pytest.mark.parametrize(
    "value", [*values(page), *values(known), *values(picture)], ids=lambda value: value.__name__
)
def test_what_travels_has_no_road_back_to_the_story(value: type) -> None:
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
        or (home in (known.__name__, page.__name__, picture.__name__))
        or (home == "explorer.view" and kind.__name__ == "View")
    )


def test_every_page_has_a_template_that_says_it_takes_this_page() -> None:
    for value, name in respond._TEMPLATES.items():
        first = sheet(name).splitlines()[0]
        assert re.search(rf"\bTakes an? {value.__name__}\b", first), name


def test_every_page_value_is_drawn_by_a_template() -> None:
    named = {value for value in values(page) if value.__name__.endswith("Page")}

    assert set(respond._TEMPLATES) == named


# --- templates ---------------------------------------------------------------------------------


def sheet(name: str) -> str:
    """Give the text of a template."""
    return (TEMPLATES / name).read_text()


def parsed(name: str) -> nodes.Template:
    """Give the tree of a template."""
    environment = Environment()
    environment.filters.update(dict.fromkeys(("drawn", "panelled"), str))
    return environment.parse(sheet(name))


@pytest.mark.parametrize("name", SHEETS)
def test_a_template_opens_with_what_it_takes(name: str) -> None:
    first = sheet(name).splitlines()[0]

    assert re.fullmatch(r"\{# .+\. #\}", first)
    assert re.search(r"\btakes?\b", first, re.IGNORECASE)


@pytest.mark.parametrize("name", SHEETS)
def test_a_template_gets_one_page_and_nothing_else(name: str) -> None:
    tree = parsed(name)
    macros = {each for one in tree.find_all(nodes.FromImport) for each in one.names}
    asked = meta.find_undeclared_variables(tree) - macros
    remembered = {"_row.html": {"href", "here", "row"}, "_panel.html": {"panel"}}
    remembered["_story.html"] = {"page", "layout", "origin"}

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
