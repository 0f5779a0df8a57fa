"""Sets a report as PDF; it says nothing itself, and reads no font and no file but its own."""

from __future__ import annotations

import json
import re
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from posture.errors import ReportError
from posture.language import gettext as _
from posture.overlay import to_svg
from posture.report import letters, logo, page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import typst

    from posture.report.content import Report

_TEMPLATE: Final = Path(__file__).parent / "report.typ"
# ISO 14289-1, for readers who do not see. It asks for every character to be in a font.
_ACCESSIBLE: Final = "ua-1"
_PROBE: Final = b'#set document(title: "-")\n#sys.inputs.letters'
_LACKING: Final = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")


def to_pdf(report: Report) -> bytes:
    """Set a report as PDF, in the language in use.

    Parameters
    ----------
    report : Report
        What is handed over.

    Returns
    -------
    bytes
        A PDF file, tagged as PDF/UA-1 asks for, of one or two pages where the notes are short.
        The same report gives the same bytes.

    Raises
    ------
    ReportError
        If the logo cannot be read, or if what sets the page is not installed.
    ValueError
        If the report has no picture.

    Notes
    -----
    The fonts are those within typst. What they lack, such as Chinese characters and emoji, is shown
    as a square, and the page says so.
    """
    if not report.pictures:
        raise ValueError("A report needs one picture at least.")
    _installed()
    photo, assessment = page.shown(report)
    told = page.to_dict(report)
    inputs = {
        "page": _as_json(told),
        "picture": to_svg(assessment, photo) if told["picture"]["there"] else "",
        "logo": "" if report.logo is None else logo.as_svg(report.logo),
    }
    at = report.at
    return _set(inputs, at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at)


def _set(inputs: Mapping[str, str], at: datetime | None) -> bytes:
    import typst

    time = None if at is None else at.astimezone(UTC).replace(microsecond=0)

    def set_as(*standards: typst.PDFStandard) -> bytes:
        return typst.compile(
            _TEMPLATE,
            root=_TEMPLATE.parent,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs=dict(inputs),
            pdf_standards=list(standards),
            timestamp=time,
        )

    try:
        return set_as(_ACCESSIBLE)
    except typst.TypstError:
        # Most likely a logo whose letters no font has: it is tagged all the same.
        try:
            return set_as()
        except typst.TypstError as error:
            if inputs["logo"]:
                raise logo.unreadable() from error
            raise ReportError(_("The report could not be set: reinstall posture.")) from error


def _as_json(told: dict[str, Any]) -> str:
    """Return what is told, with squares for what the fonts lack and a word about them if any."""
    text = json.dumps(told, ensure_ascii=False)
    lacking = _lacking(letters.unusual(text))
    return letters.without(text, lacking) if lacking else json.dumps(told | {"lacking": ""})


def _lacking(characters: frozenset[str]) -> frozenset[str]:
    """Return which of some characters are in none of the fonts."""
    import typst

    if not characters:
        return frozenset()
    try:
        typst.compile(
            _PROBE,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"letters": "\n".join(sorted(characters))},
            pdf_standards=[_ACCESSIBLE],
        )
    except typst.TypstError as error:
        told = "".join(_LACKING.findall(error.diagnostic))
        return characters.intersection(_ESCAPED.sub(lambda code: chr(int(code[1], 16)), told))
    return frozenset()


@cache
def _fonts() -> typst.Fonts:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def _installed() -> None:
    try:
        import typst  # noqa: F401
    except ImportError as error:
        raise ReportError(
            _("Reports need the package typst: install posture with the extra 'report'.")
        ) from error
