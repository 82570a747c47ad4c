"""Whatever happens in whatever order: routing gives out what the plain model gives out.

After each step: who holds what, who waits in which order, who is available and connected; at the
end the promises in SQL. `QUEUE_EXAMPLES=2000` looks further, with other random numbers each time.
"""

import datetime as dt
import os
from typing import Any

import pytest
from django.db.models import F
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, run_state_machine_as_test

from agents.models import Agent, Campaign, Project
from conversations import missed, rebalancing, staffing, wrapping_up
from conversations.models import Assignment, Conversation, QueueEntry, WrapUp
from conversations.tests.queue_shop import among, choice, drawn, step, steps
from conversations.tests.queue_steps import ShopAtWork

EXAMPLES = int(os.environ.get("QUEUE_EXAMPLES", "0"))
AN_INSTANT = dt.timedelta(microseconds=1)
limits = st.sampled_from([None, 0, 1, 2, 3])


class SupervisedShop(ShopAtWork):
    """What supervisors and the clock do; and what must be so after each step of anybody."""

    # Supervisors: what the admin's pages save, and the verb they call

    @step(number=choice, limit=limits)
    def an_agents_limit_changes(self, number: int, limit: int | None) -> None:
        agent, worker = self.worker(number)
        self.saved(Agent, agent.pk, capacity=limit)
        worker.own_limit = limit

    @step(limit=st.integers(0, 3))
    def the_projects_limit_changes(self, limit: int) -> None:
        self.saved(Project, self.project.pk, capacity=limit)
        self.queue.limit = limit

    @step(numbers=st.lists(choice, min_size=2, max_size=5), limit=st.integers(1, 3))
    def a_rush_is_given_out_in_one_go(self, numbers: list[int], limit: int) -> None:
        """A shift begins: all accept, what was held is ended, people write, and only then may
        agents take any. One run, one instant, both campaigns."""
        self.the_projects_limit_changes(0)
        for number, worker in enumerate(self.queue.workers.values()):
            if worker.is_active and worker.is_agent:
                self.an_agent_accepts(number)
        while held := len(self.cases(lambda case: case.holder is not None)):
            self.some_are_ended(0, held)
        for number in numbers:
            self.new_people_write(number, 1)
        self.the_projects_limit_changes(limit)

    @step(number=choice, chosen=st.sets(st.integers(0, 1)))
    def an_agents_campaigns_change(self, number: int, chosen: set[int]) -> None:
        agent, worker = self.worker(number)
        worker.campaigns = {self.campaigns[n].pk for n in chosen}
        agent.campaigns.set(worker.campaigns)
        staffing.refit(project_id=self.project.pk)

    @step(number=choice, right=st.sampled_from(["is_active", "is_agent"]), value=st.booleans())
    def an_agents_right_changes(self, number: int, right: str, value: bool) -> None:
        agent, worker = self.worker(number)
        Agent.objects.filter(pk=agent.pk).update(**{right: value})
        setattr(worker, right, value)
        if worker.is_active and worker.is_agent:
            staffing.refit(project_id=self.project.pk)
        else:
            staffing.withdraw([agent])
            worker.is_available = False

    @step(number=choice, is_active=st.booleans())
    def a_campaign_closes_or_opens(self, number: int, is_active: bool) -> None:
        """Whoever waits in a closed one is served as before."""
        self.saved(Campaign, among(self.campaigns, number).pk, is_active=is_active)

    @step(number=choice, seconds=st.sampled_from([0, 60]))
    def a_campaigns_wrap_up_changes(self, number: int, seconds: int) -> None:
        campaign = among(self.campaigns, number)
        self.saved(Campaign, campaign.pk, wrap_up=dt.timedelta(seconds=seconds))
        (self.queue.wrapping.add if seconds else self.queue.wrapping.discard)(campaign.pk)

    @precondition(lambda self: len(self.queue.workers) < 6)
    @step()
    def somebody_joins(self) -> None:
        self.hire("Elena", self.campaigns)

    def saved(self, model: Any, pk: int, **changed: Any) -> None:
        model.objects.filter(pk=pk).update(**changed)
        staffing.refit(project_id=self.project.pk)

    # The clock

    @step()
    def ten_seconds_pass(self) -> None:
        rebalancing.rebalance()

    @step()
    def all_have_finished(self) -> None:
        WrapUp.objects.filter(project=self.project).update(due_at=F("started_at"))
        assert wrapping_up.expire() == len(self.queue.finishing)
        self.queue.finishing = {}

    @step()
    def what_nobody_opened_is_taken_back(self) -> None:
        Project.objects.filter(pk=self.project.pk).update(open_within=AN_INSTANT)
        missed.take_back()
        Project.objects.filter(pk=self.project.pk).update(open_within=dt.timedelta(0))
        self.queue.take_back()

    @step(number=choice)
    def somebody_vanishes_and_the_grace_is_over(self, number: int) -> None:
        self.all_consoles_go(number)
        Project.objects.filter(pk=self.project.pk).update(release_grace=AN_INSTANT)
        rebalancing.rebalance()
        Project.objects.filter(pk=self.project.pk).update(release_grace=dt.timedelta(minutes=5))
        self.queue.grace_is_over()

    # Compared after each step

    @invariant()
    def everybody_has_what_the_model_gives(self) -> None:
        self.queue.fill()  # every cause gives out at once: nothing may be left for later
        open_spans = Assignment.objects.filter(project=self.project, ended_at=None)
        expected = {
            case.pk: (case.holder, case.why)
            for case in self.queue.cases.values()
            if case.holder is not None
        }
        held = {
            str(span.conversation_id): (
                span.agent_id,
                (span.reason["load"], span.reason["candidates"]),
            )
            for span in open_spans
        }
        assert held == expected

    @invariant()
    def the_line_is_in_the_models_order(self) -> None:
        line = QueueEntry.objects.filter(project=self.project, ended_at=None)
        order = line.order_by("-priority", "arrived_at", "pk").values_list("conversation")
        assert [str(pk) for (pk,) in order] == [case.pk for case in self.queue.line()]

    @invariant()
    def everybodys_presence_is_the_models(self) -> None:
        agents = Agent.objects.filter(project=self.project)
        there = set(agents.connected().values_list("pk", flat=True))
        assert there == {w.pk for w in self.queue.workers.values() if w.consoles}
        wanting = set(agents.filter(is_available=True).values_list("pk", flat=True))
        assert wanting == {w.pk for w in self.queue.workers.values() if w.is_available}

    @invariant()
    def what_is_over_is_over(self) -> None:
        over = Conversation.objects.filter(project=self.project, ended_at__isnull=False)
        ended = {case.pk for case in self.queue.cases.values() if case.is_ended}
        assert {str(pk) for pk in over.values_list("pk", flat=True)} == ended


@pytest.mark.django_db
def test_routing_gives_out_what_the_plain_model_gives_out() -> None:
    drawn.clear()
    run_state_machine_as_test(
        SupervisedShop,
        settings=settings(
            max_examples=EXAMPLES or 20,
            derandomize=not EXAMPLES,
            database=None,
            deadline=None,
            stateful_step_count=50,
            suppress_health_check=list(HealthCheck),
        ),
    )
    # What is never drawn is never tried; other numbers than the suite's may miss a rare one.
    assert drawn == steps or EXAMPLES
