"""Shows what a study of repeated photos tells: in words, as a table and as a plot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import streamlit as st

from app_pages import cards, own_clinic
from posture import wording
from posture.language import gettext as _
from posture.study import kept, plots, words

if TYPE_CHECKING:
    from posture.study.figures import Agreement, Repeatability, Study

_ANGLES: Final = ("pelvic_tilt_deg", "lumbar_curve_deg")
_NOTHING: Final = "—"


def show(made: Study) -> None:
    """Show a study: both angles in words, all figures, one plot, and what was left out."""
    st.subheader(_("Your own measurement error"), anchor=False)
    for one in made.measures:
        if one.key in _ANGLES:
            st.markdown(f"**{words.plain(one)}**")
    st.caption(words.used(made))
    for sentence in (*words.sureness(made), *words.limits(made)):
        st.warning(sentence, icon=":material/help:")
    for one in made.measures:
        for sentence in filter(None, (words.bias(one, found) for found in one.agreements)):
            st.caption(f":material/compare_arrows: {cards.plain(sentence)}")
    measured = [one for one in made.measures if one.noise is not None]
    if measured:
        _tables(measured)
        _plot(measured)
    _left_out(made)
    own_clinic.use_study(made)
    with st.container(horizontal=True):
        st.download_button(
            "study.json",
            lambda: kept.to_json(made),
            "study.json",
            "application/json",
            on_click="ignore",
            icon=":material/data_object:",
        )
        st.download_button(
            "study.csv",
            lambda: kept.to_csv(made),
            "study.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/table:",
        )
    st.caption(
        _(
            "In a terminal, `posture compare before.jpg after.jpg --study study.json` tells a "
            "change from your own noise. The file holds the words for the people and the names of "
            "the photos, and no photo."
        )
    )


def _tables(measured: Sequence[Repeatability]) -> None:
    st.table(
        {
            _("Measure"): [_name(one) for one in measured],
            _("Least change"): [
                words.least_change(one.noise.mdc95, one.quantity) if one.noise else _NOTHING
                for one in measured
            ],
            _("SEM"): [
                words.figure(one.noise.sem, one.quantity) if one.noise else _NOTHING
                for one in measured
            ],
            "ICC(2,1)": [_icc(one, 0) for one in measured],
            "ICC(3,1)": [_icc(one, 1) for one in measured],
        },
        border="horizontal",
        hide_index=True,
        alt=_("Least change, standard error of measurement and correlations of each measure"),
    )
    st.caption(
        _(
            "In brackets: 95 % confidence intervals. Least change: two photos of one person differ "
            "by less, 95 times of 100, if nothing changed (MDC95). SEM: standard error of "
            "measurement, of one photo. Both are of what changes are read from. ICC: how much of "
            "what differs is because people differ, 1 at most; of agreement (2,1) and of "
            "consistency (3,1)."
        )
    )


def _name(one: Repeatability) -> str:
    tier = "" if one.tier == "outline" else f" · {wording.tier_words(one.tier)}"
    return f"{wording.label(one.quantity)}{tier}"


def _icc(one: Repeatability, which: int) -> str:
    if one.correlation is None:
        return _NOTHING
    return words.correlation((one.correlation.icc2, one.correlation.icc3)[which])


def _plot(measured: Sequence[Repeatability]) -> None:
    pairs = [(one, found) for one in measured for found in one.agreements]
    if not pairs:
        return
    st.subheader(_("Between raters and between sessions"), anchor=False)
    shown = st.selectbox(
        _("Comparison"),
        range(len(pairs)),
        format_func=lambda number: _called(*pairs[number]),
        filter_mode=None,
        label_visibility="collapsed",
    )
    one, found = pairs[shown]
    dark = st.context.theme.type == "dark"
    said = plots.in_words(one, found)
    st.image(plots.bland_altman(one, found, dark=dark), width=480, alt=said)
    st.caption(
        f"{cards.plain(said)} "
        + _(
            "Each dot is a person; 95 of 100 differences lie between the dashed lines. "
            "Grey: 95 % confidence intervals."
        )
    )


def _called(one: Repeatability, found: Agreement) -> str:
    return f"{_name(one)}: {words.between(found)}"


def _left_out(made: Study) -> None:
    sentences = [*map(words.left_out, made.left_out), *words.left_out_of_measures(made)]
    if sentences:
        with st.expander(_("What was left out, and why")):
            st.markdown("\n".join(f"- {cards.plain(sentence)}" for sentence in sentences))
