"""The faults. Each breaks something, yields while it is broken, and heals it afterwards.

A new one is a few lines: a generator with `@fault(…)` above it. It gets a `Scene`: the world, the
people in it and a seeded chance.
"""

import contextlib
import signal
from collections.abc import Iterator

import psycopg
from redis import Redis

from contactcenter.embedded.waiting import wait_until
from faults.kinds import FAULTS as FAULTS
from faults.kinds import Scene, fault, pause
from faults.proxy import Proxy
from faults.world import AGAIN, WEBS, WORKERS


@fault(lasts=(0.5, 1.0))
def answer_lost_after_commit(scene: Scene) -> Iterator[None]:
    """A message is stored and the web process never hears so: the page sends it again."""
    lines = scene.webs_postgres
    for line in lines:
        line.mode("answer", way="up", having=b"conversations_append")
    yield
    wait_until(lambda: any(line.answers_lost for line in lines), 10)
    for line in lines:
        line.mode()


@fault(lasts=(14.0, 16.0), waits=12.0, accepts=12.0)
def web_stuck_with_the_routing_lock(scene: Scene) -> Iterator[None]:
    """The line to PostgreSQL dies for whoever is just deciding who gets what."""
    line = scene.world.proxies[f"{scene.one_web}-postgres"]
    line.mode("stick", way="up", having=rb"agents_project WHERE id = \S+ FOR NO KEY UPDATE")
    wait_until(lambda: line.stuck, 15)
    yield
    line.mode()


@fault(lasts=(0.2, 0.5))
def worker_killed_mid_job(scene: Scene) -> Iterator[None]:
    """Its statement is on the way; another worker does the job."""
    lines = {name: scene.world.proxies[f"{name}-postgres"] for name in WORKERS}
    for line in lines.values():
        line.mode("hold", way="down")
    wait_until(lambda: any(line.lines for line in lines.values()), 15)
    name = next(name for name, line in lines.items() if line.lines)
    scene.world.kill(name)
    for line in lines.values():
        line.mode()
    yield
    scene.world.start(name)


@fault(shows="redis")
def redis_killed_and_empty(scene: Scene) -> Iterator[None]:
    scene.world.kill("redis")
    yield
    scene.world.start("redis")


@fault()
def redis_flushed(scene: Scene) -> Iterator[None]:
    """FLUSHALL: every key is gone, every line stays."""
    Redis.from_url(scene.world.redis.url).flushall()
    yield


@fault(shows="redis", lasts=(4.0, 6.0))
def redis_black_hole(scene: Scene) -> Iterator[None]:
    """Nothing comes back from Redis, and nobody is told that it will not."""
    yield from while_all(scene.world.lines("redis"), scene.chance.choice(["hold", "swallow"]))


@fault(shows="database", blocks=True)
def postgres_crashed(scene: Scene) -> Iterator[None]:
    """kill -9; it recovers from what it wrote ahead."""
    scene.world.kill("postgres")
    yield
    scene.world.start("postgres")


@fault(shows="database", blocks=True, lasts=(4.0, 6.0))
def postgres_black_hole(scene: Scene) -> Iterator[None]:
    yield from while_all(scene.world.lines("postgres"), scene.chance.choice(["hold", "swallow"]))


@fault(shows="connections", blocks=True)
def postgres_without_connections(scene: Scene) -> Iterator[None]:
    """Somebody else holds all it has, and ours were cut. Whoever has one goes on."""
    for line in scene.world.lines("postgres"):
        line.mode("reset")
    taken: list[psycopg.Connection[tuple[int]]] = []
    with contextlib.suppress(psycopg.OperationalError):
        while len(taken) < 200:
            taken.append(psycopg.connect(scene.world.postgres.url))
    for line in scene.world.lines("postgres"):
        line.mode()
    yield
    for connection in taken:
        connection.close()


@fault()
def one_web_killed(scene: Scene) -> Iterator[None]:
    name = scene.one_web
    scene.world.kill(name)
    yield
    scene.world.start(name)


@fault(shows="web", blocks=True, back=10.0, waits=12.0)
def all_webs_killed(scene: Scene) -> Iterator[None]:
    scene.world.kill(*WEBS)
    yield
    scene.world.start(*WEBS)
    scene.world.until_ready(*WEBS)


@fault()
def rolling_restart(scene: Scene) -> Iterator[None]:
    """SIGTERM for each, one after the other, each after the one before is back."""
    for number, name in enumerate((*WEBS, *WORKERS, "beat")):
        scene.world.end(name)
        scene.world.start(name)
        if name in WEBS:
            scene.world.until_ready(name)
        if number == 0:
            yield


@fault(lasts=(20.0, 20.0))
def one_web_stopped(scene: Scene) -> Iterator[None]:
    """SIGSTOP, 20 seconds later SIGCONT: whoever asks it gets no answer, and no refusal."""
    process = scene.world.processes[scene.one_web]
    process.send(signal.SIGSTOP)
    yield
    process.send(signal.SIGCONT)


@fault(shows="beat")
def beat_dead(scene: Scene) -> Iterator[None]:
    scene.world.kill("beat")
    yield
    scene.world.start("beat")


@fault(lasts=(4.0, 6.0))
def beat_doubled(scene: Scene) -> Iterator[None]:
    scene.world.double("beat")
    yield
    scene.world.end("beat" + AGAIN)


@fault(blocks=True)
def customers_offline(scene: Scene) -> Iterator[None]:
    yield from while_all([scene.world.proxies["customers-nginx"]], "reset")


@fault(blocks=True)
def agents_offline(scene: Scene) -> Iterator[None]:
    yield from while_all([scene.world.proxies["agents-nginx"]], "reset")


@fault(lasts=(0.0, 0.1), blocks=True)
def flapping(scene: Scene) -> Iterator[None]:
    """Everybody's line is cut again and again."""
    for _ in range(scene.chance.randint(4, 6)):
        for line in scene.world.doors:
            line.cut()
        pause(scene.chance.uniform(0.3, 0.9))
    yield


@fault(lasts=(2.0, 4.0))
def half_open(scene: Scene) -> Iterator[None]:
    """Another network: people come back at once by new lines, the server still holds the old."""
    for line in scene.world.doors:
        line.mode("hold", only_open=True)
    scene.crowd.call(scene.crowd.lose_lines())
    yield
    for line in scene.world.doors:
        line.mode()


@fault(lasts=(3.0, 5.0))
def never_reading(scene: Scene) -> Iterator[None]:
    """Pages that ask and ask, and read nothing of what they are sent."""
    scene.crowd.call(scene.crowd.ask_without_reading(pages=8))
    yield
    scene.crowd.call(scene.crowd.leave_unread())


@fault(blocks=True, back=10.0)
def everyone_leaves_and_everyone_comes(scene: Scene) -> Iterator[None]:
    """All lines end at one instant; then all come back, and many new ones with them."""
    for line in scene.world.doors:
        line.mode("reset")
    yield
    for line in scene.world.doors:
        line.mode()
    scene.crowd.call(scene.crowd.arrive(40))


@fault(lasts=(0.0, 0.1), blocks=True)
def message_ending_and_lost_line_at_one_instant(scene: Scene) -> Iterator[None]:
    """100 times in a run."""
    for _ in range(100 // len(scene.crowd.desks)):
        scene.crowd.call(scene.crowd.collide_all())
    yield


def while_all(lines: list[Proxy], mode: str) -> Iterator[None]:
    """That mode from now on, and all as before afterwards."""
    for line in lines:
        line.mode(mode)
    yield
    for line in lines:
        line.mode()
