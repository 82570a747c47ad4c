"""Whose files agents send each other are: nobody else gets one, sends one or learns its name."""

import uuid

import pytest

from agents.models import Agent, Project
from contactcenter.testing import make_agent, make_supervisor, ready, write
from conversations import filing
from conversations.models import Inbox
from internalchat.models import DirectChat, PostFile
from internalchat.tests.papers import bring, brought, send
from internalchat.tests.writing import say, sign_in
from media.attaching import NotAttached
from media.models import Upload
from media.tests.making import sent

pytestmark = pytest.mark.django_db


def test_nobody_sends_what_another_brought_or_what_is_not_checked(
    team: tuple[Agent, Agent], web: Inbox
) -> None:
    ana, bruno = team
    hers = brought(ana)
    assert bring(bruno).status_code == 201
    unchecked = PostFile.objects.latest("pk")
    held = write(web).conversation
    owner = held.assignments.get().agent
    for_lucia = filing.bring(
        agent=owner, conversation=held, kind="image", name="a.png", body=sent()
    )
    filing.inspect(for_lucia.upload_id)
    for upload in (hers.upload_id, unchecked.upload_id, for_lucia.upload_id, uuid.uuid4()):
        with pytest.raises(NotAttached):
            say(bruno, ana, "look", uploads=[upload])
    assert not DirectChat.objects.exists()
    path = f"{held.get_absolute_url()}messages/"
    form = {"id": str(uuid.uuid4()), "upload": str(hers.upload_id)}
    answer = sign_in(owner).post(path, form, headers={"hx-request": "true"})
    assert answer.status_code == 409  # nor does it go to a customer


@pytest.mark.parametrize("is_sent", [False, True])
def test_strangers_get_no_file(
    team: tuple[Agent, Agent], mallory: Agent, shop: Project, is_sent: bool
) -> None:
    """Before it is sent the colleague is one, too."""
    ana, bruno = team
    file = brought(ana)
    strangers = [
        make_agent(shop, "Third", is_supervisor=True),
        ready(mallory),
        make_supervisor(mallory.project, "Olga"),
    ]
    if is_sent:
        send(ana, bruno, file)
    else:
        strangers.append(bruno)
    link = sign_in(ana).get(f"{file.address}file/").headers["Location"]
    before = list(PostFile.objects.values()), list(Upload.objects.values())
    elsewhere = file.address.replace("/internal/uploads/", "/uploads/")
    for stranger in strangers:
        client = sign_in(stranger)
        for address in (file.address, elsewhere):
            for part in ("", "file/", "small/"):
                assert client.get(f"{address}{part}").status_code == 404
            assert client.delete(address).status_code == 404
            assert client.post(f"{address}removal/").status_code == 404
        assert client.get(link).status_code == 404
    assert (list(PostFile.objects.values()), list(Upload.objects.values())) == before
    if is_sent:
        assert sign_in(bruno).get(f"{file.address}small/").status_code == 302
        assert sign_in(bruno).delete(file.address).status_code == 404


def test_supervisors_see_no_names_of_files_where_they_may_not_read(
    team: tuple[Agent, Agent], shop: Project
) -> None:
    ana, bruno = team
    chat = send(ana, bruno, brought(ana, "verdict.png")).chat
    client = sign_in(make_supervisor(shop))
    page = f"/admin/internalchat/directchat/{chat.pk}/change/"
    upload = f"/admin/media/upload/{PostFile.objects.get().upload_id}/change/"
    for address in (page, "/admin/media/upload/", upload):
        assert "verdict" not in client.get(address, follow=True).text
    DirectChat.objects.update(reading="content")
    Project.objects.filter(pk=shop.pk).update(internal_reading="content")
    assert "verdict.png" in client.get(page).text
