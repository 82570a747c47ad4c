"""Film and sound through FFmpeg's own decoders, only those that are named here.

What is decoded: all sound, the first pictures one by one, then key pictures, while there is time
left of the CPU limit; the times of all packets are read, as far as that goes. A whole film would
not fit into the limit (16 MB of 1080p are 15 to 20 s of CPU), and one that begins, goes on and ends
at its key pictures plays.
"""

import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import av
import av.error
import av.subtitles.stream  # PyAV loads it late, when no file can be opened any more
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream

from media.checks.job import Job, Refused

av.logging.set_level(None)
ONE_BY_ONE = 50  # pictures decoded from the start
LIMIT = float(resource.getrlimit(resource.RLIMIT_CPU)[0])  # seconds; that of the child
ENOUGH, ENOUGH_READ = 0.6, 0.8  # of it; the rest is for what is made of the file
MOST_PACKETS = 2_000_000
DECODERS = {
    "h264", "aac", "vp8", "vp9", "opus", "libopus", "vorbis", "mp3", "mp3float",
    "libvpx", "libvpx-vp9", "amrnb", "amrwb", "libopencore_amrnb", "libopencore_amrwb",
}  # fmt: skip


@dataclass
class Played:
    """What was learnt by playing it."""

    start: float | None = None  # seconds
    end: float = 0.0
    packets: int = 0
    shown: int = 0  # pictures
    decoded: int = 0  # and pieces of sound
    broken: int = 0
    pictures: list[Any] = field(default_factory=list)  # av.VideoFrame, a few

    @property
    def seconds(self) -> float:
        return round(self.end - (self.start or 0.0), 3)


def opened(job: Job, demuxer: str) -> InputContainer:
    """The file through one demuxer; it is handed over open, so there is no address to follow."""
    job.file.seek(0)
    options = {"codec_whitelist": ",".join(sorted(DECODERS)), "protocol_whitelist": "none"}
    return av.open(
        job.file,
        mode="r",
        format=demuxer,
        options=options,  # also while it finds out what is in there
        metadata_errors="ignore",
        buffer_size=1 << 16,
    )


def real_streams(container: InputContainer, kind: str) -> list[Any]:
    """Without the cover of an album, which counts as video."""
    covers = Disposition.attached_pic
    return [s for s in container.streams if s.type == kind and not s.disposition & covers]


def codec(stream: Stream) -> str:
    """FFmpeg's name of what is in there, whoever would decode it; "?" where nobody here could."""
    try:
        context = stream.codec_context
        return str(context.codec.canonical_name) if context else "?"
    except (AttributeError, ValueError):
        return "?"


def play(container: InputContainer, streams: list[Any]) -> Played:
    """All packets read, and decoded as the head of this module says."""
    played = Played()
    for stream in streams:
        if stream.codec_context.codec.name not in DECODERS:
            raise Refused("wrong_codec", codecs=[codec(stream)])
        stream.codec_context.thread_count = 1
        stream.thread_type = "NONE"
    for packet in _packets(container, streams, played):
        if _is_worth_decoding(packet, played):
            _decode(packet, played)
    for stream in streams:
        _flush(stream, played)
    return played


def _packets(container: InputContainer, streams: list[Any], played: Played) -> Iterator[Packet]:
    for packet in container.demux(streams):
        if packet.size == 0:
            continue  # FFmpeg's way to say "that was all"
        played.packets += 1
        if played.packets > MOST_PACKETS:
            raise Refused("damaged")
        if played.packets % 1000 == 0 and time.process_time() > ENOUGH_READ * LIMIT > 0:
            played.end = max(played.end, (container.duration or 0) / av.time_base)
            return  # hours of speech in a small file
        at = packet.pts if packet.pts is not None else packet.dts
        if at is not None and packet.time_base:
            start = max(0.0, float(at * packet.time_base))
            played.start = start if played.start is None else min(played.start, start)
            length = float((packet.duration or 0) * packet.time_base)
            played.end = max(played.end, start + length)
        yield packet


def _is_worth_decoding(packet: Packet, played: Played) -> bool:
    if time.process_time() > ENOUGH * LIMIT > 0:
        return False
    if packet.stream.type == "audio":
        return True
    return packet.is_keyframe or played.shown < ONE_BY_ONE


def _decode(packet: Packet, played: Played) -> None:
    try:
        frames = packet.decode()
    except av.error.FFmpegError as error:
        if isinstance(error, MemoryError):
            raise
        played.broken += 1
        return
    _keep(frames, played)


def _keep(frames: list[Any], played: Played) -> None:
    for frame in frames:
        played.decoded += 1
        if isinstance(frame, av.VideoFrame):
            played.shown += 1
            played.broken += bool(frame.is_corrupt)
            if len(played.pictures) < 3:
                played.pictures.append(frame)


def _flush(stream: Any, played: Played) -> None:
    try:
        _keep(stream.codec_context.decode(None), played)
    except (av.error.FFmpegError, EOFError):
        return
