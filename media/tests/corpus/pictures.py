"""What is expected of pictures."""
# ruff: noqa: E501 (a table: one row a line)

import zlib

from media.tests.corpus import drawing
from media.tests.corpus.case import WEB, WHATSAPP, Case, cut, joined
from media.tests.corpus.drawing import chunk, drawn, picture, png, told

IMAGE, WEB_IMAGE = WHATSAPP["image"], WEB["image"]
jpeg = drawn("JPEG", exif=told(), quality=85)
flat = drawn("PNG")
heic = drawn("HEIF", exif=told())
gif, webp = (lambda: drawing.film("GIF")), (lambda: drawing.film("WEBP"))
BOMB = zlib.compress(bytes(64 << 20), 9)


def good(what: str, name: str, make: object, converted: str = "", rule: object = IMAGE) -> Case:
    return Case(what, name, rule, make, converted=converted)  # type: ignore[arg-type]


GOOD = [
    good("JPEG of a phone, with its place", "IMG_0001.JPG", jpeg),
    good("JPEG, progressive", "a.jpg", drawn("JPEG", progressive=True)),
    good("JPEG, grey, of a scanner", "scan.jpg", drawn("JPEG", "L", dpi=(300, 300))),
    good("JPEG, CMYK, of a printer's shop", "flyer.jpg", drawn("JPEG", "CMYK"), "cmyk_to_rgb"),
    good("JPEG with a colour profile", "a.jpg", drawn("JPEG", icc_profile=drawing.profile())),
    good("JPEG with a broken profile", "a.jpg", drawn("JPEG", icc_profile=b"\1" * 400)),
    good("JPEG with two pictures in it (MPO)", "a.jpg", drawing.phone_pair),
    good("JPEG of a Samsung, with words behind it", "a.jpg", joined(jpeg, lambda: b"\0\0\1\x0aImage_UTC_Data1600000000000SEFH" + bytes(40) + b"SEFT")),
    good("JPEG of a motion photo, its film behind it", "MVIMG_1.jpg", joined(jpeg, lambda: b"\0\0\0\x18ftypmp42" + bytes(5000))),
    good("JPEG with marks to go on from (restart)", "a.jpg", drawn("JPEG", restart_marker_blocks=4)),
    good("JPEG of red, green and blue (Adobe)", "a.jpg", drawn("JPEG", keep_rgb=True)),
    good("JPEG, grey, with a profile of colours", "a.jpg", drawn("JPEG", "L", icc_profile=drawing.profile())),
    good("JPEG, CMYK, with a profile of other colours", "a.jpg", drawn("JPEG", "CMYK", icc_profile=drawing.profile()), "cmyk_to_rgb"),
    good("JPEG whose camera wrote nonsense (EXIF)", "a.jpg", drawn("JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\x7f" + b"\xff" * 90)),
    good("JPEG without subsampling", "a.jpeg", drawn("JPEG", subsampling=0, quality=95)),
    good("JPEG that Windows calls .jfif", "a.jfif", jpeg),
    good("PNG", "a.png", flat),
    good("PNG with transparency", "a.png", lambda: picture("PNG", drawing.see_through())),
    good("PNG with a palette", "a.png", drawn("PNG", "P")),
    good("PNG, palette with a clear colour", "a.png", drawn("PNG", "P", transparency=0)),
    good("PNG, palette of four colours", "a.png", lambda: picture("PNG", drawing.photo().quantize(4), bits=2)),
    good("PNG, grey, with a profile of colours", "a.png", drawn("PNG", "L", icc_profile=drawing.profile())),
    good("PNG, black and white", "fax.png", drawn("PNG", "1")),
    good("PNG, grey with transparency", "a.png", drawn("PNG", "LA")),
    good("PNG, 16 bits of grey", "a.png", drawn("PNG", "I;16"), "bits_to_8"),
    good("PNG, 16 bits of each colour", "a.png", lambda: png(40, 30, bits=16), "bits_to_8"),
    good("PNG, 16 bits with transparency", "a.png", lambda: png(9, 9, bits=16, colours=6), "bits_to_8"),
    good("PNG, interlaced", "a.png", lambda: png(41, 29, is_woven=True)),
    good("PNG that moves (APNG)", "a.png", lambda: drawing.film("PNG"), "animation_to_still"),
    good("PNG called .jpg", "a.jpg", flat),
    good("PNG of one pixel", "a.png", lambda: png(1, 1)),
    good("HEIC of an iPhone", "IMG_1.HEIC", heic, "heic_to_jpeg"),
    good("HEIC held upright", "IMG_1.HEIC", drawn("HEIF", exif=told(6)), "heic_to_jpeg"),
    good("HEIC one can see through", "a.heic", lambda: picture("HEIF", drawing.see_through()), "heic_to_jpeg"),
    good("HEIC of a burst, two pictures", "a.heic", lambda: picture("HEIF", save_all=True, append_images=[drawing.photo(96, 64)]), "heic_to_jpeg"),
    good("HEIC called .jpg", "IMG_1.jpg", heic, "heic_to_jpeg"),
    good("GIF that moves, in the web chat", "a.gif", gif, rule=WEB_IMAGE),
    good("GIF that stands still", "a.gif", drawn("GIF", "P"), rule=WEB_IMAGE),
    good("WebP that moves, in the web chat", "a.webp", webp, rule=WEB_IMAGE),
    good("WebP, lossless", "a.webp", drawn("WEBP", "RGBA", lossless=True), rule=WEB_IMAGE),
    good("WebP with its place", "a.webp", drawn("WEBP", exif=told()), rule=WEB_IMAGE),
    good("name with accents and a path", "../../é ñ \u202egpj.jpg", jpeg),
    good("name of 300 characters", "a" * 296 + ".jpg", jpeg),
]  # fmt: skip

LIMITS = [
    Case("PNG of 6 MB", "a.png", IMAGE, joined(flat, lambda: bytes(6 << 20)), "too_big"),
    Case("PNG of 50,000 × 1,000", "a.png", IMAGE, lambda: png(50_000, 1_000), "too_many_pixels"),
    Case("PNG that says 60,000 × 60,000", "a.png", IMAGE, lambda: drawing.claims(flat(), 16, ">II", 60_000, 60_000), "too_many_pixels"),
    Case("JPEG that says 65,000 × 65,000", "a.jpg", IMAGE, drawing.huge_jpeg, "too_many_pixels"),
    Case("GIF of 301 frames", "a.gif", WEB_IMAGE, lambda: drawing.frames_without_pixels(301), "too_many_frames"),
    Case("GIF of 300 frames", "a.gif", WEB_IMAGE, lambda: drawing.frames_without_pixels(300)),
    Case("GIF to WhatsApp", "a.gif", IMAGE, gif, "wrong_type", format="gif"),
    Case("WebP to WhatsApp", "a.webp", IMAGE, webp, "wrong_type", format="webp"),
    Case("GIF, its second frame 60,000 × 60,000", "a.gif", WEB_IMAGE, drawing.gif_whose_second_frame_is_huge, "too_many_pixels"),
]  # fmt: skip

BROKEN = [
    Case(f"{what}, {part:.0%} of it", f"a.{what.lower()}", rule, cut(make, part), "damaged")
    for what, make, rule in (
        ("JPG", jpeg, IMAGE),
        ("PNG", flat, IMAGE),
        ("HEIC", heic, IMAGE),
        ("GIF", gif, WEB_IMAGE),
        ("WebP", webp, WEB_IMAGE),
    )
    for part in (0.3, 0.6, 0.95)
] + [
    # Browsers show it with a grey edge; what is missing is not ours to guess.
    Case("JPEG without its last ten bytes", "a.jpg", IMAGE, lambda: jpeg()[:-10], "damaged"),
    Case("an empty file", "a.jpg", IMAGE, lambda: b"", "empty"),
    Case("only the start of a JPEG", "a.jpg", IMAGE, lambda: b"\xff\xd8\xff\xe0", "damaged"),
    Case("only the start of a PNG", "a.png", IMAGE, lambda: b"\x89PNG\r\n\x1a\n", "damaged"),
    Case("PNG without pixels", "a.png", IMAGE, lambda: png(0, 0), "damaged"),
]

LIES = [
    Case("text called .png", "a.png", IMAGE, lambda: b"not a picture", "wrong_type", format="txt"),
    Case("web page called .png", "a.png", IMAGE, lambda: b"<!DOCTYPE html><script>", "wrong_type", format="html"),
    Case("SVG called .png", "a.png", IMAGE, lambda: b'<?xml version="1.0"?><svg onload="x()"/>', "wrong_type", format="svg"),
    Case("SVG", "a.svg", IMAGE, lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', "wrong_type", format="svg"),
    Case("program called .jpg", "a.jpg", IMAGE, lambda: b"MZ\x90\0\3" + bytes(500), "wrong_type", format="exe"),
    Case("PDF called .jpg", "a.jpg", IMAGE, lambda: b"%PDF-1.7\n%%EOF", "wrong_type", format="pdf"),
    Case("TIFF called .jpg", "a.jpg", IMAGE, drawn("TIFF"), "wrong_type", format="tiff"),
    Case("BMP called .png", "a.png", IMAGE, drawn("BMP"), "wrong_type", format="bmp"),
    Case("AVIF called .jpg", "a.jpg", IMAGE, drawn("AVIF"), "wrong_type", format="avif"),
    Case("picture as a document", "a.pdf", WHATSAPP["document"], jpeg, "wrong_type", format="jpeg"),
]  # fmt: skip

# Whatever is in them beside the pixels must be gone afterwards; what cannot be read is refused.
HIDDEN = b"PK\x05\x06 hidden <script>alert(1)</script>"
ATTACKS = [
    Case("JPEG with an archive behind it", "a.jpg", IMAGE, joined(jpeg, lambda: HIDDEN)),
    Case("GIF with a JAR behind it (GIFAR)", "a.gif", WEB_IMAGE, joined(gif, lambda: HIDDEN)),
    Case("WebP with an archive behind it", "a.webp", WEB_IMAGE, joined(webp, lambda: HIDDEN)),
    Case("PNG with a script behind it", "a.png", IMAGE, joined(flat, lambda: HIDDEN)),
    Case("JPEG with a script in its comment", "a.jpg", IMAGE, drawn("JPEG", comment=HIDDEN)),
    Case("GIF with a script in its comment", "a.gif", WEB_IMAGE, drawn("GIF", "P", comment=HIDDEN)),
    Case("PNG whose text unpacks to 64 MB", "a.png", IMAGE, lambda: png(9, 9, chunk(b"zTXt", b"a\0\0" + BOMB)), "archive_too_big"),
    Case("PNG whose profile unpacks to 64 MB", "a.png", IMAGE, lambda: png(9, 9, chunk(b"iCCP", b"a\0\0" + BOMB)), "archive_too_big"),
]  # fmt: skip

CASES = [*GOOD, *LIMITS, *BROKEN, *LIES, *ATTACKS]
