"""The recipe of the container is true to the repository; no engine builds it here."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from posture import serving
from posture.doctor import SYSTEM_LIBRARIES
from posture.records import database, vault

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RECIPE = (ROOT / "Dockerfile").read_text("utf-8")
#: One instruction a line, without remarks.
LINES = [
    re.sub(r"\s+", " ", line)
    for line in re.sub(r"\\\n", " ", re.sub(r"(?m)^#.*\n", "", RECIPE)).splitlines()
    if line
]


def told(instruction: str) -> list[str]:
    """Return what follows an instruction, each time."""
    return [
        line.partition(" ")[2].strip() for line in LINES if line.split(" ", 1)[0] == instruction
    ]


def copied() -> list[str]:
    """Return what is copied out of the repository."""
    places = [line.split() for line in told("COPY") if not line.startswith("--from")]
    return [source for *sources, _target in places for source in sources]


def test_what_is_copied_is_there_and_let_through() -> None:
    """Each file and folder; what is not copied is not sent to be built from either."""
    assert all((ROOT / source).exists() for source in copied())
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    let_through = {line[1:] for line in ignored if line.startswith("!")}
    assert "*" in ignored
    assert let_through == set(copied())


def test_the_package_can_be_built_from_what_is_copied() -> None:
    """With all files that its description and its build name."""
    needed = {PROJECT["readme"], *PROJECT["license-files"], "pyproject.toml", "app.py"}
    for file in needed:
        assert any(file == source or file.startswith(f"{source}/") for source in copied()), file


def test_it_installs_what_is_locked_and_nothing_else() -> None:
    """With its sums; what is built here resolves nothing."""
    (locked, built) = (line for line in told("RUN") if "pip install" in line)
    assert "--require-hashes -r requirements/server.lock" in locked
    assert "--only-binary :all:" in locked
    assert "--no-deps --no-build-isolation --editable ." in built


def test_its_python_is_one_that_posture_runs_in() -> None:
    """The same in both stages, by a tag."""
    (image,) = {line.split()[0] for line in told("FROM")}
    (version,) = re.findall(r"^python:(\d+\.\d+)-slim-", image)
    assert f"{version}.0" in SpecifierSet(PROJECT["requires-python"])


def test_it_has_what_the_doctor_asks_of_the_system() -> None:
    """Each Debian package, and no other."""
    (line,) = (line for line in told("RUN") if "apt-get" in line)
    packages = line.partition("--no-install-recommends ")[2].partition(" &&")[0].split()
    assert sorted(packages) == sorted(SYSTEM_LIBRARIES.values())


def test_it_runs_as_nobody_who_owns_it() -> None:
    """As a user without a name's rights, whose one folder is that of the records."""
    (user,) = told("USER")
    assert user.isdecimal()
    assert int(user) > 0
    assert f"--uid {user} " in " ".join(told("RUN"))
    assert told("VOLUME") == ["/data"]
    (environment,) = told("ENV")[1:]
    assert f"{database.FOLDER_VARIABLE}=/data" in environment
    assert vault.KEY_VARIABLE not in RECIPE


def test_it_starts_with_a_login_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """It answers everywhere, so that without the file of the login it refuses."""
    (command,) = told("CMD")
    assert json.loads(command) == ["app", "--address", "0.0.0.0", "--port", "8501"]
    (program,) = json.loads(told("ENTRYPOINT")[0])
    assert program in PROJECT["scripts"]
    monkeypatch.delenv(serving.ALLOWED, raising=False)
    secrets = Path("/run/secrets/posture.toml")
    assert f"POSTURE_SECRETS={secrets}" in told("ENV")[1]
    assert serving.fault(serving.Service(8501, "0.0.0.0", (), secrets)) is not None
    assert serving.fault(serving.Service(8501, "0.0.0.0")) is not None


def test_its_health_is_asked_where_the_app_answers() -> None:
    """At the port that it opens, and the address that Streamlit has for it."""
    (port,) = told("EXPOSE")
    (check,) = told("HEALTHCHECK")
    *_, code = json.loads(check.partition("CMD ")[2])
    compile(code, "healthcheck", "exec")
    assert f"http://127.0.0.1:{port}/_stcore/health" in code
    from streamlit.web import server

    sources = Path(server.__file__).parent.rglob("*.py")
    assert any("_stcore/health" in source.read_text("utf-8") for source in sources)
