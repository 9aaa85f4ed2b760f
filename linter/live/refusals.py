"""Why the live lens does not do what it was asked."""

from __future__ import annotations


class Refused(Exception):
    """It is not done; `str` is the message for the user, in one line."""


class Unavailable(Refused):
    """This machine lacks what it takes: a backend, a device, a package."""
