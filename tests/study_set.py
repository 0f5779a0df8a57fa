"""Makes assessments of repeated photos whose noise is known, for the tests of studies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from posture.assessment import Assessment
from posture.export import to_json
from posture.quantities import LUMBAR_CURVE, PELVIC_TILT, Measurement
from posture.study.figures import Taken
from posture.study.reading import Reading

from .factory import make_assessment


@dataclass(frozen=True)
class Truth:
    """What photos are made of, in degrees: between people, and of one photo of each."""

    people: int = 12
    raters: int = 2
    sessions: int = 2
    photos: int = 1
    sd_people: float = 6.0
    sem: float = 1.5
    sem_session: float = 0.0
    bias: float = 0.0  # of each rater after the first
    stretch: float = 1.4  # of what changes are the difference of, against values

    @property
    def icc(self) -> float:
        """True correlation of single photos, without bias."""
        noise = self.sem**2 + self.sem_session**2
        return self.sd_people**2 / (self.sd_people**2 + noise)


def make_photos(truth: Truth, seed: int) -> list[tuple[Taken, Assessment]]:
    """Return assessments of one photo each; tilt and curve have the same noise."""
    rng = np.random.default_rng(seed)
    made = []
    for person in range(truth.people):
        own = rng.normal((9, 33), truth.sd_people)
        for rater in range(truth.raters):
            for session in range(truth.sessions):
                posed = own + rng.normal(0, truth.sem_session, 2) + rater * truth.bias
                for _ in range(truth.photos):
                    tilt, curve = posed + rng.normal(0, truth.sem, 2)
                    taken = Taken(f"p{person}", f"r{rater + 1}", f"s{session + 1}")
                    made.append((taken, one_photo(tilt, curve, truth.stretch)))
    return made


def one_photo(tilt: float, curve: float, stretch: float = 1.0) -> Assessment:
    """Return the assessment of a photo with these angles."""
    whole = make_assessment(tilt_deg=tilt, curve_deg=curve)
    angles = {
        q.key: _known(whole.measurements[q.key], value * stretch)
        for q, value in ((PELVIC_TILT, tilt), (LUMBAR_CURVE, curve))
    }
    return replace(whole, measurements={**whole.measurements, **angles})


def _known(measurement: Measurement, relative: float) -> Measurement:
    return replace(measurement, relative=relative)


def make_readings(truth: Truth, seed: int) -> list[Reading]:
    """Return what those photos say."""
    return [
        Reading.of(assessment, f"{number}.jpg", taken)
        for number, (taken, assessment) in enumerate(make_photos(truth, seed))
    ]


def write_results(folder: Path, truth: Truth, seed: int) -> None:
    """Write what `posture analyze --json` writes of each of those photos, a file each."""
    for number, (taken, assessment) in enumerate(make_photos(truth, seed)):
        name = f"{taken.person}_{taken.rater}_{taken.session}_{number}"
        named = replace(assessment, photo_name=f"IMG_{number:04}.jpg")
        (folder / f"{name}.json").write_text(to_json(named) + "\n", "utf-8")
