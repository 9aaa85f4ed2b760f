"""Which rules run on a path, and which of their findings are shown."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mllint import registry
from mllint.findings import Finding, Severity
from mllint.judging import position_and_code
from mllint.settings import Settings


def chosen_rules(settings: Settings, path: str) -> tuple[registry.RegisteredRule, ...]:
    ignored = settings.rules_ignored_for(Path(path).absolute())
    names = registry.selected(settings.select, settings.extend_select, (*settings.ignore, *ignored))
    return tuple(rule for rule in registry.rules() if rule.name in names)


def shown(findings: Iterable[Finding], settings: Settings) -> tuple[Finding, ...]:
    """The findings that the user wants to see, in their order: info is for pedants."""
    lowest = Severity.INFO if settings.pedantic else Severity.WARNING
    return tuple(sorted((one for one in findings if one.severity >= lowest), key=position_and_code))
