"""Commands about telling clinicians: is it set up, does it arrive, what became of each attempt."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import getpass
import secrets as chance
import sys
from typing import Annotated

import typer
from rich.table import Table

from careline.app.services import delivery_secrets, escalation_link, open_database, utc_now
from careline.cli.output import AsJson, errors, print_json, tables
from careline.escalation.delivery.channel import Letter, Outcome
from careline.escalation.delivery.channels import build_channels
from careline.escalation.delivery.configuration import DeliveryFile, load_delivery_file
from careline.escalation.delivery.occasion import Occasion
from careline.escalation.delivery.record import (
    Delivery,
    disabled_channels,
    dismiss,
    given_up,
    list_deliveries,
    retry,
)
from careline.escalation.duty.file import load_duty_file
from careline.escalation.duty.roster import duty_now
from careline.escalation.errors import DeliveryFileError, DutyFileError
from careline.settings import Settings
from careline.storage.keys import drop_old_delivery_secrets, keep_delivery_secret, load_or_make_keys

delivery = typer.Typer(no_args_is_help=True, help="Telling clinicians of escalations.")
duty = typer.Typer(no_args_is_help=True, help="Who is on duty.")

_SECRET_BYTES = 32  # Standard Webhooks asks for 24 to 64


@delivery.command()
def check(as_json: AsJson = False) -> None:
    """Check the file of channels and ladders and its secrets; says who is told when. Exit code 1: nobody is."""
    settings = Settings()
    content = load_delivery_file(settings.delivery_path)
    build_channels(content, delivery_secrets(settings))
    if as_json:
        print_json(
            {"file": str(settings.delivery_path), "channels": sorted(content.channels), "ladders": content.ladders}
        )
    elif content.channels:
        for level, ladder in content.ladders.items():
            steps = ", ".join(f"{step.channel} after {step.after_minutes} min" for step in ladder.steps)
            print(f"{level}: {steps}; the patient is told after {ladder.tell_patient_after_minutes} min")
    else:
        errors.print(f"{settings.delivery_path}: there are no channels. Nobody is told of escalations.", style="red")
    sys.exit(0 if content.channels else 1)


@delivery.command(name="test")
def try_out(
    channel: Annotated[str | None, typer.Argument(help="Its name in the file; all of them by default.")] = None,
    as_json: AsJson = False,
) -> None:
    """Send a message marked as a test through the channels now. Exit code 1: one was not taken."""
    settings = Settings()
    content = load_delivery_file(settings.delivery_path)
    if channel is not None and channel not in content.channels:
        raise DeliveryFileError(f"{settings.delivery_path}: has no channel {channel!r}. Mend the spelling.")
    outcomes = asyncio.run(_try_out(settings, content, channel))
    if as_json:
        print_json({name: outcome.error or "sent" for name, outcome in outcomes.items()})
    else:
        for name, outcome in outcomes.items():
            print(f"{name}: {'sent' if outcome.error is None else f'NOT SENT: {outcome.error}'}")
    sys.exit(0 if outcomes and all(outcome.error is None for outcome in outcomes.values()) else 1)


@delivery.command(name="list")
def list_attempts(
    state: Annotated[str | None, typer.Option(help="waiting, retrying, sent, dead or withdrawn.")] = None,
    escalation: Annotated[str | None, typer.Option(help="Of one escalation; its id begins with esc_.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: AsJson = False,
) -> None:
    """List the newest deliveries with every attempt."""
    database, _ = open_database(Settings())
    with database.read() as session:
        found = list_deliveries(session, state=state, escalation_id=escalation, limit=limit)
        gone = disabled_channels(session)
    database.close()
    if as_json:
        print_json({"deliveries": found, "disabled_channels": gone})
        return
    tables.print(_table(found))
    for name in gone:
        errors.print(f"{name}: its receiver says that it is gone (410). Change its address, or retry.", style="red")


@delivery.command(name="retry")
def retry_given_up(
    delivery_id: Annotated[
        str | None, typer.Argument(help="It begins with msg_; all that were given up by default.")
    ] = None,
    dismissed: Annotated[bool, typer.Option("--dismiss", help="Put them aside instead: somebody has looked.")] = False,
) -> None:
    """Begin anew with deliveries that were given up. On SQLite stop the app first."""
    database, _ = open_database(Settings())
    database.claim_writer()
    with database.write() as session:
        chosen = [delivery_id] if delivery_id is not None else given_up(session)
        for one in chosen:
            (dismiss if dismissed else retry)(session, one, now=utc_now())
    database.close()
    print(f"{len(chosen)} {'put aside' if dismissed else 'to be sent again'}")


@delivery.command()
def secret(
    name: Annotated[str, typer.Argument(help="Of the secret; the channel's name unless the file says another.")],
    make: Annotated[bool, typer.Option("--make", help="Make a signing secret and show it once.")] = False,
    keep_old: Annotated[bool, typer.Option("--keep-old", help="The one before signs too, until --drop-old.")] = False,
    drop_old: Annotated[bool, typer.Option("--drop-old", help="Forget all but the newest.")] = False,
) -> None:
    """Keep a channel's secret in the keys file; it is asked for, or read from standard input, never an argument."""
    path = Settings().keys_path
    load_or_make_keys(path)
    if drop_old:
        print(f"{name}: {drop_old_delivery_secrets(path, name)} forgotten. Restart the app.")
        return
    given = f"whsec_{base64.b64encode(chance.token_bytes(_SECRET_BYTES)).decode()}" if make else _asked()
    if not given:
        raise DeliveryFileError(f"The secret {name!r} is empty. Nothing was changed.")
    keep_delivery_secret(path, name, given, keep_old=1 if keep_old else 0)
    if make:
        print(given)
    errors.print(f"{name}: kept. Restart the app.")


@duty.command(name="check")
def check_duty(as_json: AsJson = False) -> None:
    """Check the file of duty hours and say who is on duty by it now. Exit code 1: there is no file."""
    settings = Settings()
    found = load_duty_file(settings.duty_path)
    if found is None:
        raise DutyFileError(f"{settings.duty_path}: there is no such file. docs/guides/operator.md shows one.")
    _show_duty([one.name for one in found.on_duty(utc_now())], found.next_duty_at(utc_now()), as_json=as_json)


@duty.command(name="show")
def show_duty(as_json: AsJson = False) -> None:
    """Say who is on duty now by what is in force, and when somebody is next."""
    database, _ = open_database(Settings())
    with database.read() as session:
        now = duty_now(session, utc_now())
    database.close()
    _show_duty([one.name for one in now.people], now.next_local, as_json=as_json)


def _show_duty(names: list[str], following: dt.datetime | None, *, as_json: bool) -> None:
    if as_json:
        print_json({"on_duty": names, "next_duty_at": following.isoformat() if following else None})
    elif names:
        print(f"on duty now: {', '.join(names)}")
    else:
        print(f"nobody is on duty now; next: {following.isoformat() if following else 'not known'}")


async def _try_out(settings: Settings, content: DeliveryFile, only: str | None) -> dict[str, Outcome]:
    channels = build_channels(content, delivery_secrets(settings))
    letter = Letter(
        id=f"msg_test_{chance.token_hex(8)}",
        occasion=Occasion.TEST,
        at=utc_now(),
        facts={"escalation_id": None, "acuity": None},
        link=escalation_link(settings, content).replace("{id}", "test"),
    )
    try:
        return {
            name: await channel.send(letter, now=utc_now())
            for name, channel in channels.by_name.items()
            if only in (None, name)
        }
    finally:
        await channels.aclose()


def _asked() -> str:
    return (getpass.getpass("Secret: ") if sys.stdin.isatty() else sys.stdin.readline()).strip()


def _table(found: list[Delivery]) -> Table:
    table = Table("delivery", "escalation", "occasion", "channel", "state", "due", "attempts")
    for one in found:
        attempts = "\n".join(f"{each.at:%m-%d %H:%M:%S} {each.state} {each.error or ''}" for each in one.attempts)
        due = f"{one.due_at:%m-%d %H:%M:%S}"
        table.add_row(one.id, one.escalation_id, one.occasion, one.channel, one.state, due, attempts)
    return table
