"""bin/test: real servers, a real browser or a loud word, pytest's own exit code."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict

from contactcenter.embedded import nginx
from contactcenter.embedded.needed import NGINX, WITHOUT_WINDOW, find_browser, without_window
from contactcenter.embedded.suite import with_faults
from contactcenter.embedded.waiting import wait_until
from contactcenter.tests.left_out import here
from contactcenter.tests.running import SETTINGS, processes

pytestmark = pytest.mark.processes

# A few quick tests, and none of this file.
FEW = "contactcenter/tests/test_docker_files.py"
LEFT_OUT = "LEFT OUT: every test in a browser, because there is no Chromium (apt install chromium)."
SKIPPING = """
import pytest

def test_that_finds_no_moon():
    pytest.skip("there is no moon")

@pytest.mark.skipif(True, reason="there is no sun")
def test_that_needs_the_sun():
    assert False
"""


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """A machine without a browser and without apt-get to get one."""
    kept = {name: text for name, text in os.environ.items() if name not in (*SETTINGS, "CHROMIUM")}
    return {**kept, "PATH": str(tmp_path), "CI": ""}


def bin_test(environment: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    return python(environment, "contactcenter.embedded", "test", "-q", *arguments)


def python(environment: dict[str, str], *module: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", *module],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_suite_passes_on_what_pytest_says(bare: dict[str, str]) -> None:
    answer = bin_test(bare, FEW, "-k", "no_story_has_this_name")
    assert answer.returncode == pytest.ExitCode.NO_TESTS_COLLECTED, answer.stdout + answer.stderr
    assert "deselected" in answer.stdout
    assert answer.stdout.splitlines()[-1] == LEFT_OUT


def test_stopping_it_stops_pytest_and_the_servers(bare: dict[str, str], tmp_path: Path) -> None:
    sign = tmp_path / "sign"
    slow = tmp_path / "slow.py"
    slow.write_text(
        "import os, pathlib, time\n"
        "def test_that_takes_its_time():\n"
        f"    pathlib.Path({str(sign)!r}).write_text(os.environ['DATABASE_URL'])\n"
        "    time.sleep(600)\n"
    )
    suite = subprocess.Popen(
        [sys.executable, "-m", "contactcenter.embedded", "test", "-p", "no:cacheprovider", slow],
        cwd=settings.BASE_DIR,
        env=bare,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_until(lambda: sign.exists() and sign.read_text(), 60)
    sockets = conninfo_to_dict(sign.read_text())["host"]
    assert Path(sockets).is_dir()
    suite.send_signal(signal.SIGTERM)
    assert suite.wait(60) == pytest.ExitCode.INTERRUPTED
    assert not Path(sockets).exists()
    assert not [line for line in processes().values() if sockets in line or str(slow) in line]


def test_in_ci_nothing_is_left_out(bare: dict[str, str]) -> None:
    answer = bin_test({**bare, "CI": "true"}, FEW)
    assert answer.returncode == 1
    assert "there is no Chromium (apt install chromium)" in answer.stderr
    assert "deselected" not in answer.stdout


def test_a_story_without_its_program_is_left_out_and_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(nginx, "PLACES", str(tmp_path))
    with pytest.raises(pytest.skip.Exception, match=r"no nginx \(apt install nginx-light\)"):
        here(NGINX)


@pytest.mark.parametrize(("ci", "end"), [("true", "1 failed, 1 error"), ("", "2 skipped")])
def test_in_ci_whatever_is_skipped_fails(ci: str, end: str, tmp_path: Path) -> None:
    story = tmp_path / "test_skies.py"
    story.write_text(SKIPPING)
    ours = ("-c", "pyproject.toml", "-p", "no:cacheprovider")
    answer = python({**os.environ, "CI": ci}, "pytest", *ours, str(story))
    assert end in answer.stdout.splitlines()[-1], answer.stdout + answer.stderr
    assert {"there is no moon", "there is no sun"} <= set(
        re.findall("there is no [a-z]+", answer.stdout)
    )


def test_a_browser_that_is_named_wrongly_is_said(bare: dict[str, str]) -> None:
    answer = bin_test({**bare, "CHROMIUM": "/nowhere/chromium"}, FEW)
    assert answer.returncode == 1
    assert answer.stderr.strip() == "CHROMIUM=/nowhere/chromium cannot be run."


def test_a_browser_on_the_path_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_browser() == ""
    whole = program(tmp_path / "chromium-browser")
    assert find_browser() == without_window(whole) == whole
    light = program(tmp_path / WITHOUT_WINDOW)
    assert (find_browser(), without_window(whole)) == (whole, light)


def program(path: Path) -> str:
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_what_is_said_beside_faults_goes_to_them_and_the_rest_to_pytest() -> None:
    words = ["--faults", "--runs", "2", "--seed", "7", "-k", "redis", "-x"]
    arguments, wishes = with_faults(words)
    assert wishes == {"FAULT_RUNS": "2", "FAULT_SEED": "7"}
    assert arguments[0] == "faults/tests/test_faults.py"
    assert arguments[-3:] == ["-k", "redis", "-x"]
    assert with_faults(["-k", "redis"]) == (["-k", "redis"], {})
