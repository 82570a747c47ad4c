"""bin/run as a person meets it: started, hurt, stopped, killed, started again."""

import hashlib
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings

from contactcenter.embedded import postgres, redis
from contactcenter.embedded.account import Account, identity
from contactcenter.embedded.testing import throw_away_servers
from contactcenter.embedded.waiting import wait_until
from contactcenter.tests.running import Running, processes, refusal
from contactcenter.tests.stack import missing

pytestmark = pytest.mark.processes


def test_a_day_of_hurt_and_a_new_beginning(tmp_path: Path) -> None:
    """The servers of the wheels, chosen once and kept; nothing survives that should not."""
    var = tmp_path / "var"
    with Running(var, SERVERS="wheels") as start:
        start.wait_until_ready()
        assert "PostgreSQL 18 (wheels)" in start.said()
        assert f"{start.url}/login/" in start.said()
        start.ask("CREATE TABLE lucia_wrote_here ()")
        sockets = Path(start.memory("run.json")["sockets"])
        assert sockets.stat().st_mode & 0o077 == 0

        a_second_copy_is_refused(start)
        a_busy_port_is_named(start, tmp_path / "elsewhere")
        the_dead_come_back(start)
        assert start.end(signal.SIGTERM) == 0
    start.wait_until_nothing_is_left()
    assert not sockets.exists()

    assert "SERVERS=system" in (sentence := refusal(var, SERVERS="system"))
    assert "--fresh" in sentence
    assert "--fresh" in refusal(var, DATABASE_URL="postgresql:///somewhere_else")

    with Running(var) as again:
        again.wait_until_ready()
        assert "PostgreSQL 18 (wheels)" in again.said()
        assert "Demonstration data" not in again.said()
        assert again.ask("SELECT to_regclass('lucia_wrote_here') IS NOT NULL")
        again.process.kill()
        again.process.wait()

    # While the children of the killed one are still saying goodbye.
    with Running(var, "--fresh", "--yes", PORT=str(again.port)) as fresh:
        fresh.wait_until_ready()
        assert fresh.ask("SELECT to_regclass('lucia_wrote_here') IS NULL")
        fresh.process.kill()
        fresh.process.wait()
    fresh.wait_until_nothing_is_left()
    shutil.rmtree(fresh.memory("run.json")["sockets"])  # else the next start's work


def a_second_copy_is_refused(start: Running) -> None:
    sentence = refusal(start.var)
    assert f"running already on {start.var} (process {start.process.pid})" in sentence


def a_busy_port_is_named(start: Running, elsewhere: Path) -> None:
    sentence = refusal(elsewhere, PORT=str(start.port))
    assert f"Port {start.port} " in sentence
    assert f"PORT={start.port + 1} bin/run" in sentence
    assert not (elsewhere / "postgres").exists()


def the_dead_come_back(start: Running) -> None:
    for name, words in (("worker", "contactcenter.celery worker"), ("postgres", "bin/postgres")):
        victim = start.child(words)
        assert victim
        os.kill(victim, signal.SIGKILL)
        ended = f"{name} ended (killed by SIGKILL)"
        wait_until(partial(said, start, ended), 10, start.said)
        wait_until(partial(has_another, start, words, victim), 30, start.said)
    wait_until(lambda: missing(start.url) == [], 60, start.said)


def said(start: Running, words: str) -> bool:
    return words in start.said()


def has_another(start: Running, words: str, victim: int) -> bool:
    return start.child(words) not in (None, victim)


def test_a_plain_user_in_a_folder_with_a_space_uses_the_machines_servers(
    open_folder: Path,
) -> None:
    """The launcher itself, called from another folder, with what is on the PATH."""
    person = plain_user()
    project = a_copy_for(person, open_folder / "my contact center")
    tools = servers_on_the_path(open_folder / "tools")
    start = Running(project / "var", SERVERS="system", PATH=f"{tools}:/usr/bin:/bin")
    start.environment |= libraries_of(project / ".venv" / "bin" / "python")
    start.command = (str(project / "bin" / "run"),)
    start.options = {"cwd": "/", **identity(person)}
    with start:
        start.wait_until_ready()
        assert "(system)" in start.said()
        assert start.memory("servers.json")["redis"]["program"] == str(tools / "redis-server")
        assert (project / "var" / "secrets.json").stat().st_mode & 0o077 == 0
        assert start.end(signal.SIGINT) == 0
    start.wait_until_nothing_is_left()


def test_servers_of_our_own_by_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "SERVERS"):
        monkeypatch.delenv(name, raising=False)
    with throw_away_servers() as (database_url, redis_url):
        urls = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
        with Running(tmp_path / "var", DEMO="0", **urls) as start:
            start.wait_until_ready()
            assert "PostgreSQL" not in start.said()
            assert start.ask("SELECT count(*) FROM agents_agent") == 0
            assert start.end(signal.SIGHUP) == 0
        start.wait_until_nothing_is_left()
        assert "DATABASE_URL is not set now" in refusal(tmp_path / "var")
        assert "REDIS_URL is not set" in refusal(
            tmp_path / "other", SERVERS="url", DATABASE_URL=database_url
        )


def test_a_product_that_cannot_start_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    said = refusal(tmp_path / "var", SERVERS="wheels", TRUSTED_PROXIES="many")
    assert "migrate failed (exit code 1)" in said
    assert "many" in said
    assert not [line for line in processes().values() if str(tmp_path) in line]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Where another user may go, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="bin-run-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def plain_user() -> Account | None:
    """Nobody, for root; None: we are a plain user ourselves."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account("nobody", nobody.pw_uid, nobody.pw_gid)


def a_copy_for(person: Account | None, target: Path) -> Path:
    """The project with a `.venv` this person can use, as an install would have left it."""
    rubbish = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache")
    shutil.copytree(settings.BASE_DIR, target, ignore=rubbish)
    python, packages = within_sight(person, target.parent / "python")
    environment = target / ".venv"
    subprocess.run(
        [python, "-m", "venv", "--without-pip", environment], check=True, env=libraries_of(python)
    )
    own_packages = next(environment.glob("lib/python3*")) / "site-packages"
    (own_packages / "installed.pth").write_text(f"{packages}\n")
    lock = hashlib.sha256((target / "requirements.txt").read_bytes()).hexdigest()
    (environment / "installed.json").write_text(json.dumps({"requirements.txt": lock}))
    if person:
        for path in [target, *target.rglob("*")]:
            os.chown(path, person.uid, person.gid, follow_symlinks=False)
    return target


def within_sight(person: Account | None, spare: Path) -> tuple[Path, Path]:
    """Our Python and our packages; copies of them where this person cannot see them."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    prefix, packages = Path(sys.base_prefix), Path(sysconfig.get_path("purelib"))
    if not can_run(person, prefix / "bin" / version, "-c", "import json"):
        unneeded = shutil.ignore_patterns("site-packages", "test", "config-*")
        shutil.copytree(prefix / "lib" / version, spare / "lib" / version, ignore=unneeded)
        for library in prefix.glob("lib/libpython*"):
            shutil.copy2(library, spare / "lib")
        (spare / "bin").mkdir()
        shutil.copy2(prefix / "bin" / version, spare / "bin")
        prefix = spare
    if not can_run(person, Path("/usr/bin/test"), "-r", str(packages / "django" / "__init__.py")):
        packages = shutil.copytree(packages, spare / "packages")
    return prefix / "bin" / version, packages


def can_run(person: Account | None, program: Path, *arguments: str) -> bool:
    try:
        answer = subprocess.run([program, *arguments], check=False, cwd="/", **identity(person))
    except OSError:
        return False
    return answer.returncode == 0


def libraries_of(python: Path) -> dict[str, str]:
    return {"LD_LIBRARY_PATH": str(python.resolve().parents[1] / "lib")}


def servers_on_the_path(tools: Path) -> Path:
    """A Redis, and a PostgreSQL where the machine has none."""
    tools.mkdir()
    (tools / "redis-server").symlink_to(next(redis.in_wheel()).program)
    if not list(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
        (tools / "postgres").symlink_to(next(postgres.in_wheel()).program)
    return tools
