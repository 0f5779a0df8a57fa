"""The page to hand over: complete, selectable, tagged, and literal about what persons wrote."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast, get_args

import pypdf
import pytest
from pypdf.generic import ContentStream, DictionaryObject

from posture import Assessment, Photo, verdicts
from posture.change import Change, Hindrance, compare
from posture.language import using
from posture.quantities import LUMBAR_CURVE, OFFSETS_CM, PELVIC_TILT, QUANTITIES, Measurement
from posture.reasons import explain
from posture.report import page as told
from posture.report.content import Paper, Report
from posture.report.pdf import to_pdf
from posture.tilt import Vertical
from posture.verdicts import CHANGES
from posture.visit import Conditions, Stance, together
from posture.wording import label, pair

from .factory import make_assessment, make_photo, make_refused

AT = datetime(2026, 11, 28, 15, 30, tzinfo=UTC)
BEFORE = datetime(2026, 10, 17, 9, 0, tzinfo=UTC)
NOTES = "Sits for long at work.\n\nMassage of the gluteals, 20 minutes."


def measured(**given: Any) -> Assessment:
    """Return an assessment in which everything is measured."""
    whole = make_assessment(vertical=Vertical(2.1, 0.3, True), **given)
    every = {
        q.key: Measurement(q, 4.0, 1.0, 7.0, "outline", mdc95=2.5, relative=4.0) for q in QUANTITIES
    }
    angles = {
        key: dataclasses.replace(m, relative=m.value)
        for key, m in whole.measurements.items()
        if m.value is not None
    }
    return dataclasses.replace(whole, measurements=every | angles)


def make_report(*assessments: Assessment, photo: Photo | None = None, **given: Any) -> Report:
    """Return a report on photos of one stance, by default of one in which all is measured."""
    seen = assessments or (measured(),)
    told = {
        "person": "Anna Muster",
        "at": AT,
        "pictures": tuple((photo, assessment) for assessment in seen),
        "stance": together(seen, Conditions("clasped", "tight")),
        "notes": NOTES,
        "plan": "Bridge, 3 times 12.",
        "clinic": "Clinic by the Park",
    }
    return Report(**(told | given))


def read(report: Report) -> pypdf.PdfReader:
    """Return a report as a reader's program opens it."""
    return pypdf.PdfReader(io.BytesIO(to_pdf(report)))


def text_of(report: Report) -> str:
    """Return all text of a report as one line."""
    return " ".join(" ".join(page.extract_text() for page in read(report).pages).split())


def places(page: pypdf.PageObject) -> list[tuple[float, float, str]]:
    """Return where texts begin on a page, from its lower left, in points."""
    found: list[tuple[float, float, str]] = []

    def note(text: str, cm: list[float], tm: list[float], _font: Any, _size: float) -> None:
        if text.strip():
            found.append((cm[4] + tm[4], cm[5] - tm[5], text.strip()))

    page.extract_text(visitor_text=note)
    return found


def tags(node: Any) -> Iterator[DictionaryObject]:
    """Yield every element of a tree of tags."""
    node = node.get_object()
    if isinstance(node, DictionaryObject):
        if "/S" in node:
            yield node
        node = node.get("/K", [])
    if isinstance(node, list):
        for inside in node:
            yield from tags(inside)


def strokes(page: pypdf.PageObject, reader: pypdf.PdfReader) -> int:
    """Count the straight and curved lines that a page draws, also in what it draws as a whole."""
    streams: list[Any] = [page.get_contents()]
    forms = [cast("DictionaryObject", page["/Resources"])]
    while forms:
        drawn = forms.pop().get("/XObject", DictionaryObject())
        for form in (form.get_object() for form in drawn.get_object().values()):
            if form["/Subtype"] == "/Form":
                streams.append(form)
                forms.append(form.get("/Resources", DictionaryObject()).get_object())
    return sum(
        operator in (b"l", b"c")
        for stream in streams
        for _operands, operator in ContentStream(stream, reader).operations
    )


@pytest.mark.parametrize(
    ("paper", "points"), [("a4", (595.28, 841.89)), ("letter", (612.0, 792.0))]
)
def test_both_papers(paper: Paper, points: tuple[float, float]) -> None:
    """Every page has the size that was asked for, and there are two at most."""
    earlier = compare(measured(tilt_deg=3.0), measured())
    pages = read(make_report(paper=paper, changes=earlier, before_at=BEFORE)).pages
    assert len(pages) <= 2
    for page in pages:
        assert [float(n) for n in page.mediabox[2:]] == pytest.approx(points, abs=0.1)


def test_everything_stands_on_it_as_text() -> None:
    """Clinic, person, day, sentence, all measures, conditions, notes, plan, versions, pages."""
    report = make_report()
    text = text_of(report)
    for said in (
        *("Clinic by the Park", "Anna Muster", "28 Nov 2026", "Page 1 of 2", "Page 2 of 2"),
        pair(*(report.stance.measurements[k] for k in ("pelvic_tilt_deg", "lumbar_curve_deg"))),
        *("9° ± 14, direction uncertain", "5° posterior to 23° anterior", "33° ± 14 lordosis"),
        *("hands clasped loosely in front", "tight clothing", "the person looks to the right"),
        *("shown by upright lines in the room", "Camera turned by 2.1°", "Photos 1"),
        *("Sits for long at work.", "Massage of the gluteals, 20 minutes.", "Bridge, 3 times 12."),
        *("posture 0.1.0", "pose model by hand", "It makes no diagnosis"),
    ):
        assert said in text
    for quantity in QUANTITIES:
        assert f"{label(quantity)} " in text
    assert text.count("outline estimate") == 2 + 2 + len(QUANTITIES)
    assert "Change" not in text
    assert "cannot be printed" not in text


def test_what_nobody_told_is_left_out() -> None:
    """No heading stands over nothing."""
    report = make_report(person="", clinic="", notes="  \n", plan="", stance=together([measured()]))
    text = text_of(report)
    for heading in ("Notes", "Plan", "Change since", "Height"):
        assert heading not in text
    assert "Arms not noted" in text


def test_the_words_of_a_change() -> None:
    """Both angles in a sentence, every quantity in the table, each with its verdict."""
    changes = {
        **compare(measured(), measured()),
        PELVIC_TILT.key: Change(PELVIC_TILT, 12.0, 4.1, "changed"),
    }
    text = text_of(make_report(changes=changes, before_at=BEFORE))
    assert text.count("Change since 17 Oct 2026") == 2
    assert "Pelvic tilt: changed (12 degrees more anterior, least change 4.1)." in text
    assert "Pelvic tilt 12 degrees more anterior 4.1° changed" in text
    assert "Trunk lean no difference 2.5° not distinguishable from measurement noise" in text
    assert CHANGES in text
    unknown_day = text_of(make_report(changes=changes))
    assert unknown_day.count("Change since the earlier visit") == 2


@pytest.mark.parametrize("why", get_args(Hindrance))
def test_what_cannot_be_compared_says_why(why: Hindrance) -> None:
    """In the sentence and in the table."""
    change = Change(PELVIC_TILT, None, None, "not comparable", why)
    text = text_of(make_report(changes={PELVIC_TILT.key: change}))
    reason = verdicts.hindrance(change)
    assert f"Pelvic tilt: cannot be compared, since {reason}." in text
    assert f"cannot be compared: {reason}" in text


def test_a_refused_measure_says_why_and_what_to_do() -> None:
    """In the table a number points to the reason, which stands beneath once."""
    text = text_of(make_report(make_assessment(curve_deg=None)))
    reason = explain("back_hidden")
    assert "Lumbar curve not measured 1" in text.replace("not measured1", "not measured 1")
    assert text.count(f"{reason.message} {reason.advice}") == 2  # beside the picture, and beneath


@pytest.mark.parametrize("kept", [True, False], ids=["with its photo", "photo not kept"])
def test_a_refused_photo_is_one_page(kept: bool) -> None:
    """It says why and what to do next, and shows no number; notes stand there all the same."""
    refused = make_refused("not_standing")
    report = make_report(
        refused, photo=make_photo() if kept else None, changes=compare(measured(), refused)
    )
    text = text_of(report)
    reason = explain("not_standing")
    assert f"Nothing was measured {reason.message}" in text
    assert f"What to do next: {reason.advice}" in text
    assert "Change since" not in text
    assert "cannot be compared" not in text
    assert "Massage of the gluteals" in text
    assert "°" not in text
    assert "Page 1 of 1" in text
    assert [len(page.images) for page in read(report).pages] == [int(kept)]


def test_several_photos_are_one_set_of_numbers() -> None:
    """The page says whose numbers stand in the picture, and what was left out."""
    other_side = measured(tilt_deg=30.0, facing="left")
    seen = (make_refused(), other_side, measured(), measured(tilt_deg=11.0))
    text = text_of(make_report(*seen))
    assert "Photos 4, of which 2 were left out" in text
    assert "This is one of 4 photos, with its own numbers; the numbers on the page are of" in text
    assert "are of 2 of them." in text
    assert "10° ± 14" in text  # the mean
    assert "9° ± 14" in text  # in the picture, the first that was used
    assert "30°" not in text
    assert "are of all of them." in text_of(make_report(*seen[2:]))
    assert "All numbers on the page are of this one of 2 photos." in text_of(
        make_report(*seen[1:3])
    )


def test_what_only_some_photos_show_is_counted() -> None:
    """A mean of fewer photos than the others says of how many."""
    less = {"lumbar_curve_deg": Measurement.refused(LUMBAR_CURVE, "back_hidden")}
    part = dataclasses.replace(measured(), measurements=measured().measurements | less)
    text = text_of(make_report(measured(), part))
    assert text.count("outline estimate, 1 of 2 photos") == 2  # beside the picture, in the table
    assert "are of 2 of them at most, as the table says." in text
    tilt = {"pelvic_tilt_deg": Measurement.refused(PELVIC_TILT, "back_hidden")}
    every = make_report(
        *(
            dataclasses.replace(
                measured(),
                measurements={
                    key: Measurement.refused(m.quantity, "back_hidden") if key not in kept else m
                    for key, m in measured().measurements.items()
                },
            )
            for kept in (less, tilt)
        )
    )
    assert text_of(every).count("1 of 2 photos") == 4  # where no number is of all


def test_it_is_tagged_for_those_who_do_not_see() -> None:
    """PDF/UA-1: language, title, headings, tables with heads, and words for the picture."""
    reader = read(make_report(photo=make_photo()))
    root = cast("DictionaryObject", reader.trailer["/Root"])
    assert root["/MarkInfo"] == {"/Marked": True, "/Suspects": False}
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Hips and low back, Anna Muster, 28 Nov 2026"
    found = list(tags(root["/StructTreeRoot"]))
    kinds = [str(tag["/S"]) for tag in found]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == 5
    assert kinds.count("/Table") == 1
    assert kinds.count("/TH") == 5
    assert [tag["/Alt"] for tag in found if "/Alt" in tag] == [
        "Photo of a person from the side, with lines drawn over it: "
        "Pelvic tilt 9° ± 14, direction uncertain, Lumbar curve 33° ± 14 lordosis."
    ]


def test_lines_are_lines() -> None:
    """The photo is the one bitmap; without it there is none, and as much is drawn."""
    photo = make_photo()
    whole, alone = read(make_report(photo=photo)), read(make_report())
    assert [image.image.size for image in whole.pages[0].images if image.image] == [(600, 900)]
    assert sum(len(page.images) for page in alone.pages) == 0
    nothing = strokes(read(make_report(make_refused())).pages[0], alone)
    assert strokes(alone.pages[0], alone) > nothing + 200
    assert strokes(whole.pages[0], whole) > nothing + 200
    assert "Lumbar curve 33° ± 14 outline estimate" in " ".join(
        alone.pages[0].extract_text().split()
    )


@pytest.mark.parametrize(
    "hostile",
    [
        '#panic("no") #sys.version #{1+1}',
        "$x^2$ *b* _e_ `raw` <label> @ref",
        "\\ // not a comment /* nor */ [x] {y}",
        "= Heading\n- item\n+ item\n/ term: x",
        "\"straight\" 'quotes' -- --- ... ~ 1/2",
        "<b>&amp;</b> {page} {pages} %s {0}",
        '", "person": "somebody else',
        "</svg><script>alert(1)</script>",
        "Ελληνικά, кириллица, ž ő ł ß € ✓ →",
    ],
)
def test_what_persons_wrote_is_literal(hostile: str) -> None:
    """Whatever markup it has, in every place where something is written."""
    first = " ".join(hostile.split())
    text = text_of(make_report(notes=hostile, plan=hostile))
    assert text.count(first) == 2
    one_line = hostile.split("\n", 1)[0]
    text = text_of(make_report(notes="", plan="", person=one_line, clinic=one_line))
    assert text.count(one_line) >= 3


def test_lines_and_spaces_stay() -> None:
    """Each line begins anew, empty ones and indents are kept, whatever the line ends are."""
    written = "one\r\n  two\rthree\x0bfour\u2028five\n\n\tsix"
    pages = read(make_report(notes=written, plan="")).pages
    lines = "".join(page.extract_text() for page in pages).splitlines()
    at = lines.index("one")
    assert lines[at : at + 6] == ["one", "  two", "three", "four", "five", "    six"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("王小明 was here", "□□□ was here"),
        ("well 🙂 done 👍🏽 by 👨\u200d👩\u200d👧", "well □ done □ by □"),
        ("half \ud800 and \x00 and \x1b[31m", "half � and � and �[31m"),
        ("turned \u202eback", "turned �back"),
        ("private \U0010fffd", "private □"),
    ],
)
def test_what_no_font_has_is_told(written: str, shown: str) -> None:
    """A square stands for it, the page says so, and it stays tagged as PDF/UA-1."""
    report = make_report(notes=written)
    text = text_of(report)
    assert shown in text
    assert ("□ stands for a character that cannot be printed here." in text) == ("□" in shown)
    assert b"pdfuaid:part" in to_pdf(report)


def test_long_notes_flow_on() -> None:
    """No line is lost, every page is counted, and what follows follows."""
    lines = [f"Line {number} of the notes." for number in range(300)]
    report = make_report(notes="\n".join(lines), plan="word " * 3000 + "end of the plan")
    pages = read(report).pages
    assert len(pages) > 6
    text = text_of(report)
    assert all(line in text for line in lines)
    assert "end of the plan" in text
    assert f"Page {len(pages)} of {len(pages)}" in text
    assert text.index("end of the plan") < text.index("All measures")


@pytest.mark.parametrize("where", ["notes", "person", "clinic"])
def test_words_without_end_stay_on_the_page(where: str) -> None:
    """They are broken within the margins, and nothing of them is lost."""
    reader = read(make_report(**{where: "Ж" * 400}))
    margin = 50.0
    every = [place for page in reader.pages for place in places(page) if "Ж" in place[2]]
    assert "".join(text for _x, _y, text in every).count("Ж") >= 400
    assert max(x for x, _y, _text in every) < float(reader.pages[0].mediabox.right) - margin


def test_numbers_and_days_are_as_in_each_language() -> None:
    """German has a decimal comma; the file says its language."""
    change = Change(PELVIC_TILT, 12.5, 4.1, "changed")
    report = make_report(changes={PELVIC_TILT.key: change}, before_at=BEFORE)
    with using("de"):
        text, root = text_of(report), read(report).trailer["/Root"]
    assert "28.11.2026" in text
    assert "17.10.2026" in text
    assert "12,5" in text
    assert "2,1°" in text
    assert cast("DictionaryObject", root)["/Lang"] == "de"


def test_the_same_report_gives_the_same_bytes() -> None:
    """The day of the visit stands in it, and no other time."""
    report = make_report(photo=make_photo())
    assert to_pdf(report) == to_pdf(report)
    metadata = read(report).metadata
    assert metadata is not None
    assert metadata.creation_date == AT


@pytest.mark.parametrize("tz", [None, UTC])
def test_any_time_will_do(tz: Any) -> None:
    """With a time zone or without, to the microsecond."""
    at = datetime(2026, 11, 28, 1, 2, 3, 456789, tzinfo=tz)
    assert "28 Nov 2026" in text_of(make_report(at=at))


@pytest.mark.parametrize("wide", [True, False])
def test_wide_photos_have_room(wide: bool) -> None:
    """A photo wider than it is high leaves two pages too."""
    size = {"width": 1200, "height": 800} if wide else {"width": 500, "height": 1500}
    report = make_report(measured(**size), photo=make_photo(**size))
    assert len(read(report).pages) == 2


def test_a_report_of_nothing_is_no_report() -> None:
    """One picture at least, whose assessment tells what happened."""
    with pytest.raises(ValueError, match="one picture"):
        to_pdf(make_report(pictures=()))


def test_height_and_notes_on_reading_are_conditions() -> None:
    """What was told and what came of reading stand there."""
    one = dataclasses.replace(measured(), stature_cm=172.0, notes=("The head is outside.",))
    text = text_of(make_report(one, stance=_with_height(together([one]))))
    assert "Height 172 cm" in text
    assert "How it was read The head is outside." in text


def _cm(one: Assessment) -> Assessment:
    """Return an assessment with a height, and so with offsets in centimetres too."""
    offsets = {
        q.key: Measurement(q, 4.0, 1.0, 7.0, "outline", mdc95=2.5, relative=4.0) for q in OFFSETS_CM
    }
    return dataclasses.replace(one, stature_cm=172.0, measurements={**one.measurements, **offsets})


def test_offsets_in_centimetres_say_so() -> None:
    """In the names of both tables and in what offsets mean; without a height nothing does."""
    text = text_of(make_report(_cm(measured()), changes=compare(_cm(measured()), _cm(measured()))))
    assert text.count("Ear offset (cm)") == 2
    assert "in percent of standing height and in centimetres (cm)." in text
    without = text_of(make_report())
    assert "cm" not in without
    assert "in percent of standing height." in without


def test_a_visit_without_a_day_has_none() -> None:
    """Neither on the page nor in what the file says of itself."""
    reader = read(make_report(at=None))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "Visit of" not in text
    assert "20" not in text.replace("20 minutes", "").replace("Preece 2008", "")
    assert reader.metadata is not None
    assert reader.metadata.title == "Hips and low back, Anna Muster"
    assert reader.metadata.creation_date is None
    assert to_pdf(make_report(at=None)) == to_pdf(make_report(at=None))


def test_a_least_change_stands_on_the_page_once() -> None:
    """That of a change takes the place of that of a photo, and it says whose study it is from."""
    own = {(PELVIC_TILT.key, "outline"): 1.7}
    changes = compare(measured(tilt_deg=3.0), measured(), own=own)
    text = text_of(make_report(changes=changes, own_noise=True))
    assert "1.7°" in text
    assert "6°" not in text  # posture's own, in the table of all measures
    assert "Least changes are from the clinic's own study" in text
    assert "own study" not in text_of(make_report(changes=changes))
    other_side = compare(measured(facing="left"), measured())
    text = text_of(make_report(changes=other_side, own_noise=True))
    assert "Least change Pelvic tilt 9° ± 14, direction uncertain" in text  # for there is no other
    assert "6°" in text
    assert "own study" not in text


def test_names_from_the_right_leave_the_day_whole() -> None:
    """In the footer it stands behind them, as behind others."""
    found = places(read(make_report(person="דוד כהן")).pages[0])
    ((day_at, height, _text),) = [one for one in found if one[2] == "28 Nov 2026"]
    (name_at, *_more) = [x for x, y, text in found if y == height and "דוד" in text]
    assert name_at < day_at


@pytest.mark.parametrize("written", ["שלום עולם", "12 תרגילים", "(א) L4", "مرحبا"])
def test_lines_from_the_right_begin_there(written: str) -> None:
    """The first letter with a direction says so, of each line for itself."""
    report = make_report(notes=f"Left.\n{written}\n30", plan="Also left.")
    lines = told.to_dict(report)["texts"][0]["lines"]
    assert [line["from_right"] for line in lines] == [False, True, False]
    found = places(read(report).pages[0])
    letters_only = set(written) - set("()L 1234567890")
    assert min(x for x, _y, text in found if letters_only & set(text)) > 595.28 / 2
    assert max(x for x, _y, text in found if text in ("Left.", "Also left.", "30")) < 60


@pytest.mark.parametrize("lines", range(1, 26, 3))
def test_tables_go_on_to_the_next_page(lines: int) -> None:
    """Little of a page stays empty, and no head stands alone at its end."""
    report = make_report(
        notes="\n".join(["A line."] * lines), changes=compare(measured(), measured())
    )
    *full, _last = read(report).pages
    foot = 19 / 25.4 * 72
    for page in full:
        found = [place for place in places(page) if place[1] > foot]
        assert min(y for _x, y, _text in found) < foot + 0.1 * 842
        last = min(found, key=lambda place: (place[1], -place[0]))[2]
        assert last not in ("How obtained", "Result", "All measures", "Change", "Change since")


def test_long_sources_stay_in_one_line() -> None:
    """In Spanish, which has the longest words for them."""
    less = {q.key: Measurement.refused(q, "back_hidden") for q in (PELVIC_TILT, LUMBAR_CURVE)}
    part = dataclasses.replace(measured(), measurements=measured().measurements | less)
    with using("es"):
        pages = read(make_report(*[measured()] * 4, *[part] * 4)).pages
    found = [text for page in pages for _x, _y, text in places(page)]
    assert "5° hacia atrás a 23° hacia delante" in found
    assert found.count("estimación por contorno, 4 de 8 fotos") == 4


def _with_height(stance: Stance) -> Stance:
    return dataclasses.replace(stance, stature_cm=172.0)
