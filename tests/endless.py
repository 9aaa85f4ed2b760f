"""Code that takes as long as the lens allows a file, whatever the machine: for tests of what happens meanwhile."""

from __future__ import annotations

_STEPS = "\n".join(f"def step_{n}():\n    step_{n - 1}()\n    step_{n - 1}()\n" for n in range(1, 20))
ENDLESS = f"\n\ndef step_0():\n    return {[0] * 300}\n\n{_STEPS}\nstep_19()\n"
"""Many seconds of work that comes to nothing; to be written after a program that is to be judged."""
