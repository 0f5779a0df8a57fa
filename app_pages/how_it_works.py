"""The page that explains: what is measured, how sure it is, what it cannot do, and privacy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from app_pages import cards
from posture import wording
from posture.language import gettext as _
from posture.language import mark as N_

if TYPE_CHECKING:
    from posture.quantities import Tier

_FORGOTTEN_AFTER_S = st.get_option("server.disconnectedSessionTTL")

_MEASURES = (
    (
        N_("Pelvic tilt"),
        N_("The line from the back of the pelvis (PSIS) to its front (ASIS), to the horizontal"),
        N_("anterior: the front is lower"),
    ),
    (
        N_("Lumbar curve"),
        N_("The angle between the skin of the back above and below the hollow of the low back"),
        N_("lordosis: hollow"),
    ),
    (
        N_("Thoracic curve"),
        N_("The same for the round of the upper back"),
        N_("kyphosis: round"),
    ),
    (
        N_("Sacral inclination"),
        N_("The skin over the sacrum, to the vertical"),
        N_("anterior: leans forward"),
    ),
    (N_("Trunk lean"), N_("The line from hip to shoulder, to the vertical"), N_("forward")),
    (N_("Knee angle"), N_("Thigh to shank; 180 is straight, more is hyperextension"), ""),
    (
        N_("Ear, shoulder, hip and knee offset"),
        N_("How far it lies from the vertical through the ankle, in % of height, or in cm"),
        N_("forward"),
    ),
)


def _page() -> None:
    st.title(_("How it works"), anchor=False)
    st.markdown(
        _(
            "One photo from the side goes in. The person is found in it, the contour of the back "
            "is followed, and two angles are read from it: **pelvic tilt** and **lumbar curve**. "
            "They are always shown together, each with its interval."
        )
    )
    label = _("Measure a photo")
    st.page_link("app_pages/analyse.py", label=label, icon=":material/arrow_forward:")
    _numbers()
    _sureness()
    _limits()
    st.header(_("How to take the photo"), anchor=False)
    cards.guide()
    st.header(_("Privacy"), anchor=False)
    st.markdown(
        cards.listed(
            _(
                "Photos stay on the computer that runs posture: everything is computed on it, and "
                "it asks no other."
            ),
            _(
                "Only people, visits and what you tell of your clinic are written to disk, "
                "encrypted: once you choose **Save as a visit** a draft with its photos, until you "
                "save or discard it; then what you chose to keep. "
                "The browser keeps the coordinates of points that you placed until the tab is "
                "closed. All else stays in memory; once the tab is closed or reloaded, nobody can "
                "reach it after {seconds} seconds. **Forget my photos** deletes the photos, and so "
                "does stopping the program."
            ).format(seconds=_FORGOTTEN_AFTER_S),
            _("No statistics are sent to anyone."),
            _("A saved picture is made from pixels alone, without the photo's place and time."),
        )
    )


def _numbers() -> None:
    st.header(_("What the numbers mean"), anchor=False)
    names, meanings, signs = zip(*_MEASURES, strict=True)
    st.table(
        {
            _("Measure"): [*map(_, names)],
            _("What it is"): [*map(_, meanings)],
            _("Above 0"): [*map(_, signs)],
        },
        border="horizontal",
        hide_index=True,
        alt=_("Definitions and signs of the measures"),
    )
    st.markdown(
        _(
            "These are angles of the body's surface. The lumbar curve on the skin is not the angle "
            "measured on an X-ray, and pelvic tilt here is not the radiographic 'pelvic tilt', "
            "which counts the other way round. Neither can be converted into the other."
        )
    )


def _sureness() -> None:
    st.header(_("How sure a number is"), anchor=False)
    tiers = cards.listed(
        _tier(
            "marked",
            _(
                "points that a person placed with **Correct the points**, or stickers that were "
                "found on the skin. The surest for pelvic tilt: its interval holds where fingers "
                "find the bones, and how the camera stood."
            ),
        ),
        _tier("outline", _("read from the contour of the back and the joints found in the photo.")),
        _tier(
            "refused",
            _(
                "the photo holds nothing that a number can stand on. You are told why, and what to "
                "do next."
            ),
        ),
    )
    paragraphs = (
        _(
            "Behind each ± stands the interval in which the true value lies: about 95 times in "
            "100, for people like those that it was calibrated on. The interval of pelvic tilt "
            "also holds what no photo can show: how much pelves differ in shape."
        ),
        _(
            "**Least change** is another number: between two photos of the same person, only a "
            "change of more than this is more than noise, 95 times in 100 (minimal detectable "
            "change). What is peculiar to the person is the same in both photos. Do not subtract "
            "the values shown: each is drawn towards the usual, so that their difference is too "
            "small. **Compare** reads the change itself."
        ),
        _(
            "**The true vertical** is found by upright lines in the room, such as door frames, and "
            "angles to the vertical are taken from it. Where there are none, the photo is taken to "
            "be upright, and the intervals are wider."
        ),
        _(
            "In a saved JSON file these numbers are called `low`, `high` and `mdc95` for each "
            "measure; the change is the difference of two `relative`; and `vertical` for the "
            "photo: how far the true vertical leans to the photo's right (`lean_deg`), with its "
            "standard deviation (`sd_deg`), and whether the photo shows it (`source`: `photo`, "
            "`drawn` or `assumed`). The file also holds every point: opened again under "
            "**Correct the points**, it gives the same numbers."
        ),
    )
    st.markdown("\n\n".join((tiers, *paragraphs)))


def _tier(tier: Tier, meaning: str) -> str:
    name = wording.tier_words(tier)
    return f"**{name[:1].upper()}{name[1:]}:** {meaning}"


def _limits() -> None:
    st.header(_("What it cannot do"), anchor=False)
    st.markdown(
        cards.listed(
            _(
                "**All numbers were fitted and checked on rendered people,** whose true angles are "
                "known; the errors are those on other rendered people than the ones fitted to. No "
                "real person was measured in a clinic or on X-rays to compare. The figures are in "
                "docs/accuracy.md, in the folder of this program."
            ),
            _(
                "Cadaver pelves, all held in one fixed position, differed by up to 23 degrees; "
                "they were at 13 ± 5, where ± is one standard deviation (Preece 2008, PMC2565125). "
                "This is no normal range, and no single value makes a person's posture good or bad."
            ),
            _(
                "A tilted camera tilts trunk lean degree for degree, and pelvic tilt and sacral "
                "inclination by somewhat less. Upright lines in the room correct that; without "
                "them nothing does. Hold the camera level."
            ),
            _(
                "Loose clothes, an arm over the low back or a turned body change what can be seen. "
                "What is noticed is refused or widens the interval; not everything is noticed."
            ),
            _("What needs the head or the feet is not measured if they are outside the photo."),
            _("Arms change posture. Compare photos only if the arms were held in the same way."),
        )
    )
    st.info(
        _(
            "**Not a medical device; no diagnosis.** It describes a photo. What it means for a "
            "person is for the person and their therapist to say."
        ),
        icon=":material/health_and_safety:",
    )


with st.container(horizontal_alignment="center"), st.container(width=760):
    _page()
