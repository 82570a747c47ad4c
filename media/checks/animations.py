"""GIF and WebP: pictures that may move. Every frame is counted, measured and drawn anew."""

from typing import Any

from PIL import Image, WebPImagePlugin  # noqa: F401 (loaded while files can be opened)

from media.checks import chunks, gif, pictures
from media.checks.job import Job, Refused
from media.checks.picture_limits import MOST_DRAWN


def look(job: Job) -> None:
    if job.file.read(4) == b"RIFF":
        _webp(job)
    else:
        _gif(job)


def _measure(job: Job, size: tuple[int, int], frames: int, drawn: int) -> None:
    pictures.measure(job, size)
    pictures.count(job, frames)
    if drawn > MOST_DRAWN:
        raise Refused("too_many_pixels", pixels=drawn, frames=frames, most=MOST_DRAWN)


def _gif(job: Job) -> None:
    job.is_a("gif")
    job.file.seek(0)
    film = gif.read(job.file.read())
    if not film.frames:
        raise Refused("damaged", format="gif")
    size = gif.size(film)
    _measure(job, size, len(film.frames), sum(f.width * f.height for f in film.frames))
    for part in gif.drawn_anew(film):
        job.shown.write(part)
    job.file.seek(0)
    with Image.open(job.file, formats=("GIF",)) as image:
        _finish(job, image, "image/gif", size)


def _finish(job: Job, image: Image.Image, type_: str, size: tuple[int, int]) -> None:
    job.shown.flush()
    length, most = job.shown.seek(0, 2), job.allowed.most_bytes
    if length > most:
        raise Refused("too_big", bytes=length, most=most)
    job.line("readable", True)
    job.found |= {"width": size[0], "height": size[1]}
    job.note_made("shown", type_, *size)
    image.seek(0)
    pictures.preview(job, image.convert("RGBA" if image.has_transparency_data else "RGB"))


def _webp(job: Job) -> None:
    job.is_a("webp")
    frames, size, drawn = chunks.webp_frames(job.file, job.size)
    _measure(job, size, frames, drawn)
    job.file.seek(0)
    is_lossless = chunks.webp_is_lossless(job.file)
    job.file.seek(0)
    with Image.open(job.file, formats=("WEBP",)) as image:
        image.load()
        if frames == 1:
            still = pictures.clean(job, pictures.upright(job, image))
            _draw(job, still, is_lossless)
            _finish(job, still, "image/webp", still.size)
        else:
            _draw(job, image, is_lossless, **_timing(image, frames))
            _finish(job, image, "image/webp", size)


def _timing(image: Image.Image, frames: int) -> dict[str, Any]:
    durations = []
    for number in range(frames):
        image.seek(number)
        image.load()
        durations.append(image.info.get("duration", 100))
    image.seek(0)
    return {"save_all": True, "duration": durations, "loop": image.info.get("loop", 0)}


def _draw(job: Job, image: Image.Image, is_lossless: bool, **timing: Any) -> None:
    """The best quality that fits."""
    image.info = {}
    settings: list[dict[str, Any]] = [{"quality": quality} for quality in (90, 75, 50)]
    if is_lossless:
        settings.insert(0, {"lossless": True, "quality": 50})
    method = 1 if timing else 4  # 0 is fastest
    for setting in settings:
        job.shown.seek(0)
        job.shown.truncate()
        nothing = {"exif": b"", "xmp": b"", "icc_profile": b""}
        image.save(job.shown, format="WEBP", method=method, **nothing, **setting, **timing)
        if job.shown.seek(0, 2) <= job.allowed.most_bytes:
            return
