"""Finding a contact by what somebody types: for the supervisors' pages, History and a merge."""

from typing import Any

from django.db.models import QuerySet

from conversations.models import Contact, Identity

MOST_FOUND = 1000  # people of a name; who looks for one of more adds a word


def found(words: str, mine: dict[str, Any]) -> QuerySet:
    """The contacts of these projects (`mine`) who have all these words in their name, or are known
    by exactly this. Whoever was merged into somebody else is not found any more.

    Two questions of an index each: Django's own search asks for either at once, and reads
    everybody.
    """
    named = Contact.objects.filter(**mine, merged_into=None)
    for word in words.split():
        named = named.filter(name__icontains=word)
    known = Identity.objects.filter(**mine, value__iexact=words.strip())
    return (
        named.order_by()
        .values_list("pk", flat=True)[:MOST_FOUND]
        .union(known.values_list("contact", flat=True), all=True)
    )
