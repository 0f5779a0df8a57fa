"""Finds out whom each photo shows, who took it and when: from names, or from a table.

A name says it as in ``anna_r1_s2.jpg``: the person; r and a number for the rater, who took the
photo; s and a number for the session. What follows is ignored (``anna_r1_s2_again.jpg``). Folders
count as parts of the name (``anna/r1/s2/IMG_0001.jpg``) where the file's own does not say all.
Spaces, dots and hyphens do as well as underscores; capitals make no difference. If one rater took
all photos, or there was one session, r or s can be left out (``anna_s2.jpg``).

A table has a row for each photo, with the columns photo, person, rater and session. It opens no
photo.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Final

from posture.errors import StudyError
from posture.language import gettext as _
from posture.study.figures import Taken

#: The columns of a table, in their usual order.
COLUMNS: Final = ("photo", "person", "rater", "session")

_BETWEEN: Final = re.compile(r"[\s_.\-/]+")
_RATER: Final = re.compile(r"r(?:ater)?0*(\d+)")
_SESSION: Final = re.compile(r"s(?:ession)?0*(\d+)")
_ONLY_RATER: Final = "r1"
_ONLY_SESSION: Final = "s1"
_DELIMITERS: Final = ",;\t"


def taken(person: str, rater: str = "", session: str = "") -> Taken:
    """Return whom a photo shows, in labels that are alike however they were typed.

    Raises
    ------
    StudyError
        If the person is empty.
    """
    texts = (" ".join(_plain(label).split()) for label in (person, rater, session))
    labels = ["".join(filter(str.isprintable, text)) for text in texts]
    if not labels[0]:
        raise StudyError(_("A photo needs a person: say whom it shows."))
    return Taken(labels[0], labels[1] or _ONLY_RATER, labels[2] or _ONLY_SESSION)


def guess(name: str) -> Taken | None:
    """Return what a photo's name says, with its folders if it has any; None if it says too little.

    Examples
    --------
    >>> guess("Anna_r1_s2.jpg")
    Taken(person='anna', rater='r1', session='s2')
    >>> guess("anna/r2/s1/IMG_0001.jpg")
    Taken(person='anna', rater='r2', session='s1')
    >>> guess("IMG_0001.jpg")
    """
    path = PurePosixPath(name.replace("\\", "/"))
    if not path.name:  # such as "." or "/"
        return None
    whole = path.with_suffix("").as_posix()
    texts = (path.stem, whole)
    guesses = [_said(text, whole_wanted) for whole_wanted in (True, False) for text in texts]
    return next((found for found in guesses if found is not None), None)


def whose(*names: str, table: Mapping[str, Taken] | None = None) -> Taken:
    """Return whom a photo shows, by the first of its names that says it.

    Parameters
    ----------
    *names : str
        What the photo is called, for example with and without its folders.
    table : mapping of str to Taken, optional
        What `read_table` returned; where there is one, names say nothing by themselves.

    Raises
    ------
    StudyError
        If none says it.
    """
    for name in names:
        found = guess(name) if table is None else table.get(_plain(name))
        if found is not None:
            return found
    if table is not None:
        raise StudyError(
            _("The table says nothing of {photo}: add a row for it, or take it out.").format(
                photo=names[0]
            )
        )
    raise StudyError(
        _(
            "The name of {photo} does not say whom it shows: name it as in anna_r1_s2.jpg "
            "(person, rater, session), or give a table."
        ).format(photo=names[0])
    )


def read_table(data: bytes, file: str) -> dict[str, Taken]:
    """Return what a table says of each photo, by name as `whose` looks for it.

    Parameters
    ----------
    data : bytes
        Comma-separated values, or separated by semicolons or tabs, with the columns photo, person,
        rater and session; of the last two, one that is missing or empty is the same for all.
    file : str
        Its name, for the sentence that says what is wrong.

    Raises
    ------
    StudyError
        If it is none, or a photo is in it twice.
    """
    try:
        lines = data.decode("utf-8-sig").splitlines()
        head = lines[0] if lines else ""
        delimiter = max(_DELIMITERS, key=head.count)
        reader = csv.DictReader(lines, delimiter=delimiter, strict=True)
        rows = [(reader.line_num, row) for row in reader]
        heads = reader.fieldnames or ()
    except (UnicodeDecodeError, csv.Error) as error:
        raise StudyError(
            _("{file} cannot be read as a table: save it as CSV in UTF-8.").format(file=file)
        ) from error
    columns = {_plain(name).strip(): name for name in heads}
    for needed in COLUMNS[:2]:
        if needed not in columns:
            raise StudyError(
                _(
                    "{file} has no column {column}: its first line has to be "
                    "photo,person,rater,session."
                ).format(file=file, column=needed)
            )
    found: dict[str, Taken] = {}
    for number, row in rows:
        photo, *labels = ((row.get(columns.get(name, ""), "") or "").strip() for name in COLUMNS)
        if not photo and not any(labels):
            continue
        if not photo or not labels[0]:
            raise StudyError(
                _("Row {row} of {file} has no photo or no person: fill it in.").format(
                    row=number, file=file
                )
            )
        if _plain(photo) in found:
            raise StudyError(
                _("{file} has {photo} twice: leave out one of both rows.").format(
                    file=file, photo=photo
                )
            )
        found[_plain(photo)] = taken(*labels)
    return found


def missing(table: Mapping[str, Taken], names: Iterable[str]) -> list[str]:
    """Return what a table names that is none of some photos."""
    there = {_plain(name) for name in names}
    return [name for name in table if name not in there]


def natural(label: str) -> list[tuple[int, str]]:
    """Return by what labels and names are sorted: r2 before r10."""
    parts = re.split(r"(\d+)", label)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def _plain(text: str) -> str:
    """Return a text as it is compared: one spelling of accents and slashes, no capitals."""
    return unicodedata.normalize("NFC", text).casefold().replace("\\", "/")


def _said(text: str, whole_wanted: bool) -> Taken | None:
    """Return what a name says: rater and session too, or one of both of a person of one word."""
    words = [word for word in _BETWEEN.split(_plain(text)) if word]
    raters = [(at, m[1]) for at, word in enumerate(words) if (m := _RATER.fullmatch(word))]
    sessions = [(at, m[1]) for at, word in enumerate(words) if (m := _SESSION.fullmatch(word))]
    first = min((at for at, _number in (*raters[:1], *sessions[:1])), default=0)
    whole = bool(raters and sessions)
    if first == 0 or whole != whole_wanted or (first > 1 and not whole):
        return None
    return Taken(
        " ".join(words[:first]),
        f"r{raters[0][1]}" if raters else _ONLY_RATER,
        f"s{sessions[0][1]}" if sessions else _ONLY_SESSION,
    )
