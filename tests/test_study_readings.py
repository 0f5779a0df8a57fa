"""Which photos a study uses, which it leaves out and why, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posture.study import words
from posture.study.figures import LeftOut, Repeatability, Study, Taken
from posture.study.reading import Reading
from posture.study.repeatability import study

from .factory import make_assessment, make_refused
from .study_set import Truth, make_readings, one_photo

TWO_EACH = Truth(people=10, raters=1, sessions=2)


def tilt(made: Study) -> Repeatability:
    """Return what a study tells of pelvic tilt."""
    return made.measures[0]


def refused(photo: str, taken: Taken) -> Reading:
    """Return what a photo says that is refused as a whole."""
    return Reading.of(make_refused(), photo, taken)


def test_a_refused_photo_is_left_out_with_its_reason_and_the_rest_counts() -> None:
    """Its person has one photo left, which is left out too; the others are used."""
    readings = make_readings(TWO_EACH, 1)
    readings[3] = refused("3.jpg", readings[3].taken)
    made = study(readings, [LeftOut("broken.jpg", "unreadable")])
    assert made.photos == 21
    assert made.left_out == (LeftOut("broken.jpg", "unreadable"), LeftOut("3.jpg", "not_side_view"))
    assert (tilt(made).people, tilt(made).photos) == (9, 18)
    assert tilt(made).left_out == (LeftOut("2.jpg", "single"),)
    said = " ".join(words.everything(made))
    assert "19 of 21 photos of 10 people are used, by 1 rater in 2 sessions." in said
    assert "3.jpg was left out. The person is not seen from the side." in said
    assert "1 photo was left out. It is the only one of its person" in said


def test_one_refused_angle_leaves_the_other_one_whole() -> None:
    """A hidden back costs the tilt a photo, not the curve."""
    readings = make_readings(TWO_EACH, 1)
    hidden = make_assessment(tilt_deg=None, curve_deg=30.0)
    readings[0] = Reading.of(hidden, "0.jpg", readings[0].taken)
    made = study(readings)
    assert [(one.key, one.people) for one in made.measures[:2]] == [
        ("pelvic_tilt_deg", 9),
        ("lumbar_curve_deg", 10),
    ]
    assert made.left_out == ()
    assert tilt(made).left_out[0] == LeftOut("0.jpg", "back_hidden")


def test_a_copy_says_nothing_of_noise() -> None:
    """The same numbers again, also rounded as in files, are no second photo."""
    readings = make_readings(TWO_EACH, 1)
    first = readings[0]
    rounded = {
        key: m if m.value is None else replace(m, value=round(m.value, 2))
        for key, m in first.measurements.items()
    }
    again = replace(first, photo="again.jpg", measurements=rounded)
    made = study([*readings, again])
    assert made.left_out == (LeftOut("again.jpg", "copy"),)
    assert tilt(made) == tilt(study(readings))


def test_the_side_of_most_photos_of_a_person_counts() -> None:
    """A photo from the other side is no repetition; another person may show the other side."""
    readings = make_readings(Truth(people=10, raters=1, sessions=3), 1)
    readings[4] = replace(readings[4], facing="left")
    readings[6:9] = [replace(one, facing="left") for one in readings[6:9]]
    assert study(readings).left_out == (LeftOut("4.jpg", "other_side"),)


def test_marked_points_and_outline_are_studied_apart() -> None:
    """Each tier has noise of its own; photos of the other one are left out of it."""
    readings = make_readings(Truth(people=12, raters=1, sessions=2), 1)
    for at in range(12):
        marked = {
            key: m if m.value is None else replace(m, tier="marked")
            for key, m in readings[at].measurements.items()
        }
        readings[at] = replace(readings[at], measurements=marked)
    made = study(readings)
    tiers = [(one.tier, one.people) for one in made.measures if one.key == "pelvic_tilt_deg"]
    assert tiers == [("marked", 6), ("outline", 6)]
    assert {out.code for out in tilt(made).left_out} == {"other_tier"}


@pytest.mark.parametrize("people", [0, 1, 2])
def test_fewer_than_three_people_are_refused_in_a_sentence(people: int) -> None:
    """No figure, no NaN, no exception: what is missing, and what to do."""
    made = study(make_readings(replace(TWO_EACH, people=people), 1))
    assert all(one.noise is None and one.correlation is None for one in made.measures)
    said = "1 person has" if people == 1 else f"{people} people have"
    assert words.plain(tilt(made)) == (
        f"Pelvic tilt: {said} two photos that can be used, and 3 are needed: "
        "photograph more people twice."
    )


def test_three_people_have_figures_that_are_said_to_be_of_little_use() -> None:
    """The sentence is there, and how wide it is."""
    made = study(make_readings(replace(TWO_EACH, people=3), 1))
    assert tilt(made).noise is not None
    assert tilt(made).too_wide
    assert words.plain(tilt(made)).startswith("Pelvic tilt: too few photos to say how far apart")
    said = " ".join(words.sureness(made))
    assert "so unsure that they are not used to compare" in said


def test_twelve_people_are_unsure_and_twenty_are_sure() -> None:
    """The warning ends where the least change is known to within half of it."""
    twelve = study(make_readings(replace(TWO_EACH, people=12), 1))
    assert (tilt(twelve).wide, tilt(twelve).too_wide) == (True, False)
    assert "unsure" in " ".join(words.sureness(twelve))
    twenty = study(make_readings(replace(TWO_EACH, people=20), 1))
    assert not list(words.sureness(twenty))


def test_photos_of_one_sitting_are_said_to_lack_what_posing_adds() -> None:
    """Their noise is that from photo to photo alone."""
    made = study(make_readings(Truth(people=10, raters=1, sessions=1, photos=3), 1))
    assert not tilt(made).posed_anew
    assert tilt(made).photos == 30
    assert tilt(made).noise is not None
    assert "what posing and setting up the camera anew adds" in " ".join(words.limits(made))


def test_one_session_of_two_raters_is_said_to_lack_the_day() -> None:
    """Raters pose people anew, on the same day."""
    made = study(make_readings(Truth(people=10, raters=2, sessions=1), 1))
    assert tilt(made).posed_anew
    assert "repeat it on another day" in " ".join(words.limits(made))


def test_numbers_that_never_differ_are_taken_for_copies() -> None:
    """A noise of nothing would call everything a change."""
    readings = [
        Reading.of(
            replace(one_photo(person, 30.0 + session)),
            f"{person}{session}",
            Taken(str(person), "r1", f"s{session}"),
        )
        for person in range(4)
        for session in range(2)
    ]
    made = study(readings)
    assert tilt(made).noise is None
    assert "seem to be copies" in words.plain(tilt(made))


def test_correlations_are_of_people_with_the_same_occasions() -> None:
    """A third session of two people alone does not cost the others theirs."""
    readings = make_readings(Truth(people=10, raters=1, sessions=3), 1)
    kept = [one for at, one in enumerate(readings) if one.taken.session != "s3" or at < 6]
    found = tilt(study(kept)).correlation
    assert found is not None
    assert (found.people, found.occasions) == (10, 2)


def test_raters_are_compared_within_a_session_and_sessions_within_a_rater() -> None:
    """Where each rater had a session of their own, neither can be told from the other."""
    readings = make_readings(Truth(people=6, raters=2, sessions=2), 1)
    crossed = [one for one in readings if one.taken.rater[1] == one.taken.session[1]]
    assert tilt(study(crossed)).agreements == ()
    assert len(tilt(study(readings)).agreements) == 2
    assert tilt(study(crossed)).noise is not None


def test_plain_words_give_the_least_change_rounded_up() -> None:
    """The sentence is the one that a therapist would say."""
    made = study(make_readings(TWO_EACH, 1))
    noise = tilt(made).change
    assert noise is not None
    said = words.plain(tilt(made))
    number = float(said.split("less than ")[1].split(" degrees")[0])
    assert 0 <= number - noise.mdc95.value < 0.1
    assert said.endswith("95 times of 100 if nothing changed.")
