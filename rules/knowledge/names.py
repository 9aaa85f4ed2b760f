"""Folds every way to spell a name of Keras or TensorFlow to one, and says what a spelling proves about the version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from mllint.rules.knowledge.fields import KnowledgeError, document, packaged

_FILE = "imports.yaml"


@dataclass(frozen=True, slots=True)
class Imports:
    """imports.yaml, indexed for lookups by prefix."""

    roots: Mapping[str, str]
    packages: frozenset[str]
    public: frozenset[str]
    modules: Mapping[str, frozenset[str]]
    moved: Mapping[str, str]
    shared: Mapping[str, frozenset[str]]
    proves_as_written: Mapping[str, Literal["keras2", "keras3"]]
    proves_folded: Mapping[str, Literal["keras2", "keras3"]]


@lru_cache(maxsize=65536)
def canonical(dotted: str) -> str:
    """The one name of what `dotted` names: keras.… or tf.…; names from elsewhere come back as they are.

    Folding is idempotent, and a folded module with a name appended folds as the unfolded one does.
    """
    folded = _below_root(dotted)
    if folded is None:
        return dotted
    namespace, _, path = folded.partition(".")
    if not path:
        return namespace
    if namespace == "tf":
        return _tensorflow(path)
    return f"keras.{_keras(path)}"


@lru_cache(maxsize=65536)
def framework(dotted: str) -> Literal["keras2", "keras3"] | None:
    """What it proves about Keras' version that a program imports `dotted`, spelled as written; mostly nothing."""
    imports = _imports()
    proof = _longest(imports.proves_as_written, dotted)
    if proof is not None:
        return imports.proves_as_written[proof]
    folded = _below_root(dotted)
    if folded is None or not folded.startswith("keras."):
        return None
    path = folded.removeprefix("keras.")
    proof = _longest(imports.proves_folded, path)
    return None if proof is None else imports.proves_folded[proof]


def _below_root(dotted: str) -> str | None:
    roots = _imports().roots
    root = _longest(roots, dotted)
    return None if root is None else roots[root] + dotted[len(root) :]


def _tensorflow(path: str) -> str:
    package, _, name = path.partition(".")
    v1_only = _imports().shared.get(package)
    if v1_only is None or not name:
        return f"tf.{path}"
    if name in v1_only:
        return f"tf.compat.v1.{path}"
    return f"keras.{_keras(path)}"


def _keras(path: str) -> str:
    moved = _imports().moved
    path = _without_modules(_replaced(moved, path))
    return _replaced(moved, path)


def _without_modules(path: str) -> str:
    """Drops the modules between a package and a name: layers.core.dense.Dense becomes layers.Dense."""
    imports = _imports()
    package, *inner = path.split(".")
    if package == "applications" and len(inner) == 2 and inner[1][:1].isupper():
        return f"{package}.{inner[1]}"
    if package not in imports.packages or not inner:
        return path
    kept = _longest(imports.public, path) or package
    name = path[len(kept) + 1 :].rpartition(".")[2]
    if not name or name in imports.modules.get(kept, ()):
        return kept
    return f"{kept}.{name}"


def _replaced(moved: Mapping[str, str], path: str) -> str:
    old = _longest(moved, path)
    return path if old is None else moved[old] + path[len(old) :]


def _longest(prefixes: Mapping[str, Any] | frozenset[str], dotted: str) -> str | None:
    """The longest of `prefixes` that `dotted` starts with, by whole components."""
    return next((prefix for prefix in _prefixes(dotted) if prefix in prefixes), None)


def _prefixes(dotted: str) -> Iterator[str]:
    while dotted:
        yield dotted
        dotted = dotted.rpartition(".")[0]


@lru_cache(maxsize=1)
def _imports() -> Imports:
    return read_imports(packaged(_FILE), _FILE)


def read_imports(text: str, file: str) -> Imports:
    """Raises KnowledgeError."""
    content = document(text, file)
    expected = {"roots", "packages", "public", "modules", "moved", "shared", "proves"}
    for key in content.keys() ^ expected:
        raise KnowledgeError(file, key, "missing" if key in expected else "unknown key")
    proves = content["proves"]
    return Imports(
        roots=content["roots"],
        packages=frozenset(content["packages"]),
        public=frozenset(content["public"]),
        modules={package: frozenset(names) for package, names in content["modules"].items()},
        moved=content["moved"],
        shared={package: frozenset(names) for package, names in content["shared"].items()},
        proves_as_written={path: version for version in proves for path in proves[version]["written"]},
        proves_folded={path: version for version in proves for path in proves[version]["folded"]},
    )
