"""Names of files: what a person reads, and nothing that leads anywhere (R45)."""

import pytest

from media import names


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../é ñ.pdf", "é ñ.pdf"),
        ("C:\\Users\\lucia\\factura.pdf", "factura.pdf"),
        ("e\u0301.txt", "é.txt"),
        ("two\nlines\tmore.txt", "two lines more.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("nul\0l.png", "null.png"),
        ("  two  spaces.jpg ", "two spaces.jpg"),
        (".htaccess", "htaccess"),
        ("..", "file"),
        ("", "file"),
        ("🌷 tulip.png", "🌷 tulip.png"),
        ("<b>bold</b>.png", "b>.png"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
        ("no extension " + "x" * 200, ("no extension " + "x" * 200)[:120]),
    ],
)
def test_a_name_is_the_last_part_that_can_be_seen(sent: str, kept: str) -> None:
    assert names.clean(sent) == kept


def test_an_ending_longer_than_any_is_part_of_the_name() -> None:
    kept = names.clean("a." + "b" * 200)
    assert len(kept) == 120
    assert kept.startswith("a.bbb")
