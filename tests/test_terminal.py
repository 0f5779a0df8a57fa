"""What is printed about photos: tables, and sentences that each stand once."""

import io

import pytest
from rich.console import Console

from posture import Assessment
from posture.reasons import _REASONS, explain
from posture.terminal import _IN_SHORT, show
from posture.tilt import Vertical

from .command import STANDING, WALKING, run
from .factory import make_assessment, make_refused

#: They take known assessments of the samples instead of measuring anew.
pytestmark = pytest.mark.usefixtures("quick")


@pytest.mark.parametrize("width", [30, 40, 60, 80, 120])
def test_no_word_is_lost_in_a_narrow_terminal(width: int, known: dict[str, Assessment]) -> None:
    """However narrow the terminal, each name, number and reason can be read in full."""
    names = ["a/very/deep/folder/with/a/photo.jpg", "walk.jpg", "a/very/deep/folder/arm.jpg"]
    console = Console(file=io.StringIO(), width=width)
    show(list(known.values()), console, names=names)
    assert isinstance(console.file, io.StringIO)
    printed = console.file.getvalue()
    assert max(map(len, printed.splitlines())) <= width
    words = " ".join(printed.split())
    for short in ("low back hidden", "not standing still", "Clasp the hands loosely in front"):
        assert short in words
    assert "…" not in printed
    whole = "".join(printed.split())
    assert all(name[:20] in whole and name[-8:] in whole for name in names)


def printed(*assessments: Assessment) -> str:
    """Return what is printed about assessments, as one line."""
    console = Console(file=io.StringIO(), width=100)
    show(assessments, console, names=[f"{n}.jpg" for n in range(len(assessments))])
    assert isinstance(console.file, io.StringIO)
    return " ".join(console.file.getvalue().split())


def test_one_photo_says_what_is_sure_about_each_angle() -> None:
    """Where the true value lies, and which change within one person is more than noise."""
    said = printed(make_assessment(tilt_deg=9.0, curve_deg=33.0, half_interval=12.0, mdc95=5.2))
    assert said.count("95 times in 100") == 2
    assert said.count("most of that width is because pelves differ in shape") == 1
    assert said.count("only a change of more than 6 degrees is more than noise: compare") == 2


def test_several_photos_say_once_what_is_noise() -> None:
    """For each angle one sentence, by the coarsest photo; none where nothing was measured."""
    said = printed(make_assessment(mdc95=4.0), make_assessment(mdc95=7.0), make_refused())
    assert said.count("Pelvic tilt: between two photos of the same person") == 1
    assert said.count("a change of more than 7 degrees") == 2
    assert said.count("Of 100 values, 95 true ones lie within") == 1
    refused = printed(make_refused(), make_refused())
    assert "noise" not in refused
    assert "Of 100 values" not in refused


def test_other_measures_have_their_least_change() -> None:
    """The table of a single photo has a column for it."""
    table = run("analyze", STANDING).stdout.partition("Also")[2].partition("How each")[0]
    rows = [line for line in table.splitlines() if "±" in line]
    assert "Least change" in table
    assert len([row for row in rows if row.rstrip().endswith(("°", " %"))]) == len(rows) - 1


def test_where_the_vertical_comes_from_is_told_once() -> None:
    """Photos of which the same is to be said are named together; if it is all, none is named."""
    assumed, level = Vertical(0.0, 2.0, False), Vertical(2.06, 0.2, True)
    one = make_assessment(vertical=assumed)
    sentence = "No upright lines were found: a tilted camera would tilt every angle"
    assert f": {sentence}" not in printed(one, one)
    assert printed(one, one).count(sentence) == 1
    said = printed(one, make_assessment(vertical=level), one, make_refused())
    assert f"0.jpg, 2.jpg: {sentence}" in said
    assert "1.jpg: The photo is turned by 2.1 degrees: corrected by upright lines" in said


@pytest.mark.parametrize("code", sorted({*_REASONS, *_IN_SHORT}))
def test_every_reason_has_a_short_name_and_its_advice(code: str) -> None:
    """A table names the reason in a few words; beneath stands what to do next."""
    said = printed(make_assessment(tilt_deg=None, curve_deg=None, reason=code))
    assert code not in said
    assert _IN_SHORT[code] in said
    assert said.count(explain(code).advice) == 1


def test_other_measures_of_several_photos_are_pointed_to() -> None:
    """The table of several photos shows two angles, and says where the others are."""
    result = run("analyze", STANDING, WALKING, "--stature", "172")
    assert "The other measures of several photos are in --json." in result.stdout
    assert "--json" not in run("analyze", STANDING).stdout


def test_a_photo_given_twice_is_named_once() -> None:
    """A sentence names each photo that it is about once."""
    assert f"{WALKING.name}: " in run("analyze", WALKING, WALKING, STANDING).stdout
    assert (
        f"{WALKING.name}, {WALKING.name}" not in run("analyze", WALKING, WALKING, STANDING).stdout
    )
