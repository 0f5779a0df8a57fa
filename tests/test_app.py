"""The app's two pages, run without a browser."""

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from streamlit.testing.v1 import AppTest

import posture
from posture import ModelError, overlay, wording
from posture.landmarks import MediaPipeDetector

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


def sample(name: str) -> tuple[str, bytes]:
    """Return a sample photo as a visitor's file."""
    return name, (ROOT / "samples" / name).read_bytes()


def test_it_opens_with_a_sample_measured(app: AppTest) -> None:
    """Both angles are there at once, each with interval and tier, and in one sentence."""
    found = posture.assess(ROOT / "samples" / str(app.selectbox[0].value))
    assert [(m.label, m.value) for m in app.metric] == [
        ("Pelvic tilt", wording.short(found.pelvic_tilt)),
        ("Lumbar curve", wording.short(found.lumbar_curve)),
    ]
    assert all("±" in metric.value and "outline estimate" in metric.delta for metric in app.metric)
    said = texts(app)
    assert wording.sentence(found.pelvic_tilt) in said
    assert wording.sentence(found.lumbar_curve) in said
    assert "Hips and low back together" in said
    assert "provisional" in said
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
    assert "low back is hidden" in app.warning[0].value
    table = app.table[0].value
    rows = {row["Measure"]: row for _, row in table.iterrows()}
    assert rows["Thoracic curve"]["From"] == "not measured"
    assert "±" in rows["Trunk lean"]["Value"]
    assert "provisional" in texts(app)


def test_several_files_have_one_result_each_and_a_bad_one_stops_none(app: AppTest) -> None:
    """A text file named .jpg gives one sentence; the photos beside it are measured."""
    good, refused = sample("standing_flat_back.jpg"), sample("front.jpg")
    upload(app, good, ("notes.jpg", b"milk, bread, 2 lemons"), refused)
    (error,) = app.error
    assert "notes" in error.value
    assert "Traceback" not in error.value
    assert app.selectbox[0].options[:2] == ["standing_flat_back.jpg", "front.jpg · not measured"]
    found = posture.assess(good[1])
    assert app.metric[0].value == wording.short(found.pelvic_tilt)
    assert not app.exception


def test_a_bad_file_alone_shows_how_to_take_a_photo(app: AppTest) -> None:
    """Nothing of a sample is shown as if it were the visitor's own result."""
    upload(app, ("notes.jpg", b"milk"))
    assert len(app.error) == 1
    assert not app.metric
    assert "seen exactly from the side" in texts(app)


def test_a_file_name_is_shown_as_it_is(app: AppTest) -> None:
    """Markdown in a file name is not obeyed: it could load a picture from elsewhere."""
    upload(app, ("![x](http:__example.com_x.png).jpg", b"milk"))
    assert "![" not in app.error[0].value


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
    next(b for b in app.button if b.label == "Forget my photos").click().run()
    assert app.session_state["uploads"] == []
    assert kept.key not in {key for key, _ in app.session_state["results"]}
    assert app.selectbox[0].options[0].startswith("Sample")


def test_a_stature_adds_centimetres(app: AppTest) -> None:
    """The plumb offsets then stand in the table in both units."""
    app.number_input[0].set_value(180.0).run()
    offsets = [v for v in app.table[0].value["Value"] if " cm" in v]
    assert len(offsets) == 4


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
    monkeypatch.setattr(overlay, "draw", fail(RuntimeError("secret detail")))
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
        "provisional",
        "rendered people",
        "never leave this computer",
        "Not a medical device; no diagnosis",
    ):
        assert phrase in said
    assert "anterior: the front is lower" in list(app.table[0].value["Above 0"])
    assert not app.exception
