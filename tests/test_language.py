"""What is said in each language: that nothing is left in English, and who hears which."""

import ast
import re
import threading
from collections.abc import Iterator
from contextvars import Context
from pathlib import Path
from string import Formatter

import pytest
from babel.messages import Catalog, Message

from posture import Measurement, PhotoError, language, notes, photo, wording
from posture.export import to_json
from posture.language import (
    LANGUAGES,
    closest,
    current,
    either,
    kept,
    number,
    of_environment,
    using,
)
from posture.quantities import PELVIC_TILT
from posture.reasons import explain
from scripts import words
from tests.factory import make_assessment, make_refused

ROOT = Path(__file__).parents[1]
TRANSLATED = tuple(code for code in LANGUAGES if code != "en")

#: What is prose in the code and yet not said in each language, with the reason.
IN_ENGLISH = {
    # Names
    *("Posture", "Python", "English", "Deutsch", "Helvetica, Arial, sans-serif"),
    # For whoever runs the program, in its log or as a mistake in its code
    *(
        "A page failed",
        "A photo could not be measured",
        "A live picture could not be measured",
        "Log in first.",
    ),
    # Pages and statements in other languages: of the browser, of the database
    *(
        "READ COMMITTED",
        "REPEATABLE READ",
        "BEGIN IMMEDIATE",
        "draft_of IS NOT NULL",
        'VACUUM FULL "',
    ),
    # What other programs say, to be recognised
    *("no space", "unable to open", "disk i/o", "not a database", "Type", "Cc", "Cs"),
    'the text `"(.+?)"` could not be displayed',
    # Commands to type
    *("pip install '", "pip uninstall ", "pip install ", "apt-get install "),
    # What other programs read: pictures in an archive, motions, FHIR, a measurement as text
    *("Posture: photo with measured lines", "Lines and numbers drawn over a photo by "),
    ": each row is a photo, not a moment of a movement.",
    *("from the outline", "from marked points", "% of stature"),
    *("Bundle", "Device", "Observation", "Patient", "Encounter"),
    # Codes, which are said elsewhere
    *("not distinguishable", "not comparable", "Files", "Camera"),
}
#: Those whose prose is code of another kind: types by name, or drawing instructions.
NOT_PROSE = {"posture/__init__.py", "posture/records/form.py", "posture/study/plots.py"}
SAYS = {"_", "N_", "gettext", "mark", "ngettext"}
#: Whose arguments nobody reads in the app: types, the program's own mistakes, help in a terminal,
#: SQL.
ASIDE = {
    *("cast", "TypeVar", "ValueError", "TypeError", "Typer", "Option", "Argument", "component"),
    "execute",
}


def catalogue(code: str) -> Catalog:
    """Return a language's catalogue."""
    return words.read(words.CATALOGUES / f"{code}.po")


def texts(code: str) -> list[Message]:
    """Return every text of a language."""
    return [message for message in catalogue(code) if message.id]


def fields(text: str) -> set[str]:
    """Name the places for values in a text."""
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def forms(said: object) -> tuple[str, ...]:
    """Return a text in all its plural forms."""
    return tuple(said) if isinstance(said, list | tuple) else (str(said),)


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_is_translated(code: str) -> None:
    """None lacks a translation, is doubtful, or is not in the code any more: see `make words`."""
    known = {
        message.id if isinstance(message.id, str) else message.id[0] for message in texts(code)
    }
    wanted = {m.id if isinstance(m.id, str) else m.id[0] for m in words.extracted() if m.id}
    assert wanted == known
    assert [m.id for m in texts(code) if not words.is_complete(m.string)] == []
    assert [m.id for m in texts(code) if m.fuzzy] == []
    assert not catalogue(code).obsolete


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_hold_the_same_values_and_marks(code: str) -> None:
    """Places for values, commands, emphasis and the end of a sentence are those of the original."""
    for message in texts(code):
        originals, translations = forms(message.id), forms(message.string)
        assert len(translations) == (
            1 if isinstance(message.id, str) else catalogue(code).num_plurals
        )
        for said in translations:
            original = originals[-1]
            assert fields(said) == fields(original), said
            assert re.findall(r"`[^`]*`", said) == re.findall(r"`[^`]*`", original), said
            assert said.count("**") == original.count("**"), said
            assert said.endswith((".", "…", "?")) == original.endswith((".", "…", "?")), said
            assert said == said.strip()


def test_updating_the_words_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `make words` wrote, it writes again, with neither dates nor paths of a machine."""
    monkeypatch.setattr(words, "CATALOGUES", tmp_path)
    for code in TRANSLATED:
        copy = tmp_path / f"{code}.po"
        copy.write_bytes((ROOT / "posture" / "locale" / copy.name).read_bytes())
        assert words.update(copy, words.extracted()) == 0
        once = copy.read_text("utf-8")
        words.update(copy, words.extracted())
        assert copy.read_text("utf-8") == once
        assert "Creation-Date" not in once
        assert "Revision-Date" not in once
        assert str(ROOT) not in once


def unsaid(source: str) -> Iterator[str]:
    """Yield the texts in code that people could read and that no call of `_` stands around."""
    tree = ast.parse(source)
    aside = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            if name in SAYS | ASIDE:
                aside |= {part for part in ast.walk(node) if isinstance(part, ast.Constant)}
        elif isinstance(node, ast.AnnAssign | ast.arg) and node.annotation is not None:
            aside |= {part for part in ast.walk(node.annotation) if isinstance(part, ast.Constant)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in aside:
            several_words = re.search(r"[^\W\d_]{2,}[,;:.]? +[^\W\d_(]", node.value)
            one_word = re.fullmatch(r"[A-Z][a-z]+[.:…]?", node.value)
            technical = re.search(
                r"[<>=\[\]]|^#|: rgb|PRAGMA|SELECT|INSERT|CREATE TABLE|^bold|^offset|^axes",
                node.value,
            )
            if (several_words or one_word) and not technical:
                yield node.value


def test_the_search_for_unsaid_texts_sees_them() -> None:
    """In calls, joined texts and tables; not in docstrings, marked texts and other code."""
    source = '''"""Says it."""
import streamlit as st
st.button("Press me", help=f"Not {1} of these")
TABLE = {"key": "Hello"}
st.caption(_("Said"), **{"label": N_("Said too")})
cast("dict[str, Any]", 1)
'''
    assert sorted(unsaid(source)) == [" of these", "Hello", "Press me"]


@pytest.mark.parametrize("file", [file.relative_to(ROOT).as_posix() for file in words.sources()])
def test_no_text_is_left_out(file: str) -> None:
    """Everything in the code that looks like words for people is marked for translation."""
    if file in NOT_PROSE:
        return
    left = set(unsaid((ROOT / file).read_text("utf-8"))) - IN_ENGLISH
    assert left == set()


def test_a_thread_speaks_the_language_that_it_was_given() -> None:
    """A deferred download runs in another thread, which else would speak English."""
    heard: list[str] = []
    with using("de"):
        speaks = kept(lambda: heard.append(current()))
        plain = threading.Thread(target=lambda: heard.append(current()))
        deferred = threading.Thread(target=speaks)
        for thread in (plain, deferred):
            thread.start()
            thread.join()
    assert heard == ["en", "de"]
    assert current() == "en"


def test_who_is_asked_says_the_language_unless_one_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first that knows; a language in use goes before all of them."""
    monkeypatch.setattr(language, "_ASKED", [])
    language.ask(lambda: None)
    language.ask(lambda: "es")

    def look() -> None:
        assert language.gettext("Language") == "Idioma"
        with using("de"):
            assert language.gettext("Language") == "Sprache"

    # Where nobody has used one: a command that ran in this process has.
    Context().run(look)


def test_there_is_no_other_language() -> None:
    """The sentence names those that there are."""
    with pytest.raises(ValueError, match="'fr': choose one of en, de, es"):
        language.use("fr")


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({}, "en"),
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "de_DE", "LC_ALL": "es_ES.UTF-8"}, "es"),
        ({"LANG": "de_DE", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANGUAGE": "fr:es:de", "LANG": "de_DE"}, "es"),
        ({"LANGUAGE": "", "LC_MESSAGES": "es"}, "es"),
        ({"LANG": "desk"}, "en"),
    ],
)
def test_the_environment_says_the_language(environment: dict[str, str], code: str) -> None:
    """In the order in which gettext looks; what is not spoken here is English."""
    assert of_environment(environment) == code


def test_tags_of_browsers_are_understood() -> None:
    """With a region or without, in any case; None for a language that is not spoken."""
    assert [closest(tag) for tag in ("de", "de-CH", "ES-419", "en-GB", "fr", "", None)] == [
        *("de", "de", "es", "en"),
        *(None, None, None),
    ]


def test_numbers_are_written_as_each_language_writes_them() -> None:
    """A decimal comma; the same minus as ever, and none before zero."""
    assert [number(n, d) for n, d in ((-1.25, 1), (-0.04, 1), (12.0, 0))] == ["-1.2", "0.0", "12"]
    for code in TRANSLATED:
        with using(code):
            assert [number(n) for n in (-1.25, -0.04, 1234.5)] == ["-1,2", "0,0", "1234,5"]
            assert wording.short(Measurement(PELVIC_TILT, -5.25, -6.25, -4.25, "marked")) == (
                "-5,2° ± 1,0"
            )


NOTES = (
    *notes.PART_UNSEEN.values(),
    *(notes.NO_STICKERS, notes.NO_SEARCH, notes.PELVIS_LACKING, notes.LINE_LACKING),
    *(notes.BOTH_LACKING, notes.OTHER_VIEW, notes.BY_HAND),
    notes.sticker_unnamed(12.3, 45.6, ["t12", "l1"]),
    *(notes.tipped(size) for size in (-1.0, 1.0, -2.34, 2.34)),
    *(notes.line_not_used(33.3, stands=stands) for stands in (True, False)),
    notes.line_lays_down(-40.2),
    *(notes.distance_not_used(250.4, given) for given in (None, 171.5)),
    notes.distance_not_used_by_hand(60.2),
    "The file is animated: its first frame was used.",
)


@pytest.mark.parametrize("note", NOTES)
def test_a_note_is_said_in_the_language_of_who_reads_it(note: str) -> None:
    """It is kept in English with its numbers, which the translation holds too."""
    assert notes.said(note) == note
    for code in TRANSLATED:
        with using(code):
            said = notes.said(note)
        assert said != note
        digits = sorted(re.findall(r"\d+", note))
        assert sorted(re.findall(r"\d+", said)) == digits
        if "T12" in note:
            assert either_of(code) in said


def either_of(code: str) -> str:
    """Return two points as alternatives in a language."""
    with using(code):
        return either(["T12", "L1"])


def test_a_note_that_nobody_knows_is_said_as_it_is() -> None:
    """It may be of another version, from a file."""
    with using("de"):
        assert notes.said("Something else {odd}.") == "Something else {odd}."


def test_names_with_braces_are_shown_as_they_are() -> None:
    """A file's name is a value, and no text that holds values."""
    with using("de"), pytest.raises(PhotoError, match=r"\{0\}\{x\}\.jpg ist leer: Kopieren Sie"):
        photo.Photo.open(b"", name="{0}{x}.jpg")


def test_what_programs_read_is_the_same_in_every_language() -> None:
    """JSON holds English reasons and notes, numbers with a point, whoever asks for it."""
    for assessment in (make_assessment(reason="back_hidden", curve_deg=None), make_refused()):
        english = to_json(assessment)
        assert explain("back_hidden").message.startswith("The low back is hidden")
        for code in TRANSLATED:
            with using(code):
                assert to_json(assessment) == english


def test_the_pair_is_a_sentence_in_each_language() -> None:
    """German puts the verb of what is not known at the end, and of what is, second."""
    both = make_assessment(tilt_deg=9, curve_deg=40, half_interval=30)
    tilt, curve = both.pelvic_tilt, both.lumbar_curve
    with using("de"):
        assert wording.pair(tilt, curve) == (
            "Becken und unterer Rücken gemeinsam: Dieses Foto zeigt nicht sicher, ob das Becken "
            "nach vorn oder nach hinten kippt; der untere Rücken ist nach innen gewölbt."
        )
    with using("es"):
        assert wording.pair(tilt, curve) == (
            "Pelvis y zona lumbar juntas: esta foto no dice con certeza si la pelvis se "
            "inclina hacia delante o hacia atrás; la zona lumbar se hunde hacia dentro."
        )
