"""Says what each point is called, how its name is spoken, and how fingers find it: words alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from posture.language import gettext as _
from posture.language import mark as N_

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
        N_("Ear"),
        N_("ear, opening of the ear canal"),
        N_("The opening of the ear canal, just behind the small flap of the ear."),
        "neck",
    ),
    "c7": Palpation(
        N_("C7"),
        N_("C7, lowest bone of the neck"),
        N_(
            "With the head bent forward, the bone that stands out most at the foot of the neck. "
            "If two stand out, it is the upper one that slides away when the head tips back; C7 "
            "stays."
        ),
        "neck",
    ),
    "shoulder": Palpation(
        N_("Shoulder"),
        N_("shoulder, tip of the shoulder blade"),
        N_(
            "Follow the spine of the shoulder blade outwards to its flat bony tip; the joint lies "
            "about two fingers below it, in the middle of the upper arm seen from the side."
        ),
        "neck",
    ),
    "t12": Palpation(
        N_("T12"),
        N_("T12, lowest bone of the chest"),
        N_(
            "The lowest rib meets the spine here. From L4, level with the tops of the hip crests, "
            "count four bones up: L3, L2, L1, T12."
        ),
        "trunk",
    ),
    "l1": Palpation(
        N_("L1"),
        N_("L1, top bone of the low back"),
        N_("From L4, level with the tops of the hip crests, count three bones up: L3, L2, L1."),
        "trunk",
    ),
    "l3": Palpation(
        N_("L3"),
        N_("L3, middle of the low back"),
        N_(
            "Hands on the tops of the hip crests: the thumbs meet at L4. L3 is the bone just above."
        ),
        "trunk",
    ),
    "s1": Palpation(
        N_("S1"),
        N_("S1, top of the sacrum"),
        N_(
            "The first bony bump of the sacrum, in the midline, about a finger above the line that "
            "joins the two dimples over the back of the pelvis. Above it, the dip is L5-S1."
        ),
        "trunk",
    ),
    "psis": Palpation(
        N_("PSIS"),
        N_("PSIS, back of the pelvis"),
        N_(
            "Under the dimple beside the sacrum: slide the thumb up along the buttock until it is "
            "stopped from below by a blunt bony knob. Take the knob's lower edge each time."
        ),
        "trunk",
    ),
    "asis": Palpation(
        N_("ASIS"),
        N_("ASIS, front of the pelvis"),
        N_(
            "Follow the hip crest forward and down to its end: the bony tip at the front of the "
            "hip. Slide the thumb up from below and take where it is first stopped."
        ),
        "trunk",
    ),
    "hip": Palpation(
        N_("Hip"),
        N_("hip, top of the thigh bone"),
        N_(
            "The bony knob on the side of the hip, felt to roll under the fingers as the leg "
            "turns in and out (greater trochanter)."
        ),
        "trunk",
    ),
    "knee": Palpation(
        N_("Knee"),
        N_("knee, gap of the joint"),
        N_(
            "On the outer side of the knee, the gap between thigh and shin bone, just above the "
            "head of the fibula."
        ),
        "leg",
    ),
    "ankle": Palpation(
        N_("Ankle"),
        N_("ankle, outer knob"),
        N_("The tip of the bony knob on the outer side of the ankle."),
        "leg",
    ),
    "heel": Palpation(
        N_("Heel"),
        N_("heel, rearmost point"),
        N_("The rearmost point of the heel, on the ground."),
        "leg",
    ),
    "foot_index": Palpation(
        N_("Toe"),
        N_("toe, tip of the foot"),
        N_("The tip of the foot, on the ground."),
        "leg",
    ),
}


def said(name: str) -> Palpation:
    """Return how a point is found, in the language in use."""
    words = PALPATION[name]
    return replace(words, label=_(words.label), spoken=_(words.spoken), how=_(words.how))
