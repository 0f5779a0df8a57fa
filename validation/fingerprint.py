"""Tells by one short text of code and coefficients whether posture still finds what it found."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path
from typing import Final

import posture

_POSTURE: Final = Path(posture.__file__).parent
_COEFFICIENTS: Final = (".json", ".npz", ".onnx")
# It decides nothing of what is found.
_SAYS_NOTHING: Final = "version"


def fingerprint(folder: Path = _POSTURE) -> str:
    """Return a fingerprint of what decides what posture finds, the same on one version of Python.

    These are the modules that `posture.assess` draws in, and the fitted coefficients. Comments,
    docstrings, layout and the version number decide nothing. The pose model is told by its
    checksum, which `posture.landmarks` holds.

    Parameters
    ----------
    folder : Path
        Where posture's modules are.
    """
    digest = hashlib.sha256()
    trees = _drawn_in(folder, "assess")
    for name in sorted(trees.keys() - {_SAYS_NOTHING}):
        digest.update(f"{name} {_without_words(trees[name])}\n".encode())
    for file in sorted(file for file in folder.rglob("*") if file.suffix in _COEFFICIENTS):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _drawn_in(folder: Path, start: str) -> dict[str, ast.Module]:
    """Return a module of posture and all that it imports of posture, by name."""
    trees: dict[str, ast.Module] = {}
    left = [start]
    while left:
        name = left.pop()
        file = folder / f"{name.replace('.', '/')}.py"
        if name in trees or not file.exists():
            continue
        trees[name] = ast.parse(file.read_text("utf-8"))
        for imported in _imports(trees[name]):
            package, _, room = imported.partition(".")
            if package == "posture" and room:
                left.append(room)
    return trees


def _imports(tree: ast.Module) -> list[str]:
    """Return what a module imports; of ``from a import b`` both ``a`` and ``a.b``."""
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return names


def _without_words(tree: ast.Module) -> str:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [statement for statement in node.body if not _is_words(statement)]
    return ast.dump(tree)


def _is_words(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


if __name__ == "__main__":
    print(fingerprint())
