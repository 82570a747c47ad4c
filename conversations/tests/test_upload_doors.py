"""The console's doors of files: into a conversation, out of one, and back (R35–R51)."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from agents.models import Agent
from conversations import filing, inbound
from conversations.models import Attachment, Conversation, Inbox
from conversations.tests.bringing import bring, checked, held, home, post, send
from conversations.tests.desks import sign_in
from media.models import MediaRule, Upload
from media.tests.making import pdf, png, sent

__all__ = ["held"]  # a fixture
pytestmark = pytest.mark.django_db


def test_a_file_comes_in_is_checked_and_goes_out(ana: Agent, held: Conversation) -> None:
    answer = post(ana, held)
    assert answer.status_code == 201
    attachment = Attachment.objects.get()
    line = f'id="upload-{attachment.upload_id}"'
    assert line in answer.text
    assert "Being checked" in answer.text
    checked(attachment)
    page = f"{home(ana)}uploads/{attachment.upload_id}/"
    assert "Ready" in sign_in(ana).get(page).text
    answer = send(ana, held, attachment.upload_id, text="Look")
    assert answer.status_code == 200
    assert f"{page}small/" in answer.text
    assert 'alt="Look"' in answer.text


def test_programs_are_answered_with_data(ana: Agent, held: Conversation) -> None:
    form = {"kind": "image", "conversation": str(held.pk), "file": sent()}
    headers = {"Accept": "application/json", "X-Requested-With": "fetch"}
    answer = sign_in(ana).post(f"{home(ana)}uploads/", form, headers=headers)
    said = json.loads(answer.content)
    assert (said["state"], said["name"], said["size"]) == ("checking", "lamp.png", len(png()))


def test_a_file_may_go_without_words_and_words_without_a_file(
    ana: Agent, held: Conversation
) -> None:
    attachment = checked(bring(ana, held))
    assert send(ana, held, attachment.upload_id).status_code == 200
    assert send(ana, held, text="Hi").status_code == 200
    assert send(ana, held).status_code == 422


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"file": sent(body=b"")}, 422),
        ({"file": None}, 422),
        ({"kind": "nonsense"}, 422),
        ({"kind": ""}, 422),
        ({"file": sent(body=b"x" * (5 * 1024 * 1024 + 1))}, 413),
        ({"conversation": "nonsense"}, 404),
        ({"conversation": str(uuid.uuid4())}, 404),
        ({"conversation": None}, 404),
    ],
)
def test_what_cannot_be_taken_is_said_in_a_sentence(
    ana: Agent, held: Conversation, changes: dict[str, object], status: int
) -> None:
    answer = post(ana, held, **changes)
    assert answer.status_code == status
    if status != 404:
        assert answer.text.endswith(".")
    assert not Attachment.objects.exists()


def test_a_kind_the_channel_does_not_take(ana: Agent, held: Conversation) -> None:
    MediaRule.objects.filter(rule_set=held.inbox.media_rules, kind="image").update(is_allowed=False)
    assert post(ana, held).status_code == 415
    assert sign_in(ana).get(box(ana, held)).status_code == 404


def box(agent: Agent, conversation: Conversation, kind: str = "image") -> str:
    return f"{home(agent)}uploads/rules/{conversation.pk}/?kind={kind}"


def test_the_box_says_what_the_rule_says(ana: Agent, held: Conversation) -> None:
    """R36: change the limit, and the box shows it."""
    assert "5\xa0MB" in sign_in(ana).get(box(ana, held)).text
    rule = MediaRule.objects.get(rule_set=held.inbox.media_rules, kind="image")
    rule.most_bytes, rule.formats = 3 * 1024 * 1024, ["png"]
    rule.save()
    text = sign_in(ana).get(box(ana, held)).text
    assert "3\xa0MB" in text
    assert "JPG" not in text
    assert 'accept="image/png,.png"' in text


def test_a_refused_file_says_why_and_is_not_sent(ana: Agent, held: Conversation) -> None:
    attachment = bring(ana, held, file=sent("photo.png", b"This is a text.\n"))
    filing.inspect(attachment.upload_id)
    page = sign_in(ana).get(f"{home(ana)}uploads/{attachment.upload_id}/")
    assert 'role="alert"' in page.text
    answer = send(ana, held, attachment.upload_id, text="Look")
    assert answer.status_code == 409
    assert held.messages.count() == 1


def test_names_are_text_everywhere(ana: Agent, held: Conversation) -> None:
    name = "<img src=x onerror=alert(1)>.png"
    attachment = checked(bring(ana, held, file=sent(name)))
    answer = send(ana, held, attachment.upload_id)
    assert "<img src=x" not in answer.text


def test_each_file_goes_out_once(ana: Agent, held: Conversation) -> None:
    attachment = checked(bring(ana, held))
    assert send(ana, held, attachment.upload_id).status_code == 200
    assert send(ana, held, attachment.upload_id).status_code == 409
    assert send(ana, held, attachment.upload_id, attachment.upload_id).status_code == 409
    assert held.messages.count() == 2


def test_at_most_ten(ana: Agent, held: Conversation) -> None:
    assert send(ana, held, *(uuid.uuid4() for _ in range(11))).status_code == 422
    assert send(ana, held, *(uuid.uuid4() for _ in range(10))).status_code == 409


def test_the_same_message_twice_is_one(ana: Agent, held: Conversation) -> None:
    attachment, name = checked(bring(ana, held)), str(uuid.uuid4())
    answers = [send(ana, held, attachment.upload_id, id=name) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert all(str(attachment.upload_id) in answer.text for answer in answers)
    assert held.messages.count() == 2


def test_cancelled_before_it_was_sent(ana: Agent, held: Conversation) -> None:
    for how in ("post", "delete"):
        attachment = bring(ana, held)
        page = f"{home(ana)}uploads/{attachment.upload_id}/"
        client = sign_in(ana)
        answer = client.post(f"{page}removal/") if how == "post" else client.delete(page)
        assert answer.status_code == 204
        assert not Upload.objects.filter(pk=attachment.upload_id).exists()
        assert client.get(page).status_code == 404


def test_what_was_sent_is_not_taken_back(ana: Agent, held: Conversation) -> None:
    attachment = checked(bring(ana, held))
    send(ana, held, attachment.upload_id)
    page = f"{home(ana)}uploads/{attachment.upload_id}/removal/"
    assert sign_in(ana).post(page).status_code == 409
    assert Attachment.objects.get().message


def test_without_a_line_to_the_storage_a_sentence(
    ana: Agent, held: Conversation, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    own = {"BACKEND": "media.folder.Folder", "OPTIONS": {"location": tmp_path / "file"}}
    settings.STORAGES = {**settings.STORAGES, "uploads": own}
    answer = post(ana, held)
    assert answer.status_code == 503
    assert "Try again" in answer.text
    assert send(ana, held, text="The rest goes on").status_code == 200


def test_the_list_says_what_came(web: Inbox, ana: Agent, held: Conversation) -> None:
    attachment = checked(bring(ana, held, kind="document", file=sent("a.pdf", pdf())))
    send(ana, held, attachment.upload_id)
    assert "<bdi>Document</bdi>" in sign_in(ana).get(home(ana)).text


def test_a_lost_push_is_repaired_by_a_refresh(ana: Agent, held: Conversation) -> None:
    """The screen names what it shows as being checked, and gets what became of it."""
    chosen = bring(ana, held)
    theirs = filing.receive(
        inbox=held.inbox, identity=held.identity, kind="image", name="hers.png", body=sent()
    )
    write_with(held, theirs)
    asked = {"conversation": str(held.pk), "after": "2"}
    asked["checking"] = [str(chosen.upload_id), str(theirs.upload_id), "nonsense", uuid.uuid4()]
    page = sign_in(ana).get(f"{home(ana)}refresh/", asked).text
    assert f"upload-{chosen.upload_id}" not in page
    checked(chosen)
    checked(theirs)
    page = sign_in(ana).get(f"{home(ana)}refresh/", asked).text
    assert f"upload-{chosen.upload_id}" in page
    assert f"{theirs.upload_id}/small/" in page


def write_with(conversation: Conversation, attachment: Attachment) -> None:
    """The customer sends it."""
    name = uuid.uuid4()
    incoming = inbound.Incoming(
        provider_id=str(name), client_id=name, text="", uploads=(attachment.upload_id,)
    )
    inbound.receive(inbox=conversation.inbox, identity=conversation.identity, incoming=incoming)
