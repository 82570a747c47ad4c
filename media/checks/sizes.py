"""How large a file is, in words."""

from django.utils import formats
from django.utils.translation import ngettext

UNITS = ("KB", "MB", "GB")


def in_words(size: int) -> str:
    """5 MB, 812.4 KB, in the language that is active; Django's own writes 5.0 MB."""
    if size < 1024:
        return ngettext("%(size)d byte", "%(size)d bytes", size) % {"size": size}
    power = min(3, (size.bit_length() - 1) // 10)
    figure = formats.number_format(round(size / 1024**power, 1), 1).removesuffix(
        formats.get_format("DECIMAL_SEPARATOR") + "0"
    )
    return f"{figure}\N{NO-BREAK SPACE}{UNITS[power - 1]}"
