"""Puts fragments on named agents' screens.

`push` raises each screen's revision in the transaction of the change; after the commit the
fragments are rendered, once per language among the agents, and published with that number.
A screen that misses a number asks again (docs/decisions/0001-live.md).
"""

import json
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import translation

from agents import publishing

RAISE = """
    SELECT agent_id, revision, language
    FROM unnest(%s::bigint[]) AS agent_id, LATERAL agents_raise(agent_id)
"""

MARK_EVERY = 0.2  # seconds

Fragment = tuple[str, dict[str, Any]]  # a template and its context


Screen = tuple[int, int, str]  # agent, revision, language


def agent_group(agent_id: int) -> str:
    return f"agent.{agent_id}"


def project_group(project_id: int) -> str:
    return f"project.{project_id}"


def visitor_group(identity_id: int) -> str:
    return f"visitor.{identity_id}"


def push(
    agents: Iterable[int],
    fragments: Callable[[int], Iterable[Fragment]],
    *,
    conversation: object = None,
    alike: bool = True,
) -> None:
    """Show `fragments(agent_id)` on the agents' screens once this transaction has committed.

    `fragments` is called after the commit, so what it reads is never older than the revision.
    With `alike` all agents are shown the same and it is called once per language; otherwise
    once per agent.
    """
    with connection.cursor() as cursor:
        cursor.execute(RAISE, [sorted(set(agents))])  # in one order: no two wait for each other
        screens = cursor.fetchall()
    show(screens, fragments, conversation=conversation, alike=alike)


def show(
    screens: list[Screen],
    fragments: Callable[[int], Iterable[Fragment]],
    *,
    conversation: object = None,
    alike: bool = True,
) -> None:
    """`push` for screens that were raised by a statement of the caller's."""
    if screens:
        about = str(conversation) if conversation else None
        after_commit(lambda: _publish(screens, fragments, about, alike))


def after_commit(call: Callable[[], None]) -> None:
    """Once the change is safe; what goes wrong then is logged and undoes nothing."""
    transaction.on_commit(call, robust=True)


def _publish(
    screens: list[Screen],
    fragments: Callable[[int], Iterable[Fragment]],
    conversation: str | None,
    alike: bool,
) -> None:
    rendered: dict[object, str] = {}
    for agent_id, revision, language in screens:
        key = language if alike else agent_id
        if key not in rendered:
            rendered[key] = render(fragments(agent_id), language)
        text = json.dumps(
            {
                "type": "push",
                "revision": revision,
                "conversation": conversation,
                "html": rendered[key],
            }
        )
        publishing.publish(agent_group(agent_id), {"type": "frame", "text": text})


def render(fragments: Iterable[Fragment], language: str) -> str:
    with translation.override(language):
        return "\n".join(render_to_string(name, context) for name, context in fragments)


def tell(agent_id: int, **frame: Any) -> None:
    """A passing hint without a revision (somebody is typing): lost is lost."""
    publishing.publish(agent_group(agent_id), {"type": "frame", "text": json.dumps(frame)})


def tell_visitor(identity_id: int, **frame: Any) -> None:
    """A frame for the customer's open pages; they repair themselves by `seq` and the beat."""
    event = {"type": "frame", "text": json.dumps(frame)}
    if frame.get("type") == "state":
        event["state"], event["conversation"] = frame["state"], frame["conversation"]
    publishing.publish(visitor_group(identity_id), event)


_marks: dict[int, float] = {}  # when each project's next mark leaves, time.monotonic()


def mark_queue(project_id: int) -> None:
    """The project's figures changed: web processes compute them, at most once a second.

    All changes of a moment leave this process as one mark, at its end.
    """
    now = time.monotonic()
    if now < _marks.get(project_id, 0):
        return
    _marks[project_id] = now + MARK_EVERY
    event = {"type": "queue.changed", "project": project_id}
    threading.Timer(MARK_EVERY, publishing.publish, [project_group(project_id), event]).start()


def close_consoles(session_key: str, agent_ids: Iterable[int]) -> None:
    """Ask the processes that hold this session's sockets to close them."""
    for agent_id in agent_ids:
        publishing.publish(
            agent_group(agent_id), {"type": "signed.out", "session_key": session_key}
        )
