"""Files between agents (R71): what may go both ways, what may not, and whose they are."""

import uuid

import pytest
from django.urls import reverse

from agents.models import Agent, Project
from contactcenter.testing import at_once, make_supervisor, write
from conversations import filing
from conversations.models import Inbox
from internalchat import directory, posts, sharing
from internalchat.models import DirectChat, PostFile
from internalchat.tests.papers import FINE, bring, brought, send
from internalchat.tests.test_invariants import broken
from internalchat.tests.writing import internal, say, sign_in
from media.attaching import NotAttached
from media.models import MediaRule, Upload
from media.starting import INTERNAL
from media.tests.corpus import films
from media.tests.making import pdf, png, sent

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", FINE)
def test_r71_pictures_pdf_and_office_go_both_ways(team: tuple[Agent, Agent], name: str) -> None:
    body = FINE[name]()
    for one, other in (team, team[::-1]):
        file = brought(one, name, body)
        assert file.upload.is_ready, (file.upload.reason, file.upload.figures)
        post = send(one, other, file)
        page = sign_in(other).get(post.chat.get_absolute_url()).text
        assert f'data-upload="{file.upload_id}"' in page and f"{file.address}file/" in page
        link = sign_in(other).get(f"{file.address}file/").headers["Location"]
        came = b"".join(sign_in(other).get(link).streaming_content)
        assert came == body or name.endswith("png")  # a picture is made anew
    assert broken() == []


def test_r71_anything_else_is_refused_with_the_list_of_what_is_allowed(
    team: tuple[Agent, Agent],
) -> None:
    ana, _bruno = team
    for kind, body in (("video", films.mp4()), ("audio", b"ID3")):
        form = {"kind": kind, "file": sent("film.mp4", body)}
        told = sign_in(ana).post(internal(ana.project, "uploads"), form)
        assert told.status_code == 415
        for word in ("JPG", "PNG", "PDF", "Word", "Excel", "PowerPoint"):
            assert word in told.text
    chat = DirectChat.between(ana, team[1])
    page = sign_in(ana).get(internal(ana.project, "direct"), {"agent": team[1].pk}).text
    assert page.count('aria-disabled="true" aria-describedby="attach-') == 2
    rules = reverse("internal:rules", args=[ana.project.slug, chat.pk, team[1].pk])
    assert sign_in(ana).get(rules, {"kind": "video"}).status_code == 404
    box = sign_in(ana).get(rules, {"kind": "document"}).text
    assert "To Bruno, internal chat" in box
    assert "PowerPoint" in box and f"messages/?agent={team[1].pk}" in box
    assert not PostFile.objects.exists() and not Upload.objects.exists()


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("setup.exe", b"MZ" + b"\0" * 200),
        ("a.zip", b"PK\x05\x06" + b"\0" * 18),
        ("notes.txt", b"words"),
        ("film.pdf", films.mp4()),
    ],
)
def test_r71_what_only_pretends_is_refused_by_its_check_and_nothing_is_sent(
    team: tuple[Agent, Agent], name: str, body: bytes
) -> None:
    ana, bruno = team
    file = brought(ana, name, body)
    assert file.upload.is_refused
    line = sign_in(ana).get(file.address).text
    assert "cannot be sent here" in line or "damaged" in line
    with pytest.raises(NotAttached):
        send(ana, bruno, file)
    assert not DirectChat.objects.exists()


def test_the_limit_of_the_admin_is_the_limit(team: tuple[Agent, Agent]) -> None:
    ana, _bruno = team
    rules = MediaRule.objects.filter(rule_set__project=ana.project, rule_set__name=INTERNAL)
    rules.filter(kind="image").update(most_bytes=1024)
    assert bring(ana, body=png() + b"x" * 2000).status_code == 413
    rules.update(is_allowed=False)
    assert "text only" in bring(ana).text


def test_a_supervisor_cannot_rename_the_rules_by_which_internal_chat_finds_them(
    shop: Project, team: tuple[Agent, Agent]
) -> None:
    rule_set = shop.media_rule_sets.get(name=INTERNAL)
    client = sign_in(make_supervisor(shop))
    page = client.get(f"/admin/media/mediaruleset/{rule_set.pk}/change/").text
    assert 'name="name"' not in page and 'name="rules-0-most_bytes"' in page


def test_what_was_sent_unchecked_is_found_and_what_is_not_its_authors(
    team: tuple[Agent, Agent],
) -> None:
    ana, bruno = team
    file = brought(ana)
    send(ana, bruno, file)
    Upload.objects.update(state="refused", reason="damaged")
    assert broken() == ["colleagues-send-checked-files"]
    Upload.objects.update(state="ready", reason="")
    PostFile.objects.update(agent=bruno)
    assert broken() == ["files-of-posts-in-one-project"]


@pytest.mark.django_db(transaction=True)
def test_a_file_sent_from_two_tabs_at_once_goes_out_once(team: tuple[Agent, Agent]) -> None:
    ana, bruno = team
    file = brought(ana)
    say(ana, bruno)

    def try_it() -> bool:
        try:
            send(ana, bruno, file)
        except NotAttached:
            return False
        return True

    assert sorted(at_once([try_it, try_it, try_it])) == [False, False, True]
    assert DirectChat.objects.get().last_seq == 2  # no number is lost


@pytest.mark.django_db(transaction=True)
def test_sending_and_discarding_at_one_instant_agree(team: tuple[Agent, Agent]) -> None:
    ana, bruno = team
    say(ana, bruno)
    for _ in range(5):
        file = brought(ana)

        def send_it(file: PostFile = file) -> str:
            try:
                send(ana, bruno, file)
            except NotAttached:
                return "not sent"
            return "sent"

        done = at_once([send_it, lambda file=file: sharing.discard(file)])
        was_sent = PostFile.objects.filter(pk=file.pk, message__isnull=False).exists()
        assert ("sent" in done, True in done) == (was_sent, not was_sent)


def test_the_same_post_again_is_the_same_with_its_file(team: tuple[Agent, Agent]) -> None:
    ana, bruno = team
    file, name = brought(ana), uuid.uuid4()
    chat = DirectChat.between(ana, bruno)
    for _ in range(2):
        post = posts.send(agent=ana, chat=chat, client_id=name, text="", uploads=[file.upload_id])
        chat = DirectChat.objects.get()
    assert chat.last_seq == 1 and [one.pk for one in post.files] == [file.pk]
    assert not sharing.discard(file)
    assert sign_in(ana).delete(file.address).status_code == 409


def test_a_post_of_files_alone_is_named_after_them_in_lists(team: tuple[Agent, Agent]) -> None:
    ana, bruno = team
    send(ana, bruno, brought(ana, "lámpara.png"), brought(ana, "<b>.pdf", pdf()))
    (row,) = directory.chats(bruno.pk)
    assert row.last_line == directory.unread(bruno.pk).last.said  # type: ignore[union-attr]
    assert "lámpara.png" in row.last_line and "<b>" not in row.last_line.replace("<b>.pdf", "")
    page = sign_in(bruno).get(row.chat.get_absolute_url()).text
    assert "lámpara.png" in page and "<b>.pdf" not in page


def test_what_waits_is_rung_for_and_what_was_never_sent_goes(
    team: tuple[Agent, Agent], web: Inbox, settings: object
) -> None:
    ana, bruno = team
    bring(ana)
    held = write(web).conversation
    owner = held.assignments.get().agent
    filing.bring(agent=owner, conversation=held, kind="image", name="a.png", body=sent())
    assert (sharing.sweep(), filing.sweep()) == (1, 1)  # each its own
    file = brought(ana)
    send(ana, bruno, file)
    settings.UNSENT_FILES_HOURS = 0  # type: ignore[attr-defined]
    assert sharing.expire() == 1
    assert PostFile.objects.get() == file
