"""Stands before Streamlit's server and turns away requests; it shows nothing and lets nobody in.

Streamlit looks at the Host of a websocket alone, and gives a picture to whoever knows its address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse

from app_pages import door, logins

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

#: Where Streamlit serves what visitors see and takes what they upload, and tells how it fares.
_GUARDED: Final = ("/media/", "/_stcore/upload_file/", "/_stcore/metrics", "/_stcore/agent/")


class Gate:
    """Turns away foreign names, foreign pages, and those who ask for a picture without a login."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        hosts = st.get_option("server.allowedHosts") or ["*"]  # as Streamlit reads an empty list
        self._named = TrustedHostMiddleware(self._inside, hosts, www_redirect=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] == "http":
            await self._named(scope, receive, send)
        elif scope["type"] == "websocket" and _is_foreign(HTTPConnection(scope)):
            # Streamlit would ask a server elsewhere for this machine's address, to compare.
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._app(scope, receive, send)

    async def _inside(self, scope: Scope, receive: Receive, send: Send) -> None:
        base = "/" + str(st.get_option("server.baseUrlPath") or "").strip("/")
        path = scope["path"].removeprefix(base.rstrip("/"))
        guarded = path.startswith(_GUARDED) and door.has_login()
        if guarded and not logins.LOGINS.is_open(logins.key(HTTPConnection(scope).cookies)):
            await PlainTextResponse("Log in first.", 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def middleware() -> list[Middleware]:
    """Return what stands before the server."""
    return [Middleware(Gate)]


def _is_foreign(connection: HTTPConnection) -> bool:
    """Tell whether a page of another site asks."""
    origin = connection.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != connection.headers.get("host")
