"""Still images: read within limits, turned upright, drawn anew without a word about where or who.

What is delivered is made from the pixels, so whatever else was in the file is not in it.
"""

import io
import struct
from typing import Any

import pillow_heif
from PIL import (
    Image,
    ImageCms,
    ImageFile,
    JpegImagePlugin,
    MpoImagePlugin,  # noqa: F401 (of phones that keep two pictures in one JPEG; loaded now, not late)
)

from media.checks import chunks
from media.checks.job import Job, Refused
from media.checks.picture_limits import MOST_FRAMES, MOST_PIXELS

LARGE = 20_000_000  # pixels: packed in a hurry, or it takes more CPU than there is
THUMBNAIL = 480  # pixels on the longer side
NAMES = {"jpeg": "JPEG", "png": "PNG", "heic": "HEIF"}
# Ours comes before anything is decoded, and knows what it is about.
Image.MAX_IMAGE_PIXELS = None
ImageFile.LOAD_TRUNCATED_IMAGES = False
pillow_heif.options.DECODE_THREADS = 1
pillow_heif.register_heif_opener(thumbnails=False)
ORIENTATION = 0x0112  # in EXIF: how the camera was held
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
Image.preinit()  # and nothing is looked for later, when files are out of reach
SRGB = ImageCms.createProfile("sRGB")


def look(job: Job) -> None:
    head = job.file.read(12)
    job.file.seek(0)
    key = "jpeg" if head[:2] == b"\xff\xd8" else "png" if head[:4] == b"\x89PNG" else "heic"
    job.is_a(key)
    bits = _read_png(job) if key == "png" else 8
    image: Image.Image = Image.open(job.file, formats=(NAMES[key],))
    measure(job, image.size)
    job.line("colours", True, mode=image.mode, bits=bits)
    image.load()
    image = upright(job, image)
    ready = clean(job, image)
    job.line("readable", True)
    job.found |= {"width": ready.width, "height": ready.height}
    deliver(job, image, ready)


def _read_png(job: Job) -> int:
    """Its bits. Of an animated one every frame counts; the picture that stands still is shown."""
    png = chunks.read(job.file)
    job.file.seek(0)
    if png.frames > 1:
        count(job, png.frames)
        job.found["converted"] = "animation_to_still"
    if png.bits == 16:
        job.found["converted"] = "bits_to_8"
    return png.bits


def count(job: Job, frames: int) -> None:
    job.demand("frames", frames <= MOST_FRAMES, "too_many_frames", frames=frames, most=MOST_FRAMES)


def measure(job: Job, size: tuple[int, int]) -> None:
    width, height = size
    fits = 0 < width * height <= MOST_PIXELS
    figure = {"width": width, "height": height, "most": MOST_PIXELS}
    job.demand("pixels", fits, "too_many_pixels" if width * height else "damaged", **figure)


def upright(job: Job, image: Image.Image) -> Image.Image:
    """Turned as its camera was held."""
    try:
        orientation = image.getexif().get(ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, LookupError, TypeError, struct.error):
        return image  # what the camera wrote of itself cannot be read; the picture can
    if orientation not in TURNS:
        return image
    job.found.setdefault("converted", "rotated")
    return image.transpose(TURNS[orientation])


def clean(job: Job, image: Image.Image) -> Image.Image:
    """8 bits of red, green and blue, and of transparency where there is any, in sRGB."""
    profile = image.info.get("icc_profile")
    mode = image.mode
    if mode == "CMYK":
        job.found["converted"] = "cmyk_to_rgb"
    elif mode[:1] in {"I", "F"}:
        image = image.point(lambda value: value / 256).convert("L")
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    if profile:
        return _in_srgb(image, profile, wanted)
    return image if image.mode == wanted else image.convert(wanted)


def _in_srgb(image: Image.Image, profile: bytes, wanted: str) -> Image.Image:
    """With the profile's colours, or as it is where the profile is none."""
    if image.mode not in {"RGB", "RGBA", "CMYK", "L"}:
        image = image.convert(wanted)
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = wanted if image.mode in {"RGB", "RGBA"} else "RGB"
        result = ImageCms.profileToProfile(image, own, SRGB, outputMode=mode)
        return result if result and result.mode == wanted else (result or image).convert(wanted)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image.convert(wanted)


def deliver(job: Job, source: Image.Image, ready: Image.Image) -> None:
    """Draw it anew, not larger than the rule allows; then the thumbnail."""
    if job.target == "png":
        _as_png(job, ready)
    else:
        _as_jpeg(job, source, ready)
    preview(job, ready)


def _as_jpeg(job: Job, source: Image.Image, ready: Image.Image) -> None:
    """With the tables it came with, so that nothing more is lost than that."""
    if ready.mode == "RGBA":
        ready = _on_white(ready)
    tables = getattr(source, "quantization", None)
    settings: list[dict[str, Any]] = [{"quality": quality} for quality in (92, 85, 75, 60)]
    if tables and source.mode == ready.mode:
        sampling = JpegImagePlugin.get_sampling(source)
        settings.insert(0, {"qtables": tables, "subsampling": sampling})
    for setting in settings:
        if write(job, ready, "JPEG", **setting):
            return job.note_made("shown", "image/jpeg", *ready.size)
    raise Refused("too_big", bytes=job.shown.tell(), most=job.allowed.most_bytes)


def _as_png(job: Job, ready: Image.Image) -> None:
    for level in (1 if ready.width * ready.height > LARGE else 3, 6):
        if write(job, ready, "PNG", compress_level=level):
            return job.note_made("shown", "image/png", *ready.size)
    if ready.mode == "RGB" and "jpeg" in job.allowed.formats:
        job.found["converted"] = "png_to_jpeg"
        return _as_jpeg(job, ready, ready)
    fewer = ready.quantize(256, method=Image.Quantize.FASTOCTREE).convert(ready.mode)
    if write(job, fewer, "PNG", optimize=True):
        return job.note_made("shown", "image/png", *ready.size)
    raise Refused("too_big", bytes=job.shown.tell(), most=job.allowed.most_bytes)


def write(job: Job, image: Image.Image, name: str, **settings: Any) -> bool:
    """Whether it fits when drawn so."""
    image.info = {}
    job.shown.seek(0)
    job.shown.truncate()
    image.save(job.shown, format=name, **settings)
    job.shown.flush()
    return job.shown.seek(0, 2) <= job.allowed.most_bytes


def _on_white(image: Image.Image) -> Image.Image:
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def preview(job: Job, image: Image.Image, role: str = "thumbnail") -> None:
    """A small picture of it: JPEG, or PNG where one looks through."""
    image.thumbnail((THUMBNAIL, THUMBNAIL))
    image.info = {}
    name = "PNG" if image.mode == "RGBA" else "JPEG"
    image.save(job.preview, format=name)
    job.note_made(role, f"image/{name.lower()}", *image.size)
