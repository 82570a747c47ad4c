"""Films and sounds by real encoders: FFmpeg's, as phones and browsers use them."""

import fractions
import math
import tempfile
from array import array
from pathlib import Path
from typing import Any

import av
from av.audio.resampler import AudioResampler

from media.tests.corpus.drawing import photo

SECONDS, PICTURES_A_SECOND = 2, 10
SOUND = {"libopus": 48000, "vorbis": 48000, "libopencore_amrnb": 8000, "libmp3lame": 44100}


def recorded(
    muxer: str,
    *,
    film: str = "",
    sounds: tuple[str, ...] = (),
    channels: str = "mono",
    shape: str = "yuv420p",
    uneven: bool = False,
    cover: bytes = b"",
    tags: dict[str, str] | None = None,
    **options: Any,
) -> bytes:
    """Two seconds in one container. `uneven`: pictures at varying distances, as phones film."""
    with tempfile.NamedTemporaryFile() as file:
        _record(file.name, muxer, film, sounds, channels, shape, uneven, cover, tags, options)
        return Path(file.name).read_bytes()


def _record(place, muxer, film, sounds, channels, shape, uneven, cover, tags, options):  # type: ignore[no-untyped-def]
    with av.open(place, "w", format=muxer, options=options) as container:
        container.metadata.update(tags or {})
        picture = _film_track(container, film, shape) if film else None
        tracks = [_sound_track(container, codec, channels) for codec in sounds]
        if cover:
            _add_cover(container, cover)
        if picture:
            _film(container, picture, shape, uneven)
        for track in tracks:
            _sound(container, track, channels)


def _film_track(container: Any, codec: str, shape: str) -> Any:
    track = container.add_stream(codec, rate=PICTURES_A_SECOND)
    track.width, track.height, track.pix_fmt = 160, 120, shape
    track.time_base = fractions.Fraction(1, 1000)
    track.codec_context.time_base = fractions.Fraction(1, 1000)
    if codec in {"libx264", "libx265"}:
        quiet = {"x265-params": "log-level=none:pools=1"} if codec == "libx265" else {}
        track.options = {"preset": "ultrafast", "g": "10", **quiet}
    return track


def _sound_track(container: Any, codec: str, channels: str) -> Any:
    track = container.add_stream(codec, rate=SOUND.get(codec, 44100), layout=channels)
    track.codec_context.options = {"strict": "-2"}
    return track


def _add_cover(container: Any, cover: bytes) -> None:
    track = container.add_stream("mjpeg")
    track.width, track.height, track.pix_fmt = 96, 64, "yuvj420p"
    track.disposition = av.stream.Disposition.attached_pic
    packet = av.Packet(cover)
    packet.stream, packet.pts, packet.dts, packet.is_keyframe = track, 0, 0, True
    container.mux(packet)


def _film(container: Any, track: Any, shape: str, uneven: bool) -> None:
    for number in range(SECONDS * PICTURES_A_SECOND):
        frame = av.VideoFrame.from_image(photo(160, 120).rotate(number * 3)).reformat(format=shape)
        frame.pts = number * 100 + (number % 3 * 30 if uneven else 0)
        frame.time_base = fractions.Fraction(1, 1000)
        for packet in track.encode(frame):
            container.mux(packet)
    for packet in track.encode(None):
        container.mux(packet)


def _sound(container: Any, track: Any, channels: str) -> None:
    context = track.codec_context
    if not context.is_open:
        context.open()
    resampler = AudioResampler(
        format=context.format, layout=channels, rate=context.rate, frame_size=context.frame_size
    )
    for start in range(0, SECONDS * context.rate, 1024):
        for piece in resampler.resample(_tone(start, channels, context.rate)):
            for packet in track.encode(piece):
                container.mux(packet)
    for packet in track.encode(None):
        container.mux(packet)


def _tone(start: int, channels: str, rate: int) -> av.AudioFrame:
    frame = av.AudioFrame(format="s16", layout=channels, samples=1024)
    frame.rate, frame.pts, frame.time_base = rate, start, fractions.Fraction(1, rate)
    wide = 2 if channels == "stereo" else 1
    wave = (int(9000 * math.sin((start + n) * 0.06)) for n in range(1024) for _ in range(wide))
    frame.planes[0].update(array("h", wave).tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
    return frame


def turned(film: bytes) -> bytes:
    """The same MP4 or MOV, held upright by its matrix, as phones do: a quarter to the right."""
    straight = b"\0\1\0\0" + bytes(12) + b"\0\1\0\0" + bytes(12) + b"\x40\0\0\0"
    quarter = bytes(4) + b"\0\1\0\0" + bytes(4) + b"\xff\xff\0\0" + bytes(16) + b"\x40\0\0\0"
    head = film.index(b"tkhd")
    at = film.index(straight, head)
    return film[:at] + quarter + film[at + len(straight) :]


def boxes_behind(film: bytes, name: bytes, body: bytes) -> bytes:
    return film + (len(body) + 8).to_bytes(4, "big") + name + body
