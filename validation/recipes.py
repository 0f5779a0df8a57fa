"""Says what one picture is made from: person, stance, clothes, hair, camera, room and finish."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """A body before it is posed, in the terms of the body model."""

    phenotype: dict[str, float]
    local: dict[str, float]
    skin_tone: float


@dataclass(frozen=True, slots=True)
class Stance:
    """How a person stands.

    Attributes
    ----------
    pelvis_deg : float
        Rotation of the pelvis from its rest, + = anterior.
    thoracic_deg : float
        Flexion added to the thoracic spine.
    balance_m : float
        How far C7 lies forward of where it rests over the ankles; the lumbar spine makes up for it.
    leg_deg : float
        Inclination of the legs, + = hips forward of the ankles.
    lumbar_apex, thoracic_apex : float
        Where the curve is strongest, -1 low to 1 high.
    knee_deg : float
        Flexion of the knee, negative when over-extended.
    thigh_deg : float
        Flexion of the hip beyond what balance and knee ask for; large when seated or squatting.
    arms : str
        ``"hanging"``, ``"clasped"``, ``"flexed"`` or ``"crossed"``.
    """

    pelvis_deg: float
    thoracic_deg: float
    balance_m: float
    leg_deg: float
    lumbar_apex: float
    thoracic_apex: float
    neck_deg: float
    head_deg: float
    knee_deg: float
    stance_m: float
    toe_out_deg: float
    arms: str
    arm_flexion_deg: float
    arm_abduction_deg: float
    elbow_deg: float
    thigh_deg: float = 0.0
    lumbar_deg: float | None = None


@dataclass(frozen=True, slots=True)
class Wear:
    """Clothes: eases run from 0, skin-tight, to 1, very wide; hem and sleeve from short to long."""

    fit: str
    lower: str
    lower_ease: float
    upper: str
    upper_ease: float
    tucked: bool
    hem: float
    sleeve: float
    seed: int


@dataclass(frozen=True, slots=True)
class Hair:
    """Style, and length from 0 to 1: ponytail and long hair of 1 reach the middle of the back."""

    style: str
    length: float
    seed: int


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the photo is taken from; ``fill`` is stature as a share of the picture's height."""

    side: str
    yaw_deg: float
    roll_deg: float
    pitch_deg: float
    distance_m: float
    height_m: float
    fill: float
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Room:
    """A room with or without edges that are truly vertical."""

    verticals: bool
    seed: int


@dataclass(frozen=True, slots=True)
class Finish:
    """What a phone does to a picture."""

    brightness: float
    contrast: float
    blur_px: float
    noise: float
    jpeg_quality: int
    seed: int


@dataclass(frozen=True, slots=True)
class Sticker:
    """A round adhesive marker.

    Attributes
    ----------
    name : str
        What it marks: ``"asis"`` and ``"psis"`` of the near side, ``"c7"``, ``"t12"``, ``"l1"``,
        ``"l3"`` or ``"s1"``.
    look : str
        ``"plain"``, a target (``"dot"`` with a black centre, ``"ring"``, ``"quarters"``), or
        ``"reflector"``, which sends a flash back.
    rgb : tuple of float
        Base colour, linear, 0 to 1.
    diameter_mm : float
        Of its base.
    rise : float
        Height over radius: 0 for a flat disc, 1 for half a ball.
    off_mm : tuple of float
        How far it was put beside its place: up along the skin, and across.
    """

    name: str
    look: str
    rgb: tuple[float, float, float]
    diameter_mm: float
    rise: float
    off_mm: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything that one picture is made from."""

    person: Person
    stance: Stance
    wear: Wear
    hair: Hair
    camera: Camera
    room: Room
    finish: Finish
    stickers: tuple[Sticker, ...] = ()
