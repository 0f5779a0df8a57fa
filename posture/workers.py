"""Starts worker processes, each with a pose model of its own; no file takes its caller down.

A decoder written in C can crash, and a picture can keep it busy for ever: in a worker that ends
one task, and the others go on.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import parent_process, spawn
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from pebble import ProcessPool

from posture import language as languages

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

# What libraries read, each as it is loaded: one thread in each of as many workers as there are
# cores, or they would wait for each other.
_ONE_THREAD: Final = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
_STARTING: Final = threading.Lock()


def pool() -> ProcessPool:
    """Return a worker process that takes tasks, started with the first one.

    It is a pool of one. Several workers of one pool share locks: one that is killed while it holds
    them holds up the others for a minute and more.

    A task is ``pool.schedule(function, args=..., timeout=...)`` and gives a future. The function
    is a module's own, and the worker imports that module; it does not run its caller's program
    again, so that a function of ``__main__`` is not found. What it is given and returns is pickled.

    The future raises what the function raised; `pebble.ProcessExpired` if the worker died over it,
    TimeoutError if it took longer than its timeout, after which the worker was stopped: a new pool
    is safer then, since the worker may have died holding a lock. If it dies while it is at nothing,
    the pool is spent: futures raise `concurrent.futures.process.BrokenProcessPool`, `schedule` a
    RuntimeError.

    A worker speaks the language of whoever made the pool, leaves Ctrl-C to its parent, and ends
    when that ends, however it does.

    Returns
    -------
    pebble.ProcessPool
        Used in a ``with``, it waits for its tasks at the end; ``stop()`` and ``join()`` do not.
    """
    return ProcessPool(
        max_workers=1,
        initializer=_begin,
        initargs=(languages.current(),),
        context=_Context(),
    )


class _Process(SpawnProcess):
    """A worker as it is started, from whatever thread."""

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Any:  # noqa: ANN401, N802 - the library's own
        with _STARTING, _as_worker():
            return SpawnProcess._Popen(process_obj)


class _Context(SpawnContext):
    Process = _Process


@contextmanager
def _as_worker() -> Iterator[None]:
    """Let what is started here run one thread a library, and neither Ctrl-C nor the caller."""
    prepared = spawn.get_preparation_data

    def without_main(name: str) -> dict[str, Any]:
        return {k: v for k, v in prepared(name).items() if not k.startswith("init_main")}

    with ExitStack() as undone:
        if hasattr(signal, "pthread_sigmask"):
            # Inherited; the library has its workers ignore Ctrl-C only after all is imported.
            before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
            undone.callback(signal.pthread_sigmask, signal.SIG_SETMASK, before)
        # One by one: to set back all of the environment would empty it for a moment.
        for name, value in _ONE_THREAD.items():
            undone.callback(_set, name, os.environ.get(name))
            _set(name, value)
        # Whatever runs as `__main__` would run again in each worker: in the app, Streamlit.
        undone.enter_context(patch.object(spawn, "get_preparation_data", without_main))
        yield


def _set(name: str, value: str | None) -> None:
    """Set a variable of the environment, or take it away."""
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


def _begin(language: str) -> None:
    """Set a worker up, before its first task."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    languages.use(language)
    with suppress(ImportError):  # each task that needs it says so
        import cv2

        cv2.setNumThreads(1)


def _end_with_parent() -> None:
    """Wait for the parent's end: at work, and even more if that hangs, nothing else tells of it."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
