"""The page that explains: what is measured, how sure it is, what it cannot do, and privacy."""

import streamlit as st

from app_pages import cards
from posture import wording

_FORGOTTEN_AFTER_S = st.get_option("server.disconnectedSessionTTL")

_MEASURES = (
    (
        "Pelvic tilt",
        "The line from the back of the pelvis (PSIS) to its front (ASIS), to the horizontal",
        "anterior: the front is lower",
    ),
    (
        "Lumbar curve",
        "The angle between the skin of the back above and below the hollow of the low back",
        "lordosis: hollow",
    ),
    ("Thoracic curve", "The same for the round of the upper back", "kyphosis: round"),
    ("Sacral inclination", "The skin over the sacrum, to the vertical", "anterior: leans forward"),
    ("Trunk lean", "The line from hip to shoulder, to the vertical", "forward"),
    ("Knee angle", "Thigh to shank; 180 is straight, more is hyperextension", ""),
    (
        "Ear, shoulder, hip and knee offset",
        "How far it lies from the vertical through the ankle, in % of height, or in cm",
        "forward",
    ),
)


def _page() -> None:
    st.title("How it works", anchor=False)
    st.markdown(
        "One photo from the side goes in. The person is found in it, the contour of the back is "
        "followed, and two angles are read from it: **pelvic tilt** and **lumbar curve**. "
        "They are always shown together, each with its interval."
    )
    st.page_link("app_pages/analyse.py", label="Measure a photo", icon=":material/arrow_forward:")
    _numbers()
    _sureness()
    _limits()
    st.header("How to take the photo", anchor=False)
    cards.guide()
    st.header("Privacy", anchor=False)
    st.markdown(
        "- Photos never leave this computer: everything is computed on it, without any network.\n"
        "- Nothing is written to disk by this program; the browser keeps the coordinates of points "
        "that you placed until the tab is closed. Photos and results stay in memory; once the tab "
        "is closed "
        f"or reloaded, nobody can reach them after {_FORGOTTEN_AFTER_S} seconds. **Forget my "
        "photos** deletes them, and so does stopping the program.\n"
        "- No statistics are sent to anyone.\n"
        "- A saved picture is made from pixels alone, without the photo's place and time."
    )


def _numbers() -> None:
    st.header("What the numbers mean", anchor=False)
    names, meanings, signs = zip(*_MEASURES, strict=True)
    st.table(
        {"Measure": names, "What it is": meanings, "Above 0": signs},
        border="horizontal",
        hide_index=True,
        alt="Definitions and signs of the measures",
    )
    st.markdown(
        "These are angles of the body's surface. The lumbar curve on the skin is not the angle "
        "measured on an X-ray, and pelvic tilt here is not the radiographic 'pelvic tilt', which "
        "counts the other way round. Neither can be converted into the other."
    )


def _sureness() -> None:
    marked, outline, refused = (
        wording.tier_words(tier).capitalize() for tier in ("marked", "outline", "refused")
    )
    st.header("How sure a number is", anchor=False)
    st.markdown(
        f"- **{marked}:** points that a person placed with **Correct the points**, or stickers "
        "that were found on the skin. The surest for pelvic tilt: its interval holds where fingers "
        "find the bones, and how the camera stood.\n"
        f"- **{outline}:** read from the contour of the back and the joints found in the photo.\n"
        f"- **{refused}:** the photo holds nothing that a number can stand on. "
        "You are told why, and what to do next.\n\n"
        "Behind each ± stands the interval in which the true value lies: about 95 times in "
        "100, for people like those that it was calibrated on. The interval of pelvic tilt also "
        "holds what no photo can show: how much pelves differ in shape.\n\n"
        "**Least change** is another number: between two photos of the same person, only a "
        "change of more than this is more than noise, 95 times in 100 (minimal detectable change). "
        "What is peculiar to the person is the same in both photos. Do not subtract the values "
        "shown: each is drawn towards the usual, so that their difference is too small. "
        "`posture compare` in a terminal reads the change itself.\n\n"
        "**The true vertical** is found by upright lines in the room, such as door frames, and "
        "angles to the vertical are taken from it. Where there are none, the photo is taken to be "
        "upright, and the intervals are wider.\n\n"
        "In a saved JSON file these numbers are called `low`, `high` and `mdc95` for each measure; "
        "the change is the difference of two `relative`; "
        "and `vertical` for the photo: how far the true vertical leans to the photo's right "
        "(`lean_deg`), with its standard deviation (`sd_deg`), and whether the photo shows it "
        "(`source`: `photo`, `drawn` or `assumed`). The file also holds every point: opened again "
        "under **Correct the points**, it gives the same numbers."
    )


def _limits() -> None:
    st.header("What it cannot do", anchor=False)
    st.markdown(
        "- **All numbers were fitted and checked on rendered people,** whose true angles are "
        "known; the errors are those on other rendered people than the ones fitted to. No real "
        "person was measured in a clinic or on X-rays to compare. The figures are in "
        "docs/accuracy.md, in the folder of this program.\n"
        "- Cadaver pelves, all held in one fixed position, differed by up to 23 degrees; they were "
        "at 13 ± 5, where ± is one standard deviation (Preece 2008, PMC2565125). This is no normal "
        "range, and no single value makes a person's posture good or bad.\n"
        "- A tilted camera tilts trunk lean degree for degree, and pelvic tilt and sacral "
        "inclination by somewhat less. Upright lines in the room correct that; without them "
        "nothing does. Hold the camera level.\n"
        "- Loose clothes, an arm over the low back or a turned body change what can be seen. "
        "What is noticed is refused or widens the interval; not everything is noticed.\n"
        "- What needs the head or the feet is not measured if they are outside the photo.\n"
        "- Arms change posture. Compare photos only if the arms were held in the same way."
    )
    st.info(
        "**Not a medical device; no diagnosis.** It describes a photo. "
        "What it means for a person is for the person and their therapist to say.",
        icon=":material/health_and_safety:",
    )


with st.container(horizontal_alignment="center"), st.container(width=760):
    _page()
