"""The database's schema, step by step."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from careline.storage.database import Database


class SchemaError(Exception):
    """The database's schema is not the one this version needs; says what to do."""


def migrate(database: Database) -> str:
    """Bring the schema to the newest step, in one transaction; return the step."""
    config = _config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return newest_step()


def newest_step() -> str:
    """Return the step that this version needs."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current_step(database: Database) -> str | None:
    """Return the step the database is at; None when it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def require_newest(database: Database) -> None:
    """Check that the schema fits.

    Raises:
        SchemaError: It does not.
    """
    found, needed = current_step(database), newest_step()
    if found != needed:
        raise SchemaError(
            f"The database is at step {found or 'none'}, this version needs {needed}. Run: careline migrate"
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
