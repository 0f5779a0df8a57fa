"""Build the pose model file that posture ships, the same bytes each time.

mediapipe's package holds no model. Google's npm package ``@mediapipe/pose`` holds the
same networks under Apache-2.0, but as the older web solution wants them: loose files
without the metadata that mediapipe's tasks ask for. This script adds that metadata and
puts detector and landmark network into one ``.task`` file.

    python scripts/build_model.py                        # fetches the package with npm
    python scripts/build_model.py --package DIR          # from an unpacked package
    python scripts/build_model.py --variant lite --out lite.task
"""

import argparse
import hashlib
import io
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_schema
from mediapipe.tasks.metadata import schema_py_generated as model_schema
from numpy.typing import NDArray

PACKAGE = "@mediapipe/pose"
VERSION = "0.5.1675469404"
MODELS = Path(__file__).resolve().parents[1] / "posture" / "models"

ALIGNMENT = 16
"""Weights start at multiples of this many bytes; TensorFlow Lite warns and copies if they are
not aligned to their own type, which an ordinary zip leaves to chance."""

METADATA_NAME = "TFLITE_METADATA"
METADATA_IDENTIFIER = b"M001"
MODEL_IDENTIFIER = b"TFL3"
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
ZIP_LOCAL_HEADER_BYTES = 30
ZIP_PADDING_ID = 0xD935
"""The id of the extra field that Android's zipalign pads with; readers skip it."""


class BuildError(Exception):
    """The model file cannot be built; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """One network in the npm package, and how it is to be fed.

    Attributes
    ----------
    file, sha256
        Its name in the package and the digest of its bytes.
    entry
        Its name in the ``.task`` file.
    title
        What the metadata calls it.
    mean, std
        The network's input is (pixel - mean) / std, pixels being 0 to 255.
    """

    file: str
    sha256: str
    entry: str
    title: str
    mean: float
    std: float


DETECTOR = Source(
    # The web solution 'packs' one file into this one, which makes it that file.
    file="pose_solution_packed_assets.data",
    sha256="a63c614bef30d35947f13be361820b1e4e3bec9cfeebf4d11216a18373108e85",
    entry="pose_detector.tflite",
    title="Person detector",
    mean=127.5,
    std=127.5,
)
LANDMARK_SHA256 = {
    "heavy": "59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe",
    "full": "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
    "lite": "f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61",
}


def sources(variant: str) -> tuple[Source, Source]:
    """Give the detector and the landmark network of a variant, in the file's order."""
    landmarks = Source(
        file=f"pose_landmark_{variant}.tflite",
        sha256=LANDMARK_SHA256[variant],
        entry="pose_landmarks_detector.tflite",
        title=f"Pose landmarks, {variant}",
        mean=0.0,
        std=255.0,
    )
    return DETECTOR, landmarks


class AlignedBuilder(flatbuffers.Builder):  # type: ignore[misc]  # flatbuffers has no types
    """A flatbuffers builder whose byte vectors, the weights, start at multiples of ALIGNMENT."""

    def CreateNumpyVector(self, x: NDArray[Any]) -> int:  # noqa: N802  # flatbuffers' name
        """Write an array, aligned if it is one of bytes."""
        if x.dtype == np.uint8:
            self.Prep(ALIGNMENT, x.nbytes)
        return int(super().CreateNumpyVector(x))


def input_metadata(source: Source) -> bytes:
    """Make the metadata flatbuffer that says how a network's image input is normalised."""
    image = metadata_schema.ImagePropertiesT(colorSpace=metadata_schema.ColorSpaceType.RGB)
    content = metadata_schema.ContentT(
        contentPropertiesType=metadata_schema.ContentProperties.ImageProperties,
        contentProperties=image,
    )
    normalisation = metadata_schema.ProcessUnitT(
        optionsType=metadata_schema.ProcessUnitOptions.NormalizationOptions,
        options=metadata_schema.NormalizationOptionsT(mean=[source.mean], std=[source.std]),
    )
    tensor = metadata_schema.TensorMetadataT(
        name="image", content=content, processUnits=[normalisation]
    )
    model = metadata_schema.ModelMetadataT(
        name=source.title,
        subgraphMetadata=[metadata_schema.SubGraphMetadataT(inputTensorMetadata=[tensor])],
        license="Apache-2.0",
        minParserVersion="1.0.0",
    )
    builder = flatbuffers.Builder()
    builder.Finish(model.Pack(builder), METADATA_IDENTIFIER)
    return bytes(builder.Output())


def with_metadata(tflite: bytes, source: Source) -> bytes:
    """Write a network anew with its metadata inside and its weights aligned.

    Raises
    ------
    BuildError
        If the bytes are not a TensorFlow Lite model or carry such metadata already.
    """
    if tflite[4:8] != MODEL_IDENTIFIER:
        raise BuildError(f"{source.file} is not a TensorFlow Lite model; fetch the package anew.")
    model = model_schema.ModelT.InitFromPackedBuf(tflite)
    entries = model.metadata or []
    if any(entry.name == METADATA_NAME.encode() for entry in entries):
        raise BuildError(f"{source.file} carries metadata already; use it as it is.")
    data = np.frombuffer(input_metadata(source), np.uint8)
    model.metadata = [*entries, model_schema.MetadataT(METADATA_NAME, len(model.buffers))]
    model.buffers.append(model_schema.BufferT(data))
    builder = AlignedBuilder(len(tflite))
    builder.Finish(model.Pack(builder), MODEL_IDENTIFIER)
    return bytes(builder.Output())


def bundle(networks: Sequence[tuple[str, bytes]]) -> bytes:
    """Put named files into a stored zip, the data of each at a multiple of ALIGNMENT."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, data in networks:
            info = zipfile.ZipInfo(name, ZIP_DATE)
            info.create_system = 3  # else it tells the system it was built on
            info.external_attr = 0o644 << 16
            # An extra field is a 4-byte head and its padding: the head must fit too.
            head = target.tell() + ZIP_LOCAL_HEADER_BYTES + len(name.encode()) + 4
            padding = -head % ALIGNMENT
            info.extra = struct.pack("<HH", ZIP_PADDING_ID, padding) + bytes(padding)
            archive.writestr(info, data)
    return target.getvalue()


def read_folder(folder: Path, wanted: Sequence[Source]) -> list[bytes]:
    """Read the networks from an unpacked package."""
    try:
        return [(folder / source.file).read_bytes() for source in wanted]
    except OSError as error:
        raise BuildError(
            f"{error.filename} cannot be read; give --package the folder of {PACKAGE} {VERSION}."
        ) from error


def read_npm(wanted: Sequence[Source]) -> list[bytes]:
    """Fetch the package with npm, which checks its integrity, and read the networks from it."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", f"{PACKAGE}@{VERSION}", "--pack-destination", folder]
        try:
            subprocess.run([*command, "--loglevel=error"], check=True, stdout=subprocess.DEVNULL)
        except (OSError, subprocess.CalledProcessError) as error:
            raise BuildError(
                f"npm could not fetch {PACKAGE} {VERSION}; install npm and go online, "
                "or give an unpacked package with --package."
            ) from error
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as package:
            package.extractall(folder, filter="data")
        return read_folder(Path(folder) / "package", wanted)


def build(variant: str, folder: Path | None) -> bytes:
    """Make the ``.task`` file of a variant.

    Parameters
    ----------
    variant
        "heavy", "full" or "lite".
    folder
        An unpacked package; None fetches it with npm.

    Raises
    ------
    BuildError
        If a network cannot be had or is not the one that is pinned here.
    """
    wanted = sources(variant)
    found = read_npm(wanted) if folder is None else read_folder(folder, wanted)
    networks = []
    for source, data in zip(wanted, found, strict=True):
        if hashlib.sha256(data).hexdigest() != source.sha256:
            raise BuildError(f"{source.file} is not the pinned file; get {PACKAGE} {VERSION} anew.")
        networks.append((source.entry, with_metadata(data, source)))
    return bundle(networks)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; gives the exit status."""
    parser = argparse.ArgumentParser(description="Build the pose model file of posture.")
    parser.add_argument("--variant", choices=sorted(LANDMARK_SHA256), default="heavy")
    parser.add_argument("--package", type=Path, metavar="DIR", help=f"an unpacked {PACKAGE}")
    parser.add_argument("--out", type=Path, help="default: posture/models, named by variant")
    options = parser.parse_args(arguments)
    out = options.out or MODELS / f"pose_landmarker_{options.variant}.task"
    try:
        task = build(options.variant, options.package)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    digest = hashlib.sha256(task).hexdigest()
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(task)
    out.with_name(out.name + ".sha256").write_text(f"{digest}  {out.name}\n")
    print(f"{digest}  {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
