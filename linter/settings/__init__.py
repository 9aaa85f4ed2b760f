"""Settings: [tool.mllint] in pyproject.toml, mllint.toml, and what the command line lays over them.

The nearest file above the linted file wins; files are not merged. Every mistake in a file is reported with the file,
the key and the nearest valid key.
"""

from mllint.settings.files import SettingsFinder, read_file
from mllint.settings.keys import KEYS
from mllint.settings.mistakes import SettingsError
from mllint.settings.model import Settings
from mllint.settings.patterns import Patterns
from mllint.settings.toml import parse_toml
from mllint.settings.values import OUTPUT_FORMATS

__all__ = [
    "KEYS",
    "OUTPUT_FORMATS",
    "Patterns",
    "Settings",
    "SettingsError",
    "SettingsFinder",
    "parse_toml",
    "read_file",
]
