"""What is small enough to be read in one go stays so, and one name has one meaning."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent.parent
MODULES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (ROOT / "explorer").rglob("*.py")
    if "versions" not in path.parts
}
TEMPLATES = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
NODES = {path: tuple(ast.walk(ast.parse(text))) for path, text in MODULES.items()}

# These have more methods than they should; the list may only become shorter.
MANY_METHODS = {"_Builder"}


def classes() -> Iterator[ast.ClassDef]:
    """Give all classes."""
    return (one for one in chain(*NODES.values()) if isinstance(one, ast.ClassDef))


def lengths() -> list[int]:
    """Give how many lines each function has, the shortest first."""
    functions = (one for one in chain(*NODES.values()) if isinstance(one, ast.FunctionDef))
    return sorted((one.end_lineno or one.lineno) - one.lineno + 1 for one in functions)


def test_no_module_is_long() -> None:
    assert {path for path, text in MODULES.items() if text.count("\n") > 350} == set()


def test_no_line_of_a_template_is_long() -> None:
    # Where a break must not be sent, it stands behind a block, before `{%-` or behind `{# -#}`.
    long = [
        f"{path.relative_to(ROOT)}:{n}"
        for path in TEMPLATES
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 120
    ]

    assert TEMPLATES
    assert long == []


def test_no_class_has_many_methods() -> None:
    many = {
        one.name for one in classes() if sum(isinstance(n, ast.FunctionDef) for n in one.body) > 20
    }

    assert many == MANY_METHODS


def test_functions_are_short() -> None:
    sizes = lengths()

    assert median(sizes) <= 7
    assert sizes[int(0.99 * len(sizes))] <= 28


def test_a_class_has_a_name_of_its_own() -> None:
    names = Counter(one.name for one in classes() if not one.name.startswith("_"))

    assert [name for name, count in names.items() if count > 1] == []


def test_few_modules_stand_outside_the_packages() -> None:
    own = [path for path in MODULES if path.count("/") == 1]

    assert len(own) <= 6
