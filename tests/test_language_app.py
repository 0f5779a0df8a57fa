"""The app in other languages: who hears which, and that nothing on any page stays in English."""

import re
from collections.abc import Iterator
from dataclasses import replace
from gettext import NullTranslations
from pathlib import Path

import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from app_pages import desk, measuring
from app_pages.photos import Upload
from posture import Assessment, Corrections, Mark, first_look, language, notes
from posture.language import current
from posture.markers import Sticker
from posture.records import people, vault, visits
from posture.records.kept import Facts
from posture.tilt import Vertical
from tests.factory import make_assessment, make_refused
from tests.kept import make_visit

ROOT = Path(__file__).parents[1]

#: What is shown and is no word: names, commands, and what a photo or a person is called here.
NAMES = {
    *("English", "Deutsch", "Español", "Posture"),
    *("jpg", "json", "csv", "pdf", "svg", "png", "study", "standing_flat_back", "front", "notes"),
    *("Ann", "Grüße", "sore", "of", "visit", "Notes", "free", "Massage", "exercise"),
    *("cm", "deg", "px"),
}
#: Fields of Streamlit's messages that people see or hear.
SHOWN = {
    *("label", "body", "help", "placeholder", "alt", "text", "caption", "options", "captions"),
    *("delta", "title", "content", "display", "header", "page_label", "value", "error_label"),
}


class Pseudo(NullTranslations):
    """A language in which each text is itself in brackets, so that what is not said in it shows."""

    def gettext(self, message: str) -> str:
        """Return the text in brackets."""
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form for a number in brackets."""
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let German be the language in brackets."""
    english = language._catalogue("en")
    monkeypatch.setattr(language, "_catalogue", lambda code: Pseudo() if code == "de" else english)


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep records of their own, and none afterwards."""
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    monkeypatch.setenv("POSTURE_RECORDS_KEY", vault.new_key())
    desk.records.clear()
    yield
    desk.records.clear()


def opened(monkeypatch: pytest.MonkeyPatch, locale: str = "de-AT", **query: str) -> AppTest:
    """Return the app as a browser of that language opens it."""
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
    app.context["locale"] = locale
    app.query_params.update(query)
    return app.run()


def sample(name: str) -> Upload:
    """Return a sample photo as a visitor's file."""
    return Upload.of(name, (ROOT / "samples" / name).read_bytes())


def seen(message: Message) -> Iterator[str]:
    """Yield what people see of a message of Streamlit's."""
    for field, value in message.ListFields():
        several = value if field.is_repeated else [value]
        for one in several:
            if field.type == FieldDescriptor.TYPE_MESSAGE:
                if hasattr(one, "ListFields"):
                    yield from seen(one)
            elif field.type == FieldDescriptor.TYPE_STRING and field.name in SHOWN:
                yield one


def said(app: AppTest) -> list[str]:
    """Return everything that a page says."""
    assert not app.exception
    texts: list[str] = []
    for element in [*app.main, *app.sidebar]:
        if getattr(element, "proto", None) is not None:
            texts += seen(element.proto)
    for table in app.table:
        texts += [str(cell) for row in table.value.to_numpy() for cell in row]
        texts += map(str, table.value.columns)
    return texts


def left_out(text: str) -> set[str]:
    """Return the words of a text that stand outside of all brackets and are no names."""
    if text.startswith(("<", "data:", "{")):
        return set()
    bare = re.sub(r":material/\w+:|⟦[^⟦⟧]*⟧", " ", text)
    while "⟦" in bare:
        shorter = re.sub(r"⟦[^⟦⟧]*⟧", " ", bare)
        assert shorter != bare, text
        bare = shorter
    return set(re.findall(r"[^\W\d]{2,}", bare.replace("\\", ""))) - NAMES


def all_said(app: AppTest) -> None:
    """Hold that every word on a page is said in the visitor's language."""
    texts = said(app)
    assert {text: words for text in texts if (words := left_out(text))} == {}
    assert sum("⟦" in text for text in texts) > 3


def press(app: AppTest, label: str) -> AppTest:
    """Press the button of that English name."""
    return next(b for b in app.button if label in b.label).click().run()


def show(app: AppTest, monkeypatch: pytest.MonkeyPatch, *found: Assessment) -> AppTest:
    """Show assessments made by hand, as if photos had led to them."""
    given = iter(found)
    monkeypatch.setattr(first_look, "find_people", lambda *_: ())
    for where in (measuring, first_look):
        monkeypatch.setattr(where, "assess", lambda *_, **__: next(given))
    files = [sample("standing_flat_back.jpg"), sample("front.jpg")][: len(found)]
    app.session_state["uploads"] = files
    app.session_state["arrived"] = [file.key for file in files]
    return app.run()


RICH = replace(
    make_assessment(vertical=Vertical(2.1, 0.2, True), photo_name="standing_flat_back.jpg"),
    notes=(notes.PART_UNSEEN["feet"], notes.distance_not_used(250, 171.5), notes.tipped(1.0)),
)


@pytest.mark.usefixtures("pseudo", "records")
def test_the_first_page_says_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it opens, with a sample measured, and in the dialog that asks for a photo."""
    app = opened(monkeypatch)
    all_said(app)
    all_said(press(app, "Measure a photo"))
    app.button_group[0].set_value("Camera")
    all_said(press(app, "Measure a photo"))


@pytest.mark.usefixtures("pseudo", "records")
@pytest.mark.parametrize(
    "found",
    [
        (RICH,),
        (make_assessment(tilt_deg=None, curve_deg=None, reason="loose_clothing"),),
        (make_assessment(unseen=("ear", "ankle", "heel", "foot_index")), make_refused()),
        (make_refused("no_person"),),
    ],
)
def test_what_came_of_photos_is_said(
    monkeypatch: pytest.MonkeyPatch, found: tuple[Assessment, ...]
) -> None:
    """Measured, in part or refused, one or several: numbers, reasons, notes, tables, downloads."""
    all_said(show(opened(monkeypatch), monkeypatch, *found))


@pytest.mark.usefixtures("pseudo", "records")
def test_files_that_make_trouble_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be read, what was there already, and what was too much."""
    app = opened(monkeypatch)
    app.session_state["uploads"] = [Upload.of("notes.jpg", b"milk")]
    app.session_state["left_out"] = ["front.jpg"]
    app.session_state["twins"] = [("front.jpg", "notes.jpg")]
    all_said(app.run())
    assert any("has the ending of a photo" in error.value for error in app.error)


@pytest.mark.usefixtures("pseudo", "records")
def test_the_editor_and_the_stickers_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what the editor itself says in the browser."""
    stickers = (
        Sticker(300.0, 400.0, 1.0, 10.0, ("psis",), True),
        Sticker(320.0, 300.0, 1.0, 10.0, ("t12", "l1"), False),
    )
    app = opened(monkeypatch)
    found = replace(RICH, stickers=stickers)
    show(app, monkeypatch, *[found] * 2)
    for where in (measuring, first_look):
        monkeypatch.setattr(where, "assess", lambda *_, **__: found)
    all_said(press(app, "Look for stickers"))
    assert any("Stickers on the skin" in text for text in said(app))
    told = Corrections({"asis": Mark(310.0, 400.0), "psis": Mark(250.0, 390.0, "sticker")})
    app.session_state[f"told_{sample('standing_flat_back.jpg').key}"] = told
    all_said(press(app.run(), "Correct the points"))


@pytest.mark.usefixtures("pseudo")
def test_the_editor_says_every_word_in_brackets() -> None:
    """It holds no text of its own: each comes from here."""
    from app_pages.editor.words import words
    from app_pages.palpation import PALPATION
    from app_pages.palpation import said as found

    with language.using("de"):
        texts = {**words()}
        assert texts.pop("decimal_sign") == ","
        assert all(text.startswith("⟦") for text in texts.values())
        for name in PALPATION:
            words_of = found(name)
            assert all(t.startswith("⟦") for t in (words_of.label, words_of.spoken, words_of.how))
    scripts = "\n".join(f.read_text("utf-8") for f in (ROOT / "app_pages/editor").glob("*.js"))
    used = set(re.findall(r'said\("(\w+)"', scripts))
    assert used <= {*texts, "decimal_sign"}
    code = re.sub(r"//.*", "", scripts)
    assert re.findall(r'(?:"|`)[A-Z][a-z]+ [^"`$<]*[a-z]{3}', code) == []


@pytest.mark.usefixtures("pseudo", "records")
@pytest.mark.parametrize("page", ["how_it_works", "people", "compare", "study"])
def test_the_other_pages_say_everything(monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    """As they open."""
    app = opened(monkeypatch)
    all_said(app.switch_page(f"app_pages/{page}.py").run())


@pytest.mark.usefixtures("pseudo", "records")
def test_people_and_visits_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list, a person with what changed, a visit, and two visits compared."""
    access = desk.records().local()
    person = people.add(access, Facts("Ann", "7", 171.0))
    shown = [make_visit(person, number, tilt_deg=9.0 + 12 * number) for number in (0, 1)]
    for visit in shown:
        visits.save(access, visit)
    app = opened(monkeypatch)
    all_said(app.switch_page("app_pages/people.py").run())
    for page, query in (
        ("people", {"person": person}),
        ("people", {"visit": shown[0].id}),
        ("compare", {"before": shown[0].id, "after": shown[1].id}),
    ):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
        app.context["locale"] = "de"
        app.switch_page(f"app_pages/{page}.py")
        app.query_params.update(query)
        all_said(app.run())


@pytest.mark.parametrize(
    ("locale", "query", "code"),
    [
        ("de-AT", {}, "de"),
        ("es", {}, "es"),
        ("fr-FR", {}, "en"),
        ("de", {"lang": "es"}, "es"),
        ("de", {"lang": "xx"}, "de"),
    ],
)
def test_the_browser_or_the_address_says_the_language(
    monkeypatch: pytest.MonkeyPatch, locale: str, query: dict[str, str], code: str
) -> None:
    """The address goes first; a language that is not spoken here is English or the browser's."""
    app = opened(monkeypatch, locale, **query)
    title = {"en": "Hips and low back", "de": "Becken und unterer", "es": "Pelvis y zona lumbar"}
    assert app.title[0].value.startswith(title[code])
    assert app.selectbox(key="chosen_language").value == code
    assert current() == "en"


def test_a_chosen_language_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands in the address, on other pages too, and the photo that is shown stays."""
    app = opened(monkeypatch, "de")
    app.selectbox[0].select("front.jpg").run()
    app.selectbox(key="chosen_language").select("es").run()
    assert app.query_params["lang"] == "es"
    assert app.selectbox[0].value == "front.jpg"
    assert "La persona no se ve de lado." in app.warning[0].value
    app.query_params.clear()  # as going to another page does
    app.switch_page("app_pages/how_it_works.py").run()
    assert app.title[0].value == "Cómo funciona"
    assert app.query_params["lang"] == "es"


def test_visitors_at_one_server_have_each_their_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """One who comes between changes nothing for another."""
    german, spanish = opened(monkeypatch, "de"), opened(monkeypatch, "es")
    assert german.run().title[0].value.startswith("Becken")
    assert spanish.run().title[0].value.startswith("Pelvis")


def test_dialogs_and_what_buttons_call_speak_it_too() -> None:
    """They run without the page: in a part of it alone, or before it."""

    def page() -> None:
        import streamlit as st

        from app_pages import tongue
        from posture.language import gettext as _

        def called() -> None:
            st.session_state["said"] = _("Language")

        @st.fragment
        def part() -> None:
            st.button("Call", on_click=called)
            st.caption(_("Language"))

        if "started" not in st.session_state:
            tongue.speak()
            st.session_state["started"] = True
        part()

    app = AppTest.from_function(page)
    app.context["locale"] = "es"
    app.run()
    app.button[0].click().run()
    assert app.session_state["said"] == "Idioma"
    assert app.caption[0].value == "Idioma"


def test_what_could_not_be_read_is_said_anew_in_another_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its sentence was kept in the language of then."""
    app = opened(monkeypatch, "de")
    app.session_state["uploads"] = [Upload.of("notes.jpg", b"milk")]
    app.run()
    assert "das gelesen werden kann" in app.error[0].value
    app.selectbox(key="chosen_language").select("es").run()
    assert "ninguna que se pueda leer" in app.error[0].value
