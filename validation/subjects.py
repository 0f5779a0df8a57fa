"""Draws people, stances, clothes, cameras and rooms, each from its own random stream."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np

from validation.recipes import Camera, Finish, Hair, Person, Room, Stance, Subject, Wear
from validation.taping import stickers

#: The splits, each with its own seeds, so that no body, garment, hair or room is in two of them.
SPLIT_SEEDS: Final = {"fit": 11, "calibrate": 23, "test": 41}

_SHORT_M: Final = 1.4

# Streams of one subject: what stays the same when the person is photographed again, and what not.
_PERSON, _STANCE, _WEAR, _CAMERA, _ROOM, _CLINIC, _TAPE, _SERIES = range(8)

# An arm that hangs covers ASIS and PSIS: where people are taped 3 in 20 do so, else 7 in 20.
_HANGING_TAPED: Final = 0.15 / 0.35

Rng = np.random.Generator


def draw(split: str, index: int, *, visit: int = 0, **changes: Any) -> Subject:  # noqa: ANN401
    """Draw one subject.

    Parameters
    ----------
    split : {"fit", "calibrate", "test"}
        Which set; none shares a stream with another.
    index : int
        Which person. Person, clothes, hair and arms are the same at every visit.
    visit : int
        Which photo of the person: stance, camera and finish differ, and the room stays.
    **changes
        Replace fields of the stance or camera by name, for pictures that should be refused.

    Returns
    -------
    Subject
        The same for the same arguments.
    """

    def stream(part: int, of_visit: int = 0) -> Rng:
        return np.random.default_rng([SPLIT_SEEDS[split], index, part, of_visit])

    first = _stance(stream(_STANCE), None)
    stance = first if visit == 0 else _stance(stream(_STANCE, visit), first)
    clothes = stream(_WEAR)
    person = _person(stream(_PERSON))
    female = person.phenotype["gender"] > 0.5  # noqa: PLR2004 - half way
    first_camera = _camera(stream(_CAMERA), None)
    rng = stream(_CAMERA, visit)
    camera = first_camera if visit == 0 else _camera(rng, first_camera)
    stance = replace(stance, **{k: v for k, v in changes.items() if hasattr(stance, k)})
    camera = replace(camera, **{k: v for k, v in changes.items() if hasattr(camera, k)})
    wear, hair = _wear(clothes, female=female), _hair(clothes, female=female)
    room = _room(stream(_ROOM))
    return Subject(person, stance, wear, hair, camera, room, _finish(stream(_ROOM, visit + 1)))


def in_clinic(subject: Subject, split: str, index: int, *, taped: bool) -> Subject:
    """Return a drawn subject as who marks bony points takes its photo, with stickers or without.

    Loose clothes give way to tight ones, and most arms that hang to arms that are held up.
    """
    rng = np.random.default_rng([SPLIT_SEEDS[split], index, _CLINIC])
    stance, wear = subject.stance, subject.wear
    female = subject.person.phenotype["gender"] > 0.5  # noqa: PLR2004 - half way
    if wear.fit == "loose":
        while wear.fit != "tight":
            wear = _wear(rng, female=female)
    if stance.arms == "hanging" and rng.random() > _HANGING_TAPED:
        other = stance
        while other.arms == "hanging":
            other = _stance(rng, None)
        held = {name: getattr(other, name) for name in ("arms", "arm_flexion_deg", "elbow_deg")}
        stance = replace(stance, **held)
    tape = np.random.default_rng([SPLIT_SEEDS[split], index, _TAPE])
    return replace(subject, stance=stance, wear=wear, stickers=stickers(tape) if taped else ())


# By how much photos of one stance differ, as standard deviations. Chosen, not measured: people sway
# by some millimetres and breathe; whoever holds a phone lifts it anew for each photo, by some
# centimetres and a degree from where it was. What is chosen too small makes averages seem less sure
# than they are. Where the picture's middle lies across the person does not differ at all.
_SWAY: Final = {
    "pelvis_deg": 0.5,
    "thoracic_deg": 0.5,
    "balance_m": 0.003,
    "leg_deg": 0.3,
    "neck_deg": 0.5,
    "head_deg": 1.0,
    "knee_deg": 0.3,
    "arm_flexion_deg": 1.0,
}
_HELD: Final = {
    "yaw_deg": 1.0,
    "roll_deg": 1.0,
    "pitch_deg": 1.0,
    "distance_m": 0.05,
    "height_m": 0.03,
}
_EXPOSED: Final = 0.05


def once_more(subject: Subject, split: str, index: int, *, visit: int, photo: int) -> Subject:
    """Return a drawn subject in the next photo of the same stance, a moment later.

    The person sways and breathes, the camera is lifted anew and measures the light anew. The lens,
    and so the size of a person at some distance, stays, as does everything else.
    """
    rng = np.random.default_rng([SPLIT_SEEDS[split], index, _SERIES, visit, photo])
    before, stance, finish = subject.camera, subject.stance, subject.finish
    swayed = {name: getattr(stance, name) + float(rng.normal(0, sd)) for name, sd in _SWAY.items()}
    held = {name: getattr(before, name) + float(rng.normal(0, sd)) for name, sd in _HELD.items()}
    held["fill"] = before.fill * before.distance_m / held["distance_m"]
    most = _most_pitched_deg(held["fill"], held["distance_m"])
    held["pitch_deg"] = float(np.clip(held["pitch_deg"], -most, most))
    finish = replace(
        finish,
        brightness=finish.brightness * float(np.exp(rng.normal(0, _EXPOSED))),
        blur_px=float(rng.uniform(0, 0.8)),
        seed=int(rng.integers(2**31)),
    )
    return replace(
        subject,
        stance=replace(stance, **swayed),
        camera=replace(before, **held),
        finish=finish,
    )


def _person(rng: Rng) -> Person:
    def bounded(mean: float, sd: float, low: float, high: float) -> float:
        return float(np.clip(rng.normal(mean, sd), low, high))

    ages = [0.5, 0.5, 0.55, 0.62, 0.7, 0.8, 0.9]
    descent = rng.dirichlet([0.6, 0.6, 0.6])
    phenotype = {
        "gender": float(np.clip(float(rng.random() < 0.5) + rng.normal(0, 0.12), 0, 1)),  # noqa: PLR2004
        "age": float(rng.choice(ages) + rng.uniform(-0.03, 0.03)),
        "muscle": bounded(0.5, 0.18, 0.1, 0.95),
        "weight": bounded(0.52, 0.17, 0.15, 0.98),
        "height": bounded(0.5, 0.12, 0.15, 0.85),
        "proportions": float(rng.uniform(0.2, 0.9)),
        "cupsize": bounded(0.45, 0.2, 0.05, 0.95),
        "firmness": float(rng.uniform(0.2, 0.8)),
        "african": float(descent[0]),
        "asian": float(descent[1]),
        "caucasian": float(descent[2]),
    }
    local = {name: bounded(0.0, sd, -1.0, 1.0) for name, sd in _LOCAL_SD.items()}
    local["stomach-pregnant-incr"] = bounded(0.0, 0.15, 0.0, 1.0)
    tone = float(np.clip(0.12 + 0.75 * descent[0] + rng.normal(0, 0.12), 0, 1))
    return Person(phenotype, local, tone)


# Soft tissue and proportions, as standard deviations of the body model's own dials (-1 to 1).
_LOCAL_SD: Final = {
    "buttocks-volume-incr": 0.5,
    "stomach-tone-incr": 0.45,
    "torso-scale-depth-incr": 0.35,
    "hip-scale-depth-incr": 0.3,
    "hip-scale-horiz-incr": 0.3,
    "torso-scale-horiz-incr": 0.25,
    "torso-muscle-dorsi-incr": 0.4,
    "torso-muscle-pectoral-incr": 0.4,
    "measure-waist-circ-incr": 0.3,
    "hip-trans-forward": 0.15,
    "torso-trans-forward": 0.12,
    "upperlegs-height-incr": 0.25,
    "torso-scale-vert-incr": 0.2,
    "neck-scale-depth-incr": 0.3,
    "head-back-scale-depth-incr": 0.3,
}


def _stance(rng: Rng, before: Stance | None) -> Stance:
    """Draw a stance; the next one of the same person keeps the arms and what the body decides."""
    arms = str(rng.choice(["hanging", "clasped", "flexed", "crossed"], p=[0.35, 0.3, 0.2, 0.15]))
    flexion = {
        "hanging": rng.uniform(-6, 12),
        "clasped": rng.uniform(5, 20),
        "flexed": rng.uniform(28, 60),
        "crossed": 0.0,
    }
    stance = Stance(
        pelvis_deg=float(np.clip(rng.normal(0, 7), -19, 19)),
        thoracic_deg=float(rng.normal(3, 8)),
        balance_m=float(rng.normal(0, 0.03)),
        leg_deg=float(rng.normal(0, 2)),
        lumbar_apex=float(rng.normal(0, 1.0)),
        thoracic_apex=float(rng.normal(0, 0.8)),
        neck_deg=float(np.clip(rng.normal(2, 4), -8, 12)),
        head_deg=float(rng.normal(0, 5)),
        knee_deg=float(np.clip(rng.normal(-5, 3.5), -13, 3)),
        stance_m=float(rng.uniform(0.09, 0.22)),
        toe_out_deg=float(rng.uniform(0, 14)),
        arms=arms,
        arm_flexion_deg=float(flexion[arms]),
        arm_abduction_deg=float(rng.uniform(3, 9)),
        elbow_deg=float(rng.uniform(5, 50 if arms == "flexed" else 25)),
    )
    if before is None:
        return stance
    # Re-posed: pelvis and balance anew within some degrees, the spine's own shape as before.
    return replace(
        before,
        pelvis_deg=float(np.clip(before.pelvis_deg + rng.uniform(-9, 9), -19, 19)),
        thoracic_deg=before.thoracic_deg + float(rng.normal(0, 4)),
        balance_m=before.balance_m + float(rng.normal(0, 0.015)),
        leg_deg=before.leg_deg + float(rng.normal(0, 1)),
        neck_deg=before.neck_deg + float(rng.normal(0, 2)),
        head_deg=before.head_deg + float(rng.normal(0, 3)),
        knee_deg=before.knee_deg + float(rng.normal(0, 1)),
        stance_m=stance.stance_m,
        arm_abduction_deg=before.arm_abduction_deg + float(rng.normal(0, 1)),
    )


def _wear(rng: Rng, *, female: bool) -> Wear:
    fit = str(rng.choice(["bare", "tight", "normal", "loose"], p=[0.34, 0.34, 0.16, 0.16]))
    tight_legs = str(rng.choice(["leggings", "shorts"], p=[0.6, 0.4] if female else [0.3, 0.7]))
    lower, upper, lower_ease, upper_ease = {
        "bare": (
            str(rng.choice(["briefs", "shorts", tight_legs])),
            "bra" if female else "none",
            rng.uniform(0, 0.1),
            0.0,
        ),
        "tight": (
            tight_legs,
            str(rng.choice(["tank", "shirt"])),
            rng.uniform(0, 0.15),
            rng.uniform(0, 0.08),
        ),
        "normal": (
            str(rng.choice(["shorts", "leggings", "trousers"])),
            "shirt",
            rng.uniform(0.1, 0.5),
            rng.uniform(0.15, 0.45),
        ),
        "loose": (
            str(rng.choice(["shorts", "leggings", "trousers"])),
            "shirt",
            rng.uniform(0.3, 0.9),
            rng.uniform(0.6, 1.0),
        ),
    }[fit]
    return Wear(
        fit=fit,
        lower=lower,
        lower_ease=float(lower_ease),
        upper=upper,
        upper_ease=float(upper_ease),
        tucked=bool(upper == "shirt" and rng.random() < (0.35 if fit != "loose" else 0.1)),
        hem=float(rng.uniform(0.3 if fit == "loose" else 0.0, 1.0)),
        sleeve=float(rng.uniform(0, 1)),
        seed=int(rng.integers(2**31)),
    )


def _hair(rng: Rng, *, female: bool) -> Hair:
    styles = ["short", "bald", "bun", "ponytail", "long", "cap"]
    odds = [0.15, 0.0, 0.22, 0.33, 0.22, 0.08] if female else [0.7, 0.12, 0.02, 0.04, 0.02, 0.1]
    style = str(rng.choice(styles, p=odds))
    return Hair(style, float(rng.uniform(0, 1)), int(rng.integers(2**31)))


def _camera(rng: Rng, before: Camera | None) -> Camera:
    distance, fill = float(rng.uniform(2.2, 4.6)), float(rng.uniform(0.74, 0.88))
    pitched = _most_pitched_deg(fill, distance)
    camera = Camera(
        side=str(rng.choice(["left", "right"])),
        yaw_deg=float(np.clip(rng.normal(0, 5), -15, 15)),
        roll_deg=float(np.clip(rng.normal(0, 2), -5, 5)),
        pitch_deg=float(np.clip(rng.normal(0, 2), -pitched, pitched)),
        distance_m=distance,
        height_m=float(rng.uniform(0.7, 1.5)),
        fill=fill,
        width_px=480,
        height_px=720,
    )
    if before is None:
        return camera
    return replace(
        camera,
        side=before.side,
        yaw_deg=before.yaw_deg + float(rng.normal(0, 2)),
        distance_m=before.distance_m + float(rng.normal(0, 0.15)),
        height_m=before.height_m + float(rng.normal(0, 0.05)),
    )


def _most_pitched_deg(fill: float, distance_m: float) -> float:
    """Return the largest pitch by which a person is still in the photo, from crown to sole."""
    margin = ((1 - fill) / 2 - 0.015) / fill
    return float(np.degrees(np.arctan(margin * _SHORT_M / distance_m)))


def _room(rng: Rng) -> Room:
    return Room(verticals=bool(rng.random() < 0.6), seed=int(rng.integers(2**31)))  # noqa: PLR2004


def _finish(rng: Rng) -> Finish:
    return Finish(
        brightness=float(np.exp(rng.normal(0, 0.2))),
        contrast=float(rng.uniform(0.85, 1.2)),
        blur_px=float(rng.uniform(0, 0.8)),
        noise=float(rng.uniform(0.5, 5)),
        jpeg_quality=int(rng.integers(60, 96)),
        seed=int(rng.integers(2**31)),
    )
