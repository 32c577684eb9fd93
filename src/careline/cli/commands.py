"""The commands that run, watch and mend an installation."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer
from pydantic import ValidationError

from careline.app.log_format import configure_logging
from careline.app.migrations import SchemaError, current_step, migrate, newest_step, require_newest
from careline.app.release_folder import load_encoder, release_files
from careline.app.server import serve as serve_app
from careline.app.services import build_house, delivery_secrets, open_database, utc_now
from careline.channels.terminal.chat import TerminalChat
from careline.channels.web.errors import SitesFileError
from careline.cli import running
from careline.cli.audit import audit
from careline.cli.content import content
from careline.cli.content_editing import newest_edited_release, opened_room
from careline.cli.delivery import delivery, duty
from careline.cli.output import AsJson, errors, print_json, show_progress
from careline.cli.running import installation_of, settings_problems
from careline.cli.staff import staff
from careline.clinical.errors import ContentError
from careline.clinical.rulebook import load_rule_book
from careline.clinical.understanding.lexicon import Lexicon
from careline.consultation.errors import ReleaseError, ReplayError, WordingError
from careline.consultation.replay import Replay, release_of, replay
from careline.dialogue.errors import DialogueError
from careline.editorial.errors import EditorialError
from careline.escalation.delivery.channels import build_channels
from careline.escalation.delivery.configuration import load_delivery_file
from careline.escalation.duty.file import load_duty_file
from careline.escalation.errors import EscalationError
from careline.guidance.errors import GuidanceError
from careline.guidance.model_export import build_encoder, encoder_folder
from careline.guidance.model_weights import verify_weights, weights_folder
from careline.operations import doctor as doctor_checks
from careline.operations.errors import NotSetUpError, StartError
from careline.settings import Settings
from careline.staff.errors import StaffError
from careline.storage.errors import StorageError
from careline.storage.keys import load_or_make_keys, rotate_keys
from careline.storage.rotation import seal_anew

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Careline: symptom triage for patients.")
model = typer.Typer(no_args_is_help=True, help="The encoder that searches guidance.")
keys = typer.Typer(no_args_is_help=True, help="The encryption keys.")
app.add_typer(content, name="content")
app.add_typer(model, name="model")
app.add_typer(keys, name="keys")
app.add_typer(staff, name="staff")
app.add_typer(audit, name="audit")
app.add_typer(delivery, name="delivery")
app.add_typer(duty, name="duty")

_EXPECTED = (
    ContentError, WordingError, ReplayError, ReleaseError, EscalationError, GuidanceError, StorageError, SchemaError,
    StartError, StaffError, DialogueError, SitesFileError, EditorialError,
)  # fmt: skip


def main() -> None:
    """Run a command; an expected error is said in plain words and ends with exit code 1."""
    try:
        app()
    except _EXPECTED as error:
        errors.print(str(error), style="red", markup=False)
        sys.exit(1)
    except ValidationError as error:
        for line in settings_problems(error):
            errors.print(line, style="red", markup=False)
        sys.exit(1)


@app.command()
def run() -> None:
    """Start Rasa and the app, and stop both on Ctrl-C."""
    os.execv(sys.executable, [sys.executable, "-m", running.__name__])  # noqa: S606 - a program of ours; no shell


@app.command()
def serve() -> None:
    """Start the app alone; Rasa runs elsewhere."""
    configure_logging(as_json=not sys.stderr.isatty())
    asyncio.run(serve_app(Settings()))


@app.command()
def telegram() -> None:
    """Start the app with its Telegram bot, by long polling; Rasa runs elsewhere. `run` starts the bot too."""
    settings = Settings()
    if settings.telegram_token is None:
        raise StartError("CARELINE_TELEGRAM_TOKEN is not set. Get a token from @BotFather: docs/guides/telegram.md.")
    configure_logging(as_json=not sys.stderr.isatty())
    asyncio.run(serve_app(settings.model_copy(update={"telegram_webhook": False})))


@app.command(name="migrate")
def migrate_database() -> None:
    """Bring the database's schema to this version."""
    database, _ = open_database(Settings())
    print(f"database: at step {migrate(database)}")
    database.close()


@app.command()
def chat(
    url: Annotated[str | None, typer.Option(help="Where the app is; this installation's by default.")] = None,
    country: Annotated[str | None, typer.Option(help="Two letters, such as GB.")] = None,
) -> None:
    """Talk to Careline in the terminal, as a patient."""
    sys.exit(TerminalChat(url or Settings().address, country=country).run())


@app.command(name="replay")
def replay_consultation(
    conversation_id: Annotated[str, typer.Argument(help="The conversation's id; it begins with con_.")],
    newest: Annotated[bool, typer.Option("--newest", help="With the content in force now, not with its own.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run a past consultation again; shows no patient's words. Exit code 1 when it ends otherwise than it did."""
    settings = Settings()
    database, _ = open_database(settings)
    files = release_files(settings)
    wanted = files.newest_id() if newest else release_of(database, conversation_id)
    release = files.load(wanted, None) if wanted is not None else None
    if release is None:
        raise ReplayError(f"content release {wanted}: not on disk. Put it back into {files.folder}, or use --newest.")
    found = replay(database, build_house(settings), conversation_id, release)
    database.close()
    if as_json:
        print_json(found)
    else:
        print(_replay_in_words(found))
    sys.exit(0 if found.is_same else 1)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Say what is missing on this machine and how to mend it."""
    settings = Settings()
    checks = doctor_checks.check(installation_of(settings), keys_file=settings.keys_path, attempts=_attempts(settings))
    if as_json:
        print(doctor_checks.as_json(checks))
    else:
        for check in checks:
            mark = "ok     " if check.ok else ("MISSING" if check.needed else "absent ")
            print(f"{mark}  {check.name}: {check.found}" + (f"\n         {check.remedy}" if not check.ok else ""))
    sys.exit(0 if doctor_checks.is_healthy(checks) else 1)


@model.command()
def build() -> None:
    """Verify the encoder's weights and export them for serving, unless that is done."""
    print(f"encoder: {build_encoder(Settings().data_dir, show_progress)}")


@model.command()
def verify() -> None:
    """Verify the encoder's weights against their published hashes."""
    verify_weights(weights_folder())
    print("weights: as published")


@keys.command()
def rotate() -> None:
    """Make a new encryption key and seal every row with it."""
    settings = Settings()
    load_or_make_keys(settings.keys_path)
    key_id = rotate_keys(settings.keys_path)
    database, _ = open_database(settings)
    database.claim_writer()
    ring, _ = load_or_make_keys(settings.keys_path)
    print(f"key {key_id}: {seal_anew(database, ring)} values sealed anew")
    database.close()


def _attempts(settings: Settings) -> list[tuple[str, Callable[[], object], str]]:
    def schema_found() -> str:
        database, _ = open_database(settings)
        try:
            require_newest(database)
            return f"at step {current_step(database)} of {newest_step()}"
        finally:
            database.close()

    def release_found() -> str:
        files = release_files(settings)
        newest = files.newest_id()
        wanted = newest_edited_release(settings) or files.id_of_content()
        if newest != wanted:
            raise GuidanceError(f"published: {newest or 'none'}, content as it is: {wanted}")
        return f"content release {newest}"

    def told() -> str:
        content = load_delivery_file(settings.delivery_path)
        build_channels(content, delivery_secrets(settings))
        if not content.channels:
            raise NotSetUpError(f"{settings.delivery_path}: no channels. Nobody is told of escalations")
        return f"by {', '.join(sorted(content.channels))}"

    def on_duty() -> str:
        roster = load_duty_file(settings.duty_path)
        if roster is None:
            raise NotSetUpError(f"no {settings.duty_path}. Patients who ask for a person hear that nobody is on duty")
        now = utc_now()
        people, following = roster.on_duty(now), roster.next_duty_at(now)
        if not people:
            raise NotSetUpError(
                f"nobody is on duty now; next: {f'{following:%Y-%m-%d %H:%M} UTC' if following else 'never'}"
            )
        return f"{len(people)} on duty now"

    def reviews() -> str:
        if newest_edited_release(settings) is None:
            raise NotSetUpError("content is not edited in the database. `careline content stats` shows review dates")
        with opened_room(settings, writes=False) as room:
            due = room.expiry.due()
        overdue = [one.path for one in due if one.is_alarm]
        if overdue:
            raise NotSetUpError(
                f"{len(overdue)} files of rules are past their review date and stay in force, such as {overdue[0]}"
            )
        return f"{len(due)} items to be reviewed within 60 days" if due else "none within 60 days"

    return [
        ("encoder's weights", lambda: verify_weights(weights_folder()), "Run `make setup`."),
        ("exported encoder", lambda: _loaded_encoder(settings), "Run `careline model build`."),
        ("content", lambda: _loaded_rules(settings), "Run `careline content check`."),
        ("content release", release_found, "Run `make index`."),
        ("database", schema_found, "Run `careline migrate`."),
        ("review dates", reviews, "Have them reviewed and signed anew: `careline content due` names them."),
        ("clinicians are told", told, "Set up channels and try `careline delivery check`: docs/guides/operator.md."),
        ("duty hours", on_duty, "Write who is there when and try `careline duty check`: docs/guides/operator.md."),
    ]


def _loaded_rules(settings: Settings) -> str:
    Lexicon.of(load_rule_book(settings.knowledge_dir))
    return "rules load"


def _loaded_encoder(settings: Settings) -> str:
    if load_encoder(settings) is None:
        raise GuidanceError(f"{encoder_folder(settings.data_dir)}: missing or altered")
    return "in order"


def _replay_in_words(found: Replay) -> str:
    lines = [f"conversation {found.conversation_id}: {'ends as it did' if found.is_same else 'ENDS OTHERWISE'}"]
    for name, release, ending in (
        ("recorded", found.recorded_release, found.recorded),
        ("replayed", found.release, found.replayed),
    ):
        level = ending.acuity.value if ending.acuity else "no level"
        lines.append(f"{name} with content {release}: {level}{'' if ending.final else ', not finished'}")
        lines.append(f"  rules: {', '.join(ending.rules) or '-'}")
        lines.append(f"  asked: {', '.join(ending.questions) or '-'}")
    if found.refused:
        lines.append(f"answers that this content has no question for: {', '.join(map(str, found.refused))}")
    return "\n".join(lines)
