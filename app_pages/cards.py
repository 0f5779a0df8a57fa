"""Shows the parts of a result: headline angles, refusals, errors, the table and the downloads."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Final

import streamlit as st

from posture import export, notes, wording
from posture.language import gettext as _
from posture.language import mark as N_
from posture.reasons import explain

if TYPE_CHECKING:
    from posture import Assessment, Measurement
    from posture.reasons import Reason

_HERE: Final = Path(__file__).parent
_NOTHING: Final = "—"
_MARKS: Final = {
    "placed": N_("squares: points placed by hand"),
    "sticker": N_("hexagons: stickers"),
}

#: A picture of our own: Streamlit fetches the drawings of its named icons from the web.
ICON: Final = _HERE / "icon.svg"


def style() -> None:
    """Set the logo and what the theme cannot: a result's order on narrow and on wide screens."""
    st.logo(str(_HERE / "logo.svg"), size="large")
    st.html(_HERE / "style.css")


def plain(text: str) -> str:
    """Return text that shows as it is: in a name, markdown could even load a picture."""
    return re.sub(f"([{re.escape(string.punctuation)}])", r"\\\1", text)


def listed(*points: str) -> str:
    """Return points as a list in markdown."""
    return "\n".join(f"- {point}" for point in points)


def guide() -> None:
    """Show how to take the photo, drawn and in words."""
    drawing = Template((_HERE / "guide.svg").read_text("utf-8")).substitute(
        in_photo=_("in the photo"),
        distance=_("about 3 m"),
        camera=_("camera level,"),
        height=_("mid-body height"),
    )
    st.image(
        drawing,
        width=400,
        alt=_(
            "Left: the photo shows one whole person exactly from the side, hands clasped in front "
            "of the hips. Right: the camera stands level, about 3 metres to the person's side, at "
            "mid-body height."
        ),
    )
    st.markdown(
        listed(
            _("One person, seen exactly from the side, head to feet in the picture"),
            _("Camera level, at mid-body height, about 3 m away"),
            _("Tight clothes or bare back, hair off the neck"),
            _("Hands loosely clasped in front, so that no arm hides the low back"),
            _("Feet side by side, knees straight, relaxed, breathed out"),
        )
    )


def headline(assessment: Assessment) -> None:
    """Show the two angles, and the pair in a sentence."""
    angles(assessment)
    pair = (assessment.pelvic_tilt, assessment.lumbar_curve)
    if any(angle.value is not None for angle in pair):
        st.markdown(f"**{wording.pair(*pair)}**")


def angles(assessment: Assessment) -> None:
    """Show the two angles side by side, each with interval and tier."""
    numbers(assessment.pelvic_tilt, assessment.lumbar_curve)


def numbers(*pair: Measurement) -> None:
    """Show measurements side by side, each with interval and tier."""
    with st.container(horizontal=True, key="angles"):
        for angle in pair:
            words = (wording.direction(angle), wording.tier_words(angle.tier))
            st.metric(
                wording.label(angle.quantity),
                wording.amount(angle) if angle.value is not None else _NOTHING,
                " · ".join(word for word in words if word),
                delta_color="off",
                delta_arrow="off",
                border=True,
            )


def legend(assessment: Assessment) -> None:
    """Say what is drawn over the photo, by shape as well as by colour."""
    parts = []
    if assessment.outline is not None:
        parts.append(_("white line: contour of the back, dashed where hidden"))
        parts.append(_("circles: joints found"))
    if "ankle" in assessment.points:
        parts.insert(1, _("white dashes: true vertical through the ankle"))
    if assessment.lumbar_curve.value is not None:
        parts.append(_("orange: lumbar curve and its tangents, which touch at the diamonds"))
    if assessment.pelvic_tilt.tier == "marked":
        parts.append(_("blue, over a dashed true horizontal: the line from PSIS to ASIS"))
    elif assessment.pelvic_tilt.value is not None:
        parts.append(
            _(
                "blue, over a dashed true horizontal: pelvic tilt, a sketch of the slope alone "
                "(the bony points themselves are not seen)"
            )
        )
    if assessment.skin_px is not None and len(assessment.skin_px) > 1:
        parts.append(_("orange dashes: the most likely skin over the spine"))
    sources = {mark.source for mark in assessment.corrections.points.values()}
    for source, said in _MARKS.items():
        if source in sources:
            parts.append(_(said))
    said = "; ".join(parts)
    st.caption(f"{said[:1].upper()}{said[1:]}.")


def sentences(assessment: Assessment) -> None:
    """Say each angle in words with what is sure about it, and what limits the numbers."""
    angles = (assessment.pelvic_tilt, assessment.lumbar_curve)
    measured = [angle for angle in angles if angle.value is not None]
    if measured:
        said = (f"{wording.sentence(angle)} {wording.change(angle)}" for angle in measured)
        st.markdown(listed(*said))
    for key, outline in assessment.outline_says.items():
        said_alone = wording.cross_check(assessment.marks_say[key], outline)
        st.caption(f":material/compare_arrows: {said_alone}")
    numbers = [m for m in assessment.measurements.values() if m.value is not None]
    for reason in _reasons(numbers):
        st.caption(f":material/info: {_(reason.message)} {_(reason.advice)}")
    noted = map(notes.said, assessment.notes)
    for note in (*noted, wording.vertical(assessment.vertical)):
        if note:
            st.caption(f":material/info: {note}")


def refused_angles(assessment: Assessment) -> None:
    """Say why an angle is missing while the rest of the photo is measured, and what to do next."""
    angles = (assessment.pelvic_tilt, assessment.lumbar_curve)
    missing = [angle for angle in angles if angle.value is None]
    whole = f"**{wording.pair(*angles)}** " if len(missing) == len(angles) else ""
    below = _("What does not depend on the low back is measured below.")
    rest = "" if assessment.reasons else f" {below}"
    for reason in _reasons(missing):
        about_points = reason.code == "points_implausible"
        if reason in assessment.reasons and not about_points:
            advice = _("for the lumbar curve, place S1, L3 and T12 or L1 too.")
            st.info(_next(advice), icon=":material/edit_location_alt:")
            continue
        st.warning(
            f"{whole}{_(reason.message)}{rest}  \n{_next(_(reason.advice))}",
            icon=":material/visibility_off:",
        )


def refused_photo(assessment: Assessment) -> None:
    """Say why a photo is not measured as a whole, and what to do next."""
    for reason in assessment.reasons:
        said = f"**{_('This photo was not measured.')}** {_(reason.message)}"
        st.warning(f"{said}  \n{_next(_(reason.advice))}", icon=":material/replay:")
    for note in assessment.notes:
        st.caption(f":material/info: {notes.said(note)}")


def unreadable(errors: Sequence[str]) -> None:
    """Say in one sentence for each file why it could not be read."""
    for error in errors:
        st.error(plain(error), icon=":material/broken_image:")


def left_out(names: Sequence[str], most: int) -> None:
    """Say which photos were not kept because there were too many."""
    if names:
        st.warning(
            _(
                "No more than {count} photos can be open at once, so these were not added: {names}."
                " Forget a photo below, then add these again."
            ).format(count=most, names=plain(", ".join(names))),
            icon=":material/filter_none:",
        )


def twins(pairs: Sequence[tuple[str, str]]) -> None:
    """Say which files are a photo that is open already, under another name."""
    if pairs:
        same = _("{new} is the same photo as {kept}.")
        said = [same.format(new=plain(new), kept=plain(kept)) for new, kept in pairs]
        st.info(" ".join([*said, _("It is shown once.")]), icon=":material/content_copy:")


def broken_installation(sentence: str) -> None:
    """Say that the model cannot be used, and what shows why."""
    advice = _("run `posture doctor` in a terminal; it shows what is missing.")
    st.error(f"{sentence}  \n{_next(advice)}", icon=":material/build:")


def unexpected() -> None:
    """Say that something failed that should not have, without a traceback."""
    st.error(
        _(
            "Something went wrong that should not have: press Try again. Your photos are kept "
            "while this tab stays open and is not reloaded. The terminal shows the details."
        ),
        icon=":material/error:",
    )
    if st.button(_("Try again"), type="primary"):
        st.rerun()


def table(measurements: Sequence[Measurement]) -> None:
    """Show measurements, each with interval and least change, and why one is missing."""
    st.table(
        {
            _("Measure"): [wording.label(m.quantity) for m in measurements],
            _("Value"): [wording.directed(m) for m in measurements],
            _("95 % interval"): [
                wording.directed_interval(m) if m.value is not None else _NOTHING
                for m in measurements
            ],
            _("Least change"): [wording.least_change(m) or _NOTHING for m in measurements],
        },
        border="horizontal",
        hide_index=True,
        alt=_("The other measures, each with its interval and its least change"),
    )
    tiers = dict.fromkeys(m.tier for m in measurements if m.value is not None)
    if tiers:
        origin = ", ".join(wording.tier_words(tier) for tier in tiers)
        st.caption(
            _(
                "Each number: {origin}. Least change: between two photos of the same person, only "
                "a change of more than this is more than noise."
            ).format(origin=origin)
        )
    refused = [m for m in measurements if m.value is None]
    for reason in _reasons(refused):
        names = ", ".join(wording.label(m.quantity) for m in refused if reason.code in m.reasons)
        missing = _("{names}: not measured. {reason}")
        st.caption(missing.format(names=names, reason=_(reason.message)))


def overview(named: Sequence[tuple[str, Assessment]]) -> None:
    """Show the two angles of several photos below each other, and why one is missing."""
    with st.container(key="overview"):
        st.table(
            {
                _("Photo"): [plain(name) for name, _found in named],
                _("Pelvic tilt"): [_value_or_why(found.pelvic_tilt) for _name, found in named],
                _("Lumbar curve"): [_value_or_why(found.lumbar_curve) for _name, found in named],
            },
            border="horizontal",
            hide_index=True,
            alt=_("Both angles of every photo"),
        )


def save_as_json(assessment: Assessment, stem: str) -> None:
    """Offer the numbers as a file."""
    st.download_button(
        _("Numbers (JSON)"),
        lambda: export.to_json(assessment),
        f"{stem}_posture.json",
        "application/json",
        on_click="ignore",
        icon=":material/data_object:",
    )


def _value_or_why(measurement: Measurement) -> str:
    """Return a number with its direction, or why there is none."""
    said = wording.directed(measurement)
    if measurement.value is not None:
        return said
    return f"{said}: {' '.join(_(reason.message) for reason in _reasons([measurement]))}"


def _next(advice: str) -> str:
    return _("**Next:** {advice}").format(advice=advice)


def _reasons(measurements: Sequence[Measurement]) -> list[Reason]:
    codes = dict.fromkeys(code for m in measurements for code in m.reasons)
    return [explain(code) for code in codes]
