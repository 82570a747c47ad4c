"""Whose a file at the console is: before it is sent, after it, and never another's (R35–R51)."""

import pytest

from agents.models import Agent
from contactcenter.testing import order_status, ready, write
from conversations import closing, filing, transferring
from conversations.models import Attachment, Conversation, Inbox
from conversations.tests.bringing import bring, checked, held, home, post, send
from conversations.tests.desks import sign_in
from media.tests.making import sent

__all__ = ["held"]  # a fixture
pytestmark = pytest.mark.django_db


def doors_of(agent: Agent, attachment: Attachment) -> list[str]:
    page = f"{home(agent)}uploads/{attachment.upload_id}/"
    return [page, f"{page}file/", f"{page}small/"]


def statuses(agent: Agent, attachment: Attachment) -> set[int]:
    client = sign_in(agent)
    return {client.get(door).status_code for door in doors_of(agent, attachment)}


def test_an_unsent_file_is_its_agents_alone(
    ana: Agent, bruno: Agent, mallory: Agent, held: Conversation
) -> None:
    attachment = checked(bring(ana, held))
    assert statuses(ana, attachment) == {200, 302}
    for stranger in (bruno, mallory):
        assert statuses(stranger, attachment) == {404}
        page = f"{home(stranger)}uploads/{attachment.upload_id}/"
        assert sign_in(stranger).post(f"{page}removal/").status_code == 404
        assert sign_in(stranger).delete(page).status_code == 404
        assert send(stranger, held, attachment.upload_id).status_code == 404
    assert Attachment.objects.exists()


def test_a_sent_file_is_for_whoever_reads_the_conversation(
    web: Inbox, ana: Agent, bruno: Agent, mallory: Agent, held: Conversation
) -> None:
    attachment = checked(bring(ana, held))
    send(ana, held, attachment.upload_id)
    assert statuses(ana, attachment) == {200, 302}
    assert statuses(bruno, attachment) == statuses(mallory, attachment) == {404}
    ready(bruno)
    transferring.to_agent(agent=ana, conversation=held, taker=bruno, note="")
    assert statuses(bruno, attachment) == {200, 302}
    assert statuses(ana, attachment) == {404}
    closing.end(agent=bruno, conversation=held, typification=order_status(web.project))
    assert statuses(bruno, attachment) == {200, 302}


def test_another_conversations_file_does_not_go_out_here(
    web: Inbox, ana: Agent, held: Conversation
) -> None:
    """Both are Ana's, the file is for one of them."""
    other = write(web).conversation
    attachment = checked(bring(ana, held))
    assert send(ana, other, attachment.upload_id).status_code == 409
    assert send(ana, held, attachment.upload_id).status_code == 200


def test_a_colleagues_file_does_not_go_out(
    web: Inbox, ana: Agent, bruno: Agent, held: Conversation
) -> None:
    ready(bruno)
    theirs = checked(bring(ana, held))
    transferring.to_agent(agent=ana, conversation=held, taker=bruno, note="")
    assert send(bruno, held, theirs.upload_id).status_code == 409


def test_a_customers_file_is_no_agents_to_send(web: Inbox, ana: Agent, held: Conversation) -> None:
    theirs = filing.receive(
        inbox=web, identity=held.identity, kind="image", name="a.png", body=sent()
    )
    checked(theirs)
    assert send(ana, held, theirs.upload_id).status_code == 409
    assert statuses(ana, theirs) == {404}  # not sent yet


def test_nothing_comes_into_a_conversation_that_is_over_or_somebody_elses(
    web: Inbox, ana: Agent, bruno: Agent, mallory: Agent, held: Conversation
) -> None:
    assert post(bruno, held).status_code == 404
    assert post(mallory, held).status_code == 404
    closing.end(agent=ana, conversation=held, typification=order_status(web.project))
    assert post(ana, held).status_code == 409
    assert not Attachment.objects.exists()
