"""Says what each point is called, how its name is spoken, and how fingers find it: words alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

View = Literal["trunk", "neck", "leg"]


@dataclass(frozen=True, slots=True)
class Palpation:
    """How one point is found on a person.

    Attributes
    ----------
    label : str
        What stands beside it in the photo.
    spoken : str
        Its name in full, as a screen reader says it.
    how : str
        One or two sentences on how to find it.
    view : {"trunk", "neck", "leg"}
        The part of the drawn body that shows it.
    """

    label: str
    spoken: str
    how: str
    view: View


#: By the names in `posture.marking.marks.PLACEABLE`, from head to foot: the order of the keyboard.
PALPATION: Final[Mapping[str, Palpation]] = {
    "ear": Palpation(
        "Ear",
        "ear, opening of the ear canal",
        "The opening of the ear canal, just behind the small flap of the ear.",
        "neck",
    ),
    "c7": Palpation(
        "C7",
        "C7, lowest bone of the neck",
        "With the head bent forward, the bone that stands out most at the foot of the neck. If two "
        "stand out, it is the upper one that slides away when the head tips back; C7 stays.",
        "neck",
    ),
    "shoulder": Palpation(
        "Shoulder",
        "shoulder, tip of the shoulder blade",
        "Follow the spine of the shoulder blade outwards to its flat bony tip; the joint lies "
        "about two fingers below it, in the middle of the upper arm seen from the side.",
        "neck",
    ),
    "t12": Palpation(
        "T12",
        "T12, lowest bone of the chest",
        "The lowest rib meets the spine here. From L4, level with the tops of the hip crests, "
        "count four bones up: L3, L2, L1, T12.",
        "trunk",
    ),
    "l1": Palpation(
        "L1",
        "L1, top bone of the low back",
        "From L4, level with the tops of the hip crests, count three bones up: L3, L2, L1.",
        "trunk",
    ),
    "l3": Palpation(
        "L3",
        "L3, middle of the low back",
        "Hands on the tops of the hip crests: the thumbs meet at L4. L3 is the bone just above.",
        "trunk",
    ),
    "s1": Palpation(
        "S1",
        "S1, top of the sacrum",
        "The first bony bump of the sacrum, in the midline, about a finger above the line that "
        "joins the two dimples over the back of the pelvis. Above it, the dip is L5-S1.",
        "trunk",
    ),
    "psis": Palpation(
        "PSIS",
        "PSIS, back of the pelvis",
        "Under the dimple beside the sacrum: slide the thumb up along the buttock until it is "
        "stopped from below by a blunt bony knob. Take the knob's lower edge each time.",
        "trunk",
    ),
    "asis": Palpation(
        "ASIS",
        "ASIS, front of the pelvis",
        "Follow the hip crest forward and down to its end: the bony tip at the front of the hip. "
        "Slide the thumb up from below and take where it is first stopped.",
        "trunk",
    ),
    "hip": Palpation(
        "Hip",
        "hip, top of the thigh bone",
        "The bony knob on the side of the hip, felt to roll under the fingers as the leg turns in "
        "and out (greater trochanter).",
        "trunk",
    ),
    "knee": Palpation(
        "Knee",
        "knee, gap of the joint",
        "On the outer side of the knee, the gap between thigh and shin bone, just above the head "
        "of the fibula.",
        "leg",
    ),
    "ankle": Palpation(
        "Ankle",
        "ankle, outer knob",
        "The tip of the bony knob on the outer side of the ankle.",
        "leg",
    ),
    "heel": Palpation(
        "Heel",
        "heel, rearmost point",
        "The rearmost point of the heel, on the ground.",
        "leg",
    ),
    "foot_index": Palpation(
        "Toe",
        "toe, tip of the foot",
        "The tip of the foot, on the ground.",
        "leg",
    ),
}
