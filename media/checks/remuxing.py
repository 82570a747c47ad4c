"""The same sound and pictures in another container: nothing is encoded again, nothing is lost."""

from typing import Any

import av

from media.checks import playing
from media.checks.job import Job, Refused

DEMUXERS = {"mov": "mov", "weba": "matroska"}


def remux(job: Job, streams: list[Any], muxer: str, type_: str) -> None:
    """Only these streams: the tracks with places and faces that phones add stay behind."""
    wanted = [stream.index for stream in streams]
    with playing.opened(job, DEMUXERS[job.format]) as source:
        kept = [stream for stream in source.streams if stream.index in wanted]
        with av.open(job.shown, mode="w", format=muxer) as target:
            twins = {stream.index: target.add_stream_from_template(stream) for stream in kept}
            for packet in source.demux(kept):
                if packet.dts is None:
                    continue
                packet.stream = twins[packet.stream.index]
                target.mux(packet)
    job.shown.flush()
    length, most = job.shown.seek(0, 2), job.allowed.most_bytes
    if length > most:
        raise Refused("too_big", bytes=length, most=most)
    job.note_made("shown", type_, job.found.get("width") or 0, job.found.get("height") or 0)
