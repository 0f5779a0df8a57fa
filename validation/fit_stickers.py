"""Teaches a small network what stickers look like, and writes it for posture to use.

python -m validation.fit_stickers FOLDER [--out FILE]

It runs where pictures are rendered, since it needs torch.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import torch
from torch import nn

from validation import records
from validation.sticker_patches import KINDS, Patch, Picture, cut

_OUT: Final = Path(__file__).parents[1] / "posture" / "marking" / "stickers.onnx"
#: Channels at a half, a quarter, an eighth and a sixteenth of the picture's size.
WIDTHS: Final = (16, 40, 64, 96)
# Of each kind: how sure, its middle across and down, how sure that is; and its diameter.
_NUMBERS: Final = 5
_SEED: Final = 11
_BATCH: Final = 32
# Steps, and the highest rate of learning: it rises and falls once a round.
_ROUNDS: Final = ((4000, 4e-3), (4400, 2e-3), (1600, 1e-3))
_DECAY: Final = 1e-3
_OF_TAPED: Final = 0.75  # how many patches come from pictures of people who wear stickers
_PLAIN: Final = 80  # how many of the usual people are seen besides
_RARE: Final = 0.01  # what it answers before it has learned anything
_PLACED: Final = 0.3  # weight of the place beside that of the find
_STEEPEST: Final = 5.0


class Net(nn.Module):  # type: ignore[misc]  # torch ships no types here
    """Sees a picture at four sizes and answers for each cell of four by four pixels."""

    def __init__(self) -> None:
        super().__init__()
        half, quarter, eighth, least = WIDTHS
        self.by_quarter = nn.Sequential(
            *_layer(3, half, 2, 6),
            *_layer(half, half),
            *_layer(half, quarter, 2),
            *_layer(quarter, quarter),
        )
        self.by_eighth = nn.Sequential(
            *_layer(quarter, eighth, 2), *_layer(eighth, eighth), *_layer(eighth, eighth)
        )
        self.by_least = nn.Sequential(
            *_layer(eighth, least, 2), *_layer(least, least), *_layer(least, least)
        )
        self.from_least = nn.Conv2d(least, eighth, 1)
        self.wide = nn.Sequential(*_layer(2 * eighth, eighth), nn.Conv2d(eighth, quarter, 1))
        self.last = nn.Sequential(*_layer(2 * quarter, quarter), *_layer(quarter, quarter))
        self.answer = nn.Conv2d(quarter, _NUMBERS * len(KINDS), 1)
        self.doubled = nn.Upsample(scale_factor=2, mode="nearest")
        with torch.no_grad():
            self.answer.bias.zero_()
            self.answer.bias[: len(KINDS)] = float(np.log(_RARE))

    def forward(self, rgb: torch.Tensor) -> torch.Tensor:
        """Return five times three numbers for each cell."""
        quarter = self.by_quarter(rgb)
        eighth = self.by_eighth(quarter)
        around = self.doubled(self.from_least(self.by_least(eighth)))
        wide = self.wide(torch.cat([eighth, around], 1))
        return self.answer(self.last(torch.cat([quarter, self.doubled(wide)], 1)))


def _layer(inputs: int, outputs: int, step: int = 1, side: int = 3) -> list[nn.Module]:
    return [
        nn.Conv2d(inputs, outputs, side, step, (side - 1) // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    ]


def loss(answer: torch.Tensor, patches: list[Patch]) -> torch.Tensor:
    """Return how wrong the network's answers are: what it finds, and where it says that lies."""
    heat, heeded, off = (
        torch.from_numpy(np.stack([getattr(patch, name) for patch in patches]))
        for name in ("heat", "heeded", "off")
    )
    kinds = len(KINDS)
    sure = answer[:, :kinds]
    here = heat == 1
    # Cells beside a sticker count little: they are hardly wrong if they say yes (Law and Deng
    # 2018, CornerNet, equation 1).
    log_yes, log_no = nn.functional.logsigmoid(sure), nn.functional.logsigmoid(-sure)
    yes = sure.sigmoid()
    found = -torch.where(
        here, (1 - yes) ** 2 * log_yes, (1 - heat) ** 4 * yes**2 * log_no * heeded
    ).sum()
    count = here.sum().clamp(min=1)
    # Places are learned with how far they are off, as normal distributions.
    near = (off[:, 2] != 0).unsqueeze(1)
    place = answer[:, kinds : 3 * kinds].unflatten(1, (2, kinds))
    log_sd = answer[:, None, 3 * kinds : 4 * kinds].clamp(-_STEEPEST, _STEEPEST)
    missed = (place - off[:, :2]) ** 2 * torch.exp(-2 * log_sd) / 2 + log_sd
    size = (answer[:, None, 4 * kinds :] - off[:, 2:]) ** 2
    told = near.sum().clamp(min=1)
    return found / count + _PLACED * ((missed * near).sum() + (size * near).sum()) / told


class _Batches(torch.utils.data.IterableDataset[list[Patch]]):  # type: ignore[misc]
    """Batches of patches without end, cut in a process of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __iter__(self) -> Iterator[list[Patch]]:
        return batches(self.folder, np.random.default_rng(_SEED))


def batches(folder: Path, rng: np.random.Generator) -> Iterator[list[Patch]]:
    """Give batches of patches without end."""
    cv2.setNumThreads(1)
    taped, plain = (
        [
            Picture.of((folder / record.name).with_suffix(".jpg"), record.made)
            for record in records.read("fit", folder, *kinds)
            if record.kind != "standing" or record.person < _PLAIN
        ]
        for kinds in (("taped",), ("untaped", "standing"))
    )
    while True:
        chosen = [taped if rng.random() < _OF_TAPED else plain for _ in range(_BATCH)]
        yield [cut(pictures[rng.integers(len(pictures))], rng) for pictures in chosen]


def train(folder: Path) -> Net:
    """Return the network, taught by the pictures of the fit split."""
    torch.manual_seed(_SEED)
    net: Net = Net().to(memory_format=torch.channels_last)
    ahead = iter(torch.utils.data.DataLoader(_Batches(folder), batch_size=None, num_workers=1))
    for steps, rate in _ROUNDS:
        _teach(net, islice(ahead, steps), steps, rate)
    return net


def _teach(net: Net, batches: Iterator[list[Patch]], steps: int, highest_rate: float) -> None:
    optimiser = torch.optim.AdamW(net.parameters(), lr=highest_rate, weight_decay=_DECAY)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, highest_rate, total_steps=steps)
    mean = 0.0
    for step, patches in enumerate(batches):
        seen = torch.from_numpy(np.stack([patch.rgb for patch in patches]))
        answer = net(seen.contiguous(memory_format=torch.channels_last))
        wrong = loss(answer, patches)
        optimiser.zero_grad()
        wrong.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        rate.step()
        mean += (float(wrong.detach()) - mean) / min(step + 1, 100)
        if step % 100 == 0:
            print(f"{step} of {steps}: {mean:.3f}", flush=True)


def write(net: Net, file: Path) -> None:
    """Write the network as ONNX, for a picture of any size that is a multiple of sixteen."""
    size = {2: "height", 3: "width"}
    torch.onnx.export(
        net.eval(),
        (torch.zeros(1, 3, 64, 64),),
        str(file),
        input_names=["rgb"],
        output_names=["answer"],
        dynamic_axes={"rgb": size, "answer": size},
        dynamo=False,
        opset_version=13,
    )


def main(arguments: list[str] | None = None) -> None:
    """Teach it and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=_OUT)
    given = parser.parse_args(arguments)
    write(train(given.folder), given.out)


if __name__ == "__main__":
    main()
