"""Sound without pictures: MP3, AAC, AMR, Ogg; and what of it MP4 and WebM carry."""

from typing import Any

from av.container import InputContainer

from media.checks import audio_frames, containers, playing
from media.checks.formats import FORMATS
from media.checks.job import Job, Refused
from media.checks.remuxing import remux

LONGEST = 7 * 24 * 3600  # seconds; beyond it the times in the file are nonsense


def look(job: Job) -> None:
    head = job.file.read(64 << 10)
    if head[:4] == b"OggS":
        _ogg(job)
    elif head[:5] == b"#!AMR":
        _plain(job, "amr", 0)
    else:
        found = audio_frames.find(job.file, head, has_junk=True)
        if not found:
            raise Refused("damaged", format="mp3")
        _plain(job, *found)


def _plain(job: Job, key: str, start: int) -> None:
    job.is_a(key)
    job.file.seek(0)
    if not audio_frames.ends_whole(job.file.read(), start, key):
        raise Refused("damaged", format=key)
    with playing.opened(job, key) as container:
        listen(job, container)


def _ogg(job: Job) -> None:
    is_whole = containers.has_whole_pages(job.file, job.size)
    if not is_whole:
        job.is_a("ogg" if "ogg" in job.allowed.formats else "vorbis")
        raise Refused("damaged", format="ogg")
    with playing.opened(job, "ogg") as container:
        if playing.real_streams(container, "video"):
            job.is_a("ogv")
        names = [playing.codec(stream) for stream in playing.real_streams(container, "audio")]
        job.is_a("vorbis" if names == ["vorbis"] and "vorbis" in job.allowed.formats else "ogg")
        listen(job, container)


def listen(job: Job, container: InputContainer) -> None:
    """Its codec, tracks and channels against the rule; then all of it."""
    streams = playing.real_streams(container, "audio")
    codecs = [playing.codec(stream) for stream in streams]
    fits = bool(streams) and set(codecs) <= FORMATS[job.format].codecs
    job.demand("codec", fits, "wrong_codec", codecs=codecs)
    job.demand("tracks", len(streams) == 1, "too_many_tracks", tracks=len(streams), most=1)
    channels = streams[0].codec_context.channels
    if job.allowed.is_mono and job.target == "ogg":
        job.demand("channels", channels == 1, "not_mono", channels=channels)
    played = playing.play(container, streams)
    finish(job, played)
    if job.target != job.format:
        remux(job, streams, "ogg", "audio/ogg")


def finish(job: Job, played: playing.Played, **more: Any) -> None:
    """Its length, and whether it could be played."""
    job.found |= {"seconds": played.seconds, **more}
    most = job.allowed.most_seconds
    if most is not None:
        figure = {"seconds": played.seconds, "most": most}
        job.demand("duration", played.seconds <= most, "too_long", **figure)
    is_whole = played.decoded > 0 and played.broken <= played.decoded / 20
    is_whole &= played.seconds < LONGEST
    job.demand("readable", is_whole, "damaged", format=job.format)
