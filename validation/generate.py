"""Makes the pictures of one split, each with the truth beside it, and skips those that are there.

python -m validation.generate SPLIT FOLDER [--kind KIND] [--part 0/2]
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from validation import sets, subjects
from validation.people import body as bodies
from validation.people import clothes, hair, marked, silhouette, stickers, truth
from validation.people.bodymodel import EYES_END, SKIN
from validation.people.meshes import BOX, triangles
from validation.people.parts import IntArray, Look, Part, Rgb
from validation.pictures import camera, finish
from validation.recipes import Subject
from validation.sets import Shot

_JOINTS: Final = {
    "ear": "tragus",
    "shoulder": "shoulder",
    "elbow": "elbow",
    "wrist": "wrist",
    "hip": "hip",
    "knee": "knee",
    "ankle": "ankle",
    "asis": "asis",
    "psis": "psis",
}
_AROUND_M: Final = 0.15  # how far a picture is sharp about bony points
_SKIN_TONES: Final = np.array(
    [
        [0.62, 0.40, 0.31],
        [0.55, 0.33, 0.24],
        [0.46, 0.27, 0.18],
        [0.33, 0.18, 0.11],
        [0.20, 0.10, 0.06],
        [0.10, 0.05, 0.03],
    ]
)


def make(shot: Shot, folder: Path) -> None:
    """Write a picture's JPEG, or for an outline its mask, and its JSON."""
    subject = _drawn(shot)
    body = bodies.pose(subject.person, subject.stance)
    view = camera.place(subject.camera, body.stature_m, float(body.vertices[:SKIN, 1].mean()))
    worn = clothes.dress(body, subject.wear)
    parts = [*bare(body, subject), *worn, *hair.grow(body, subject.hair)]
    target = folder / shot.name
    target.parent.mkdir(parents=True, exist_ok=True)
    facing = subject.camera.side
    record: dict[str, Any] = {"name": shot.name, "kind": shot.kind, "person": shot.person_index}
    stuck = stickers.stick(body, parts[0].look, worn, subject.stickers, facing)
    if shot.kind in sets.STANDING:
        record |= truth_of(body, view, facing)
        if shot.kind not in sets.CLINIC:
            shown = silhouette.draw(body, parts, view)
            record["cover"] = asdict(silhouette.cover(shown, body, view, facing))
            cv2.imwrite(f"{target}.mask.png", shown.whole)
        if stuck:
            record["stickers"] = marked.seen(stuck, parts, view)
            record["truth"]["marked_tilt"] = marked.tilt(stuck)
    else:
        record["expected"] = sets.EXPECTED[shot.kind]
    record["subject"] = asdict(subject)
    if shot.kind != "outline":
        from validation.pictures import scene

        if shot.kind == "nobody":
            parts = []
        if shot.kind == "seated":
            parts.append(_chair(body))
        if shot.kind == "several":
            parts += _second_person(shot)
        if shot.kind in sets.CLINIC:
            low, high = _about(record["points"], view, body.stature_m)
            alone = shot.split == "fit"
            if alone:
                record["window"] = [*low.tolist(), *high.tolist()]
            tape = [one.parts for one in stuck]
            near = view.part(low, high)
            pixels = scene.render_closely(parts, view, subject.room, near, tape, alone=alone)
        else:
            pixels = scene.render(parts, view, subject.room)
        target.with_suffix(".jpg").write_bytes(finish.finish(pixels, subject.finish))
    # The JSON comes last: where it is, the picture is whole.
    target.with_suffix(".json").write_text(json.dumps(record))


def _drawn(shot: Shot) -> Subject:
    split, index, visit = shot.split, shot.person_index, shot.visit
    subject = subjects.draw(split, index, visit=visit, **shot.changes())
    if shot.kind in sets.CLINIC:
        return subjects.in_clinic(subject, split, index, taped=shot.kind == "taped")
    if shot.photo:
        return subjects.once_more(subject, split, index, visit=visit, photo=shot.photo)
    return subject


def truth_of(body: bodies.Body, view: camera.View, facing: str) -> dict[str, Any]:
    """Return what is known of a person who is rendered: angles, places, size."""
    names = {name: f"{source}_{facing}" for name, source in _JOINTS.items()}
    names |= {name: name for name in ("c7", "t12", "l3", "s1")}
    other = "left" if facing == "right" else "right"
    names |= {f"far_{joint}": f"{joint}_{other}" for joint in ("hip", "shoulder", "elbow", "wrist")}
    at = view.project(np.array([body.points[source] for source in names.values()]))
    return {
        "truth": truth.angles(body.points, body.midline, body.stature_m, facing),
        "facing": facing,
        "stature_cm": round(100 * body.stature_m, 1),
        "vertical_deg": round(view.vertical_deg(body.hip), 3),
        "points": {
            name: [round(float(c), 2) for c in xy] for name, xy in zip(names, at, strict=True)
        },
        "back_midline": view.project(body.midline).round(2).tolist(),
        "size": [view.width_px, view.height_px],
    }


def _about(
    points: dict[str, list[float]], view: camera.View, stature_m: float
) -> tuple[IntArray, IntArray]:
    """Return the corners of the part of a picture where stickers can be."""
    at = np.array([points[name] for name in ("asis", "psis", "c7", "t12", "l3", "s1")])
    crown, sole = view.project(np.array([[0, 0, stature_m], [0, 0, 0]]))
    reach = _AROUND_M * float(np.hypot(*(crown - sole))) / stature_m
    size = view.width_px, view.height_px
    low = np.clip(np.floor(at.min(axis=0) - reach).astype(int), 0, size)
    return low, np.clip(np.ceil(at.max(axis=0) + reach).astype(int), 0, size)


def bare(body: bodies.Body, subject: Subject) -> list[Part]:
    """Return the body itself, in the tone of the person's skin."""
    place = subject.person.skin_tone * (len(_SKIN_TONES) - 1)
    tone = [np.interp(place, range(len(_SKIN_TONES)), channel) for channel in _SKIN_TONES.T]
    faces = triangles(body.faces)
    rgb: Rgb = (float(tone[0]), float(tone[1]), float(tone[2]))
    white: Rgb = (0.6, 0.58, 0.55)
    vertices = body.vertices[:EYES_END]
    return [
        Part("skin", vertices, faces[(faces < SKIN).all(axis=1)], Look("skin", rgb)),
        Part("eyes", vertices, faces[(faces >= SKIN).all(axis=1)], Look("plain", white)),
    ]


def _second_person(shot: Shot) -> list[Part]:
    """Return another person who stands before or behind the first, as seen from the side."""
    other = subjects.draw(shot.split, shot.person_index + 50_000)
    body = bodies.pose(other.person, other.stance)
    parts = [*bare(body, other), *clothes.dress(body, other.wear), *hair.grow(body, other.hair)]
    rng = np.random.default_rng(other.room.seed)
    shift = np.array([0.0, rng.choice([-1, 1]) * rng.uniform(0.55, 0.8), 0.0])
    return [Part(part.name, part.vertices + shift, part.faces, part.look) for part in parts]


def _chair(body: bodies.Body) -> Part:
    hip = body.hip
    low = np.array([hip[0] - 0.22, hip[1] - 0.38, 0.0])
    high = np.array([hip[0] + 0.22, hip[1] + 0.12, hip[2] - 0.09])
    corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)])
    look = Look("plain", (0.15, 0.1, 0.07))
    return Part("chair", low + corners * (high - low), triangles(BOX), look)


def main(arguments: list[str] | None = None) -> None:
    """Make what is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("split", choices=sorted(subjects.SPLIT_SEEDS))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kind", help="make pictures of one kind alone")
    parser.add_argument("--part", default="0/1", help="make every n-th picture: i/n")
    given = parser.parse_args(arguments)
    first, step = map(int, given.part.split("/"))
    shots = [shot for shot in sets.plan(given.split) if given.kind in (None, shot.kind)]
    for shot in shots[first::step]:
        if (given.folder / shot.name).with_suffix(".json").exists():
            continue
        try:
            make(shot, given.folder)
        except ValueError as error:  # a body that cannot be: rare, and the same on every machine
            print(f"{shot.name}: left out, {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
