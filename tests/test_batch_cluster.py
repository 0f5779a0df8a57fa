"""A batch on a real Dask cluster: whatever of it dies, it gives the same table, whole."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client

from posture.batch import cluster as clusters
from posture.batch.entries import Entry, Way
from posture.errors import BatchError
from posture.version import VERSION

from .batch_tasks import fake
from .command import STANDING, WALKING, run
from .dask_cluster import cluster
from .test_batch import DIE, SLOW, folder_of, read, started
from .test_batch import run as run_here


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start a scheduler and two workers."""
    with cluster(tmp_path_factory.mktemp("cluster")) as started_cluster:
        yield started_cluster


@pytest.fixture
def address(dask: tuple[str, subprocess.Popen[bytes]]) -> str:
    """Give the scheduler's address."""
    return dask[0]


def pids(address: str) -> list[int]:
    """Return the workers' processes."""
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
        return list(client.run(os.getpid).values())


def test_a_worker_killed_half_way_loses_nothing(address: str, tmp_path: Path) -> None:
    """The same bytes as without a cluster, each photo once."""
    photos = folder_of(tmp_path / "photos", range(100))
    whole, out = tmp_path / "whole.csv", tmp_path / "out.csv"
    run_here(photos, whole)
    one, _ = pids(address)
    with started(photos, out, address) as program:
        assert program.stdout is not None
        for _ in range(51):
            assert program.stdout.readline()
        os.kill(one, signal.SIGKILL)
        said, _ = program.communicate(timeout=120)
    assert program.returncode == 0
    assert said.splitlines() == ["one"] * 50
    assert out.read_bytes() == whole.read_bytes()


def test_a_photo_over_which_workers_die_is_a_row(address: str, tmp_path: Path) -> None:
    """It is tried twice; the others are measured all the same."""
    photos = folder_of(tmp_path / "photos", [1, 2, DIE, 3])
    with started(photos, tmp_path / "out.csv", address) as program:
        program.communicate(timeout=120)
    statuses = [row["status"] for row in read(tmp_path / "out.csv")]
    assert statuses == ["measured", "measured", "error", "measured"]


def test_many_photos_over_which_workers_die_end_no_batch(address: str, tmp_path: Path) -> None:
    """Results of others are lost with them, again and again: they are measured anew."""
    words = [DIE if number % 5 == 2 else number for number in range(16)]
    photos = folder_of(tmp_path / "photos", words)
    with started(photos, tmp_path / "out.csv", address, stderr=subprocess.PIPE) as program:
        _, wrong = program.communicate(timeout=120)
    statuses = [row["status"] for row in read(tmp_path / "out.csv")]
    assert statuses == ["error" if word == DIE else "measured" for word in words]
    assert wrong == ""


def test_workers_read_urls_and_say_the_same_as_this_machine(address: str, tmp_path: Path) -> None:
    """With the real model; a table of URLs differs in what the photos are called."""
    listed, out = tmp_path / "list.csv", tmp_path / "there.csv"
    missing = (tmp_path / "missing.jpg").as_uri()
    listed.write_text(f"photo\n{STANDING.as_uri()}\n{WALKING.as_uri()}\n{missing}\n")
    result = run("batch", listed, "--out", out, "--cluster", address)
    assert result.exit_code == 2
    there = read(out)
    assert there[2]["error"].startswith("missing.jpg cannot be read from where it is: ")
    listed.write_text(f"photo\n{STANDING}\n{WALKING}\n")
    run("batch", listed, "--out", tmp_path / "here.csv", "--workers", "1")
    here = read(tmp_path / "here.csv")
    assert [row | {"photo": ""} for row in there[:2]] == [row | {"photo": ""} for row in here]
    assert [row["status"] for row in here] == ["measured", "refused"]


def test_workers_of_another_version_are_refused(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is measured, with what to do."""
    monkeypatch.setattr(clusters, "VERSION", "9.9")
    listed = folder_of(tmp_path / "photos", [1])
    result = run("batch", listed, "--out", tmp_path / "out.csv", "--cluster", address)
    assert result.exit_code == 1
    assert f"has posture {VERSION}: install version 9.9 there." in result.stderr


def test_a_scheduler_that_goes_away_is_a_sentence(
    dask: tuple[str, subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    """What came before is kept, and the batch goes on without it; it is the last test here."""
    address, scheduler = dask
    photos, out = folder_of(tmp_path / "photos", [SLOW] * 60), tmp_path / "out.csv"
    with started(photos, out, address, stderr=subprocess.PIPE) as program:
        assert program.stdout is not None
        for _ in range(11):
            assert program.stdout.readline()
        scheduler.kill()
        said, wrong = program.communicate(timeout=120)
    assert program.returncode == 1
    # Of what the library logs, there is nothing before or after what the test's program dies of.
    assert wrong.startswith("Traceback (most recent call last):")
    assert wrong.endswith("The connection to the cluster was lost: go on with --resume.\n")
    assert " - distributed" not in wrong
    assert len(said.splitlines()) < 50
    with started(photos, out, 2) as program:
        assert program.stdout is not None
        assert int(program.stdout.readline().split()[0]) >= 10
        program.communicate(timeout=120)
    assert len(read(out)) == 60


class Workers:
    """A cluster as far as its workers are counted."""

    status = "running"

    def __init__(self, threads: dict[str, int]) -> None:
        self.threads = threads

    def nthreads(self) -> dict[str, int]:
        """Return how many threads each worker has."""
        return self.threads


def test_a_worker_of_several_threads_is_refused() -> None:
    """At the beginning, and one that joins later: it could not be stopped over one photo."""
    client = Workers({"tcp://a:1": 1})
    crew = clusters.ClusterCrew(client, fake, Way())
    assert crew.room() > 1
    client.threads["tcp://b:1"] = 4
    crew._counted = -60
    for look in (crew.room, crew.keep_waiting, lambda: clusters._threads(client)):
        with pytest.raises(BatchError, match="tcp://b:1 has 4 threads: start it with --nthreads 1"):
            look()


def test_it_is_said_that_there_are_no_workers(capsys: pytest.CaptureFixture[str]) -> None:
    """Not again and again."""
    client = Workers({})
    crew = clusters.ClusterCrew(client, fake, Way())
    crew.keep_waiting()
    assert "The cluster has no workers now: waiting for some" in capsys.readouterr().err
    crew.keep_waiting()
    assert capsys.readouterr().err == ""
    crew._said -= clusters._SECONDS_BETWEEN_LINES
    client.threads["tcp://a:1"] = 1
    crew.keep_waiting()
    assert capsys.readouterr().err == ""


def test_a_client_that_has_given_up_is_a_sentence() -> None:
    """Half a minute after the scheduler went it closes itself, and has nothing to ask then."""
    client = Workers({})
    client.status = "closed"
    crew = clusters.ClusterCrew(client, fake, Way())
    for step in (crew.room, crew.keep_waiting, lambda: crew.start(Entry("/a.jpg", "a.jpg"))):
        with pytest.raises(BatchError, match="was lost: go on with --resume"):
            step()


def test_where_no_scheduler_answers_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was measured then, and nothing stays; TLS without certificates is such a case too."""
    monkeypatch.setattr(clusters, "_SECONDS_TO_ANSWER", 2)
    photos = folder_of(tmp_path / "photos", [1])
    nobody = "tcp://127.0.0.1:1"
    for address in ("nonsense", "xyz://127.0.0.1:1", "tls://127.0.0.1:1", nobody):
        result = run("batch", photos, "--out", tmp_path / "out.csv", "--cluster", address)
        assert result.exit_code == 1
        assert f"No Dask scheduler answers at {address}" in result.stderr
        assert list(tmp_path.iterdir()) == [photos]
