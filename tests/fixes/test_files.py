"""Writing files: whole or not at all, and otherwise as they were."""

from __future__ import annotations

import os
import random
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest

from mllint.files.discovery import discover
from mllint.fixes.files import write
from mllint.results import Rewrite
from mllint.settings import SettingsFinder

OLD, NEW = b"old = 1\r\n\xe9", b"new = 2\r\n\xe9"


def rewrite(path: Path, before: bytes = OLD, after: bytes = NEW) -> Rewrite:
    return Rewrite(str(path), before, after)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "train.py"
    path.write_bytes(OLD)
    return path


def assert_alone(file: Path) -> None:
    assert [entry.name for entry in file.parent.iterdir()] == [file.name]


def test_bytes_are_written_as_they_are(file):
    assert write(rewrite(file)) is None
    assert file.read_bytes() == NEW
    assert_alone(file)


@pytest.mark.parametrize("mode", [0o755, 0o600, 0o664, 0o4755])
def test_permissions_stay(file, mode):
    file.chmod(mode)
    write(rewrite(file))
    assert stat.S_IMODE(file.stat().st_mode) == mode


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_stays(file):
    os.chown(file, 65534, 65534)
    write(rewrite(file))
    assert (file.stat().st_uid, file.stat().st_gid) == (65534, 65534)


def test_a_link_stays_a_link(file, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.py"
    link.symlink_to("../train.py")
    assert write(rewrite(link)) is None
    assert link.is_symlink()
    assert file.read_bytes() == NEW
    assert [entry.name for entry in link.parent.iterdir()] == ["link.py"]


def test_other_hard_links_keep_the_old_contents(file, tmp_path):
    other = tmp_path / "other.py"
    os.link(file, other)
    assert write(rewrite(file)) is None
    assert (file.read_bytes(), other.read_bytes()) == (NEW, OLD)


def test_a_file_that_changed_meanwhile_is_left_alone(file):
    file.write_bytes(b"somebody else's")
    problem = write(rewrite(file))
    assert problem is not None
    assert (problem.path, problem.message) == (str(file), "not fixed: the file has changed since it was read")
    assert file.read_bytes() == b"somebody else's"
    assert_alone(file)


def test_a_file_that_is_gone(file):
    file.unlink()
    problem = write(rewrite(file))
    assert problem is not None
    assert problem.message == "cannot write: No such file or directory"
    assert not file.exists()


def test_a_read_only_file(file):
    file.chmod(0o444)
    problem = write(rewrite(file))
    assert problem is not None
    assert problem.message == "cannot write: the file is read-only"
    assert file.read_bytes() == OLD
    assert_alone(file)


def test_a_long_name(tmp_path):
    file = tmp_path / f"{'é' * 126}.py"
    file.write_bytes(OLD)
    assert write(rewrite(file)) is None
    assert file.read_bytes() == NEW


WRITES = """
import os, resource, signal, sys
sys.path[:0] = {path!r}
from mllint.fixes.files import write
from mllint.results import Rewrite
{before}
print(write(Rewrite({file!r}, {old!r}, b"x" * 100_000)))
"""


def written_by_a_process(file: Path, before: str) -> str:
    program = WRITES.format(path=sys.path, before=before, file=str(file), old=OLD)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout


def test_a_full_disk_loses_nothing(file):
    limit = "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))"
    assert "cannot write: File too large" in written_by_a_process(file, limit)
    assert file.read_bytes() == OLD
    assert_alone(file)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may become somebody else")
def test_a_directory_that_one_may_not_write_to():
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "train.py"
        file.write_bytes(OLD)
        file.chmod(0o666)
        Path(folder).chmod(0o755)
        assert "cannot write: Permission denied" in written_by_a_process(file, "os.setuid(65534)")
        assert file.read_bytes() == OLD
        assert_alone(file)


# ---------------------------------------------------------------- killed in the middle

KILLED = """
import sys
sys.path[:0] = {path!r}
from pathlib import Path
from mllint.fixes.files import write
from mllint.results import Rewrite
files = sorted(Path({folder!r}).glob("*.py"))
print("ready", flush=True)
for file in files:
    write(Rewrite(str(file), {old}, {new}))
print("done", flush=True)
"""
LARGE = 300_000
COUNT = 60


def fill(folder: Path) -> set[str]:
    """The names of many files of old contents."""
    names = {f"{number:03}.py" for number in range(COUNT)}
    for name in names:
        (folder / name).write_bytes(b"a" * LARGE)
    return names


def write_all(folder: Path, seconds: float) -> float:
    """How long it took to write all files in a process that is killed after so many seconds."""
    program = KILLED.format(path=sys.path, folder=str(folder), old=f"b'a' * {LARGE}", new=f"b'b' * {LARGE}")
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        start = time.monotonic()
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.kill()
        return time.monotonic() - start


def test_a_killed_run_leaves_every_file_old_or_new(tmp_path):
    fill(tmp_path)
    whole = write_all(tmp_path, 60)
    chance = random.Random(7)
    stopped_in_between = 0
    for _ in range(12):
        names = fill(tmp_path)
        write_all(tmp_path, whole * chance.random())
        contents = [(tmp_path / name).read_bytes() for name in names]
        assert set(contents) <= {b"a" * LARGE, b"b" * LARGE}
        stopped_in_between += 0 < contents.count(b"b" * LARGE) < COUNT
        left = {entry.name for entry in tmp_path.iterdir()} - names
        assert all(name.startswith(".") and ".mllint-" in name and name.endswith(".tmp") for name in left)
        found = {Path(item.path).name for item in discover([str(tmp_path)], SettingsFinder())}
        assert found == names
    assert stopped_in_between >= 3
