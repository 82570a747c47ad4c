"""What is expected of sounds."""
# ruff: noqa: E501 (a table: one row a line)

import functools

from media.tests.corpus import drawing
from media.tests.corpus.case import WEB, WHATSAPP, Case, cut, joined
from media.tests.corpus.filming import recorded
from media.tests.corpus.writing import archive

AUDIO, WEB_AUDIO = WHATSAPP["audio"], WEB["audio"]


def cover() -> bytes:
    return drawing.picture("JPEG", drawing.photo(96, 64))


@functools.cache
def mp3() -> bytes:
    return recorded("mp3", sounds=("libmp3lame",), tags={"title": "Ñandú", "artist": "Lucía"})


aac = functools.partial(recorded, "adts", sounds=("aac",))
m4a = functools.partial(recorded, "ipod", sounds=("aac",))
amr = functools.partial(recorded, "amr", sounds=("libopencore_amrnb",))
ogg = functools.partial(recorded, "ogg", sounds=("libopus",))
webm = functools.partial(recorded, "webm", sounds=("libopus",))
stereo = functools.partial(recorded, "ogg", sounds=("libopus",), channels="stereo")

GOOD = [
    Case("MP3 with ID3", "a.mp3", AUDIO, mp3),
    Case("MP3 with a cover", "a.mp3", AUDIO, lambda: recorded("mp3", sounds=("libmp3lame",), cover=cover())),
    Case("MP3 with junk before it", "a.mp3", AUDIO, joined(lambda: b"\0\1junk\xff" * 90, mp3)),
    Case("MP3 with an old tag (ID3v1) behind it", "a.mp3", AUDIO, joined(mp3, lambda: b"TAG" + bytes(125))),
    Case("MP3 in stereo", "a.mp3", AUDIO, lambda: recorded("mp3", sounds=("libmp3lame",), channels="stereo")),
    Case("AAC (ADTS)", "a.aac", AUDIO, aac),
    Case("M4A", "a.m4a", AUDIO, m4a),
    Case("M4A with a cover", "a.m4a", AUDIO, lambda: recorded("mp4", sounds=("aac",), cover=cover())),
    Case("M4A that calls itself MP4 (Android)", "a.m4a", AUDIO, lambda: recorded("mp4", sounds=("aac",))),
    Case("sound in 3GP (Android recorder)", "a.3gp", AUDIO, lambda: recorded("3gp", sounds=("aac",))),
    Case("AMR", "a.amr", AUDIO, amr),
    Case("AMR, wide band", "a.amr", AUDIO, lambda: b"#!AMR-WB\n" + (b"\x04" + bytes(17)) * 60),
    Case("OGG-Opus, mono: a voice note", "a.ogg", AUDIO, ogg),
    Case("voice note of WhatsApp on Android", "PTT-20260101-WA0001.opus", AUDIO, ogg, format="ogg"),
    Case("OGG-Opus called .opus", "a.opus", AUDIO, ogg),
    Case("OGG-Opus, stereo, in the web chat", "a.ogg", WEB_AUDIO, stereo),
    Case("WebM-Opus to WhatsApp", "a.webm", AUDIO, webm, converted="webm_to_ogg"),
    Case("WebM-Opus as a browser records it", "a.webm", AUDIO, lambda: recorded("webm", sounds=("libopus",), live="1"), converted="webm_to_ogg"),
    Case("WebM-Opus in the web chat", "a.webm", WEB_AUDIO, webm),
]  # fmt: skip

LIMITS = [
    Case("MP3 of 17 MB", "a.mp3", AUDIO, joined(mp3, lambda: bytes(17 << 20)), "too_big"),
    Case("OGG-Opus, stereo", "a.ogg", AUDIO, stereo, "not_mono"),
    Case("WebM-Opus, stereo", "a.webm", AUDIO, lambda: recorded("webm", sounds=("libopus",), channels="stereo"), "not_mono"),
    Case("OGG Vorbis", "a.ogg", AUDIO, lambda: recorded("ogg", sounds=("vorbis",), channels="stereo"), "wrong_codec"),
    Case("OGG with FLAC", "a.ogg", AUDIO, lambda: recorded("ogg", sounds=("flac",)), "wrong_codec"),
    Case("M4A, lossless (ALAC)", "a.m4a", AUDIO, lambda: recorded("ipod", sounds=("alac",)), "wrong_codec"),
    Case("M4A with two tracks", "a.m4a", AUDIO, lambda: recorded("mp4", sounds=("aac", "aac")), "too_many_tracks"),
]  # fmt: skip

BROKEN = [
    Case(f"{what}, {part:.0%} of it", f"a.{what.lower()}", AUDIO, cut(make, part), "damaged")
    for what, make in (("MP3", mp3), ("AAC", aac), ("M4A", m4a), ("AMR", amr), ("OGG", ogg))
    for part in (0.3, 0.6, 0.95)
] + [
    Case("only the start of an OGG", "a.ogg", AUDIO, lambda: b"OggS", "damaged"),
    Case("AMR without sound", "a.amr", AUDIO, lambda: b"#!AMR\n", "damaged"),
    Case("only an ID3 tag", "a.mp3", AUDIO, lambda: b"ID3\3\0\0\0\0\0\x0a" + bytes(30), "wrong_type"),
]  # fmt: skip

LIES = [
    Case("WAV called .mp3", "a.mp3", AUDIO, lambda: recorded("wav", sounds=("pcm_s16le",)), "wrong_type", format="wav"),
    Case("FLAC called .mp3", "a.mp3", AUDIO, lambda: recorded("flac", sounds=("flac",)), "wrong_type", format="flac"),
    Case("text called .mp3", "a.mp3", AUDIO, lambda: b"la la la\n" * 90, "wrong_type", format="txt"),
    Case("picture as sound", "a.mp3", AUDIO, drawing.drawn("PNG"), "wrong_type", format="png"),
    Case("sound as a document", "a.pdf", WHATSAPP["document"], mp3, "wrong_type", format="mp3"),
    Case("sound as an image", "a.jpg", WHATSAPP["image"], ogg, "wrong_type", format="ogg"),
    Case("MP3 with an archive behind it", "a.mp3", AUDIO, joined(mp3, lambda: archive({"a.js": b"x"})), "two_in_one"),
    Case("MP3 called .ogg", "a.ogg", AUDIO, mp3),
    Case("MKV with sound called .ogg", "a.ogg", AUDIO, lambda: recorded("matroska", sounds=("libopus",)), "wrong_type", format="mkv"),
]  # fmt: skip

CASES = [*GOOD, *LIMITS, *BROKEN, *LIES]
