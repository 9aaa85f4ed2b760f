"""mllint: finds Keras models whose head, loss, labels or metrics do not belong together.

The names in `__all__` are what programs use; docs/api.md explains them. Everything else may change with any version.
"""

from __future__ import annotations

TYPE_CHECKING = False  # type checkers take it for true; typing takes longer to import than the version to tell
if TYPE_CHECKING:
    from typing import Any

    from mllint.api import (
        CannotConvert,
        ConvertedSource,
        FixedSource,
        convert_source,
        find_rule,
        fix_source,
        lint_file,
        lint_paths,
        lint_source,
        lint_source_with_fixes,
        list_rules,
        settings_for,
        settings_from,
    )
    from mllint.conversion.request import Converted, Goal
    from mllint.facts import Encoding
    from mllint.findings import Edit, Finding, Fix, Location, Severity
    from mllint.fixes.plan import SAFE, UNSAFE, Plan
    from mllint.head_check import HeadCheck, HeadMismatch
    from mllint.live.refusals import Refused
    from mllint.live_verification import verify_model
    from mllint.registry import UnknownSelector
    from mllint.registry.packages import RegisteredRule
    from mllint.results import AppliedFix, Diagnostic, FileReport, NotJudged, RefusedFix, Suppressed
    from mllint.settings import Settings, SettingsError

__all__ = [
    "SAFE", "UNSAFE", "AppliedFix", "CannotConvert", "Converted", "ConvertedSource", "Diagnostic", "Edit", "Encoding",
    "FileReport", "Finding", "Fix", "FixedSource", "Goal", "HeadCheck", "HeadMismatch", "Location", "NotJudged", "Plan",
    "Refused", "RefusedFix", "RegisteredRule", "Settings", "SettingsError", "Severity", "Suppressed", "UnknownSelector",
    "__version__", "convert_source", "find_rule", "fix_source", "lint_file", "lint_paths", "lint_source",
    "lint_source_with_fixes", "list_rules", "settings_for", "settings_from", "verify_model",
]  # fmt: skip
__version__ = "0.1.0"

_HOMES = {
    "mllint.api": (
        "CannotConvert", "ConvertedSource", "FixedSource", "convert_source", "find_rule", "fix_source", "lint_file",
        "lint_paths", "lint_source", "lint_source_with_fixes", "list_rules", "settings_for", "settings_from",
    ),
    "mllint.conversion.request": ("Converted", "Goal"),
    "mllint.facts": ("Encoding",),
    "mllint.findings": ("Edit", "Finding", "Fix", "Location", "Severity"),
    "mllint.fixes.plan": ("SAFE", "UNSAFE", "Plan"),
    "mllint.head_check": ("HeadCheck", "HeadMismatch"),
    "mllint.live.refusals": ("Refused",),
    "mllint.live_verification": ("verify_model",),
    "mllint.registry": ("UnknownSelector",),
    "mllint.results": ("AppliedFix", "Diagnostic", "FileReport", "NotJudged", "RefusedFix", "Suppressed"),
    "mllint.registry.packages": ("RegisteredRule",),
    "mllint.settings": ("Settings", "SettingsError"),
}  # fmt: skip
"""Module → the public names in it."""


def __getattr__(name: str) -> Any:
    """What a program uses, imported when it is asked for: the command does without it."""
    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return __all__
