"""Bland and Altman's plot as a picture and in words."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from posture.study import plots
from posture.study.figures import Taken
from posture.study.repeatability import study

from .study_set import Truth, make_readings


@pytest.mark.parametrize("dark", [False, True])
def test_the_plot_has_its_numbers_in_words_and_any_label_as_it_is(dark: bool) -> None:
    """Dollars are no formula; the ink stands out on the ground; words are text."""
    readings = [
        replace(one, taken=Taken(one.taken.person, "r1", f"$x{one.taken.session}$"))
        for one in make_readings(Truth(raters=1), 1)
    ]
    one = study(readings).measures[0]
    (found,) = one.agreements
    picture = plots.bland_altman(one, found, dark=dark)
    said = " ".join(ElementTree.fromstring(picture).itertext())
    assert "$xs2$ less $xs1$, sessions" in said
    assert ("#c3d0d4" in picture, "#333f44" in picture) == (dark, not dark)
    assert f"of {len(found.dots)} people: mean difference" in plots.in_words(one, found)
    # A dot for each person, as the picture places them.
    assert picture.count("<use ") >= len(found.dots)
    assert plots.bland_altman(one, found, dark=dark) == picture
