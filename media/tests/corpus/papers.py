"""What is expected of PDFs."""
# ruff: noqa: E501 (a table: one row a line)

import base64
import zlib
from typing import Any

import pikepdf
from pikepdf import Array, AttachedFileSpec, Dictionary, Encryption, Name, Stream

from media.checks.signatures import TEST_VIRUS
from media.tests.corpus import drawing
from media.tests.corpus.case import WHATSAPP, Case, cut, joined
from media.tests.corpus.packing import by_hand, contents, drawn_as, lzw, object_bomb, packed_twice
from media.tests.corpus.writing import archive, office, pdf

DOCUMENT = WHATSAPP["document"]
AS_IT_IS = {
    "stream_decode_level": pikepdf.StreamDecodeLevel.none,
    "compress_streams": False,
}
PACKED = {"object_stream_mode": pikepdf.ObjectStreamMode.generate}


def script(paper: Any) -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def opens(action: Any) -> Any:
    def change(paper: Any) -> None:
        paper.Root.OpenAction = paper.make_indirect(action(paper))

    return change


def jump(paper: Any) -> Array:
    return Array([paper.pages[0].obj, Name.Fit])


def launch(paper: Any) -> Dictionary:
    return Dictionary(S=Name.Launch, F="cmd.exe")


def on_page(paper: Any) -> None:
    paper.pages[0].obj.AA = Dictionary(O=script(paper))


def names(paper: Any) -> None:
    paper.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", script(paper)])))


def link(paper: Any) -> None:
    action = Dictionary(S=Name.URI, URI="https://example.org/")
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
    paper.pages[0].obj.Annots = Array([paper.make_indirect(note)])


def annotated(kind: str) -> Any:
    def change(paper: Any) -> None:
        note = Dictionary(Type=Name.Annot, Subtype=Name("/" + kind), Rect=Array([0, 0, 9, 9]))
        paper.pages[0].obj.Annots = Array([paper.make_indirect(note)])

    return change


def attaches(name: str, body: bytes) -> Any:
    def change(paper: Any) -> None:
        paper.attachments[name] = AttachedFileSpec(paper, body, filename=name)

    return change


def form(body: bytes) -> Any:
    def change(paper: Any) -> None:
        paper.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Stream(paper, body))

    return change


def fields(paper: Any) -> None:
    said = {"FT": Name.Tx, "T": "name", "Subtype": Name.Widget, "Rect": Array([0, 0, 9, 9])}
    field = paper.make_indirect(Dictionary(Type=Name.Annot, V="Lucía", **said))
    paper.pages[0].obj.Annots = Array([field])
    paper.Root.AcroForm = Dictionary(Fields=Array([field]), NeedAppearances=True)


def signed(paper: Any) -> None:
    fields(paper)
    said = {"Filter": Name("/Adobe.PPKLite"), "SubFilter": Name("/adbe.pkcs7.detached")}
    seal = Dictionary(Type=Name.Sig, ByteRange=Array([0, 9, 9, 9]), Contents=b"\x30\x80", **said)
    paper.Root.AcroForm.Fields[0].FT = Name.Sig
    paper.Root.AcroForm.Fields[0].V = paper.make_indirect(seal)
    paper.Root.AcroForm.SigFlags = 3


def counting(paper: Any) -> None:
    fields(paper)
    paper.Root.AcroForm.Fields[0].AA = Dictionary(C=script(paper))


def one_by_one(paper: Any) -> Dictionary:
    then = Dictionary(S=Name.URI, URI="https://mallory.example")
    return Dictionary(S=Name.GoTo, D=jump(paper), Next=Array([Dictionary(S=Name.Named), then]))


def bookmarked(paper: Any) -> None:
    away = Dictionary(S=Name.URI, URI="https://example.org")
    here = Dictionary(S=Name.GoTo, D=jump(paper))
    marks = [Dictionary(Title=title, A=to) for title, to in (("Shop", away), ("One", here))]
    paper.Root.Outlines = Dictionary(First=marks[0], Last=marks[1], Count=2)


def scanned(*filters: Any) -> Any:
    def change(paper: Any) -> None:
        said = {"Type": Name.XObject, "Subtype": Name.Image, "ColorSpace": Name.DeviceGray}
        size = {"Width": 8, "Height": 8, "BitsPerComponent": 1, "Filter": Array(filters)}
        page = Stream(paper, bytes(50), **said, **size)
        paper.pages[0].obj.Resources = Dictionary(XObject=Dictionary(I=paper.make_indirect(page)))

    return change


def deep(paper: Any) -> None:
    inner = Array([])
    for _ in range(400):
        inner = Array([inner])
    paper.Root.Deep = paper.make_indirect(inner)


def circle(paper: Any) -> None:
    paper.Root.Pages.Kids = Array([paper.Root.Pages])


def objects(number: int) -> Any:
    def change(paper: Any) -> None:
        paper.Root.Many = Array([paper.make_indirect(Dictionary(A=n)) for n in range(number)])

    return change


GOOD = [
    Case("PDF", "a.pdf", DOCUMENT, pdf),
    Case("PDF with packed objects", "a.pdf", DOCUMENT, lambda: pdf(**PACKED)),
    Case("PDF for the web (linearized)", "a.pdf", DOCUMENT, lambda: pdf(linearize=True)),
    Case("PDF that opens at a page", "a.pdf", DOCUMENT, lambda: pdf(opens(jump))),
    Case("PDF with a link", "a.pdf", DOCUMENT, lambda: pdf(link)),
    Case("PDF invoice with its XML (Factur-X)", "a.pdf", DOCUMENT, lambda: pdf(attaches("factur-x.xml", b"<Invoice/>"))),
    Case("PDF form without a script", "a.pdf", DOCUMENT, lambda: pdf(form(b"<xdp><template/></xdp>"))),
    Case("PDF form with fields", "a.pdf", DOCUMENT, lambda: pdf(fields)),
    Case("PDF, signed", "a.pdf", DOCUMENT, lambda: pdf(signed)),
    Case("PDF with a table and a PDF in it", "a.pdf", DOCUMENT, lambda: pdf(attaches("a.pdf", pdf(attaches("a.xlsx", office("xlsx")))))),
    Case("PDF of a scanner, black and white (JBIG2)", "scan.pdf", DOCUMENT, lambda: pdf(scanned(Name.JBIG2Decode))),
    Case("PDF of a fax (CCITT), version 1.3", "scan.pdf", DOCUMENT, lambda: pdf(scanned(Name.CCITTFaxDecode), force_version="1.3")),
    Case("PDF of a scanner (JPEG 2000)", "scan.pdf", DOCUMENT, lambda: pdf(scanned(Name.JPXDecode))),
    Case("PDF of an old printer (LZW)", "a.pdf", DOCUMENT, lambda: pdf(drawn_as(lambda: lzw(64), Name.LZWDecode), **AS_IT_IS)),
    Case("PDF with two packings, one of them letters", "a.pdf", DOCUMENT, lambda: pdf(scanned(Name.ASCII85Decode, Name.FlateDecode))),
    Case("PDF whose bookmarks lead to pages and to the web", "a.pdf", DOCUMENT, lambda: pdf(bookmarked)),
    Case("PDF of a scanner, a white page of 25 MB", "scan.pdf", DOCUMENT, lambda: pdf(contents(b"\xff" * (25 << 20)), **AS_IT_IS)),
    Case("PDF of a scanner", "scan.pdf", DOCUMENT, lambda: drawing.picture("PDF")),
    Case("PDF that may not be printed", "a.pdf", DOCUMENT, lambda: pdf(encryption=Encryption(owner="x", user=""))),
    Case("PDF after a blank line", "a.pdf", DOCUMENT, joined(lambda: b"\r\n", pdf)),
    Case("PDF with zeros behind it", "a.pdf", DOCUMENT, joined(pdf, lambda: bytes(3000))),
    Case("PDF, its list of objects lost", "a.pdf", DOCUMENT, lambda: pdf().replace(b"startxref", b"startxref\n9")),
]  # fmt: skip

REFUSED = [
    Case("PDF with a password", "a.pdf", DOCUMENT, lambda: pdf(encryption=Encryption(owner="x", user="y")), "encrypted"),
    Case("PDF with a password, of 1998", "a.pdf", DOCUMENT, lambda: pdf(encryption=Encryption(owner="x", user="y", R=2, metadata=False, aes=False)), "encrypted"),
    Case("PDF with JavaScript when it opens", "a.pdf", DOCUMENT, lambda: pdf(opens(script)), "active"),
    Case("PDF with JavaScript on a page", "a.pdf", DOCUMENT, lambda: pdf(on_page), "active"),
    Case("PDF with JavaScript by name", "a.pdf", DOCUMENT, lambda: pdf(names), "active"),
    Case("PDF with JavaScript in packed objects", "a.pdf", DOCUMENT, lambda: pdf(opens(script), **PACKED), "active"),
    Case("PDF that hides the word JavaScript", "a.pdf", DOCUMENT, lambda: pdf(opens(script)).replace(b"/JavaScript", b"/Jav#61Scrip#74"), "active"),
    Case("PDF that starts a program", "a.pdf", DOCUMENT, lambda: pdf(opens(launch), **PACKED), "active"),
    Case("PDF whose fields count by script", "a.pdf", DOCUMENT, lambda: pdf(counting), "active"),
    Case("PDF with a PDF with a script in it", "a.pdf", DOCUMENT, lambda: pdf(attaches("b.pdf", pdf(names))), "active"),
    Case("PDF that turns a page and then goes to the web", "a.pdf", DOCUMENT, lambda: pdf(opens(one_by_one)), "active"),
    Case("PDF with a script beside it (.js)", "a.pdf", DOCUMENT, lambda: pdf(attaches("a.js", b"x")), "active"),
    Case("PDF with a program in an archive in it", "a.pdf", DOCUMENT, lambda: pdf(attaches("a.zip", archive({"cv.exe": b"MZ"}))), "active"),
    Case("PDF with rich media (Flash)", "a.pdf", DOCUMENT, lambda: pdf(annotated("RichMedia")), "active"),
    Case("PDF with a program in it", "a.pdf", DOCUMENT, lambda: pdf(attaches("cv.exe", b"MZ" + bytes(99))), "active"),
    Case("PDF with a program called .txt", "a.pdf", DOCUMENT, lambda: pdf(attaches("cv.txt", b"MZ" + bytes(99))), "active"),
    Case("PDF with the test virus in it", "a.pdf", DOCUMENT, lambda: pdf(attaches("cv.txt", TEST_VIRUS), compress_streams=True), "virus"),
    Case("PDF form with a script (XFA)", "a.pdf", DOCUMENT, lambda: pdf(form(b"<xdp><script>x()</script></xdp>")), "active"),
    Case("PDF with an archive behind it", "a.pdf", DOCUMENT, joined(pdf, lambda: b"PK\5\6" + bytes(18)), "two_in_one"),
    Case("PDF with a web page behind it", "a.pdf", DOCUMENT, joined(pdf, lambda: b"<html><script>"), "two_in_one"),
    Case("PDF with a web page before it", "a.pdf", DOCUMENT, joined(lambda: b"<html><script></script>", pdf), "wrong_type"),
    Case("PDF, 400 lists in each other", "a.pdf", DOCUMENT, lambda: pdf(deep), "archive_too_big"),
    Case("PDF whose pages go in a circle", "a.pdf", DOCUMENT, lambda: pdf(circle), "damaged"),
    Case("PDF whose page unpacks to 100 MB", "a.pdf", DOCUMENT, lambda: pdf(contents(bytes(100 << 20)), **AS_IT_IS), "archive_too_big"),
    Case("PDF whose pages unpack to 100 MB together", "a.pdf", DOCUMENT, lambda: pdf(contents(*[bytes(10 << 20)] * 10), **AS_IT_IS), "archive_too_big"),
    Case("PDF whose page unpacks to 81 MB (LZW)", "a.pdf", DOCUMENT, lambda: pdf(drawn_as(lambda: lzw(9000), Name.LZWDecode), **AS_IT_IS), "archive_too_big"),
    Case("PDF whose page unpacks to 100 MB, in letters", "a.pdf", DOCUMENT, lambda: pdf(drawn_as(lambda: base64.a85encode(zlib.compress(bytes(100 << 20), 9)) + b"~>", Name.ASCII85Decode, Name.FlateDecode), **AS_IT_IS), "archive_too_big"),
    Case("PDF whose page unpacks to 100 MB, in digits", "a.pdf", DOCUMENT, lambda: pdf(drawn_as(lambda: zlib.compress(bytes(100 << 20), 9).hex().encode() + b">", Name.ASCIIHexDecode, Name.FlateDecode), **AS_IT_IS), "archive_too_big"),
    Case("PDF packed, in letters, and packed again", "a.pdf", DOCUMENT, lambda: pdf(drawn_as(lambda: b"", Name.FlateDecode, Name.ASCII85Decode, Name.RunLengthDecode), **AS_IT_IS), "archive_too_big"),
    Case("PDF packed twice", "a.pdf", DOCUMENT, lambda: pdf(packed_twice, **AS_IT_IS), "archive_too_big"),
    Case("PDF whose objects unpack to 2 GB", "a.pdf", DOCUMENT, object_bomb, "damaged"),
    Case("PDF that goes to a page of the web by itself", "a.pdf", DOCUMENT, lambda: pdf(opens(lambda _: Dictionary(S=Name.URI, URI="https://mallory.example"))), "active"),
    Case("PDF that opens a file on a share", "a.pdf", DOCUMENT, lambda: pdf(opens(lambda _: Dictionary(S=Name.GoToR, F="\\\\mallory\\x"))), "active"),
    Case("PDF with a Word file with macros in it", "a.pdf", DOCUMENT, lambda: pdf(attaches("a.docx", office("docm", {"word/vbaProject.bin": b"x"}))), "macros"),
    Case("PDF without pages", "a.pdf", DOCUMENT, lambda: by_hand(b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"), "damaged"),
    Case("PDF of words only", "a.pdf", DOCUMENT, lambda: b"%PDF-1.4\nhello\n%%EOF\n", "damaged"),
    Case("PDF, 40% of it", "a.pdf", DOCUMENT, cut(pdf, 0.4), "damaged"),
    Case("PDF, 90% of it", "a.pdf", DOCUMENT, cut(pdf, 0.9), "damaged"),
]  # fmt: skip

CASES = [*GOOD, *REFUSED]
