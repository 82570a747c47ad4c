"""The families of MP4 (MP4, 3GP, MOV, M4A) and WebM: pictures with sound, or sound alone."""

from typing import Any

from av.container import InputContainer
from PIL import Image, ImageStat

from media.checks import containers, pictures, playing, sounds
from media.checks.formats import FORMATS
from media.checks.job import Job, Refused
from media.checks.remuxing import remux
from media.checks.sniffing import brand

MOST_PIXELS = 4096 * 2304  # of a picture: what phones film in at most
PLAIN = {"yuv420p", "yuvj420p", "yuva420p"}  # 8 bits; phones and browsers show nothing else


def look(job: Job) -> None:
    head = job.file.read(12)
    job.file.seek(0)
    if head[:4] == b"\x1aE\xdf\xa3":
        if containers.doc_type(job.file) != "webm":
            job.is_a("mkv")
        _open(job, "matroska", "webm", "weba")
    else:
        key = brand(head)
        _open(job, "mov", "mp4" if key == "m4a" else key, "m4a")


def _open(job: Job, demuxer: str, film: str, sound: str) -> None:
    is_whole = _is_whole(job, demuxer)
    try:
        container = playing.opened(job, demuxer)
    except (OSError, ValueError) as error:
        job.is_a(film if job.allowed.kind == "video" else sound)
        raise Refused("damaged", format=job.format) from error
    with container:
        has_pictures = bool(playing.real_streams(container, "video"))
        job.is_a(film if has_pictures else sound)
        if not is_whole:
            raise Refused("damaged", format=job.format)
        if has_pictures:
            _watch(job, container)
        else:
            sounds.listen(job, container)


def _is_whole(job: Job, demuxer: str) -> bool:
    """Before FFmpeg reads it: both would move the place in the file."""
    if demuxer == "matroska":
        return containers.has_whole_elements(job.file, job.size)
    return containers.has_whole_boxes(job.file, job.size)


def _watch(job: Job, container: InputContainer) -> None:
    films = playing.real_streams(container, "video")
    tracks = playing.real_streams(container, "audio")
    _judge_codecs(job, films, tracks)
    shape = films[0].codec_context
    _measure(job, shape.width, shape.height)
    played = playing.play(container, [*films, *tracks])
    if not played.pictures:
        raise Refused("damaged", format=job.format)
    poster = _poster(played.pictures)
    sounds.finish(job, played, width=poster.width, height=poster.height)
    if job.target != job.format:
        remux(job, [*films, *tracks], "mp4", "video/mp4")
    pictures.preview(job, poster, "poster")


def _judge_codecs(job: Job, films: list[Any], tracks: list[Any]) -> None:
    names = [playing.codec(stream) for stream in [*films, *tracks]]
    depth = films[0].codec_context.pix_fmt
    is_known = set(names) <= FORMATS[job.format].codecs
    if is_known and not depth:  # not even its first pictures say how they are made
        raise Refused("damaged", format=job.format)
    if is_known and depth not in PLAIN:
        names[0] = f"{names[0]} ({depth})"
    job.demand("codec", is_known and depth in PLAIN, "wrong_codec", codecs=names)
    figure = {"tracks": len(tracks), "films": len(films), "most": 1}
    job.demand("tracks", len(tracks) <= 1 and len(films) == 1, "too_many_tracks", **figure)


def _measure(job: Job, width: int, height: int) -> None:
    figure = {"width": width, "height": height, "most": MOST_PIXELS}
    job.demand("pixels", 0 < width * height <= MOST_PIXELS, "too_many_pixels", **figure)


def _poster(frames: list[Any]) -> Image.Image:
    """The first picture that shows something, turned as the film is."""
    images = [_upright(frame) for frame in frames]
    shows = (image for image in images if ImageStat.Stat(image.convert("L")).stddev[0] > 4)
    return next(shows, images[0])


def _upright(frame: Any) -> Image.Image:
    image = frame.to_image(threads=1)
    return image.rotate(frame.rotation, expand=True) if frame.rotation else image
