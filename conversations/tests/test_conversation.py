"""What a conversation is called, and what its channel takes (R25, R34)."""

import pytest
from django.utils import translation

from conversations.models import Inbox
from conversations.models.conversation import title_of
from conversations.models.inbox import TAKES, FileKind


@pytest.mark.parametrize(
    ("name", "identity", "title"),
    [
        ("<b>Ana</b> 🌷", "34612045118", "<b>Ana</b> 🌷"),
        ("", "web-8F3K21", "Visitor 8F3K"),
        ("", "+34612045118", "+34612045118"),
        ("", "user:1234567", "user:1234567"),
    ],
)
def test_a_person_is_called_by_name_a_visitor_by_the_start_of_the_id_others_by_all_of_it(
    name: str, identity: str, title: str
) -> None:
    with translation.override("en"):
        assert title_of(name, identity) == title


@pytest.mark.django_db
@pytest.mark.parametrize("kind", Inbox.Kind.values)
def test_the_clip_offers_four_kinds_and_says_which_the_channel_takes(
    web: Inbox, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What its rules allow, of what its transport carries."""
    monkeypatch.setitem(TAKES, kind, frozenset({FileKind.IMAGE, FileKind.AUDIO}))
    web.media_rules.rules.filter(kind=FileKind.AUDIO).update(is_allowed=False)
    inbox = Inbox(kind=kind, media_rules=web.media_rules)
    assert [kind.value for kind in inbox.file_kinds] == ["image", "video", "document", "audio"]
    assert inbox.takes == {"image"}
