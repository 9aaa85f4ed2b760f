"""Code that the user names: `package.module:function`, or `path/to/file.py:function`."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from typing import Any

from mllint.live.refusals import Refused


def is_named(text: str) -> bool:
    """Whether it names an object of a module rather than a file."""
    module, colon, name = text.rpartition(":")
    return bool(colon and module and name.isidentifier())


def load(text: str) -> Any:
    """The object that `module:name` names; importing runs the module. Raises Refused where there is none."""
    module_name, _, name = text.rpartition(":")
    module = import_file(module_name) if module_name.endswith(".py") else import_module(module_name)
    if not hasattr(module, name):
        raise Refused(f"{module_name} has no {name}")
    return getattr(module, name)


def import_module(name: str) -> Any:
    """A module from the working directory or the installed ones. Raises Refused."""
    _see(os.getcwd())
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise Refused(f"cannot import {name}: {error}") from None


def import_file(path: str) -> Any:
    """A Python file as a module; its folder can be imported from. Raises Refused."""
    if not os.path.isfile(path):
        raise Refused(f"{path}: no such file")
    _see(os.path.dirname(os.path.abspath(path)))
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise Refused(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _see(folder: str) -> None:
    if folder not in sys.path:
        sys.path.insert(0, folder)
