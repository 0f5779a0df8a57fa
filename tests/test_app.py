"""The app's two pages, run without a browser."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from streamlit.testing.v1 import AppTest

import posture
from app_pages import cards, measuring
from posture import Assessment, ModelError, Photo, first_look, wording
from posture.landmarks import MediaPipeDetector
from posture.pose import Pose
from posture.reasons import explain
from posture.tilt import Vertical
from tests.factory import make_assessment

ROOT = Path(__file__).parents[1]


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """Return the app as opened for the first time."""
    monkeypatch.chdir(ROOT)
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()


def texts(app: AppTest) -> str:
    """Return everything that the page says, one text a line."""
    shown = (app.markdown, app.caption, app.warning, app.error, app.info)
    return "\n".join(element.value for kind in shown for element in kind)


def upload(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """Add files as a visitor does."""
    app.button[0].click().run()
    app.file_uploader[0].set_value([(name, data, "image/jpeg") for name, data in files])
    # AppTest runs the whole script each time, so the button has to be pressed in that run too.
    return app.button[0].click().run()


def press(app: AppTest, label: str) -> AppTest:
    """Press the button of that name."""
    return next(button for button in app.button if button.label == label).click().run()


def sample(name: str) -> tuple[str, bytes]:
    """Return a sample photo as a visitor's file."""
    return name, (ROOT / "samples" / name).read_bytes()


def test_it_opens_with_a_sample_measured(app: AppTest) -> None:
    """Both angles are there at once, each with interval and tier, and in one sentence."""
    found = posture.assess(ROOT / "samples" / str(app.selectbox[0].value))
    assert [(m.label, m.value) for m in app.metric] == [
        ("Pelvic tilt", wording.amount(found.pelvic_tilt)),
        ("Lumbar curve", wording.amount(found.lumbar_curve)),
    ]
    assert all("±" in metric.value and "outline estimate" in metric.delta for metric in app.metric)
    said = texts(app)
    for angle in (found.pelvic_tilt, found.lumbar_curve):
        assert f"{wording.sentence(angle)} {wording.change(angle)}" in said
    assert "95 times in 100" in said
    assert "only a change of more than" in said
    assert "Hips and low back together" in said
    assert wording.vertical(found.vertical) in said
    assert not app.exception


def test_a_refused_photo_says_why_and_what_next(app: AppTest) -> None:
    """A front view gets no number, but a reason and advice."""
    app.selectbox[0].select("front.jpg").run()
    assert not app.metric
    (card,) = app.warning
    assert "not seen from the side" in card.value
    assert "Next:" in card.value
    assert not app.exception


def test_one_refused_measure_leaves_the_others(app: AppTest) -> None:
    """With the low back hidden, both angles are refused by name and the rest is in the table."""
    app.selectbox[0].select("arm_hides_back.jpg").run()
    assert [metric.delta for metric in app.metric] == ["not measured", "not measured"]
    (card,) = app.warning
    assert "low back is hidden" in card.value
    assert app.selectbox[0].value == "arm_hides_back.jpg"
    table = app.table[0].value
    rows = {row["Measure"]: row for _, row in table.iterrows()}
    assert rows["Thoracic curve"]["Value"] == "not measured"
    assert "Thoracic curve, Sacral inclination: not measured. The low back is hidden" in texts(app)
    assert rows["Thoracic curve"]["Least change"] == "—"
    assert "±" in rows["Trunk lean"]["Value"]
    assert rows["Trunk lean"]["Least change"].endswith("°")
    assert "outline estimate" in texts(app)


def see(app: AppTest, monkeypatch: pytest.MonkeyPatch, assessment: Assessment) -> AppTest:
    """Show an assessment made by hand, as if a photo had led to it."""
    for where in (measuring, first_look):
        monkeypatch.setattr(where, "assess", lambda *_, **__: assessment)
    return upload(app, sample("standing_flat_back.jpg"))


def test_loose_clothing_has_one_next_step(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """One card says that neither angle was measured, why, and the one thing to do."""
    assessment = make_assessment(tilt_deg=None, curve_deg=None, reason="loose_clothing")
    see(app, monkeypatch, assessment)
    (card,) = app.warning
    reason = explain("loose_clothing")
    assert wording.pair(assessment.pelvic_tilt, assessment.lumbar_curve) in card.value
    assert reason.message in card.value
    assert card.value.endswith(f"**Next:** {reason.advice}")
    assert texts(app).count(reason.advice) == 1
    assert not app.exception


@pytest.mark.parametrize(
    ("vertical", "said"),
    [
        (Vertical(2.1, 0.2, True), "The photo is turned by 2.1 degrees: corrected by upright"),
        (Vertical(0.0, 2.0, False), "No upright lines were found: a tilted camera"),
    ],
)
def test_it_says_where_the_vertical_comes_from(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, vertical: Vertical, said: str
) -> None:
    """Beside the notes about the photo, whether its tilt was corrected or may be in the angles."""
    see(app, monkeypatch, make_assessment(vertical=vertical))
    assert said in "\n".join(caption.value for caption in app.caption)


def test_a_photo_without_head_and_feet_is_shown(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is outside the photo is neither drawn nor spoken of."""
    see(app, monkeypatch, make_assessment(unseen=("ear", "ankle", "heel", "foot_index")))
    assert len(app.metric) == 2
    assert "through the ankle" not in texts(app)
    assert not app.exception


def test_several_files_have_one_result_each_and_a_bad_one_stops_none(app: AppTest) -> None:
    """A text file named .jpg gives one sentence; the photos beside it are measured."""
    good, refused = sample("standing_flat_back.jpg"), sample("front.jpg")
    upload(app, good, ("notes.jpg", b"milk, bread, 2 lemons"), refused)
    (error,) = app.error
    assert "notes" in error.value
    assert "Traceback" not in error.value
    assert app.selectbox[0].options[:2] == ["standing_flat_back.jpg", "front.jpg · not measured"]
    found = posture.assess(good[1])
    assert app.metric[0].value == wording.amount(found.pelvic_tilt)
    overview = app.table[1].value
    assert overview["Lumbar curve"][0] == wording.directed(found.lumbar_curve)
    assert overview["Pelvic tilt"][1].startswith("not measured: The person is not seen")
    assert not app.exception


def test_a_bad_file_alone_shows_how_to_take_a_photo(app: AppTest) -> None:
    """Nothing of a sample is shown as if it were the visitor's own result."""
    upload(app, ("notes.jpg", b"milk"))
    assert len(app.error) == 1
    assert not app.metric
    assert "seen exactly from the side" in texts(app)


def test_markdown_in_a_file_name_is_not_obeyed(app: AppTest) -> None:
    """It could load a picture from elsewhere."""
    upload(app, ("![x](http:__example.com_x.png).jpg", b"milk"))
    assert "![" not in app.error[0].value


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("Müller_1.jpg", r"Müller\_1\.jpg"),
        ("Größe.jpg", r"Größe\.jpg"),
        ("__init__.jpg", r"\_\_init\_\_\.jpg"),
        ("写真 1.jpg", r"写真 1\.jpg"),
    ],
)
def test_a_file_name_keeps_its_letters(app: AppTest, name: str, marked: str) -> None:
    """Only what means something in markdown has a backslash before it; no letter has."""
    upload(app, (name, b"milk"))
    assert app.error[0].value.startswith(f"{marked} ")


def test_a_file_that_is_no_photo_by_its_name_is_not_dropped_in_silence(app: AppTest) -> None:
    """Whatever it is called, it gets an answer."""
    upload(app, ("report.pdf", b"%PDF-1.7"))
    assert app.error[0].value.startswith("report")


def test_a_shot_of_the_camera_has_a_name_of_its_own(app: AppTest) -> None:
    """By which its points, once saved, are told from those of other shots."""
    app.button[0].click().run()
    app.button_group[0].set_value("Camera")
    app.button[0].click().run()
    assert app.camera_input[0].proto.resolution_height == 1080  # else a phone's screen decides
    app.camera_input[0].set_value(("camera.jpg", sample("front.jpg")[1], "image/jpeg"))
    app.button[0].click().run()
    (kept,) = app.session_state["uploads"]
    assert re.fullmatch(r"camera_\d{4}-\d\d-\d\d_\d{6}\.jpg", kept.name)


def test_the_same_photo_under_another_name_is_said(app: AppTest) -> None:
    """It is kept once, and both names are told."""
    name, data = sample("front.jpg")
    upload(app, (name, data), ("copy.jpg", data))
    assert len(app.session_state["uploads"]) == 1
    assert r"copy\.jpg is the same photo as front\.jpg" in app.info[0].value


def test_too_many_photos_are_named_and_the_first_ones_kept(app: AppTest) -> None:
    """Beyond the limit nothing is dropped in silence."""
    upload(app, *((f"{i}.jpg", f"no photo {i}".encode()) for i in range(21)))
    assert len(app.error) == 20
    assert "20\\.jpg" in app.warning[0].value


def test_photos_can_be_forgotten(app: AppTest) -> None:
    """After 'Forget my photos' neither a photo nor its result is kept in memory."""
    upload(app, sample("standing_flat_back.jpg"))
    (kept,) = app.session_state["uploads"]
    assert kept.key in {key for key, _ in app.session_state["results"]}
    press(app, "Forget my photos")
    assert app.session_state["uploads"] == []
    assert kept.key not in {key for key, _ in app.session_state["results"]}
    assert app.selectbox[0].options[0].startswith("Sample")


def test_one_photo_can_be_forgotten(app: AppTest) -> None:
    """'Forget this photo' makes room for another; the others stay."""
    upload(app, sample("standing_flat_back.jpg"), sample("front.jpg"))
    press(app, "Forget this photo")
    assert [kept.name for kept in app.session_state["uploads"]] == ["front.jpg"]
    assert app.selectbox[0].options[0] == "front.jpg · not measured"


def test_a_sample_cannot_be_forgotten(app: AppTest) -> None:
    """With a sample shown, there is no button that would forget it."""
    upload(app, sample("standing_flat_back.jpg"))
    app.selectbox[0].select("front.jpg").run()
    labels = [button.label for button in app.button]
    assert "Forget this photo" not in labels
    assert "Forget my photos" in labels


def offsets_in_cm(app: AppTest) -> list[str]:
    """Return the plumb offsets that stand in the table in centimetres."""
    return [value for value in app.table[0].value["Value"] if " cm" in value]


def test_a_height_adds_centimetres(app: AppTest) -> None:
    """The plumb offsets then stand in the table in both units."""
    app.number_input[0].set_value(180.0).run()
    assert len(offsets_in_cm(app)) == 4


def test_a_height_belongs_to_one_photo(app: AppTest) -> None:
    """Neither another person's photo nor a sample takes it over; the photo itself keeps it."""
    upload(app, sample("standing_flat_back.jpg"), sample("standing_striped_shirt.jpg"))
    first, second = (kept.key for kept in app.session_state["uploads"])
    app.number_input[0].set_value(180.0).run()
    for other in (second, "standing_tank_top.jpg"):
        app.selectbox[0].select(other).run()
        assert app.number_input[0].value is None
        assert not offsets_in_cm(app)
    app.selectbox[0].select(first).run()
    assert app.number_input[0].value == 180.0
    assert len(offsets_in_cm(app)) == 4


@pytest.mark.parametrize("label", ["Forget this photo", "Forget my photos"])
def test_a_height_is_forgotten_with_its_photo(app: AppTest, label: str) -> None:
    """The same photo, added again, has no height."""
    photo = sample("standing_flat_back.jpg")
    upload(app, photo)
    app.number_input[0].set_value(180.0).run()
    press(app, label)
    upload(app, photo)
    assert app.number_input[0].value is None
    assert not offsets_in_cm(app)


def test_the_chosen_photo_stays_chosen_across_pages(app: AppTest) -> None:
    """Who reads how it works comes back to the same photo."""
    app.selectbox[0].select("front.jpg").run()
    app.switch_page("app_pages/how_it_works.py").run()
    app.switch_page("app_pages/analyse.py").run()
    assert app.selectbox[0].value == "front.jpg"


def test_each_result_is_kept_as_soon_as_it_is_there(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What interrupts the second photo does not cost the first one its result."""
    detect = MediaPipeDetector.detect

    def interrupted(self: MediaPipeDetector, photo: Photo) -> tuple[Pose, ...]:
        if photo.name == "front.jpg":
            raise ModelError("Interrupted.")
        return detect(self, photo)

    monkeypatch.setattr(MediaPipeDetector, "detect", interrupted)
    upload(app, sample("standing_flat_back.jpg"), sample("front.jpg"))
    first, _ = app.session_state["uploads"]
    assert first.key in {key for key, _ in app.session_state["results"]}


def fail(error: Exception) -> Callable[..., NoReturn]:
    """Return a function that fails, to stand in for a part that works."""

    def failing(*_args: object, **_named: object) -> NoReturn:
        raise error

    return failing


def test_a_broken_installation_points_to_the_doctor(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing model gives a sentence and the command that shows more."""
    missing = ModelError("The pose model is missing: reinstall posture.")
    monkeypatch.setattr(MediaPipeDetector, "detect", fail(missing))
    app.selectbox[0].select("walking_1.jpg").run()
    (card,) = app.error
    assert "reinstall posture" in card.value
    assert "posture doctor" in card.value
    assert not app.exception


def test_a_fault_in_one_photo_stops_no_other(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a bug of ours becomes one sentence for that photo, and the next one can be chosen."""
    with monkeypatch.context() as broken:
        broken.setattr(MediaPipeDetector, "detect", fail(RuntimeError("secret detail")))
        app.selectbox[0].select("walking_1.jpg").run()
        assert "fault in this program" in app.error[0].value
        assert "secret detail" not in texts(app)
    app.selectbox[0].select("standing_flat_back.jpg").run()
    assert len(app.metric) == 2
    assert not app.error


def test_the_unexpected_shows_no_traceback(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in the page itself shows one friendly sentence and a way on."""
    monkeypatch.setattr(cards, "refused_photo", fail(RuntimeError("secret detail")))
    app.selectbox[0].select("walking_1.jpg").run()
    assert "Something went wrong" in app.error[0].value
    assert "secret detail" not in texts(app)
    assert not app.exception


def test_how_it_works_explains_signs_tiers_limits_and_privacy(app: AppTest) -> None:
    """The second page holds what a number cannot say for itself."""
    app.switch_page("app_pages/how_it_works.py").run()
    said = texts(app)
    for phrase in (
        "Outline estimate",
        "rendered people",
        "docs/accuracy.md",
        "only a change of more than this is more than noise",
        "upright lines in the room",
        "`mdc95`",
        "stay on the computer that runs posture",
        "Not a medical device; no diagnosis",
        "points that a person placed with **Correct the points**",
        "Cadaver pelves, all held in one fixed position",
        "one standard deviation",
        "degree for degree",
    ):
        assert phrase in said
    assert "provisional" not in said
    assert "anterior: the front is lower" in list(app.table[0].value["Above 0"])
    assert not app.exception
