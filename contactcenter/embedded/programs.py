"""The product's own processes. docker-compose.yml starts the same ones: a test compares them."""

import os
import re
import signal
import sys
from collections.abc import Mapping

from contactcenter.embedded.processes import Program

# Steps before anything serves, in this order.
TRANSLATIONS = "python -m contactcenter.translations compile"
MIGRATE = "python manage.py migrate --noinput"
SEED = "python manage.py seed_demo"

# Workers tell each other nothing: nobody listens, and one whose Redis went first would try for ever
# to say goodbye to it.
WORKER = (
    "python -m celery --quiet --app contactcenter.celery worker --loglevel WARNING "
    "--without-heartbeat --without-gossip --without-mingle"
)

# What serves, until told to stop, in the order of starting: the web process is the first to stop.
COMMANDS = {
    "beat": "python -m celery --quiet --app contactcenter.celery beat --loglevel WARNING "
    "--schedule ${VAR_DIR:-var}/beat/schedule --pidfile= "
    "--scheduler contactcenter.celery:Scheduler",
    "worker": WORKER + " --concurrency ${WORKERS:-2}",
    # Checks what people send; apart, so that a slow file keeps nobody from being given work.
    "files": WORKER + " --queues files --hostname files@%h --concurrency ${FILE_WORKERS:-1}",
    "web": "python -m contactcenter.server",
}

# What every process is given, whoever starts it. The rest of .env.example may be added.
ENVIRONMENT = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "PUBLIC_URL",
    "HOST",
    "PORT",
    "DEMO",
    "VAR_DIR",
)

_STOPPING: dict[str, tuple[tuple[int, float], ...]] = {
    # The server says goodbye to its sockets with 1012 and needs up to ten seconds for it.
    "web": ((signal.SIGTERM, 12), (signal.SIGKILL, 5)),
    # Finishes its task, then (SIGQUIT) drops it: tasks may run twice without harm.
    "worker": ((signal.SIGTERM, 8), (signal.SIGQUIT, 3), (signal.SIGKILL, 5)),
    "files": ((signal.SIGTERM, 8), (signal.SIGQUIT, 3), (signal.SIGKILL, 5)),
    "beat": ((signal.SIGTERM, 5), (signal.SIGKILL, 5)),
}
# Without a parent nobody waits for a worker to finish, and nothing may stay behind.
_DEATH_SIGNALS = {"worker": signal.SIGQUIT, "files": signal.SIGQUIT}


def program(name: str, environment: Mapping[str, str]) -> Program:
    return Program(
        name=name,
        command=words(COMMANDS[name], environment),
        environment=dict(environment),
        death_signal=_DEATH_SIGNALS.get(name, signal.SIGTERM),
        stopping=_STOPPING[name],
    )


def step(name: str, command: str, environment: Mapping[str, str]) -> Program:
    return Program(name=name, command=words(command, environment), environment=dict(environment))


def words(command: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The command's words with `${NAME:-default}` filled in and our own Python in front."""
    python, *rest = (_filled(word, environment) for word in command.split())
    return (sys.executable if python == "python" else python, *rest)


def _filled(word: str, environment: Mapping[str, str]) -> str:
    return re.sub(
        r"\$\{(\w+):-([^}]*)\}",
        lambda match: environment.get(match[1]) or match[2],
        word,
    )


def environment_of(
    urls: Mapping[str, str], secrets: Mapping[str, str], var: os.PathLike[str], port: int
) -> dict[str, str]:
    """Everything the processes need: the person's own settings first, ours where they said none."""
    ours = {
        "PUBLIC_URL": f"http://localhost:{port}",
        "HOST": "127.0.0.1",
        "DEMO": "1",
        **secrets,
    }
    forced = {
        **urls,
        "PORT": str(port),
        "VAR_DIR": os.fspath(var),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "contactcenter.settings",
    }
    return {**ours, **{name: text for name, text in os.environ.items() if text}, **forced}
