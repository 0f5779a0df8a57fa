"""Points of a photo are corrected in the app, run without a browser and without a pose model."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app_pages import correct, editor, measuring, photos, room
from posture import Assessment, Corrections, Mark, Photo, first_look, overlay
from posture.markers import Sticker
from posture.pose import Point
from posture.quantities import LUMBAR_CURVE, Measurement
from posture.reasons import explain
from tests.factory import make_assessment, make_photo, make_refused

ROOT = Path(__file__).parents[1]
SAMPLE = photos.sample("standing_arms_hanging.jpg")
OTHER = "standing_tank_top.jpg"
TAPED = {"asis": Mark(300, 400, "sticker", 0.1), "psis": Mark(200, 390, "sticker", 0.1)}

Assess = Callable[..., Assessment]


def measured(photo: Photo, **given: Any) -> Assessment:
    """Return the assessment of somebody in a photo, with what was told about it."""
    seen = make_assessment(width=photo.width, height=photo.height, photo_name=photo.name)
    return replace(seen, corrections=given.get("corrections") or Corrections())


@pytest.fixture
def open_app(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Return what opens the app on its first sample, measured as the test wants it."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(first_look, "find_people", lambda *_: ())
    monkeypatch.setattr(overlay, "draw", lambda *_: np.zeros((8, 6, 3), np.uint8))

    def open_(assess: Assess = measured, told: Corrections | None = None) -> AppTest:
        room.close()  # which knows what an earlier sight of the sample led to
        for where in (measuring, first_look):
            monkeypatch.setattr(where, "assess", assess)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        if told is not None:
            app.session_state[f"told_{SAMPLE.key}"] = told
        return app.run()

    return open_


def press(app: AppTest, label: str) -> AppTest:
    """Press the button of that name."""
    return next(button for button in app.button if button.label == label).click().run()


def labels(app: AppTest) -> list[str]:
    """Return the names of all buttons."""
    return [button.label for button in app.button]


def told(app: AppTest) -> Corrections:
    """Return what is kept of the sample."""
    kept: Corrections = app.session_state[f"told_{SAMPLE.key}"]
    return kept


def give(app: AppTest, points: object) -> AppTest:
    """Give a file of points in the editor."""
    data = json.dumps(points).encode()
    return app.file_uploader[0].set_value([("points.json", data, "application/json")]).run()


def in_file(name: str = SAMPLE.name, **more: object) -> dict[str, object]:
    """Return a file of stickers."""
    points = {
        key: {"x": m.x, "y": m.y, "source": m.source, "sd_px": m.sd_px} for key, m in TAPED.items()
    }
    return {"photo": {"name": name}, "points": points, **more}


def test_a_file_brings_its_placement_and_its_height(open_app: Callable[..., AppTest]) -> None:
    """Neither the field that is on the page nor a height given before stands against it.

    A file without a height leaves the one that was given.
    """
    app = open_app(told=Corrections(TAPED))
    app.number_input[0].set_value(180.0).run()
    press(app, "Correct the points")
    assert app.number_input[0].value == 9.6
    give(app, in_file(told={"placement_mm": 3.0}))
    assert told(app).placement_mm == app.number_input[0].value == 3.0
    assert app.session_state[photos.height_key(SAMPLE.key)] == 180.0
    give(app, in_file(told={"placement_mm": 3.0}, stature_cm=165.0))
    assert app.session_state[photos.height_key(SAMPLE.key)] == 165.0
    app.number_input[0].set_value(4.5).run()
    assert told(app).placement_mm == app.number_input[0].value == 4.5
    assert not app.exception


def captions(app: AppTest) -> str:
    """Return what is said in small print."""
    return "\n".join(caption.value for caption in app.caption)


@pytest.mark.parametrize("name", [SAMPLE.name, "another.jpg"])
def test_a_file_is_taken_again_after_its_points_were_changed(
    open_app: Callable[..., AppTest], name: str
) -> None:
    """That its points are shown is said only as long as they are; no question comes twice."""
    shown = "Its points are in the picture above."
    app = give(press(open_app(), "Correct the points"), in_file(name, stature_cm=170))
    if name != SAMPLE.name:
        assert shown not in captions(app)
        press(app, "Use these points anyway")
    assert shown in captions(app)
    assert "Take its points again" not in labels(app)

    moved = Corrections({**TAPED, "asis": Mark(310, 400, "placed", 0.5)})
    for now in (moved, Corrections()):
        app.session_state[f"told_{SAMPLE.key}"] = now
        app.run()
        assert told(app) == now
        assert shown not in captions(app)
        press(app, "Take its points again")
        assert dict(told(app).points) == TAPED
        assert shown in captions(app)
        assert "Take its points again" not in labels(app)
    assert not app.warning
    assert not app.exception


def test_points_that_went_through_the_browser_are_still_those_of_the_file(
    open_app: Callable[..., AppTest],
) -> None:
    """After a move and its undo, the browser tells a hand's error no finer than it lets one be."""
    fine = {"points": {"asis": {"x": 300, "y": 400, "source": "placed", "sd_px": 0.1}}}
    app = give(press(open_app(), "Correct the points"), fine)
    app.session_state[f"told_{SAMPLE.key}"] = Corrections({"asis": Mark(300, 400, "placed", 0.5)})
    app.run()
    assert "Its points are in the picture above." in captions(app)


def test_a_placement_outlasts_the_points(open_app: Callable[..., AppTest]) -> None:
    """After 'Reset all' it is neither dropped nor forgotten by the browser's tab."""
    loose = Corrections(placement_mm=3.0)
    app = open_app(told=loose)
    press(app, "Correct the points")
    assert told(app) == loose
    assert correct._kept(loose)["placement_mm"] == 3.0
    assert correct._kept(Corrections()) == {}


def test_markdown_in_a_file_of_points_is_not_obeyed(open_app: Callable[..., AppTest]) -> None:
    """It could load a picture from elsewhere."""
    app = press(open_app(), "Correct the points")
    give(app, {"points": {"![x](http://example.com/x.png)": [1, 2]}})
    assert "no point called" in app.error[0].value
    assert "![" not in app.error[0].value


def test_points_of_another_photo_are_taken_if_the_visitor_says_so(
    open_app: Callable[..., AppTest],
) -> None:
    """Photos of a phone are all of one size: only the name tells them apart."""
    app = press(open_app(), "Correct the points")
    give(app, in_file("another.jpg"))
    assert f"told_{SAMPLE.key}" not in app.session_state
    assert "another" in app.warning[-1].value
    press(app, "Use these points anyway")
    assert dict(told(app).points) == TAPED
    assert "Use these points anyway" not in labels(app)


def test_a_name_with_an_unusual_space_finds_its_points(open_app: Callable[..., AppTest]) -> None:
    """In what is saved it is a plain one."""
    own = photos.Upload.of("at 9.15.33\u202fAM.jpg", photos.sample(OTHER).data)
    app = open_app()
    app.session_state["uploads"] = [own]
    app.run()
    app.selectbox[0].select(own.key).run()
    press(app, "Correct the points")
    give(app, in_file("at 9.15.33 AM.jpg"))
    assert dict(app.session_state[f"told_{own.key}"].points) == TAPED


def stickers(*names: tuple[str, ...], sure: bool = True) -> Assess:
    """Return what finds stickers of such names where it is to look for them."""
    found = tuple(
        Sticker(200 + 50 * i, 400, 0.1, 8, each, sure=sure and len(each) == 1)
        for i, each in enumerate(names)
    )

    def assess(photo: Photo, **given: Any) -> Assessment:
        seen = measured(photo, corrections=given.get("corrections"))
        return replace(seen, stickers=found if given.get("markers") else ())

    return assess


def test_stickers_can_be_looked_for_again(open_app: Callable[..., AppTest]) -> None:
    """After 'Not stickers', and after all points were reset."""
    app = open_app(stickers(("asis",), ("psis",)), told=Corrections())
    press(app, "Look for stickers")
    assert "Look for stickers" not in labels(app)
    press(app, "Not stickers")
    press(app, "Look for stickers")
    press(app, "Measure from the stickers")
    assert set(told(app).points) == {"asis", "psis"}
    assert "Look for stickers" not in labels(app)
    app.session_state[f"told_{SAMPLE.key}"] = Corrections()
    app.run()
    assert "Measure from the stickers" not in labels(app)
    assert "Look for stickers" in labels(app)


def test_what_may_be_no_sticker_is_asked_about(open_app: Callable[..., AppTest]) -> None:
    """One name is not enough: without an answer, or with none of the names, nothing is taken."""
    app = open_app(stickers(("psis",), sure=False))
    press(app, "Look for stickers")
    (button,) = (b for b in app.button if b.label == "Measure from the stickers")
    assert button.disabled
    (name, none) = app.radio[0].options
    app.radio[0].set_value(none).run()
    (button,) = (b for b in app.button if b.label == "Measure from the stickers")
    assert button.disabled
    app.radio[0].set_value(name).run()
    press(app, "Measure from the stickers")
    assert set(told(app).points) == {"psis"}


def test_two_stickers_are_never_one_point(open_app: Callable[..., AppTest]) -> None:
    """The same answer to two questions stops the measuring; neither is dropped in silence."""
    app = open_app(stickers(("t12", "l1"), ("t12", "l1"), ("asis",)))
    press(app, "Look for stickers")
    assert [radio.label[:10] for radio in app.radio] == ["Sticker 1:", "Sticker 2:"]
    for radio in app.radio:
        radio.set_value(radio.options[0])
    app.run()
    assert "both be on T12" in app.warning[0].value
    (button,) = (b for b in app.button if b.label == "Measure from the stickers")
    assert button.disabled
    app.radio[1].set_value(app.radio[1].options[1]).run()
    press(app, "Measure from the stickers")
    assert {name: mark.x for name, mark in told(app).points.items()} == {
        "t12": 200,
        "l1": 250,
        "asis": 300,
    }


@pytest.mark.parametrize("code", ["not_side_view", "not_standing"])
@pytest.mark.parametrize(("placed", "offered"), [({}, False), (TAPED, True)])
def test_what_was_placed_can_always_be_taken_back(
    open_app: Callable[..., AppTest], placed: dict[str, Mark], offered: bool, code: str
) -> None:
    """The editor opens on every photo with points, whatever became of its view, and says why."""

    def refused(*_: object, **given: Any) -> Assessment:
        told = given.get("corrections") or Corrections()
        return replace(make_refused(code), view="front", corrections=told, notes=("A note.",))

    app = open_app(refused, told=Corrections(placed))
    assert ("Place the points by hand" in labels(app)) == offered
    assert any("A note." in caption.value for caption in app.caption)


def by_hand(*_: object, **given: Any) -> Assessment:
    """Return the assessment of a photo with nobody found and two points placed."""
    seen, reason = make_assessment(curve_deg=None), explain("no_person")
    curve = Measurement.refused(LUMBAR_CURVE, reason.code)
    return replace(
        seen,
        reasons=(reason,),
        measurements=dict.fromkeys(seen.measurements, curve)
        | {seen.pelvic_tilt.quantity.key: seen.pelvic_tilt, LUMBAR_CURVE.key: curve},
        outline=None,
        corrections=given.get("corrections") or Corrections(),
    )


def test_a_photo_measured_by_hand_says_what_is_true(open_app: Callable[..., AppTest]) -> None:
    """Nothing else was measured in it, and another photo is not the next step."""
    app = open_app(by_hand, told=Corrections(TAPED))
    said = "\n".join(e.value for kind in (app.info, app.warning, app.caption) for e in kind)
    assert "place S1, L3 and T12" in said
    assert "measured below" not in said
    assert explain("no_person").advice not in said
    assert not app.number_input
    assert not app.table
    assert not app.exception


def test_skin_that_is_not_drawn_is_not_in_the_legend(open_app: Callable[..., AppTest]) -> None:
    """As where vertebrae are mixed up."""
    for skin, named in (([[1.0, 2.0], [1.0, 3.0]], True), (np.empty((0, 2)), False)):

        def assess(photo: Photo, skin: Any = skin, **given: Any) -> Assessment:
            return replace(measured(photo, **given), skin_px=np.array(skin))

        said = [caption.value for caption in open_app(assess).caption]
        assert any("most likely skin" in caption for caption in said) == named


def test_a_sticker_from_a_file_is_no_find_of_the_program() -> None:
    """In a refused photo nothing of it is left after a reset."""
    placed = {name: Point(mark.x, mark.y, 1.0, mark.source) for name, mark in TAPED.items()}
    seen = replace(make_refused("no_person"), points=placed, corrections=Corrections(TAPED))
    assert editor._of_program(seen) == {}


def test_the_editor_says_what_of_the_points_is_not_used() -> None:
    """While it is open, nothing else on the page does; what is said of the photo alone waits."""
    photo = make_photo()
    seen = replace(make_refused("points_implausible"), notes=("The line was not used.",))
    reason = explain("points_implausible")
    assert editor._notes(seen, photo) == [
        f"{reason.message} {reason.advice}",
        "The line was not used.",
    ]
    assert editor._notes(make_refused("no_person"), photo) == []


def test_a_sample_is_measured_once(open_app: Callable[..., AppTest]) -> None:
    """Not anew at every run; who is in it is forgotten as soon as another one is shown."""
    runs = []

    def assess(photo: Photo, **given: Any) -> Assessment:
        runs.append(photo.name)
        return measured(photo, **given)

    app = open_app(assess)
    for _ in range(3):
        app.run()
    assert runs == [SAMPLE.name]
    app.selectbox[0].select(OTHER).run()
    assert runs == [SAMPLE.name, OTHER]
    assert f"people_{SAMPLE.key}" not in app.session_state
    assert {key for key, _ in app.session_state["results"]} == {photos.sample(OTHER).key}


def test_a_forgotten_photo_leaves_nothing(open_app: Callable[..., AppTest]) -> None:
    """No points, no open editor, no answer about stickers."""
    app = open_app()
    own = photos.sample(OTHER)
    app.session_state["uploads"] = [own]
    app.session_state[f"told_{own.key}"] = Corrections(TAPED)
    app.session_state[f"points_taken_{own.key}"] = "1"
    app.run()
    app.selectbox[0].select(own.key).run()
    press(app, "Correct the points")
    assert app.session_state["editing"] == own.key
    press(app, "Forget this photo")
    left = app.session_state.to_dict()
    assert "editing" not in left
    assert not [name for name in left if own.key in name]
    assert own.key not in left["editor_known"]
