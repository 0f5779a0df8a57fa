"""A page with the point editor and the keeper alone, for `test_editor.py`."""

import math
import sys
from dataclasses import replace
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from app_pages.editor import edit, newest  # noqa: E402
from app_pages.editor.wire import from_browser, to_browser  # noqa: E402
from app_pages.keeper import keep  # noqa: E402
from posture import Photo  # noqa: E402
from posture.marking.marks import Corrections, Mark  # noqa: E402
from posture.pose import Point  # noqa: E402
from posture.tilt import Vertical  # noqa: E402
from tests.factory import make_assessment, make_refused  # noqa: E402

#: What the program would guess, in photo pixels.
GUESSES = {
    "psis": (330.0, 476.0),
    "asis": (392.0, 498.0),
    "s1": (322.0, 470.0),
    "l3": (334.0, 424.0),
    "l1": (330.0, 396.0),
    "t12": (324.0, 372.0),
    "c7": (318.0, 214.0),
}

#: How much more the vertical leans at the person than along a line that is drawn.
BEND_DEG = 0.4

st.set_page_config(layout="wide")
photo = Photo.open(ROOT / "samples" / "standing_striped_shirt.jpg")
size = {"width": photo.width, "height": photo.height}
key = "nobody" if "nobody" in st.query_params else "somebody"
if key == "nobody":
    assessment = make_refused("no_person", **size)
else:
    assessment = make_assessment(**size, vertical=Vertical(1.0, 0.5, True))
    guesses = {name: Point(*at, 0.0, "estimated") for name, at in GUESSES.items()}
    assessment = replace(assessment, points={**assessment.points, **guesses})

known: dict[str, Corrections] = st.session_state.setdefault("known", {})
if (late := newest(known.get(key, Corrections()), photo_key=key)) != known.get(key, Corrections()):
    known[key] = late
mirrored = {} if key in known else None
if known.get(key):
    mirrored = to_browser(known[key])
found = keep(key, mirrored, key="keeper")
if found is not None:
    known[key] = from_browser(found, photo.width, photo.height)
if st.button("Load other corrections"):
    known[key] = Corrections({"asis": Mark(400.0, 500.0)})
st.button("Run again")


def leave() -> None:
    """Take the editor off the page."""
    st.session_state["shown"] = False


if st.toggle("Show the editor", value=True, key="shown"):
    told = known.get(key, Corrections())
    if told.line is not None:
        lean_deg = math.degrees(
            math.atan2(told.line.x1 - told.line.x2, told.line.y2 - told.line.y1)
        )
        bent = Vertical(lean_deg + BEND_DEG, 0.5, True)
        assessment = replace(assessment, vertical=bent, corrections=told)
    placed = edit(photo, assessment, told, photo_key=key, key="editor", on_done=leave)
    if placed != known.get(key, Corrections()):
        known[key] = placed
        st.rerun()
told = known.get(key, Corrections())
st.code(str(to_browser(told)).replace("'", '"').replace("None", "null"), language="json")
