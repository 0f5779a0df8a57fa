"""Renders a person in a room with Blender's Cycles, on the CPU, in a few seconds."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import bpy
import cv2
import numpy as np
from mathutils import Matrix, Vector
from numpy.typing import NDArray

from validation.people.parts import Part
from validation.pictures.camera import View
from validation.pictures.furniture import Piece
from validation.pictures.materials import Blender, material
from validation.pictures.outline import redraw_outline
from validation.pictures.rooms import OPEN, Lamp, Scenery, furnish
from validation.recipes import Room

_SENSOR_MM: Final = 24.0
_SHOULDER: Final = 0.6  # light above it is rolled off
_GREY: Final = 0.2  # what the meter aims at
_MIDDLE: Final = 0.4  # of the picture's half width, which the meter heeds most
_AROUND_PX: Final = 4  # about a sticker
_TRACE_PX: Final = 0.25  # over a whole number, against rounding
_CLOSE_SAMPLES: Final = 16
_FAR: Final = 3  # how many times coarser all is that is not taken closely
_METERED: Final = 12  # the same, where it is taken for the light meter alone
_SEAM_PX: Final = 12
_TOE: Final = 0.0031308  # of the sRGB curve


def render(
    parts: list[Part], view: View, room: Room, *, samples: int = 2, threads: int = 1
) -> NDArray[np.uint8]:
    """Return the picture of a person's parts in a room, RGB, before `finish`.

    Parameters
    ----------
    parts : list of Part
        The person: skin, clothes, hair.
    view : View
        The camera. It may stand on either side; the room is built behind the person.
    room : Room
        Everything else, drawn from its seed.
    samples : int
        Rays through each pixel; the denoiser removes what noise they leave.
    threads : int
        Cores to use.
    """
    scenery = furnish(room, view)
    with _silence():
        scene = _set_up(parts, scenery, samples, threads)
        linear = _picture(scene, parts, view)
    return _develop(linear, _exposure(linear, scenery.exposure_stops))


def render_closely(
    parts: list[Part],
    view: View,
    room: Room,
    near: View,
    tape: Sequence[Sequence[Part]],
    *,
    alone: bool,
) -> NDArray[np.uint8]:
    """Return a large picture of which one part is sharp: what else it shows is taken coarsely.

    Parameters
    ----------
    parts, view, room
        As for `render`.
    near : View
        The sharp part of the view.
    tape : sequence of sequence of Part
        The parts of each sticker in it: small, so they are taken with more rays.
    alone : bool
        Whether to return the sharp part alone.
    """
    scenery = furnish(room, view)
    person = [*parts, *(part for sticker in tape for part in sticker)]
    with _silence():
        scene = _set_up(person, scenery, 2, 1)
        far = _picture(scene, person, view.reduced(_METERED if alone else _FAR))
        exposure = _exposure(far, scenery.exposure_stops)
        scene.cycles.samples = 1
        linear = _picture(scene, person, near)
        for sticker in tape:
            linear = _closer(scene, linear, sticker[0], near)
    return _develop(linear if alone else _joined(far, linear, view, near), exposure)


def _set_up(person: Sequence[Part], scenery: Scenery, samples: int, threads: int) -> Blender:
    scene = _clear_scene(samples, threads)
    pieces: list[Part | Piece] = [*person, *scenery.parts]
    for piece in pieces:
        _add_mesh(scene, piece)
    _light(scene, scenery)
    return scene


def _picture(scene: Blender, person: list[Part], view: View) -> NDArray[np.float32]:
    _aim(scene, view)
    return redraw_outline(_shoot(scene), person, view)


def _joined(
    far: NDArray[np.float32], close: NDArray[np.float32], view: View, near: View
) -> NDArray[np.float32]:
    """Return a coarse picture, enlarged, with a part of it put in sharply."""
    whole = cv2.resize(far, (view.width_px, view.height_px), interpolation=cv2.INTER_LINEAR)
    left = round(view.width_px / 2 - near.width_px / 2 - near.left_px)
    top = round(view.height_px / 2 - near.height_px / 2 - near.top_px)
    inner = np.zeros(close.shape[:2], dtype=np.float32)
    inner[_SEAM_PX:-_SEAM_PX, _SEAM_PX:-_SEAM_PX] = 1
    weight = cv2.blur(inner, (2 * _SEAM_PX + 1, 2 * _SEAM_PX + 1))[..., None]
    own = whole[top : top + near.height_px, left : left + near.width_px]
    own += weight * (close - own)
    return np.asarray(whole, dtype=np.float32)


@contextmanager
def _silence() -> Iterator[None]:
    """Keep Blender's own messages, printed by C code, off both output streams."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = [os.dup(1), os.dup(2)]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        yield
    finally:
        for stream, copy in zip((1, 2), kept, strict=True):
            os.dup2(copy, stream)
            os.close(copy)
        os.close(nowhere)


def _clear_scene(samples: int, threads: int) -> Blender:
    """Return the scene, emptied and set for speed."""
    data = bpy.data
    for store in (data.objects, data.meshes, data.materials, data.lights, data.cameras):
        data.batch_remove(list(store))
    scene = bpy.context.scene
    render_, cycles = scene.render, scene.cycles
    render_.engine = "CYCLES"
    render_.use_border = False
    render_.threads_mode, render_.threads = "FIXED", threads
    render_.image_settings.file_format = "OPEN_EXR"
    render_.image_settings.color_depth = "16"
    render_.image_settings.exr_codec = "NONE"
    cycles.device = "CPU"
    cycles.samples = samples
    cycles.use_adaptive_sampling = False
    cycles.max_bounces = 0
    cycles.use_light_tree = False
    cycles.light_sampling_threshold = 0.1
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.debug_bvh_type = "STATIC_BVH"
    cycles.use_denoising = True
    cycles.denoiser = "OPENIMAGEDENOISE"
    cycles.denoising_prefilter = "FAST"
    cycles.denoising_quality = "FAST"
    return scene


def _add_mesh(scene: Blender, piece: Part | Piece) -> None:
    mesh = bpy.data.meshes.new(piece.name)
    count = len(piece.faces)
    mesh.vertices.add(len(piece.vertices))
    mesh.vertices.foreach_set("co", piece.vertices.astype(np.float32).ravel())
    mesh.loops.add(3 * count)
    mesh.loops.foreach_set("vertex_index", piece.faces.astype(np.int32).ravel())
    mesh.polygons.add(count)
    mesh.polygons.foreach_set("loop_start", np.arange(0, 3 * count, 3, dtype=np.int32))
    mesh.polygons.foreach_set("use_smooth", np.ones(count, dtype=bool))
    mesh.update()
    mesh.materials.append(material(piece.look))
    thing = bpy.data.objects.new(piece.name, mesh)
    thing.visible_shadow = piece.name not in OPEN
    scene.collection.objects.link(thing)


def _light(scene: Blender, scenery: Scenery) -> None:
    for lamp in scenery.lamps:
        _add_lamp(scene, lamp)
    world = scene.world or bpy.data.worlds.new("world")
    scene.world = world
    world.use_nodes = True
    ground = world.node_tree.nodes["Background"]
    ground.inputs["Color"].default_value = (*scenery.ambient, 1.0)


def _add_lamp(scene: Blender, lamp: Lamp) -> None:
    light = bpy.data.lights.new("lamp", "AREA")
    light.shape = "RECTANGLE"
    light.size, light.size_y = lamp.size_m
    light.energy, light.color = lamp.power_w, lamp.rgb
    thing = bpy.data.objects.new("lamp", light)
    thing.location = lamp.position
    direction = Vector(lamp.target) - Vector(lamp.position)
    thing.rotation_euler = direction.to_track_quat("-Z", "Y").to_euler()
    thing.visible_camera = False
    scene.collection.objects.link(thing)


def _aim(scene: Blender, view: View) -> None:
    scene.render.resolution_x, scene.render.resolution_y = view.width_px, view.height_px
    scene.render.resolution_percentage = 100
    lens = bpy.data.cameras.new("camera")
    lens.sensor_fit, lens.sensor_height = "VERTICAL", _SENSOR_MM
    lens.lens = view.focal_px * _SENSOR_MM / view.height_px
    # Blender counts shifts in heights of the picture, where the lens is fitted to its height.
    lens.shift_x = -view.left_px / view.height_px
    lens.shift_y = view.top_px / view.height_px
    lens.clip_start = 0.05
    thing = bpy.data.objects.new("camera", lens)
    right, down, forward = view.rotation
    pose = np.eye(4)
    pose[:3] = np.column_stack([right, -down, -forward, view.position])
    thing.matrix_world = Matrix(pose.tolist())
    scene.collection.objects.link(thing)
    scene.camera = thing


def _closer(
    scene: Blender, linear: NDArray[np.float32], part: Part, view: View
) -> NDArray[np.float32]:
    """Return the picture with what is around a sticker taken anew, ray by ray."""
    at = view.project(part.vertices)
    size = np.array([view.width_px, view.height_px])
    low = np.clip(np.floor(at.min(axis=0)).astype(int) - _AROUND_PX, 0, size)
    high = np.clip(np.ceil(at.max(axis=0)).astype(int) + _AROUND_PX, 0, size)
    if (high <= low).any():
        return linear
    settings, cycles = scene.render, scene.cycles
    settings.use_border = settings.use_crop_to_border = True
    # Blender counts rows from below, and drops what is left of a pixel
    (left, top), (right, bottom) = low, high
    settings.border_min_x = (left + _TRACE_PX) / view.width_px
    settings.border_max_x = (right + _TRACE_PX) / view.width_px
    settings.border_min_y = (view.height_px - bottom + _TRACE_PX) / view.height_px
    settings.border_max_y = (view.height_px - top + _TRACE_PX) / view.height_px
    cycles.samples, cycles.use_denoising = _CLOSE_SAMPLES, False
    closer = _shoot(scene)
    inner = np.zeros(closer.shape[:2], dtype=np.float32)
    inner[1:-1, 1:-1] = 1
    weight = np.asarray(cv2.blur(inner, (3, 3)), dtype=np.float32)[..., None]
    taken = linear.copy()
    taken[top:bottom, left:right] += weight * (closer - taken[top:bottom, left:right])
    return taken


def _shoot(scene: Blender) -> NDArray[np.float32]:
    """Return the light at every pixel, (h, w, 3): linear, so that `_develop` sets the exposure."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "render.exr"
        scene.render.filepath = str(path)
        bpy.ops.render.render(write_still=True)
        image = bpy.data.images.load(str(path))
        width, height = image.size
        flat = np.empty(width * height * image.channels, dtype=np.float32)
        image.pixels.foreach_get(flat)
        bpy.data.images.remove(image)
    return flat.reshape(height, width, -1)[::-1, :, :3]


def _exposure(linear: NDArray[np.float32], stops: float) -> float:
    """Return what a camera multiplies the light by: metered on the middle."""
    grey = linear.mean(axis=2)
    columns = np.linspace(-1, 1, grey.shape[1])
    weight = np.exp(-((columns / _MIDDLE) ** 2)) + 0.3
    level = np.exp((np.log(grey + 1e-4) * weight).mean() / weight.mean())
    brightest = np.percentile(grey[:, np.abs(columns) < _MIDDLE], 97)
    return float(min(_GREY * 2.0**stops / level, _SHOULDER * 2.0**stops / brightest))


def _develop(linear: NDArray[np.float32], exposure: float) -> NDArray[np.uint8]:
    """Return stored colours as a camera sets them, highlights rolled off."""
    light = linear * exposure
    span = 1 - _SHOULDER
    high = _SHOULDER + span * (1 - np.exp(np.minimum(_SHOULDER - light, 0) / span))
    rolled = np.where(light < _SHOULDER, light, high)
    stored = np.where(rolled < _TOE, 12.92 * rolled, 1.055 * rolled ** (1 / 2.4) - 0.055)
    levels: NDArray[np.uint8] = np.clip(np.rint(stored * 255), 0, 255).astype(np.uint8)
    return levels
