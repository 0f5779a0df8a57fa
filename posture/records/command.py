"""The commands about the records themselves: their key, their place, and who is at which clinic."""

from __future__ import annotations

from pathlib import Path
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
def key(
    show: Annotated[
        bool, typer.Option("--show", help="Print the key in use, to keep a copy of it.")
    ] = False,
) -> None:
    """Print a new key, for the environment variable POSTURE_RECORDS_KEY."""
    typer.echo(vault.open_vault().as_text() if show else vault.new_key())


@records.command()
def where() -> None:
    """Print where the records are kept: a file, or the address of a database."""
    from posture.records import database

    typer.echo(database.where())


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

    clinic, known = clinic.strip(), _known(user)
    if not clinic or not known:
        raise typer.BadParameter(_("a clinic and a user need a name."))
    open_records().add_member(clinic, known)
    say(_("{user} sees the people of {clinic}.").format(user=known, clinic=clinic))


@records.command()
def remove(user: _User) -> None:
    """Let a user see nobody any more."""
    from posture.records.access import open_records

    if not open_records().remove_member(_known(user)):
        said = _("{user} is at no clinic here: see `posture records members`.")
        say(said.format(user=user))
        raise typer.Exit(1)
    say(_("{user} sees nobody any more.").format(user=user))


@records.command()
def adopt(
    clinic: Annotated[str, typer.Argument(metavar="CLINIC", help="Its name, which is new.")],
) -> None:
    """Give the people who were kept without a login to a clinic."""
    from posture.records.access import open_records

    clinic = clinic.strip()
    if not clinic:
        raise typer.BadParameter(_("a clinic needs a name."))
    if not open_records().name_local(clinic):
        said = _("Nobody was kept without a login, or {clinic} is there already.")
        say(said.format(clinic=clinic))
        raise typer.Exit(1)
    say(_("The people who were kept without a login are those of {clinic}.").format(clinic=clinic))


@records.command()
def log() -> None:
    """List who looked at, changed, exported or erased whom, by ids: no name is in it."""
    from posture.records.access import open_records

    for at, *told in open_records().log():
        typer.echo("\t".join((at.isoformat(timespec="seconds"), *told)))


@records.command("bring-back")
def bring_back(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="ZIP", exists=True, dir_okay=False, readable=True, help="What Export wrote."
        ),
    ],
    user: Annotated[
        str | None,
        typer.Option("--user", metavar="USER", help="At whose clinic, where there is a login."),
    ] = None,
) -> None:
    """Add a person from a file that was exported, of any size."""
    from posture.records import archive
    from posture.records.access import open_records

    opened = open_records()
    access = opened.local() if user is None else opened.enter(_known(user))
    say(_("Brought back as {id}.").format(id=archive.bring_back(access, file.read_bytes())))


def _known(user: str) -> str:
    """Return a user as the login tells them: addresses in small letters."""
    user = user.strip()
    return user if "#" in user else user.lower()
