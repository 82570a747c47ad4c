"""Finding a contact by what somebody types: for the supervisors' pages, History and a merge."""

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q

from conversations.models import Contact, Identity

MOST_FOUND = 1000  # people of a name; who looks for one of more adds a word
FEW = 100
LETTERS = 3  # what the index of names knows are all runs of so many


def found(words: str, mine: dict[str, Any]) -> list[int]:
    """The contacts of these projects (`mine`) who have all these words in their name, or are known
    by exactly this. Whoever was merged into somebody else is not found any more.

    Two questions of an index each: Django's own search asks for either at once, and reads
    everybody.
    """
    known = Identity.objects.filter(**mine, value__iexact=words.strip())
    people = [*_named(words.split(), mine), *known.values_list("contact", flat=True)]
    return list(dict.fromkeys(people))


def _named(words: list[str], mine: dict[str, Any]) -> list[int]:
    """Mostly one word tells nearly all, and the rest is seen in the rows it finds: the index would
    walk a list as long as the table for a word that everybody has ("Guest 8155bc")."""
    if not words:
        return []
    people = Contact.objects.filter(**mine, merged_into=None).order_by()
    telling = max(words, key=_runs)
    has_all = Q(*(_has(word, is_alone=not _runs(telling)) for word in words))
    if len(words) > 1 and _runs(telling):
        fits = ExpressionWrapper(has_all, output_field=BooleanField())
        rows = people.filter(_has(telling)).annotate(fits=fits).values_list("pk", "fits")
        few = list(rows[: FEW + 1])
        if len(few) <= FEW:
            return [pk for pk, is_so in few if is_so]
    return list(people.filter(has_all).values_list("pk", flat=True)[:MOST_FOUND])


def _has(word: str, *, is_alone: bool = False) -> Q:
    """Somewhere in the name. Where nothing longer is looked for, one or two letters begin a word of
    it: in the middle of one no index knows them, and a million names would be read."""
    if is_alone and word.isascii():
        return Q(name__istartswith=word) | Q(name__icontains=f" {word}")
    return Q(name__icontains=word)


def _runs(word: str) -> int:
    return len({word[start : start + LETTERS] for start in range(len(word) - LETTERS + 1)})
