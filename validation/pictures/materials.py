"""Turns a `Look` into a Blender material: matt colours and cheap patterns, nothing reflected."""

from __future__ import annotations

import math
from typing import Any, Final, TypeAlias

import bpy

from validation.people.parts import Look
from validation.pictures.furniture import Paint

Blender: TypeAlias = Any  # bpy carries no types

_GRAIN: Final = {
    **{"skin": 0.06, "cloth": 0.05, "hair": 0.25, "plain": 0.0},
    **{"sticker": 0.0, "reflector": 0.0},
}
_BLOTCH_PER_M: Final = {"skin": 9.0, "cloth": 14.0, "hair": 60.0, "plain": 2.0}
_STRIPE_M: Final = 0.04
_BOARD_M: Final = (1.2, 0.14)
_TILE_M: Final = (0.33, 0.33)
_JOINT_M: Final = 0.004
_SHINE: Final = 4.0  # a flash sent straight back outshines the room


def material(look: Look | Paint) -> Blender:
    """Return a new material: one matt closure, its colour by pattern in world coordinates.

    Parameters
    ----------
    look : Look or Paint
        Patterns of cloth ("stripes_h", "stripes_v", "checks", "mottled") have a period of 4 cm
        times ``scale``; "boards", "tiles", "gradient" serve floors and backdrops.
    """
    made = bpy.data.materials.new(look.kind)
    made.use_nodes = True
    graph = _Graph(made.node_tree)
    shines = look.kind == "reflector"
    shade = graph.add("ShaderNodeEmission" if shines else "ShaderNodeBsdfDiffuse")
    if shines:
        graph.wire(_SHINE, shade.inputs["Strength"])
    graph.wire(graph.colour(look), shade.inputs["Color"])
    graph.wire(shade.outputs[0], graph.add("ShaderNodeOutputMaterial").inputs["Surface"])
    return made


class _Graph:
    """One material's node tree, emptied, with a line of code for a node."""

    def __init__(self, tree: Blender) -> None:
        self._tree = tree
        tree.nodes.clear()
        self._place: Blender = None

    def add(self, kind: str, **settings: object) -> Blender:
        node = self._tree.nodes.new(kind)
        for name, value in settings.items():
            setattr(node, name, value)
        return node

    def wire(self, source: Blender, target: Blender) -> None:
        """Connect a socket, or set a constant."""
        if isinstance(source, bpy.types.NodeSocket):
            self._tree.links.new(source, target)
        else:
            target.default_value = source

    def colour(self, look: Look | Paint) -> Blender:
        """Return the socket or constant that holds the look's colour."""
        base = (*look.rgb, 1.0)
        second = (*(look.rgb2 or tuple(0.75 * c for c in look.rgb)), 1.0)
        if look.pattern in {"boards", "tiles"}:
            return self._bricks(look, base, second)
        share = self._share(look)
        if share is not None:
            return self._mix(share, base, second)
        grain = _GRAIN[look.kind]
        if not grain:
            return base
        blotches = self._noise(_BLOTCH_PER_M[look.kind], 0.35, 0.65)
        darker, lighter = (tuple(min(c * k, 1.0) for c in base) for k in (1 - grain, 1 + grain))
        return self._mix(blotches, darker, lighter)

    def _share(self, look: Look | Paint) -> Blender:
        """Return the share of the second colour, or None where the pattern has none."""
        period = _STRIPE_M * look.scale
        match look.pattern:
            case "stripes_h":
                return self._stripes("Z", period)
            case "stripes_v":
                return self._stripes("Y", period)
            case "checks":
                across, along = self._stripes("Y", period), self._stripes("Z", period)
                return self._math("ABSOLUTE", self._math("SUBTRACT", across, along))
            case "mottled":
                return self._noise(0.25 / period, 0.38, 0.62)
            case "gradient":
                return self._range(self._axis("Z"), 0.0, 50 * period)
        return None

    def _bricks(
        self, look: Look | Paint, base: tuple[float, ...], second: tuple[float, ...]
    ) -> Blender:
        node = self.add("ShaderNodeTexBrick", offset=0.37 if look.pattern == "boards" else 0.0)
        length, width = _BOARD_M if look.pattern == "boards" else _TILE_M
        joint = tuple(0.45 * c for c in base[:3])
        turn = self.add("ShaderNodeMapping")
        # boards of scale below 1 run towards the camera, the others along the wall
        turn.inputs["Rotation"].default_value = (0, 0, 0 if look.scale < 1 else math.pi / 2)
        self.wire(self._position(), turn.inputs["Vector"])
        self.wire(turn.outputs[0], node.inputs["Vector"])
        for name, value in (
            ("Color1", base),
            ("Color2", second),
            ("Mortar", (*joint, 1.0)),
            ("Scale", 1.0),
            ("Mortar Size", _JOINT_M),
            ("Brick Width", length * look.scale),
            ("Row Height", width * look.scale),
        ):
            node.inputs[name].default_value = value
        return node.outputs["Color"]

    def _position(self) -> Blender:
        if self._place is None:
            self._place = self.add("ShaderNodeNewGeometry").outputs["Position"]
        return self._place

    def _axis(self, name: str) -> Blender:
        split = self.add("ShaderNodeSeparateXYZ")
        self.wire(self._position(), split.inputs[0])
        return split.outputs[name]

    def _math(self, operation: str, *values: Blender) -> Blender:
        node = self.add("ShaderNodeMath", operation=operation)
        for value, socket in zip(values, node.inputs, strict=False):
            self.wire(value, socket)
        return node.outputs[0]

    def _stripes(self, axis: str, period: float) -> Blender:
        turns = self._math("FRACT", self._math("MULTIPLY", self._axis(axis), 1 / period))
        return self._math("GREATER_THAN", turns, 0.5)

    def _noise(self, per_m: float, low: float, high: float) -> Blender:
        node = self.add("ShaderNodeTexNoise")
        node.inputs["Scale"].default_value = per_m
        node.inputs["Detail"].default_value = 1.0
        self.wire(self._position(), node.inputs["Vector"])
        return self._range(node.outputs[0], low, high)

    def _range(self, value: Blender, low: float, high: float) -> Blender:
        node = self.add("ShaderNodeMapRange")
        self.wire(value, node.inputs["Value"])
        node.inputs["From Min"].default_value = low
        node.inputs["From Max"].default_value = high
        return node.outputs[0]

    def _mix(self, share: Blender, first: Blender, second: Blender) -> Blender:
        node = self.add("ShaderNodeMix", data_type="RGBA")
        for value, socket in zip((share, first, second), (0, 6, 7), strict=True):
            self.wire(value, node.inputs[socket])
        return node.outputs[2]
