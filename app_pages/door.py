"""Lets visitors in: says who each is, and shows nothing but a login to whom it does not know.

Whose records a visitor may see is for the records room to say; this asks it only whether any.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

import streamlit as st

from app_pages import cards, logins, room
from app_pages.logins import LOGINS, Limits
from posture import serving
from posture.language import gettext as _

_WATCH_S: Final = 15.0


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is here.

    Attributes
    ----------
    user : str
        The e-mail address, in small letters, if the login's provider has verified it; or else
        the provider and what it calls the person, ``https://provider#subject``; or else, without
        a login, ``local``.
    name : str
        As shown to people; empty without a login.
    """

    user: str
    name: str


#: Who sits at this machine, where no login is set up.
LOCAL: Final = Visitor("local", "")


def enter(clinics_of: Callable[[str], Collection[object]] | None = None) -> Visitor | None:
    """Return who the visitor is, or show why nothing else is shown and return None.

    Parameters
    ----------
    clinics_of : callable, optional
        Gives the clinics to which a `Visitor.user` belongs. Whoever has logged in and belongs to
        none sees a sentence alone. It is not asked where no login is set up.
    """
    fault = _fault()
    if fault is not None:
        st.error(fault, icon=":material/lock:")
        return None
    if not has_login():
        return LOCAL
    visitor = _logged_in()
    if visitor is None or clinics_of is None or clinics_of(visitor.user):
        return visitor
    st.info(
        _(
            "You are logged in as {user}, who belongs to no clinic here: ask whoever runs this"
            " server to add you to yours."
        ).format(user=cards.plain(visitor.user)),
        icon=":material/group_off:",
    )
    return None


def has_login() -> bool:
    """Tell whether a login is set up."""
    return bool(st.secrets.load_if_toml_exists()) and "auth" in st.secrets


def is_open() -> bool:
    """Tell whether the visitor's login still holds, also where the page itself did not run."""
    if not has_login():
        return True
    login = logins.key(st.context.cookies.to_dict())
    return login is not None and LOGINS.is_open(login)


def identity(claims: Mapping[str, object]) -> Visitor:
    """Return who a provider says somebody is.

    Parameters
    ----------
    claims : mapping
        Of an ID token: OpenID Connect Core 1.0, sections 2 and 5.1.
    """
    email = claims.get("email")
    subject = f"{claims.get('iss')}#{claims.get('sub')}"
    # A provider's own name for a person could look like somebody's address; with '#' it cannot.
    verified = claims.get("email_verified") is True and isinstance(email, str) and "@" in email
    user = str(email).strip().lower() if verified else subject
    return Visitor(user, str(claims.get("name") or user))


def _fault() -> str | None:
    """Say in one sentence why nobody is let in, or None."""
    if (fault := room.fault()) is not None:
        return fault
    if has_login():
        try:
            Limits.from_environment()
        except ValueError:
            return _(
                "POSTURE_IDLE_MINUTES and POSTURE_LOGIN_HOURS have to be numbers above zero: set"
                " them so, or not at all."
            )
        return serving.auth_fault(st.secrets["auth"])
    return serving.reach_fault(
        st.get_option("server.address"),
        st.get_option("server.allowedHosts") or ["*"],
        guarded=os.environ.get(serving.ALLOWED) == "1",
    )


def _logged_in() -> Visitor | None:
    """Return whose login holds, or show how to log in."""
    claims = st.user.to_dict()
    login = logins.key(st.context.cookies.to_dict())
    issued = claims.get("iat")
    if not claims.get("is_logged_in") or login is None or not isinstance(issued, int | float):
        _ask(away=False)
        return None
    if not LOGINS.use(login, issued):
        _forget()
        _ask(away=True)
        return None
    visitor = identity(claims)
    return visitor if _stays(visitor, login) else None


def _ask(*, away: bool) -> None:
    """Show what this place is, and the one way in."""
    with st.container(horizontal_alignment="center", key="door"):
        st.title(_("Posture"), anchor=False, text_alignment="center")
        if away:
            said = _("Your login has ended: log in again.")
        else:
            said = _("Pelvic tilt and lumbar curve, from photos taken from the side.")
        st.markdown(said, text_alignment="center")
        st.button(_("Log in"), type="primary", icon=":material/login:", on_click=st.login)


def _stays(visitor: Visitor, login: str) -> bool:
    """Show who is here and how to leave; tell whether the visitor stays."""
    row = st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="visitor"
    )
    with row:
        st.caption(cards.plain(visitor.name), width="content")
        leaves = st.button(_("Log out"), type="tertiary", icon=":material/logout:")
    if leaves:
        LOGINS.leave(login)
        _forget()
        st.logout()
        return False
    every_s = min(_WATCH_S, Limits.from_environment().idle_s / 2)
    st.fragment(_watch, run_every=every_s)(login)
    return True


def _watch(login: str) -> None:
    """Clear the screen of whoever has gone, also where the log-out was in another tab."""
    if not LOGINS.is_open(login):
        st.rerun()


def _forget() -> None:
    """Drop the photos of this tab, and all that came of them."""
    st.session_state.clear()
