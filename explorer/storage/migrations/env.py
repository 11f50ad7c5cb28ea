"""How Alembic runs: on the connection that `database` gives it, in the transaction it is in."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    render_as_batch=True,
    on_version_apply=context.config.attributes.get("applied"),
)
context.run_migrations()
