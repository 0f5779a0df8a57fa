"""Says what changed between two visits, in the two angles, and leads to their pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import streamlit as st

from app_pages import own_clinic, when
from posture import verdicts
from posture.language import gettext as _
from posture.quantities import LUMBAR_CURVE, PELVIC_TILT

if TYPE_CHECKING:
    from posture.change import Verdict
    from posture.records.access import Access
    from posture.records.kept import Visit, VisitSummary

#: The two angles, which are always shown together.
PAIR: Final = (PELVIC_TILT.key, LUMBAR_CURVE.key)
#: What each verdict on a change is shown with.
ICONS: Final[Mapping[Verdict, str]] = {
    "changed": ":material/trending_up:",
    "not distinguishable": ":material/drag_handle:",
    "not comparable": ":material/block:",
}


def since(access: Access, before: VisitSummary, after: Visit | VisitSummary) -> None:
    """Say what changed since the visit before."""
    changes = own_clinic.compare(access, before.stance, after.stance)
    with st.container(border=True):
        st.markdown(
            _("**Since {day}**").format(day=when.days([before, after])[before.id])
            + "".join(f"  \n{verdicts.sentence(changes[key])}" for key in PAIR)
        )
        if any(changes[key].value is not None for key in PAIR):
            st.caption(_("Told from both photos, not by subtracting the values."))
        st.page_link(
            "app_pages/compare.py",
            label=_("Compare the pictures"),
            icon=":material/compare:",
            query_params={"before": before.id, "after": after.id},
        )
