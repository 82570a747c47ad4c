"""The launcher before anything is installed: made once, healed, two at once, one clear line."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

from contactcenter.embedded.waiting import wait_until
from contactcenter.tests.running import processes

SECONDS = 60
PROGRAM = "import greeting; print(greeting.words)"
WITHOUT_ENSUREPIP = """
import sys
from importlib.machinery import PathFinder

class Debian:
    @staticmethod
    def find_spec(name, *where):
        return None if name == "ensurepip" else PathFinder.find_spec(name, *where)

sys.meta_path[sys.meta_path.index(PathFinder)] = Debian
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one package and one page of code, in a folder with a space."""
    root = tmp_path / "a project"
    (root / "contactcenter" / "embedded").mkdir(parents=True)
    shutil.copy(settings.BASE_DIR / "contactcenter/embedded/install.py", installer(root))
    shutil.copytree(settings.BASE_DIR / "bin", root / "bin")
    write_lock(root, "Hello Lucía")
    return root


def installer(root: Path) -> Path:
    return root / "contactcenter" / "embedded" / "install.py"


def write_lock(root: Path, words: str, version: str = "1") -> None:
    """A lock with one wheel of our own, so that no network is needed."""
    wheel = root / f"greeting-{version}-py3-none-any.whl"
    info = f"greeting-{version}.dist-info"
    files = {
        "greeting.py": f"words = {words!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: greeting\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},sha256={digest(text)},\n" for name, text in files.items())
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(name, text)
    checksum = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock = f"greeting @ {wheel.as_uri()} \\\n    --hash=sha256:{checksum}\n"
    (root / "requirements.txt").write_text(lock)


def digest(text: str) -> str:
    raw = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def begin(root: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, str(installer(root)), "requirements.txt", "-c", PROGRAM],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
    )


def start(root: Path) -> str:
    process = begin(root)
    said, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, said
    return said


def test_interrupted_healed_by_two_at_once_kept_and_renewed(project: Path) -> None:
    """One long story, because making a `.venv` takes seconds."""
    python = str(project / ".venv" / "bin")
    interrupted = begin(project)
    wait_until(lambda: who_runs(python), SECONDS)
    interrupted.terminate()
    assert interrupted.wait(SECONDS) != 0
    wait_until(lambda: not who_runs(python), SECONDS)

    both = begin(project), begin(project)
    told = [process.communicate(timeout=SECONDS)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert all(said.endswith("Hello Lucía\n") for said in told)
    assert sum("Making .venv" in said for said in told) == 1

    assert start(project) == "Hello Lucía\n"
    write_lock(project, "Hello Ana", version="2")
    assert start(project).endswith("Hello Ana\n")

    write_lock(project, "Hello Mallory", version="3")
    (project / "greeting-3-py3-none-any.whl").write_bytes(b"something else")
    forged = begin(project)
    said, _ = forged.communicate(timeout=SECONDS)
    assert forged.returncode == 1
    assert "Installing failed" in said
    assert "Hello" not in said


def who_runs(words: str) -> list[str]:
    return [line for line in processes().values() if words in line]


def test_without_a_python_one_sentence_says_what_to_install(project: Path) -> None:
    tools = project / "tools"
    tools.mkdir()
    for name in ("readlink", "dirname"):
        (tools / name).symlink_to(shutil.which(name) or "")
    (tools / "python3").write_text("#!/bin/sh\nexit 1\n")
    (tools / "python3").chmod(0o755)
    answer = subprocess.run(
        ["/bin/sh", project / "bin" / "run"],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": str(tools)},
        check=False,
    )
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert "Python 3.11 or newer" in answer.stderr


def test_without_debians_python3_venv_the_apt_line_is_said(project: Path) -> None:
    without = project / "without"
    without.mkdir()
    (without / "sitecustomize.py").write_text(WITHOUT_ENSUREPIP)
    answer = subprocess.run(
        [sys.executable, installer(project), "requirements.txt", "-c", PROGRAM],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(without)},
        check=False,
    )
    assert answer.returncode == 1
    assert "apt install python3-venv" in answer.stderr
    assert not (project / ".venv").exists()
