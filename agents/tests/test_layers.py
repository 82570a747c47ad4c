"""How a socket hears what is said to its groups."""

import asyncio
import uuid

from django.conf import settings
from redis.asyncio import Redis

from agents.layers import PatientLayer


async def test_a_socket_hears_by_its_groups_and_redis_is_asked_for_nothing_else() -> None:
    prefix = uuid.uuid4().hex
    layer = PatientLayer(hosts=[settings.REDIS_URL], prefix=prefix)
    ana, bruno = [await layer.new_channel() for _ in range(2)]
    await layer.group_add("agent.1", ana)
    async with Redis.from_url(settings.REDIS_URL) as redis:
        asked_for = {name.decode() for name in await redis.pubsub_channels(f"{prefix}*")}
    assert {name for name in asked_for if ":pulse:" not in name} == {f"{prefix}__group__agent.1"}
    said = {"type": "frame", "text": "Hello"}
    await layer.group_send("agent.1", said)
    assert await asyncio.wait_for(layer.receive(ana), 5) == said
    with_bruno = asyncio.create_task(layer.receive(bruno))
    await layer.group_send("agent.1", said)
    assert await asyncio.wait_for(layer.receive(ana), 5) == said
    assert not with_bruno.done()
    with_bruno.cancel()
    await asyncio.gather(with_bruno, return_exceptions=True)
    await layer.flush()
