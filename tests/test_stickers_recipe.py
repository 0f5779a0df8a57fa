"""Which stickers people of the validation set wear, and what is seen of them, without a picture."""

import hashlib
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from validation import sets, subjects
from validation.people import marked
from validation.people.parts import Look, Part
from validation.people.stickers import Stuck
from validation.pictures import camera
from validation.recipes import Camera, Sticker, Subject
from validation.sets import Shot
from validation.taping import showing

SPINOUS = {"c7", "t12", "l1", "l3", "s1"}


def clinic(shot: Shot) -> Subject:
    """Return what `generate` makes a picture from."""
    subject = subjects.draw(shot.split, shot.person_index, visit=shot.visit, **shot.changes())
    return subjects.in_clinic(subject, shot.split, shot.person_index, taped=shot.kind == "taped")


TAPED = [clinic(Shot("calibrate", "taped", index)) for index in range(400)]
UNTAPED = [clinic(Shot("calibrate", "untaped", index)) for index in range(100)]


def told(made: Any) -> str:
    """Return what something is drawn as, to nine digits: the last ones are the machine's own."""
    if isinstance(made, dict):
        return " ".join(f"{name}={told(part)}" for name, part in made.items())
    return f"{made:.9g}" if isinstance(made, float) else repr(made)


def test_people_drawn_before_stickers_were_are_the_same() -> None:
    """Their fields, by the checksum they had then; none of them wears a sticker."""
    digest = hashlib.sha256()
    for split in ("fit", "calibrate", "test"):
        for kind in ("standing", "outline", *sets.EXPECTED):
            for index, visit in ((0, 0), (7, 0), (7, 1)):
                shot = Shot(split, kind, index, visit)
                drawn = subjects.draw(split, shot.person_index, visit=visit, **shot.changes())
                fields = asdict(drawn)
                assert fields.pop("stickers") == ()
                digest.update(told(fields).encode())
    assert digest.hexdigest() == "209f1396f65cfe57505cc9cac2209f5f6963d32146022d94ec816bd2963261e7"


def test_pictures_made_before_stickers_were_are_the_same() -> None:
    """Names, in order, and the numbers of their people."""
    digest = hashlib.sha256()
    for split in ("fit", "calibrate", "test"):
        for shot in sets.plan(split):
            if shot.kind not in (*sets.CLINIC, "series"):
                digest.update(f"{shot.name} {shot.person_index}\n".encode())
    assert digest.hexdigest() == "863ca2acfa5684c15849b168b53bd0c8b2e3d0fa0464219a5c2a4990c39116ef"


def test_who_is_taped_is_planned() -> None:
    """How many there are of each split, all of them people of their own."""
    for split, taped, untaped in (("fit", 800, 120), ("calibrate", 96, 24), ("test", 430, 100)):
        shots = sets.plan(split)
        assert sum(shot.kind == "taped" for shot in shots) == taped
        assert sum(shot.kind == "untaped" for shot in shots) == untaped
        mine = {shot.person_index for shot in shots if shot.kind in sets.CLINIC}
        others = {shot.person_index for shot in shots if shot.kind not in sets.CLINIC}
        assert len(mine) == taped + untaped
        assert not mine & others


def test_a_subject_is_drawn_the_same_again() -> None:
    """Twice the same, and its stickers do not depend on how often it was drawn."""
    assert clinic(Shot("test", "taped", 3)) == clinic(Shot("test", "taped", 3))
    assert clinic(Shot("test", "taped", 3)) != clinic(Shot("test", "taped", 4))


def test_nobody_is_loosely_dressed_and_few_arms_hang() -> None:
    """Loose clothes give way to tight ones; 15 % of arms hang, of 500 within 4 points."""
    people = [*TAPED, *UNTAPED]
    assert {person.wear.fit for person in people} == {"bare", "tight", "normal"}
    hanging = sum(person.stance.arms == "hanging" for person in people) / len(people)
    assert hanging == pytest.approx(0.15, abs=0.04)
    assert {(person.camera.width_px, person.camera.height_px) for person in people} == {
        (1440, 2160)
    }
    assert not any(person.stickers for person in UNTAPED)


def test_what_stickers_are_like() -> None:
    """ASIS and PSIS always; the spine on half, in domes of 10 mm or more; T12 or L1, not both."""
    spines = 0
    for person in TAPED:
        worn = {sticker.name: sticker for sticker in person.stickers}
        assert len(worn) == len(person.stickers)
        assert {"asis", "psis"} <= worn.keys() <= {"asis", "psis", *SPINOUS}
        assert all(8 <= sticker.diameter_mm <= 25 for sticker in person.stickers)
        assert all(0 <= part <= 1 for sticker in person.stickers for part in sticker.rgb)
        spinous = worn.keys() & SPINOUS
        spines += bool(spinous)
        assert all(worn[name].rise > 1 and worn[name].diameter_mm >= 10 for name in spinous)
        assert all(worn[name].off_mm[1] == 0 for name in spinous)
        if spinous:
            assert {"l3", "s1"} <= spinous
            assert len(spinous & {"t12", "l1"}) == 1
    assert spines / len(TAPED) == pytest.approx(0.5, abs=0.08)
    looks = {sticker.look for person in TAPED for sticker in person.stickers}
    assert looks == {"plain", "dot", "ring", "quarters", "reflector"}


def test_stickers_lie_beside_their_place_as_they_are_said_to() -> None:
    """Spinous ones 5 mm off along the midline, one standard deviation."""
    off = [s.off_mm[0] for person in TAPED for s in person.stickers if s.name in SPINOUS]
    assert sum(off) / len(off) == pytest.approx(0, abs=0.8)
    assert (sum(each**2 for each in off) / len(off)) ** 0.5 == pytest.approx(5, abs=0.6)


def test_a_sticker_that_would_not_show_is_another() -> None:
    """White on white becomes coloured; what shows, and a target, stay."""
    white, dark = (0.8, 0.8, 0.8), (0.02, 0.02, 0.03)

    def sticker(look: str) -> Sticker:
        return Sticker("asis", look, white, 12.0, 0.0, (0.0, 0.0))

    (kept,) = showing([sticker("plain")], {"asis": [dark]})
    assert kept == sticker("plain")
    for look in ("plain", "reflector"):
        (other,) = showing([sticker(look)], {"asis": [white, dark]})
        assert other.look == "plain"
        assert max(other.rgb) - min(other.rgb) > 0.2
    (target,) = showing([sticker("dot")], {"asis": [white]})
    assert target == sticker("dot")


PLAIN = Look("plain", (0.5, 0.5, 0.5))
#: 2 m away, level, 500 pixels a metre where the person stands.
VIEW = camera.place(Camera("left", 0, 0, 0, 2.0, 0.9, 0.9, 720, 1000), 1.8, 0.0)


def square(name: str, x: float, y: tuple[float, float], z: tuple[float, float]) -> Part:
    """Return an upright square that faces the camera, at x metres towards it."""
    corners = [(x, a, b) for a, b in ((y[0], z[0]), (y[1], z[0]), (y[1], z[1]), (y[0], z[1]))]
    return Part(name, np.array(corners), np.array([[0, 1, 2], [0, 2, 3]]), PLAIN)


def stuck(name: str, y: float, z: float, off_mm: float = 0.0) -> Stuck:
    """Return a square sticker of 20 mm on the plane x = 0."""
    sticker = Sticker(name, "plain", (0.6, 0.0, 0.0), 20.0, 0.0, (off_mm, 0.0))
    part = square(name, 0.0, (y - 0.01, y + 0.01), (z - 0.01, z + 0.01))
    return Stuck(sticker, np.array([0.0, y, z]), [part])


def test_a_part_of_a_view_shows_the_same_points() -> None:
    """At the pixels of the whole, less those of its corner; a smaller view has them nearer."""
    at = np.array([[0.1, -0.3, 1.4], [-0.2, 0.2, 0.3]])
    low, high = np.array([100, 50]), np.array([413, 800])
    part = VIEW.part(low, high)
    assert (part.width_px, part.height_px) == (313, 750)
    assert part.project(at) == pytest.approx(VIEW.project(at) - low)
    assert VIEW.reduced(4).project(at) == pytest.approx(VIEW.project(at) / 4)


def test_what_is_seen_of_a_sticker_is_what_nothing_is_in_front_of() -> None:
    """Ten pixels square; an arm before it hides a half, a wall behind it nothing."""
    wall = square("wall", -0.1, (-1, 1), (0, 2))
    free = marked.seen([stuck("asis", 0.0, 0.9)], [wall], VIEW)["asis"]
    assert free["xy"] == pytest.approx([360, 500], abs=1e-3)
    assert free["visible_px"] == pytest.approx(100, abs=3)
    assert free["seen_share"] == 1
    arm = square("arm", 0.1, (-0.2, 0.0), (0, 2))
    half = marked.seen([stuck("asis", 0.0, 0.9)], [wall, arm], VIEW)["asis"]
    assert half["seen_share"] == pytest.approx(0.5, abs=0.05)
    assert half["xy"] == free["xy"]
    whole_arm = square("arm", 0.1, (-0.2, 0.2), (0, 2))
    none = marked.seen([stuck("asis", 0.0, 0.9)], [whole_arm], VIEW)["asis"]
    assert (none["visible_px"], none["seen_share"]) == (0, 0)


def test_stickers_hide_each_other() -> None:
    """Of two at one place the nearer is seen."""
    far, near = stuck("psis", 0.0, 0.9), stuck("s1", 0.0, 0.9)
    near = Stuck(near.sticker, near.middle, [square("s1", 0.01, (-0.02, 0.02), (0.85, 0.95))])
    shown = marked.seen([far, near], [], VIEW)
    assert (shown["psis"]["seen_share"], shown["s1"]["seen_share"]) == (0, 1)


def test_marked_tilt_is_that_of_the_stickers() -> None:
    """ASIS 15 cm ahead of the PSIS and as much lower as ten degrees make; forward is -y."""
    low = 0.15 * np.tan(np.radians(10))
    pair = [stuck("asis", -0.1, 0.9 - low), stuck("psis", 0.05, 0.9)]
    assert marked.tilt(pair) == pytest.approx(10)
