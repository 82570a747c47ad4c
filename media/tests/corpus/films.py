"""What is expected of films."""
# ruff: noqa: E501 (a table: one row a line)

import functools

from media.tests.corpus import drawing
from media.tests.corpus.case import WEB, WHATSAPP, Case, cut
from media.tests.corpus.filming import boxes_behind, recorded, turned

VIDEO, WEB_VIDEO = WHATSAPP["video"], WEB["video"]


@functools.cache
def mp4() -> bytes:
    return recorded("mp4", film="libx264", sounds=("aac",), movflags="faststart")


@functools.cache
def mov() -> bytes:
    """Of an iPhone: upright, with where it was filmed."""
    place = {
        "com.apple.quicktime.location.ISO6709": "+52.5200+013.4050/",
        "location": "+52.5+13.4/",
    }
    return turned(
        recorded("mov", film="libx264", sounds=("aac",), tags=place, movflags="use_metadata_tags")
    )


def webm() -> bytes:
    return recorded("webm", film="libvpx", sounds=("libopus",))


GOOD = [
    Case("MP4, H.264 and AAC", "a.mp4", VIDEO, mp4),
    Case("MP4 without sound", "a.mp4", VIDEO, lambda: recorded("mp4", film="libx264")),
    Case("MP4 with its index at the end", "a.mp4", VIDEO, lambda: recorded("mp4", film="libx264", sounds=("aac",))),
    Case("MP4 in fragments", "a.mp4", VIDEO, lambda: recorded("mp4", film="libx264", sounds=("aac",), movflags="frag_keyframe+empty_moov")),
    Case("MP4 of a phone, pictures at uneven times", "a.mp4", VIDEO, lambda: recorded("mp4", film="libx264", sounds=("aac",), uneven=True)),
    Case("MP4 of a phone held upright", "a.mp4", VIDEO, lambda: turned(mp4())),
    Case("MP4 in stereo", "a.mp4", VIDEO, lambda: recorded("mp4", film="libx264", sounds=("aac",), channels="stereo")),
    Case("3GP", "a.3gp", VIDEO, lambda: recorded("3gp", film="libx264", sounds=("aac",))),
    Case("3GP called .mp4", "a.mp4", VIDEO, lambda: recorded("3gp", film="libx264", sounds=("aac",)), format="3gp"),
    Case("M4V of iTunes", "a.m4v", VIDEO, lambda: recorded("ipod", film="libx264", sounds=("aac",)), format="mp4"),
    Case("MP4 with zeros behind it", "a.mp4", VIDEO, lambda: mp4() + bytes(64)),
    Case("MOV of an iPhone", "IMG_2.MOV", VIDEO, mov, converted="mov_to_mp4"),
    Case("MOV called .mp4", "a.mp4", VIDEO, mov, converted="mov_to_mp4"),
    Case("WebM, VP8 and Opus, in the web chat", "a.webm", WEB_VIDEO, webm),
    Case("WebM, VP9", "a.webm", WEB_VIDEO, lambda: recorded("webm", film="libvpx-vp9", sounds=("libopus",))),
    Case("WebM as a browser records it", "a.webm", WEB_VIDEO, lambda: recorded("webm", film="libvpx", sounds=("libopus",), live="1")),
]  # fmt: skip

LIMITS = [
    Case("MP4 of 17 MB", "a.mp4", VIDEO, lambda: boxes_behind(mp4(), b"free", bytes(17 << 20)), "too_big"),
    Case("MP4, H.265 of an iPhone", "a.mp4", VIDEO, lambda: recorded("mp4", film="libx265", sounds=("aac",)), "wrong_codec"),
    Case("MOV, H.265", "a.mov", VIDEO, lambda: recorded("mov", film="libx265", sounds=("aac",)), "wrong_codec"),
    Case("MOV of an iPhone, held upright, H.265", "IMG_3.MOV", VIDEO, lambda: turned(recorded("mov", film="libx265", sounds=("aac",))), "wrong_codec"),
    Case("MOV with plain sound (PCM)", "a.mov", VIDEO, lambda: recorded("mov", film="libx264", sounds=("pcm_s16le",)), "wrong_codec"),
    Case("MP4, MPEG-4 part 2 of an old phone", "a.mp4", VIDEO, lambda: recorded("mp4", film="mpeg4", sounds=("aac",)), "wrong_codec"),
    Case("MP4, H.264 with MP3", "a.mp4", VIDEO, lambda: recorded("mp4", film="libx264", sounds=("libmp3lame",)), "wrong_codec"),
    Case("MP4 with colours no phone shows (4:4:4)", "a.mp4", VIDEO, lambda: recorded("mp4", film="libx264", shape="yuv444p"), "wrong_codec"),
    Case("3GP with AMR", "a.3gp", VIDEO, lambda: recorded("3gp", film="libx264", sounds=("libopencore_amrnb",)), "wrong_codec"),
    Case("MP4 with two audio tracks", "a.mp4", VIDEO, lambda: recorded("mp4", film="libx264", sounds=("aac", "aac")), "too_many_tracks"),
    Case("WebM to WhatsApp", "a.webm", VIDEO, webm, "wrong_type", format="webm"),
]  # fmt: skip

BROKEN = [
    Case(f"{what}, {part:.0%} of it", "a.mp4", rule, cut(make, part), "damaged")
    for what, make, rule in (("MP4", mp4, VIDEO), ("MOV", mov, VIDEO), ("WebM", webm, WEB_VIDEO))
    for part in (0.3, 0.6, 0.95)
] + [
    Case("only the start of an MP4", "a.mp4", VIDEO, lambda: mp4()[:32], "damaged"),
    Case("MP4 without its index", "a.mp4", VIDEO, lambda: boxes_behind(b"\0\0\0\x14ftypisom\0\0\2\0isom", b"mdat", bytes(5000)), "damaged"),
    Case("MP4 whose pictures are noise", "a.mp4", VIDEO, lambda: _noise(mp4()), "damaged"),
]  # fmt: skip

PLAYLIST = (
    b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:%d/a.ts\n#EXT-X-ENDLIST\n"
)
CONCAT = b"ffconcat version 1.0\nfile /etc/passwd\nfile http://127.0.0.1:%d/a.ts\n"
LIES = [
    Case("MKV called .mp4", "a.mp4", VIDEO, lambda: recorded("matroska", film="libx264", sounds=("aac",)), "wrong_type", format="mkv"),
    Case("AVI called .mp4", "a.mp4", VIDEO, lambda: recorded("avi", film="mpeg4"), "wrong_type", format="avi"),
    Case("MPEG-TS called .mp4", "a.mp4", VIDEO, lambda: recorded("mpegts", film="libx264"), "wrong_type"),
    Case("playlist (HLS) called .mp4", "a.mp4", VIDEO, lambda: PLAYLIST % 9, "wrong_type"),
    Case("concat script called .mp4", "a.mp4", VIDEO, lambda: CONCAT % 9, "wrong_type"),
    Case("film as an image", "a.jpg", WHATSAPP["image"], mp4, "wrong_type", format="mp4"),
    Case("film as sound", "a.m4a", WHATSAPP["audio"], mp4, "wrong_type", format="mp4"),
    Case("film as a document", "a.pdf", WHATSAPP["document"], mp4, "wrong_type", format="mp4"),
    Case("sound as a film", "a.mp4", VIDEO, lambda: recorded("mp4", sounds=("aac",)), "wrong_type", format="m4a"),
    Case("picture as a film", "a.mp4", VIDEO, drawing.drawn("JPEG"), "wrong_type", format="jpeg"),
    Case("MP4 with an archive behind it", "a.mp4", VIDEO, lambda: mp4() + b"PK\3\4" + bytes(60), "damaged"),
]  # fmt: skip


def _noise(film: bytes) -> bytes:
    at = film.index(b"mdat") + 8
    return film[:at] + bytes((n * 7919 >> 3) & 255 for n in range(len(film) - at))


CASES = [*GOOD, *LIMITS, *BROKEN, *LIES]
