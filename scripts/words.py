"""Brings the catalogues of words up to date with the code: `python scripts/words.py`.

What is new stands there without a translation, and what is gone goes; a translation is kept as long
as its text stays the same to the letter. `tests/test_language.py` names what lacks one.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

from babel.messages import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).parents[1]
CATALOGUES: Final = ROOT / "posture" / "locale"

#: What stands around a text that is translated.
KEYWORDS: Final = {"_": None, "N_": None, "gettext": None, "mark": None, "ngettext": (1, 2)}

# Without dates, which would differ at each run.
_HEADER: Final = """{comment}msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def sources() -> list[Path]:
    """Return the files whose texts people read, in order."""
    folders = (ROOT / "posture", ROOT / "app_pages")
    return [ROOT / "app.py", *sorted(file for each in folders for file in each.rglob("*.py"))]


def extracted() -> Catalog:
    """Return every text in the code, with the files that it stands in."""
    template = Catalog()
    for file in sources():
        where = file.relative_to(ROOT).as_posix()
        for found in extract_from_file("python", file, keywords=KEYWORDS):
            template.add(found[1], locations=[(where, 0)])
    return template


def read(file: Path) -> Catalog:
    """Return a catalogue as it is."""
    with file.open("rb") as source:
        return read_po(source, locale=file.stem)


def update(file: Path, template: Catalog) -> int:
    """Bring one catalogue up to date, and return how many of its texts lack a translation."""
    catalogue = read(file)
    catalogue.update(template, no_fuzzy_matching=True)
    body = io.BytesIO()
    write_po(
        body,
        catalogue,
        width=100,
        omit_header=True,
        ignore_obsolete=True,
        include_lineno=False,
        sort_by_file=True,
    )
    comment = "".join(f"{line}\n" for line in catalogue.header_comment.splitlines())
    header = _HEADER.format(comment=comment, language=file.stem, plurals=catalogue.plural_forms)
    file.write_text(header + body.getvalue().decode().strip() + "\n", encoding="utf-8")
    return sum(not is_complete(message.string) for message in catalogue if message.id)


def is_complete(said: str | tuple[str, ...] | list[str] | None) -> bool:
    """Tell whether a text is translated, in all its plural forms."""
    return all(said) if isinstance(said, tuple | list) else bool(said)


def main() -> None:
    """Update every catalogue, and print what it lacks."""
    template = extracted()
    for file in sorted(CATALOGUES.glob("*.po")):
        lacking = update(file, template)
        print(f"{file.relative_to(ROOT)}: {len(template)} texts, {lacking} to be translated")


if __name__ == "__main__":
    main()
