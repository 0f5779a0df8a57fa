"""Seals what is kept with a key that is not kept beside it; it knows nothing of people.

It protects a copy of the records without their key: a lost disk, a backup, a copied folder. It does
not protect against somebody who is logged in as the user, nor against a program that runs as them.
"""

from __future__ import annotations

import base64
import binascii
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Final

from posture.errors import SealError
from posture.language import gettext as _

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

#: Environment variable that holds the key; otherwise the system's keyring does.
KEY_VARIABLE: Final = "POSTURE_RECORDS_KEY"

_KEYRING: Final = ("posture", "records")
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_PLAIN: Final = b"\x01"
_PACKED: Final = b"\x02"


@dataclass(frozen=True, slots=True)
class Vault:
    """Seals and opens bytes, each for one place, by AES-256 in Galois/Counter Mode.

    Attributes
    ----------
    key : bytes
        32 bytes.
    """

    key: bytes = field(repr=False)

    def seal(self, plain: bytes, place: str, *, pack: bool = False) -> bytes:
        """Return bytes that only the key opens, and only at the same place.

        Parameters
        ----------
        plain : bytes
            What is to be kept.
        place : str
            Where: what is sealed for one place cannot be passed off at another.
        pack : bool
            Whether to compress it before, which pays for text.
        """
        nonce = os.urandom(_NONCE_BYTES)
        kind, inside = (_PACKED, zlib.compress(plain)) if pack else (_PLAIN, plain)
        return kind + nonce + self._cipher().encrypt(nonce, inside, kind + place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Return what was sealed.

        Raises
        ------
        SealError
            If it was sealed with another key or for another place, or is damaged.
        """
        from cryptography.exceptions import InvalidTag

        kind, nonce, inside = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            plain = self._cipher().decrypt(nonce, inside, kind + place.encode())
        except (InvalidTag, ValueError):
            raise SealError(
                _("A part of the records is damaged or sealed with another key: restore a backup.")
            ) from None
        return zlib.decompress(plain) if kind == _PACKED else plain

    def as_text(self) -> str:
        """Return the key as text, for the environment variable."""
        return base64.urlsafe_b64encode(self.key).decode()

    def _cipher(self) -> AESGCM:
        return _cipher_of(self.key)


@cache
def _cipher_of(key: bytes) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def new_key() -> str:
    """Return a new key as text, for the environment variable."""
    return Vault(os.urandom(_KEY_BYTES)).as_text()


def open_vault() -> Vault:
    """Return the vault of this computer's user, making its key in the keyring if there is none.

    Raises
    ------
    SealError
        If the variable holds no key, or there is neither a variable nor a keyring.
    """
    told = os.environ.get(KEY_VARIABLE)
    return Vault(_bytes(told if told is not None else _of_keyring()))


def key_is_in_variable() -> bool:
    """Tell where the key is or would be kept: in the variable, or else in the keyring; make none.

    A keyring that is locked may ask to be opened.

    Raises
    ------
    SealError
        As `open_vault` does.
    """
    told = os.environ.get(KEY_VARIABLE)
    if told is None:
        with _asking_keyring() as keyring:
            keyring.get_password(*_KEYRING)
        return False
    _bytes(told)
    return True


def _of_keyring() -> str:
    with _asking_keyring() as keyring:
        found: str | None = keyring.get_password(*_KEYRING)
        if found is None:
            found = new_key()
            keyring.set_password(*_KEYRING, found)
            # Whoever was faster has the say.
            found = keyring.get_password(*_KEYRING) or found
    return found


@contextmanager
def _asking_keyring() -> Iterator[ModuleType]:
    """Give the library that knows the system's keyring, and say what to do where there is none."""
    try:
        import keyring
        from keyring.backends.null import Keyring as KeepsNothing
        from keyring.errors import KeyringError
    except ImportError:  # of the one that was chosen
        raise _no_keyring() from None
    try:
        if isinstance(keyring.get_keyring(), KeepsNothing):
            raise KeyringError
        yield keyring
    except KeyringError:
        raise _no_keyring() from None


def _no_keyring() -> SealError:
    said = _(
        "This computer has no keyring to keep the records' key in: set {variable} to what "
        "`posture records key` prints, and keep a copy of it in a safe place."
    )
    return SealError(said.format(variable=KEY_VARIABLE))


def _bytes(key: str) -> bytes:
    try:
        found = base64.urlsafe_b64decode(key.strip().encode())
    except (ValueError, binascii.Error):
        found = b""
    if len(found) != _KEY_BYTES:
        raise SealError(
            _("{variable} holds no key: set it to what `posture records key` prints.").format(
                variable=KEY_VARIABLE
            )
        )
    return found
