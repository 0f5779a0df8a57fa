"""Reading photos harms nothing: odd files, bounds, and the rest of the program."""

import io
import re
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from posture import decoders
from posture.errors import PhotoError
from posture.photo import Photo

from .odd_files import OddFile, encoded, odd_files, png, scan_bomb, tiff
from .scene import SCENE, VALUES, draw_scene, fault, fault_of, refusal

ROOT = Path(__file__).resolve().parents[1]
SIGNATURES = (
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"RIFF\0\1\0\0WEBPVP8 ",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"BM",
    b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    b"\0\0\0\x18ftypavif\0\0\0\0mif1avif",
)


# Odd files


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> list[OddFile]:
    """Make the odd files once."""
    return odd_files(tmp_path_factory.mktemp("odd"), draw_scene(360, 480))


def test_odd_files_are_many_and_of_every_outcome(odd: list[OddFile]) -> None:
    """The tests below are not vacuous: 60 files at least, and enough that must go either way."""
    outcomes = [file.outcome for file in odd]
    assert len({file.path for file in odd}) == len(odd) >= 60
    assert outcomes.count("reads") >= 20
    assert outcomes.count("refused") >= 20


def test_odd_file_gives_a_photo_or_one_plain_sentence(odd: list[OddFile]) -> None:
    """Whatever a file holds, it is a photo or a PhotoError of one sentence, as foreseen."""
    wrong = []
    for file in odd:
        try:
            photo = Photo.open(file.path)
        except PhotoError as error:
            if file.outcome == "reads" or fault(str(error)):
                wrong.append((file.path.name, file.outcome, str(error), fault(str(error))))
        else:
            sound = photo.pixels.ndim == 3 and max(photo.pixels.shape) <= 2048
            if file.outcome == "refused" or not sound:
                wrong.append((file.path.name, file.outcome, photo.pixels.shape))
    assert wrong == []


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from Linux")
def test_odd_files_cost_little_memory_and_no_noise(odd: list[OddFile]) -> None:
    """A process that opens them all stays small, prints nothing and warns of nothing."""
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from posture.errors import PhotoError\n"
        "from posture.photo import Photo\n"
        "for path in sys.stdin.read().split('\\0'):\n"
        "    try:\n"
        "        Photo.open(path)\n"
        "    except PhotoError:\n"
        "        pass\n"
        "print(Path('/proc/self/status').read_text())\n"
    )
    child = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        input="\0".join(str(file.path) for file in odd),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    assert (child.returncode, child.stderr) == (0, "")
    # Not `resource`: its peak starts from that of the process that started the child.
    peak = re.search(r"VmHWM:\s+(\d+) kB", child.stdout)
    assert peak is not None
    assert int(peak[1]) < 600_000


@settings(max_examples=150)
@given(
    kind=st.sampled_from(["JPEG", "PNG"]),
    changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=12),
    kept=st.floats(0, 1),
    whole=st.booleans(),
)
def test_damage_anywhere_gives_a_photo_or_a_photo_error(
    kind: str, changes: list[tuple[int, int]], kept: float, *, whole: bool
) -> None:
    """Bytes changed or cut off at random never raise anything but PhotoError."""
    data = bytearray(SMALL_FILES[kind])
    for place, value in changes:
        data[place % len(data)] = value
    assert fault_of(bytes(data) if whole else bytes(data[: int(kept * len(data))])) == ""


SMALL_FILES = {kind: encoded(draw_scene(24, 32), kind) for kind in ("JPEG", "PNG")}


@settings(max_examples=200)
@given(signature=st.sampled_from(SIGNATURES), rest=st.binary(max_size=300))
def test_any_bytes_behind_a_signature_are_refused_in_a_sentence(
    signature: bytes, rest: bytes
) -> None:
    """Bytes that start as a photo does and go on as they like raise PhotoError at most."""
    assert fault_of(signature + rest) == ""


# Bounds


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "HEIF", "AVIF"])
def test_too_many_pixels_are_refused_before_they_are_decoded(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bound holds for every kind, to the pixel, and needs no decoding."""
    data = encoded(SCENE, kind)
    exactly = 180 * 240 / 1e6
    assert Photo.open(data, max_megapixels=exactly).width == 180

    def decode(*_: object, **__: object) -> None:
        pytest.fail("decoded")

    monkeypatch.setattr(decoders, "load", decode)
    message = refusal(data, max_megapixels=exactly - 1e-6, name="side.jpg")
    assert message.startswith("side.jpg has 0.1 megapixels, more than the 0.043199 allowed:")


def test_too_many_pixels_of_a_picture_or_an_array_are_refused() -> None:
    """What is decoded already is bounded too."""
    for source in (SCENE, VALUES, VALUES / 255):
        assert "megapixels" in refusal(source, max_megapixels=0.04)


def test_default_bounds_are_50_megapixels_and_30_megabytes() -> None:
    """50 million pixels and 30 million bytes are read; a little more is refused."""
    assert Photo.open(png(50_000, 1000, 1, 0, bytes(6251 * 1000))).width == 50_000
    assert "50.1 megapixels" in refusal(png(50_001, 1000, 1, 0, b""))
    data = encoded(SCENE, "JPEG")
    assert Photo.open(data + bytes(30_000_000 - len(data))).width == 180
    assert "30 MB" in refusal(data + bytes(30_000_001 - len(data)))


@pytest.mark.parametrize("give", [bytes, bytearray, memoryview, io.BytesIO])
def test_too_many_bytes_are_refused(give: Callable[[bytes], Any]) -> None:
    """The bound on bytes holds to the byte, in whatever the bytes come."""
    data = encoded(SCENE, "JPEG")
    assert Photo.open(give(data), max_megabytes=len(data) / 1e6).width == 180
    assert "MB" in refusal(give(data), max_megabytes=(len(data) - 1) / 1e6)


def test_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A JPEG of endless scans stops when its time is up, and says so."""
    assert Photo.open(scan_bomb(1024, 3)).width == 1024
    bomb = scan_bomb(1024, 3000)
    monkeypatch.setattr(decoders, "_SECONDS_TO_READ", 0.1)
    assert len(bomb) < 65_536  # what Pillow would fetch in one go, past any clock
    assert "too long" in refusal(bomb)


# The rest of the program


def _some_that_warn() -> Iterable[bytes]:
    frame = {256: (8,), 257: (8,), 258: (8,), 259: (1,), 262: (1,)}
    yield tiff({**frame, 305: (1, 2, 3)}, bytes(64))[:-4]
    yield png(8, 8, 8, 0, bytes(72), (b"acTL", bytes(8)))


def test_warnings_of_decoders_do_not_get_out() -> None:
    """Files over whose metadata Pillow warns are read in silence."""
    for data in _some_that_warn():
        with pytest.warns(UserWarning, match="."), Image.open(io.BytesIO(data)) as picture:
            picture.load()
        assert Photo.open(data).width == 8


def test_the_whole_program_s_bomb_limit_plays_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pillow's own limit neither warns nor is changed; only this reader's bound counts."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 25_000)
    for kind in ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "HEIF", "AVIF"):
        assert Photo.open(encoded(SCENE, kind)).width == 180
    assert Image.MAX_IMAGE_PIXELS == 25_000


def test_pixels_beyond_what_pillow_or_the_machine_holds_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where a decoder's own limit is met, or memory runs out, the photo is called too large."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    assert "too large" in refusal(encoded(SCENE, "WEBP"))

    def run_out(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(decoders, "load", run_out)
    assert "too large" in refusal(encoded(SCENE, "PNG"))


def test_reading_leaves_pillow_and_warnings_as_they_were() -> None:
    """No format is registered and no warning filter left behind, after success or refusal."""
    formats, filters = dict(Image.OPEN), list(warnings.filters)
    Photo.open(encoded(SCENE, "HEIF"))
    refusal(b"no photo")
    assert dict(Image.OPEN) == formats
    assert warnings.filters == filters


def test_threads_read_side_by_side() -> None:
    """Photos read in several threads at once are right, silent, and leave no filter behind."""
    filters = list(warnings.filters)
    files = [encoded(SCENE, kind) for kind in ("PNG", "TIFF", "BMP")]
    files += [*_some_that_warn(), b"no photo"]
    gate = threading.Barrier(8)

    def read(start: int) -> list[float]:
        gate.wait()
        results = []
        for turn in range(40):
            data = files[(start + turn) % len(files)]
            try:
                results.append(float(Photo.open(data).pixels.mean()))
            except PhotoError:
                results.append(-1.0)
        return results

    expected = [VALUES.mean()] * 3 + [0.0, 0.0, -1.0]
    with ThreadPoolExecutor(8) as pool:
        for start, results in enumerate(pool.map(read, range(8))):
            wanted = [expected[(start + turn) % len(files)] for turn in range(40)]
            np.testing.assert_allclose(results, wanted)
    assert warnings.filters == filters


def test_import_brings_in_no_decoder() -> None:
    """Decoders, HEIC's above all, and OpenCV are imported when a photo needs them."""
    script = (
        "import sys, posture.photo\n"
        "heavy = ('pillow_heif', 'cv2', 'PIL.JpegImagePlugin', 'PIL.TiffImagePlugin')\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    child = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert child.stdout.strip() == "[]"
