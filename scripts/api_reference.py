"""The reference of one public name, as Markdown: its signature and docstring, of a class its attributes too."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterator

import mllint


def reference(name: str) -> str:
    """For docs/api.md. Raises AttributeError where mllint has no such name."""
    (node,) = ast.parse(inspect.getsource(getattr(mllint, name))).body
    assert isinstance(node, (ast.ClassDef, ast.FunctionDef))
    parts = [f"```python\n{_signature(node)}```", ast.get_docstring(node) or ""]
    if isinstance(node, ast.ClassDef):
        parts.append("\n".join(_attributes(node)))
    return "\n\n".join(part for part in parts if part) + "\n"


def _signature(node: ast.ClassDef | ast.FunctionDef) -> str:
    """As in a stub, formatted."""
    stub = _stub(node) if isinstance(node, ast.ClassDef) else _without_body(node)
    command = [sys.executable, "-m", "ruff", "format", "--line-length", "120", "--stdin-filename", "stub.pyi", "-"]
    source = ast.unparse(ast.fix_missing_locations(stub))
    return subprocess.run(command, input=source, capture_output=True, check=True, encoding="utf-8").stdout


def _stub(node: ast.ClassDef) -> ast.ClassDef:
    """The class with nothing but what makes one."""
    made = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"]
    return ast.ClassDef(node.name, node.bases, [], [_without_body(one) for one in made] or [_ELLIPSIS], [])


_ELLIPSIS = ast.Expr(ast.Constant(...))


def _without_body(node: ast.FunctionDef) -> ast.FunctionDef:
    return ast.FunctionDef(node.name, node.args, [_ELLIPSIS], [], node.returns)


def _attributes(node: ast.ClassDef) -> Iterator[str]:
    for one, following in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(one, ast.AnnAssign):
            yield _item(f"{ast.unparse(one.target)}: {ast.unparse(one.annotation)}", _string(following))
        elif isinstance(one, ast.FunctionDef) and not one.name.startswith(("_", "on_")):  # on_…: what Keras calls
            yield _item(_spelled(one), ast.get_docstring(one) or "")


def _spelled(method: ast.FunctionDef) -> str:
    """A property as the attribute that it looks like."""
    assert method.returns is not None
    returned = ast.unparse(method.returns)
    if any(ast.unparse(one) == "property" for one in method.decorator_list):
        return f"{method.name}: {returned}"
    arguments = ast.unparse(method.args).removeprefix("self").removeprefix(", ")
    return f"{method.name}({arguments}) -> {returned}"


def _item(spelled: str, said: str) -> str:
    return f"- `{spelled}`" + (f": {' '.join(said.split())}" if said else "")


def _string(node: ast.stmt | None) -> str:
    """The docstring that follows an attribute."""
    return str(node.value.value) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) else ""
