"""What the doctor finds in whole and in broken installations."""

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from keyring.errors import NoKeyringError
from typer.testing import CliRunner

from posture import ModelError, cli, doctor
from posture.model_file import MODEL_PATH, PREVIEW_PATH
from posture.records import vault


def test_this_installation_is_whole() -> None:
    """Where the tests run, the doctor finds nothing amiss and the command ends with 0."""
    result = CliRunner().invoke(cli.app, ["doctor"])
    assert [f for f in doctor.examine() if not f.ok] == []
    assert result.exit_code == 0
    assert "mediapipe" in result.stdout


def test_a_finding_amiss_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command's status tells a script that something must be mended, and the text what."""
    amiss = doctor.Finding("libEGL.so.1", ok=False, found="missing", mend="Install it.")
    monkeypatch.setattr(doctor, "examine", lambda: (amiss,))
    result = CliRunner().invoke(cli.app, ["doctor"])
    assert result.exit_code == 1
    assert "Install it." in result.stdout


def test_only_one_package_holds_cv2() -> None:
    """OpenCV is installed once here: a second build would overwrite its files."""
    finding = doctor.check_cv2_owner()
    assert (finding.ok, finding.found) == (True, "opencv-contrib-python")


@pytest.mark.parametrize(
    ("owners", "remedy"),
    [
        (["opencv-python", "opencv-contrib-python"], "uninstall opencv-python opencv-contrib"),
        (["opencv-python-headless"], "uninstall opencv-python-headless opencv-contrib"),
        ([], "pip install opencv-contrib-python"),
    ],
    ids=["two", "another", "none"],
)
def test_wrong_owners_of_cv2(owners: list[str], remedy: str) -> None:
    """Two owners, another one or none: the mending starts by taking away what is there."""
    finding = doctor.check_cv2_owner({"cv2": owners})
    assert not finding.ok
    assert remedy in finding.mend


def test_an_owner_that_is_listed_twice_is_one() -> None:
    """Metadata can name a package once for each of its top folders."""
    assert doctor.check_cv2_owner({"cv2": ["opencv-contrib-python"] * 2}).ok


def test_missing_library_names_its_debian_package() -> None:
    """A library that does not load is named with the package that brings it."""

    def load(name: str) -> None:
        if name == "libGLESv2.so.2":
            raise OSError(name)

    findings = doctor.check_libraries(load=load, platform="linux")
    (amiss,) = (f for f in findings if not f.ok)
    assert amiss.name == "libGLESv2.so.2"
    assert "apt-get install libgles2" in amiss.mend
    assert len(findings) == len(doctor.SYSTEM_LIBRARIES)


def test_other_systems_need_no_library_of_their_own() -> None:
    """On macOS and Windows the packages bring all that they load."""
    assert doctor.check_libraries(platform="darwin") == ()


@pytest.mark.parametrize(
    ("version", "ok"), [((3, 10, 14), False), ((3, 11, 0), True), ((3, 14, 1), True)]
)
def test_python_version(version: Sequence[int], ok: bool) -> None:
    """Python must be 3.11 or later."""
    assert doctor.check_python(version).ok is ok


@pytest.mark.parametrize(
    ("version", "ok"),
    [("1.2.1", False), ("1.2.2", True), ("1.2.10", True), ("1.3", False), ("2.0.0+x", False)],
)
def test_package_version_is_compared_by_numbers(version: str, ok: bool) -> None:
    """A version outside what posture asks for is amiss, and 1.2.10 is later than 1.2.2."""
    asked = ["mediapipe<1.3,>=1.2.2", "mediapipe-model-maker>=9"]
    finding = doctor.check_package("mediapipe", version_of=lambda _: version, requirements=asked)
    assert finding.ok is ok
    assert bool(finding.mend) is not ok


def test_missing_package_is_to_be_installed() -> None:
    """A package that is not there is named with the version to install."""

    def version_of(name: str) -> str:
        raise PackageNotFoundError(name)

    asked = ["mediapipe<1.3,>=1.2.2", 'streamlit<2,>=1.67; extra == "app"']
    finding = doctor.check_package("mediapipe", version_of=version_of, requirements=asked)
    assert not finding.ok
    assert finding.mend == "Run `pip install 'mediapipe<1.3,>=1.2.2'`."
    extra = doctor.check_package("streamlit", version_of=version_of, requirements=asked)
    assert extra == doctor.Finding("streamlit", True, "not installed (only the app needs it)")


def test_posture_without_its_metadata_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run from bare files, the doctor says that posture is not installed, and goes on."""

    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(doctor.metadata, "requires", missing)
    finding = doctor.check_posture(missing)
    assert (finding.ok, finding.found) == (False, "not installed")
    assert "pip install -e ." in finding.mend
    assert doctor.check_package("mediapipe").ok
    assert doctor.check_package("mediapipe", version_of=missing).mend


def test_model_with_another_checksum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shipped model of which one byte has changed is not usable."""
    copy = tmp_path / MODEL_PATH.name
    data = bytearray(MODEL_PATH.read_bytes())
    data[len(data) // 2] ^= 1
    copy.write_bytes(data)
    monkeypatch.setattr("posture.model_file.MODEL_PATH", copy)
    monkeypatch.setattr(doctor, "MODEL_PATH", copy)
    finding = doctor.check_model(copy)
    assert not finding.ok
    assert "not the file that posture was built with" in finding.mend


def test_quicker_model_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a finding of its own; POSTURE_MODEL has nothing to do with it."""
    gone = tmp_path / PREVIEW_PATH.name
    monkeypatch.setattr("posture.model_file.PREVIEW_PATH", gone)
    monkeypatch.setattr(doctor, "PREVIEW_PATH", gone)
    (amiss,) = [finding for finding in doctor.examine() if not finding.ok]
    assert amiss.mend == f"The pose model {gone.name} is missing: reinstall posture."


def test_model_that_the_variable_names_in_vain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the installation but POSTURE_MODEL is to be mended, and that is said once."""
    chosen = tmp_path / "chosen.task"
    monkeypatch.setenv("POSTURE_MODEL", str(chosen))
    amiss = {finding.name: finding for finding in doctor.examine() if not finding.ok}
    assert amiss.keys() == {"pose model", "detector"}
    assert amiss["pose model"].found == "missing"
    assert amiss["pose model"].mend.startswith("Unset POSTURE_MODEL, or correct it")
    assert str(chosen) in amiss["pose model"].mend
    assert amiss["detector"].found == "not tried"
    assert "POSTURE_MODEL" not in amiss["detector"].mend


def test_detector_that_does_not_start() -> None:
    """What the detector says when it starts in vain is what to do."""

    def start() -> None:
        raise ModelError("MediaPipe cannot be loaded: do this.")

    finding = doctor.check_detector(start)
    assert (finding.ok, finding.mend) == (False, "MediaPipe cannot be loaded: do this.")


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """A folder in which no file can be made is amiss; one in which it can is left as it was."""
    assert doctor.check_writable(tmp_path).ok
    assert list(tmp_path.iterdir()) == []
    assert not doctor.check_writable(tmp_path / "missing").ok


class Keyring:
    """Stands in for the system's keyring, and is told what it must not be asked."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def get_password(self, *_: str) -> None:
        """Return that there is no key yet, or fail."""
        if self.error:
            raise self.error

    def set_password(self, *_: str) -> None:
        """Fail: the doctor changes nothing."""
        raise AssertionError


@pytest.mark.parametrize(
    ("variable", "error", "found", "mend"),
    [
        (vault.new_key(), AssertionError(), "in POSTURE_RECORDS_KEY", ""),
        (None, None, "in the system's keyring", ""),
        (
            *(None, NoKeyringError(), "cannot be kept (only visits need it)"),
            "This computer has no keyring to keep the records' key in: set POSTURE_RECORDS_KEY to",
        ),
        ("x", None, "cannot be kept (only visits need it)", "POSTURE_RECORDS_KEY holds no key:"),
    ],
    ids=["variable", "keyring", "neither", "no key"],
)
def test_where_the_key_to_the_records_is_kept(
    monkeypatch: pytest.MonkeyPatch,
    variable: str | None,
    error: Exception | None,
    found: str,
    mend: str,
) -> None:
    """Before a visit cannot be saved; no fault, since who only measures needs none."""
    for name in ("get_password", "set_password"):
        monkeypatch.setattr(f"keyring.{name}", getattr(Keyring(error), name))
    monkeypatch.delenv(vault.KEY_VARIABLE, raising=False)
    if variable is not None:
        monkeypatch.setenv(vault.KEY_VARIABLE, variable)
    finding = doctor.check_key()
    assert (finding.ok, finding.found) == (True, found)
    assert finding.mend.startswith(mend)
    assert bool(finding.mend) == bool(mend)
    result = CliRunner().invoke(cli.app, ["doctor"])
    assert result.exit_code == 0
    (row,) = [line for line in result.stdout.splitlines() if "key to the records" in line]
    assert row.split()[0] == ("note" if mend else "ok")
