"""GIF and WebP: pictures that may move. Every frame is counted, measured and drawn anew."""

from typing import Any

from PIL import Image, WebPImagePlugin  # noqa: F401 (loaded while files can be opened)

from media.checks import gif, pictures, webp
from media.checks.job import Job, Refused
from media.checks.picture_limits import MOST_DRAWN, MOST_LOSSLESS


def look(job: Job) -> None:
    start = job.file.read(4)
    job.is_a("webp" if start == b"RIFF" else "gif")
    job.file.seek(0)
    if start == b"RIFF":
        _webp(job)
    else:
        _gif(job)


def _gif(job: Job) -> None:
    film = gif.read(job.file.read())
    if not film.frames:
        raise Refused("damaged", format="gif")
    size = gif.size(film)
    _measure(job, size, [(frame.width, frame.height) for frame in film.frames])
    for part in gif.drawn_anew(film):
        job.shown.write(part)
    _finish(job, "GIF", size)


def _webp(job: Job) -> None:
    picture = webp.read(job.file.read())
    size = (picture.width, picture.height)
    _measure(job, size, [(frame.width, frame.height) for frame in picture.frames])
    job.file.seek(0)
    if picture.frames:
        job.shown.write(webp.drawn_anew(picture))
        return _finish(job, "WEBP", size)
    still = _still(job)
    _draw(job, still, picture.is_lossless)
    _finish(job, "WEBP", still.size)


def _still(job: Job) -> Image.Image:
    """A copy, so that the decoder and its own copies are gone before the encoder comes."""
    with Image.open(job.file, formats=("WEBP",)) as image:
        return pictures.clean(job, pictures.upright(job, image)).copy()


def _measure(job: Job, size: tuple[int, int], frames: list[tuple[int, int]]) -> None:
    pictures.measure(job, size)
    for each in frames:
        if each[0] * each[1] > pictures.MOST_PIXELS:
            pictures.measure(job, each)
    pictures.count(job, len(frames))
    drawn = sum(width * height for width, height in frames)
    if drawn > MOST_DRAWN:
        raise Refused("too_many_pixels", pixels=drawn, frames=len(frames), most=MOST_DRAWN)


def _draw(job: Job, image: Image.Image, is_lossless: bool) -> None:
    """The best quality that fits."""
    settings: list[dict[str, Any]] = [{"quality": quality} for quality in (90, 75, 50)]
    if is_lossless and image.width * image.height <= MOST_LOSSLESS:
        settings.insert(0, {"lossless": True, "quality": 20})
    for setting in settings:
        try:
            if pictures.write(job, image, "WEBP", method=2, **setting):
                return
        except ValueError:  # its encoder has limits of its own for large pictures
            continue
    if not job.shown.seek(0, 2):
        raise Refused("too_many_pixels", width=image.width, height=image.height)


def _finish(job: Job, name: str, size: tuple[int, int]) -> None:
    job.shown.flush()
    length, most = job.shown.seek(0, 2), job.allowed.most_bytes
    if length > most:
        raise Refused("too_big", bytes=length, most=most)
    job.shown.seek(0)
    with Image.open(job.shown, formats=(name,)) as image:  # what was drawn can be read
        first = image.convert("RGBA" if image.has_transparency_data else "RGB")
    job.line("readable", True)
    job.found |= {"width": size[0], "height": size[1]}
    job.note_made("shown", f"image/{name.lower()}", *size)
    pictures.preview(job, first)
