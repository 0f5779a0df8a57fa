"""The page that compares two visits of a person: what changed in words, numbers and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from app_pages import desk, one_visit, own_clinic, visit_files, when
from app_pages.since import ICONS, PAIR
from app_pages.wipe import wipe
from posture import verdicts, wording
from posture.drawing import registered
from posture.language import gettext as _
from posture.records import people, visits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posture import Change
    from posture.records.access import Access
    from posture.records.kept import Visit
    from posture.visit import Conditions


def _page() -> None:
    asked = st.query_params
    with desk.told():
        access = desk.access()
        if "before" in asked and "after" in asked:
            before, after = (
                one_visit.look(access, one) for one in (asked["before"], asked["after"])
            )
            _choose(access, before, after)
            _compare(access, before, after)
        else:
            st.title(_("Compare"), anchor=False)
            st.info(
                _("**Next:** choose a person who has two visits, then **Compare the pictures**."),
                icon=":material/compare:",
            )
    desk.back()


def _choose(access: Access, before: Visit, after: Visit) -> None:
    name = people.named(access, after.person_id).name
    st.title(_("{name}, what changed").format(name=desk.plain(name)), anchor=False)
    every = visits.of_person(access, after.person_id)
    days = when.days(every)
    if before.person_id != after.person_id or len(days) <= 2:  # noqa: PLR2004 - no choice
        return
    with st.container(horizontal=True):
        for label, asked, shown, other in (
            (_("Before"), "before", before, after),
            (_("After"), "after", after, before),
        ):
            others = {one: days[one] for one in days if one != other.id or one == shown.id}
            _choice(label, asked, shown, others)


def _choice(label: str, asked: str, shown: Visit, days: Mapping[str, str]) -> None:
    """Let a visit be chosen; the address has it, so that a reload and "back" keep it."""
    key = f"visit_{asked}"
    st.session_state[key] = shown.id
    st.selectbox(
        label,
        list(days),
        format_func=days.__getitem__,
        key=key,
        filter_mode=None,
        # Before the page is built, not by going to it anew: what else was pressed stays so.
        on_change=lambda: st.query_params.update({asked: st.session_state[key]}),
    )


def _compare(access: Access, before: Visit, after: Visit) -> None:
    if before.person_id != after.person_id:
        st.error(_("These visits are of two people: choose two visits of one."))
        return
    changes = own_clinic.compare(access, before.stance, after.stance)
    for key in PAIR:
        _headline(changes[key])
    named = when.days([before, after])
    days = (named[before.id], named[after.id])
    _pictures(before, after, days)
    st.subheader(_("All measures"), anchor=False)
    _table(changes)
    own_clinic.source_of_noise(access, after.photos[0].assessment)
    _conditions(before.conditions, after.conditions)
    st.caption(_(verdicts.CHANGES))


def _headline(one: Change) -> None:
    st.markdown(f"{ICONS[one.verdict]} **{verdicts.sentence(one)}**")


def _pictures(before: Visit, after: Visit, days: tuple[str, str]) -> None:
    firsts = (before.shown, after.shown)
    onto = [registered.register(photo.assessment) for photo in firsts]
    if onto[0] is None or onto[1] is None:
        for column, photo, at in zip(st.columns(2), firsts, days, strict=True):
            with column:
                st.caption(at)
                one_visit.drawn(photo, visit_files.picture(photo))
        st.caption(_("A joint is missing in a photo, so the pictures cannot be laid together."))
        return
    laid = [
        registered.laid(visit_files.picture(photo), photo.assessment, way)
        for photo, way in zip(firsts, onto, strict=True)
        if way is not None
    ]
    ways = {
        "side": _("Side by side"),
        "wipe": _("Wipe"),
        "outlines": _("Outlines"),
    }
    way = st.segmented_control(
        _("Pictures"),
        list(ways),
        default="side",
        required=True,
        format_func=ways.__getitem__,
        label_visibility="collapsed",
    )
    if way == "wipe":
        wipe(laid[0], laid[1], names=days, label=_("Move the edge between both pictures"), key="w")
    elif way == "outlines":
        named = [
            (at, registered.contour(photo.assessment, way_there))
            for at, photo, way_there in zip(days, firsts, onto, strict=True)
            if way_there is not None
        ]
        st.image(
            registered.contours_svg(named),
            width=420,
            alt=_("The contours of the back at both visits, laid over each other"),
        )
    else:
        with st.container(horizontal=True, key="side_by_side"):
            for picture, at in zip(laid, days, strict=True):
                alt = _("The photo of {day}").format(day=at)
                st.image(picture, caption=at, output_format="JPEG", alt=alt)
    st.caption(_("Both are laid on the ankle, at one scale and upright."))


def _conditions(before: Conditions, after: Conditions) -> None:
    """Say what of the conditions may have moved the numbers, as nothing else looks at it."""
    if (before.arms is None) != (after.arms is None):
        st.caption(
            ":material/info: "
            + _("Of one visit it is not told how the arms were held, which moves both angles.")
        )
    if before.clothes != after.clothes and None not in (before.clothes, after.clothes):
        st.caption(
            ":material/info: "
            + _("What was worn over the back differs, which may move both angles.")
        )


def _table(changes: Mapping[str, Change]) -> None:
    st.table(
        {
            _("Measure"): [wording.label(one.quantity) for one in changes.values()],
            _("Change"): [verdicts.difference(one) or "—" for one in changes.values()],
            _("Least change"): [verdicts.least(one) or "—" for one in changes.values()],
            _("Verdict"): [
                ", ".join(filter(None, (verdicts.verdict(one), verdicts.hindrance(one))))
                for one in changes.values()
            ],
        },
        border="horizontal",
        hide_index=True,
        alt=_("What changed in every measure, and whether that is more than noise"),
    )


_page()
