"""The shipped model file and the script that builds it."""

import hashlib
import importlib.util
import math
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import flatbuffers
import numpy as np
import pytest
from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_schema
from mediapipe.tasks.metadata import schema_py_generated as model_schema

from posture import model_file

ROOT = Path(__file__).resolve().parents[1]
VARIANTS = ("heavy", "lite")
TASKS = {v: ROOT / "posture" / "models" / f"pose_landmarker_{v}.task" for v in VARIANTS}
NORMALISATION = {
    "pose_detector.tflite": (127.5, 127.5),
    "pose_landmarks_detector.tflite": (0.0, 255.0),
}
LEAST_WEIGHTS = {
    "heavy": {"pose_detector.tflite": 900_000, "pose_landmarks_detector.tflite": 13_000_000},
    "lite": {"pose_detector.tflite": 900_000, "pose_landmarks_detector.tflite": 1_000_000},
}
ITEM_BYTES = {
    model_schema.TensorType.FLOAT32: 4,
    model_schema.TensorType.FLOAT16: 2,
    model_schema.TensorType.INT32: 4,
}


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """Load scripts/build_model.py, which is in no package."""
    spec = importlib.util.spec_from_file_location(
        "build_model", ROOT / "scripts" / "build_model.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def data_offsets(path: Path) -> dict[str, int]:
    """Where each entry's data starts, from the local headers themselves."""
    raw = path.read_bytes()
    offsets = {}
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            start = info.header_offset
            name_bytes = int.from_bytes(raw[start + 26 : start + 28], "little")
            extra_bytes = int.from_bytes(raw[start + 28 : start + 30], "little")
            offsets[info.filename] = start + 30 + name_bytes + extra_bytes
    return offsets


def networks(path: Path) -> dict[str, bytes]:
    """Read the entries of a ``.task`` file."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def buffer_positions(tflite: bytes) -> list[int]:
    """Where each buffer that holds bytes starts in a network."""
    whole = np.frombuffer(tflite, np.uint8)
    model = model_schema.ModelT.InitFromPackedBuf(tflite)
    return [
        buffer.data.ctypes.data - whole.ctypes.data
        for buffer in model.buffers
        if buffer.data is not None and buffer.data.size
    ]


def normalisation(tflite: bytes) -> tuple[list[float], list[float]]:
    """Read mean and std from a network's metadata."""
    model = model_schema.ModelT.InitFromPackedBuf(tflite)
    (entry,) = [entry for entry in model.metadata if entry.name == b"TFLITE_METADATA"]
    data = model.buffers[entry.buffer].data.tobytes()
    assert data[4:8] == b"M001"
    metadata = metadata_schema.ModelMetadataT.InitFromPackedBuf(data)
    (tensor,) = metadata.subgraphMetadata[0].inputTensorMetadata
    (unit,) = tensor.processUnits
    assert unit.optionsType == metadata_schema.ProcessUnitOptions.NormalizationOptions
    return list(unit.options.mean), list(unit.options.std)


def tiny_network(weights: list[bytes]) -> bytes:
    """Write a network of nothing but weights, unaligned, with one entry of metadata."""
    buffers = [model_schema.BufferT()]
    buffers += [model_schema.BufferT(np.frombuffer(data, np.uint8)) for data in weights]
    tensors = [
        model_schema.TensorT(
            shape=[len(data)],
            type=model_schema.TensorType.UINT8,
            buffer=number,
            name=f"weight {number}",
        )
        for number, data in enumerate(weights, start=1)
    ]
    model = model_schema.ModelT(
        version=3,
        description="tiny",
        buffers=buffers,
        subgraphs=[model_schema.SubGraphT(tensors=tensors, inputs=[0], outputs=[1])],
        metadata=[model_schema.MetadataT("min_runtime_version", 1)],
    )
    builder = flatbuffers.Builder()
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


WEIGHTS = [b"abc", bytes(range(40)), b"z", bytes(17)]


@pytest.fixture
def package(tmp_path: Path, script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a package of two tiny networks and pin it in the script."""
    folder = tmp_path / "package"
    folder.mkdir()
    pinned = []
    for source, weights in zip(script.sources("heavy"), (WEIGHTS, WEIGHTS[::-1]), strict=True):
        data = tiny_network(weights)
        (folder / source.file).write_bytes(data)
        fields: dict[str, Any] = {name: getattr(source, name) for name in source.__slots__}
        fields["sha256"] = hashlib.sha256(data).hexdigest()
        pinned.append(script.Source(**fields))
    monkeypatch.setattr(script, "sources", lambda _variant: tuple(pinned))
    return folder


@pytest.mark.parametrize("variant", VARIANTS)
def test_shipped_file_has_its_digest(variant: str) -> None:
    """The shipped file is the one that its .sha256 file, its README and the code name."""
    task = TASKS[variant]
    digest = hashlib.sha256(task.read_bytes()).hexdigest()
    line = f"{digest}  {task.name}\n"
    assert task.with_name(task.name + ".sha256").read_text() == line
    assert line in (task.parent / "README.md").read_text()
    pinned = {"heavy": model_file.MODEL_SHA256, "lite": model_file.PREVIEW_SHA256}
    assert pinned[variant] == digest


@pytest.mark.parametrize("variant", VARIANTS)
def test_readme_names_the_pinned_inputs(script: ModuleType, variant: str) -> None:
    """The README beside the model names package, version and digests as the script pins them."""
    readme = (TASKS[variant].parent / "README.md").read_text()
    wanted = [script.PACKAGE, script.VERSION]
    wanted += [text for source in script.sources(variant) for text in (source.file, source.sha256)]
    assert [text for text in wanted if text not in readme] == []


@pytest.mark.parametrize("task", TASKS.values(), ids=VARIANTS)
def test_shipped_entries_are_stored_and_aligned(task: Path) -> None:
    """Both networks lie uncompressed at multiples of 16 bytes."""
    with zipfile.ZipFile(task) as archive:
        kinds = {info.filename: info.compress_type for info in archive.infolist()}
    assert kinds == dict.fromkeys(NORMALISATION, zipfile.ZIP_STORED)
    assert {name: offset % 16 for name, offset in data_offsets(task).items()} == dict.fromkeys(
        NORMALISATION, 0
    )


@pytest.mark.parametrize("task", TASKS.values(), ids=VARIANTS)
@pytest.mark.parametrize("name", list(NORMALISATION))
def test_shipped_network_says_its_normalisation(name: str, task: Path) -> None:
    """Each network's metadata says how mediapipe must normalise its input."""
    mean, std = NORMALISATION[name]
    assert normalisation(networks(task)[name]) == ([mean], [std])


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", list(NORMALISATION))
def test_shipped_weights_fill_their_tensors(name: str, variant: str) -> None:
    """Every dense tensor's weights parse, are aligned, and are as long as its shape says."""
    tflite = networks(TASKS[variant])[name]
    model = model_schema.ModelT.InitFromPackedBuf(tflite)
    count = 0
    for tensor in model.subgraphs[0].tensors:
        data = model.buffers[tensor.buffer].data
        if data is None or not data.size:
            continue
        count += data.size // ITEM_BYTES[tensor.type]
        if tensor.sparsity is None:
            assert data.size == math.prod(tensor.shape) * ITEM_BYTES[tensor.type], tensor.name
    assert count > LEAST_WEIGHTS[variant][name]
    assert {position % 16 for position in buffer_positions(tflite)} == {0}


def test_build_is_the_same_each_time(package: Path, script: ModuleType, tmp_path: Path) -> None:
    """Two builds give the same stored bytes, free of clock and system, and their digest."""
    outs = [tmp_path / "first" / "m.task", tmp_path / "second" / "m.task"]
    for out in outs:
        assert script.main(["--package", str(package), "--out", str(out)]) == 0
    first, second = (out.read_bytes() for out in outs)
    assert first == second
    with zipfile.ZipFile(outs[0]) as archive:
        stamps = {
            (info.compress_type, info.date_time, info.create_system) for info in archive.infolist()
        }
    assert stamps == {(zipfile.ZIP_STORED, (1980, 1, 1, 0, 0, 0), 3)}
    digest = hashlib.sha256(first).hexdigest()
    assert (tmp_path / "first" / "m.task.sha256").read_text() == f"{digest}  m.task\n"


def test_build_aligns_and_describes(package: Path, script: ModuleType, tmp_path: Path) -> None:
    """Weights of odd lengths end up aligned in the file itself, with the metadata beside them."""
    out = tmp_path / "m.task"
    assert script.main(["--package", str(package), "--out", str(out)]) == 0
    offsets = data_offsets(out)
    built = networks(out)
    assert list(built) == list(NORMALISATION)
    for name, tflite in built.items():
        positions = [offsets[name] + position for position in buffer_positions(tflite)]
        assert len(positions) == len(WEIGHTS) + 1
        assert {position % 16 for position in positions} == {0}
        mean, std = NORMALISATION[name]
        assert normalisation(tflite) == ([mean], [std])


def test_build_keeps_the_network(script: ModuleType) -> None:
    """Weights, tensors and earlier metadata come through as they were."""
    before = tiny_network(WEIGHTS)
    assert {position % 16 for position in buffer_positions(before)} != {0}
    after = model_schema.ModelT.InitFromPackedBuf(script.with_metadata(before, script.DETECTOR))
    assert [buffer.data.tobytes() for buffer in after.buffers[1:-1]] == WEIGHTS
    tensors = after.subgraphs[0].tensors
    assert [(tensor.name, tensor.buffer, list(tensor.shape)) for tensor in tensors] == [
        (f"weight {number}".encode(), number, [len(data)])
        for number, data in enumerate(WEIGHTS, start=1)
    ]
    assert (after.version, after.description) == (3, b"tiny")
    assert [entry.name for entry in after.metadata] == [b"min_runtime_version", b"TFLITE_METADATA"]


@pytest.mark.parametrize("length", range(1, 18))
def test_entries_are_aligned_after_any_length(
    script: ModuleType, tmp_path: Path, length: int
) -> None:
    """An entry's data is aligned and unharmed whatever the name and size of the one before."""
    path = tmp_path / "m.zip"
    entries = {"n" * length: bytes(length), "second": b"data"}
    path.write_bytes(script.bundle(list(entries.items())))
    assert {offset % 16 for offset in data_offsets(path).values()} == {0}
    assert networks(path) == entries


def test_changed_input_is_refused(
    package: Path, script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file with another digest is refused in one sentence, and nothing is written."""
    with (package / script.DETECTOR.file).open("ab") as file:
        file.write(b"!")
    out = tmp_path / "m.task"
    assert script.main(["--package", str(package), "--out", str(out)]) == 1
    message = capsys.readouterr().err
    assert message.startswith(f"{script.DETECTOR.file} is not the pinned file;")
    assert message.count("\n") == 1
    assert not out.exists()


def test_missing_package_is_refused(
    script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder without the networks is refused with the package that is wanted."""
    out = tmp_path / "m.task"
    assert script.main(["--package", str(tmp_path), "--out", str(out)]) == 1
    assert f"{script.PACKAGE} {script.VERSION}" in capsys.readouterr().err
    assert not out.exists()


def test_missing_npm_is_refused(
    script: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without npm the message says to install it or to give an unpacked package."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert script.main(["--out", str(tmp_path / "m.task")]) == 1
    assert "install npm" in capsys.readouterr().err


def test_metadata_is_added_once(script: ModuleType) -> None:
    """A network that has the metadata already, or is none at all, is refused."""
    done = script.with_metadata(tiny_network(WEIGHTS), script.DETECTOR)
    with pytest.raises(script.BuildError, match="carries metadata already"):
        script.with_metadata(done, script.DETECTOR)
    with pytest.raises(script.BuildError, match="not a TensorFlow Lite model"):
        script.with_metadata(b"not a network", script.DETECTOR)
