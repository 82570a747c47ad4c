"""The gates of people and projects: an id becomes an object only through the person who asks.

A wrong project and somebody else's look the same.
"""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import QuerySet
from django.http import Http404

from agents.joined import Joined
from agents.models import Agent, Project, User

PLACE = Joined(a=Agent, p=Project)
# In SQL because every page and every console that comes back asks: building this query with the
# ORM took ten times as long as running it.
MINE = f"""
SELECT {PLACE.columns}
FROM agents_agent AS a JOIN agents_project AS p ON p.id = a.project_id
WHERE a.user_id = %s AND p.slug = %s
"""  # noqa: S608  our own text


# What stands around an agent's console: the names of their campaigns, and in how many projects
# they have a place.
AROUND = """
SELECT ARRAY(SELECT c.name FROM agents_campaign AS c
             JOIN agents_agent_campaigns AS m ON m.campaign_id = c.id
             WHERE m.agent_id = %s ORDER BY c.name),
       (SELECT count(*) FROM agents_agent WHERE user_id = %s AND is_active)
"""


def memberships(user: User | AnonymousUser) -> QuerySet[Agent]:
    """The user's places, one a project."""
    if not isinstance(user, User):
        return Agent.objects.none()
    return Agent.objects.filter(user=user, is_active=True).select_related("project", "user")


def agent_for(user: object, slug: str) -> Agent:
    """The person as an agent of that project.

    Raises Http404 where they never belonged, PermissionDenied where they may not answer (any
    more): who worked here learns whom to ask.
    """
    if not isinstance(user, User) or not user.is_active:
        raise Http404
    agent = _place(user, slug)
    if agent is None:
        raise Http404
    if not (agent.is_active and agent.is_agent):
        raise PermissionDenied
    return agent


def _place(user: User, slug: str) -> Agent | None:
    with connection.cursor() as cursor:
        cursor.execute(MINE, [user.pk, slug])
        found = cursor.fetchone()
    if found is None:
        return None
    agent, agent.project = PLACE.nouns(found)
    agent.user = user
    return agent


def around(agent: Agent) -> tuple[list[str], int]:
    """The names of the agent's campaigns; how many projects the person has a place in."""
    with connection.cursor() as cursor:
        cursor.execute(AROUND, [agent.pk, agent.user_id])
        names, places = cursor.fetchone()
    return names, places


def whom_to_ask(user: object) -> QuerySet[Project]:
    """The person's projects, also those they may not work in any more, that name somebody."""
    if not isinstance(user, User):
        return Project.objects.none()
    return Project.objects.filter(agents__user=user).exclude(administrator_contact="")


def supports(user: object) -> QuerySet[Project]:
    """The person's projects that name an address for questions."""
    if not isinstance(user, User):
        return Project.objects.none()
    return Project.objects.filter(agents__user=user).exclude(support_address="")


def supervised(user: object) -> QuerySet[Project]:
    """The projects whose data this person sees in the admin."""
    if not isinstance(user, User) or not user.is_active:
        return Project.objects.none()
    if user.is_superuser:
        return Project.objects.all()
    return Project.objects.filter(
        agents__user=user, agents__is_active=True, agents__is_supervisor=True
    )
