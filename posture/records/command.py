"""The commands about the records themselves: their key, their place, and who is at which clinic."""

from __future__ import annotations

from typing import Annotated

import typer

from posture.console import say
from posture.language import gettext as _
from posture.records import vault

records = typer.Typer(
    help="Set up where people and visits are kept, and who may see them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_User = Annotated[
    str,
    typer.Argument(
        metavar="USER", help="E-mail address that the login vouches for, or PROVIDER#SUBJECT."
    ),
]


@records.command()
def key() -> None:
    """Print a new key, for the environment variable POSTURE_RECORDS_KEY."""
    typer.echo(vault.new_key())


@records.command()
def where() -> None:
    """Print where the records are kept on this computer."""
    from posture.records import database

    typer.echo(str(database.folder() / database.FILE_NAME))


@records.command()
def members() -> None:
    """List who is at which clinic."""
    from posture.records.access import open_records

    for clinic, user in sorted(open_records().members()):
        typer.echo(f"{clinic}\t{user}")


@records.command()
def add(
    clinic: Annotated[str, typer.Argument(metavar="CLINIC", help="Its name; made if it is new.")],
    user: _User,
) -> None:
    """Let a user see the people of a clinic, and of no other."""
    from posture.records.access import open_records

    clinic, user = clinic.strip(), user.strip()
    if not clinic or not user:
        raise typer.BadParameter(_("a clinic and a user need a name."))
    known = user if "#" in user else user.lower()
    open_records().add_member(clinic, known)
    say(_("{user} sees the people of {clinic}.").format(user=known, clinic=clinic))


@records.command()
def remove(user: _User) -> None:
    """Let a user see nobody any more."""
    from posture.records.access import open_records

    if not open_records().remove_member(user.strip() if "#" in user else user.strip().lower()):
        said = _("{user} is at no clinic here: see `posture records members`.")
        say(said.format(user=user))
        raise typer.Exit(1)
    say(_("{user} sees nobody any more.").format(user=user))
