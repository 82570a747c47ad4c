"""Files: from the 201 that takes one to the verdict on its sender's screen, and what bombs cost.

One worker checks them, one after the other. Each is new bytes, so that nothing is known of it yet.
"""

import asyncio
import json
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import httpx
import psutil
from PIL import Image
from websockets.asyncio.client import ClientConnection, connect

from bench.ledger import percentile
from bench.scenario import Measures
from bench.sides import IDLE, origin_of
from bench.turns import inside
from bench.world import Running
from media.tests import corpus
from media.tests.corpus import drawing, filming
from media.tests.corpus.case import Case

MEGABYTE = 1024 * 1024
DECIDED = 120.0  # seconds
QUICKLY = {"preset": "ultrafast", "crf": "27", "g": "30", "threads": "1"}


@dataclass
class Sender:
    """One visitor's page: a line for what is told, and a token for what is sent."""

    socket: ClientConnection
    client: httpx.AsyncClient
    inbox: str
    began: float = 0.0

    async def send(self, kind: str, name: str, body: bytes) -> tuple[float, str]:
        """Seconds from the 201 to the verdict, and the verdict."""
        page = f"/webchat/{self.inbox}/uploads/"
        answer = await self.client.post(page, data={"kind": kind}, files={"file": (name, body)})
        taken = time.perf_counter()
        if answer.status_code != httpx.codes.CREATED:
            return 0.0, answer.json()["code"]
        wanted = answer.json()["id"]
        async with asyncio.timeout(DECIDED):
            async for text in self.socket:
                said = json.loads(text)
                if said["type"] == "upload" and said["file"]["id"] == wanted:
                    return time.perf_counter() - taken, said["file"]["state"]
        raise ConnectionError("the line ended")


async def files(side: Running, database: str, *, images: int, videos: int) -> Measures:
    # Made before anybody connects: meanwhile no ping would be answered.
    shot, filmed_ = list(photos(images)), list(films(videos))
    evil = [(case, case.make()) for case in corpus.bombs()]
    people = inside("people", side.world, database=database, agents=1, capacity=1)
    address = side.url.replace("ws://", "http://")
    socket, token = await write_something(side.url, people["inbox"])
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=60) as client:
        sender = Sender(socket, client, people["inbox"])
        await sender.send("image", "first.png", drawing.picture("PNG"))  # it loads what it needs
        measures = await several(side, sender, "image", shot)
        measures |= await several(side, sender, "video", filmed_)
        measures |= await bombs(side, sender, evil)
    await socket.close()
    return measures


async def write_something(url: str, inbox: str) -> tuple[ClientConnection, str]:
    """A visitor who is known from now on: their line, and their token."""
    socket = await connect(f"{url}/ws/webchat/{inbox}/", origin=origin_of(url), **IDLE)  # type: ignore[arg-type]
    await socket.send(json.dumps({"type": "hello", "token": None, "name": "Lucía"}))
    token = json.loads(await socket.recv())["token"]
    await socket.send(json.dumps({"type": "message", "id": str(uuid.uuid4()), "text": "Hello"}))
    while json.loads(await socket.recv())["type"] != "ack":
        continue
    return socket, token


async def several(
    side: Running, sender: Sender, kind: str, bodies: list[tuple[str, bytes]]
) -> Measures:
    took, cpu, wrong = [], [], 0
    for name, body in bodies:
        before = side.cpu_seconds()["files"]
        seconds, state = await sender.send(kind, name, body)
        cpu.append(side.cpu_seconds()["files"] - before)
        took.append(seconds)
        wrong += state != "ready"
    return {
        f"{kind}_p50_ms": percentile(took, 0.5) * 1000,
        f"{kind}_p95_ms": percentile(took, 0.95) * 1000,
        f"{kind}_cpu_ms": percentile(cpu, 0.95) * 1000,
        f"{kind}_refused": wrong,
    }


async def bombs(side: Running, sender: Sender, evil: list[tuple[Case, bytes]]) -> Measures:
    """The worker's own processes, without the children that open files: how far they grew."""
    workers = side.workers_of_files()
    for worker in workers:
        Path(f"/proc/{worker.pid}/clear_refs").write_text("5")  # "at its highest" begins now
    before = {worker.pid: peak(worker) for worker in workers}
    took, cpu, taken = [], [], 0
    for case, body in evil:
        used = side.cpu_seconds()["files"]
        seconds, state = await sender.send(case.rule.kind, case.name, body)
        cpu.append(side.cpu_seconds()["files"] - used)
        took.append(seconds)
        taken += state == "ready"
    grown = max(peak(worker) - before[worker.pid] for worker in workers)
    return {
        "bombs_taken": taken,
        "bomb_worst_ms": max(took) * 1000,
        "bomb_worst_cpu_ms": max(cpu) * 1000,
        "worker_growth_mb": grown / MEGABYTE,
        "worker_peak_mb": max(map(peak, workers)) / MEGABYTE,
    }


def peak(process: psutil.Process) -> int:
    """Resident bytes at its highest."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def photos(count: int) -> Iterator[tuple[str, bytes]]:
    """Of a phone: 12 megapixels, turned, about 4 MB."""
    taken = drawing.picture("JPEG", camera(4032, 3024), quality=88, exif=drawing.told(6))
    for number in range(count):
        yield f"IMG_{number}.jpg", taken + b"%09d" % number


def camera(width: int, height: int) -> Image.Image:
    """A picture with as much detail as a real one."""
    noise = Image.effect_noise((width // 2, height // 2), 40).resize((width, height))
    return Image.blend(drawing.photo(width, height), noise.convert("RGB"), 0.35)


def films(count: int) -> Iterator[tuple[str, bytes]]:
    """Of a phone: 1080p, a little less than 16 MB."""
    shot = filmed(15 * MEGABYTE)
    for number in range(count):
        yield f"VID_{number}.mp4", filming.boxes_behind(shot, b"free", b"%09d" % number)


def filmed(size: int, width: int = 1920, height: int = 1080) -> bytes:
    """Somebody walks past a picture, until it is so many bytes."""
    scene, number = camera(width + 480, height + 270), 0
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        with av.open(file.name, "w") as container:
            track = container.add_stream("libx264", rate=30, options=QUICKLY)
            track.width, track.height, track.pix_fmt = width, height, "yuv420p"
            while Path(file.name).stat().st_size < size:
                left, top = number % 480, number % 270
                view = scene.crop((left, top, left + width, top + height))
                container.mux(track.encode(av.VideoFrame.from_image(view)))
                number += 1
            container.mux(track.encode(None))
        return Path(file.name).read_bytes()
