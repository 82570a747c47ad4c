"""Docker starts the same product as bin/run: the same commands, the same environment."""

import re
from typing import Any

import pytest
import yaml
from django.conf import settings

from contactcenter.embedded import programs, redis

SERVICES = {
    **programs.COMMANDS,
    "migrate": programs.MIGRATE,
    "seed": programs.SEED,
}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (settings.BASE_DIR / "Dockerfile").read_text()


@pytest.mark.parametrize("name", SERVICES)
def test_every_process_has_the_command_of_bin_run(name: str, compose: dict[str, Any]) -> None:
    assert compose["services"][name]["command"] == SERVICES[name]


@pytest.mark.parametrize("name", SERVICES)
def test_every_process_gets_the_environment_of_bin_run(name: str, compose: dict[str, Any]) -> None:
    assert set(compose["services"][name]["environment"]) == set(programs.ENVIRONMENT)


def test_nothing_of_the_product_runs_that_bin_run_does_not(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"postgres", "redis", *SERVICES}


def test_secrets_have_no_default(compose: dict[str, Any]) -> None:
    environment = compose["services"]["web"]["environment"]
    for name in ("SECRET_KEY", "DATABASE_URL"):
        assert re.search(r"\$\{\w+:\?put \w+ into \.env", environment[name])
    assert environment["DEMO"] == "${DEMO:-0}"


def test_nobody_serves_before_the_tables_are_there(compose: dict[str, Any]) -> None:
    done = {"condition": "service_completed_successfully"}
    for name in ("web", "worker", "files", "beat", "seed"):
        assert compose["services"][name]["depends_on"]["migrate"] == done
    database = compose["services"]["migrate"]["depends_on"]["postgres"]
    assert database == {"condition": "service_healthy"}


def test_docker_gives_the_web_process_the_time_bin_run_gives_it(compose: dict[str, Any]) -> None:
    patience = programs.program("web", {}).stopping[0][1]
    assert int(compose["services"]["web"]["stop_grace_period"].rstrip("s")) >= patience


def test_redis_keeps_nothing_and_drops_nothing_there_either(compose: dict[str, Any]) -> None:
    words = compose["services"]["redis"]["command"]
    for name in ("save", "appendonly", "maxmemory-policy"):
        assert words[words.index(f"--{name}") + 1] == redis.SETTINGS[name]


def test_the_servers_are_new_enough(compose: dict[str, Any]) -> None:
    major = int(compose["services"]["postgres"]["image"].partition(":")[2])
    assert (major,) >= (15,)


def test_the_image_is_hashed_compiled_and_not_root(dockerfile: str) -> None:
    assert "pip install --require-hashes --requirement requirements.txt" in dockerfile
    assert programs.TRANSLATIONS in dockerfile
    command = " ".join(re.findall(r'"([^"]+)"', dockerfile.partition("\nCMD ")[2]))
    assert command == programs.COMMANDS["web"]
    user = dockerfile.index("\nUSER contactcenter")
    assert dockerfile.index("COPY . .") < user < dockerfile.index("\nCMD ")


def test_secrets_and_data_stay_out_of_the_image() -> None:
    ignored = (settings.BASE_DIR / ".dockerignore").read_text().split()
    assert {".env", ".git", ".venv", "var"} <= set(ignored)
