"""Puts the templates, the static files and the story into the wheel, beside the code.

An editable install leaves them where they are: copies there would grow stale.
"""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BesideTheCode(BuildHookInterface[Any]):
    """Adds to a wheel what lies next to the package in a checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name each thing and its place in the wheel, unless the install is editable."""
        if version != "editable":
            for name in ("templates", "static", "scenes.json"):
                build_data["force_include"][name] = f"explorer/{name}"
