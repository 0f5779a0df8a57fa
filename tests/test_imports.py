"""Which module may import which: the rules that keep data flowing one way."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = sorted((ROOT / "posture").rglob("*.py"))
APP = [ROOT / "app.py", *sorted((ROOT / "app_pages").rglob("*.py"))]
#: What is computed from arrays alone.
NUMERICS = {
    f"posture.{room}"
    for room in (
        *("back", "tilt", "shape", "cloth", "estimator", "quantities"),
        *(
            f"marking.{room}"
            for room in ("marks", "marked", "backs", "bony", "curves", "profile", "sight")
        ),
    )
}
MEASURING = NUMERICS | {
    f"posture.{room}"
    for room in (
        "clock",
        "cores",
        "marking.corrected",
        "decoders",
        "errors",
        "evidence",
        "framing",
        "landmarks",
        "language",
        "markers",
        "marking.naming",
        "marking.spots",
        "model_file",
        "notes",
        "outline",
        "photo",
        "plumb",
        "pose",
        "quality",
        "quiet",
        "reading",
        "reasons",
        "marking.rise",
        "second_look",
        "skin",
        "stance",
        "uprights",
    )
}


def imported(path: Path) -> set[str]:
    """Name every module that a file imports anywhere, even inside a function.

    ``from a import b`` counts as both ``a`` and ``a.b``, since ``b`` may be a module.
    """
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            assert node.module is not None
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def packages(path: Path) -> set[str]:
    """Name the top packages that a file imports."""
    return {name.partition(".")[0] for name in imported(path)}


def module(path: Path) -> str:
    """Name the module in a file, for example ``posture.tilt``."""
    inside = path.relative_to(ROOT).with_suffix("")
    return ".".join(part for part in inside.parts if part != "__init__")


MODULES = {module(path): path for path in PACKAGE}


def rooms(path: Path) -> set[str]:
    """Name the modules of posture that a file imports, also for types alone."""
    return (imported(path) & MODULES.keys()) - {"posture", "posture.marking"}


def test_the_rules_see_imports(tmp_path: Path) -> None:
    """An import inside a function, under another name or of a submodule is seen."""
    file = tmp_path / "file.py"
    file.write_text(
        "def f():\n    import cv2.ximgproc as x\n    from mediapipe.tasks import python\n"
        "    from posture import tilt\n    return x, python, tilt\n"
    )
    assert packages(file) == {"cv2", "mediapipe", "posture"}
    assert rooms(file) == {"posture.tilt"}


@pytest.mark.parametrize("name", sorted(NUMERICS))
def test_the_angles_are_numpy_alone(name: str) -> None:
    """The numerics know nothing but numpy, the standard library and each other."""
    assert packages(MODULES[name]) - sys.stdlib_module_names <= {"numpy", "posture"}
    assert rooms(MODULES[name]) <= NUMERICS


def test_only_landmarks_imports_mediapipe() -> None:
    """Everything else in the program sees points and masks, not MediaPipe."""
    importers = {p.name for p in [*PACKAGE, *APP] if "mediapipe" in packages(p)}
    assert importers == {"landmarks.py"}


def test_the_app_leaves_processes_to_the_package() -> None:
    """Pages know a line of people and what is done for them, not how a worker is started."""
    assert "pebble" in packages(MODULES["posture.workers"])
    assert {p.name for p in APP if packages(p) & {"pebble", "multiprocessing"}} == set()


def test_only_the_app_imports_streamlit() -> None:
    """The package does without Streamlit."""
    assert {p.name for p in PACKAGE if "streamlit" in packages(p)} == set()
    assert "app.py" in {p.name for p in APP if "streamlit" in packages(p)}


@pytest.mark.parametrize(
    ("library", "importers"),
    [
        ("distributed", {"posture.batch.cluster"}),
        ("pyarrow", {"posture.batch.table"}),
        ("fsspec", {"posture.batch.measuring", "posture.batch.sources"}),
        ("pebble", {"posture.workers", "posture.apart"}),
    ],
)
def test_libraries_for_many_photos_stay_in_their_rooms(library: str, importers: set[str]) -> None:
    """What only a batch or a cluster needs is imported where it is used."""
    assert {name for name, path in MODULES.items() if library in packages(path)} == importers


def test_package_knows_nothing_around_it() -> None:
    """The package imports neither the app nor the validation nor tests nor scripts."""
    around = {"app", "app_pages", "validation", "tests", "scripts", "benchmarks"}
    assert {p.name: packages(p) & around for p in PACKAGE if packages(p) & around} == {}


def test_app_and_package_import_no_validation() -> None:
    """What is fitted in the validation reaches the program as data."""
    assert {p.name for p in [*PACKAGE, *APP] if "validation" in packages(p)} == set()


@pytest.mark.parametrize("name", sorted(MEASURING))
def test_measuring_imports_nothing_that_shows(name: str) -> None:
    """What measures knows only what measures too, even by its types."""
    assert rooms(MODULES[name]) <= MEASURING


def test_imports_make_no_circle() -> None:
    """The modules have an order in which each imports only earlier ones, types included."""
    graph = {name: rooms(path) - {name} for name, path in MODULES.items() if name != "posture"}
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError
    places = [order.index(f"posture.{room}") for room in ("tilt", "assess", "cli")]
    assert places == sorted(places)


def test_importing_posture_is_light() -> None:
    """`import posture` loads neither MediaPipe nor OpenCV nor Streamlit."""
    code = "import posture, sys; print({'mediapipe', 'cv2', 'streamlit'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout == "set()\n"
