"""One fault at a random moment, its healing, quiet, then the verdict."""

import json
import random
import time
from pathlib import Path
from typing import Any

from contactcenter.embedded.waiting import becomes, wait_until
from faults import verdict
from faults.crowd import Crowd
from faults.kinds import Fault, Scene, pause
from faults.ledger import Ledger
from faults.looking import Looking
from faults.verdict import Verdict
from faults.world import World

AGENTS, CAPACITY = 3, 3
STOCK = 5  # projects made at a time: each run has its own
WARM = 12  # accepted messages before anything breaks
WARM_SECONDS = 30.0
SHOW_SECONDS = 10.0  # within which /readyz must say what is broken
REST_SECONDS = 30.0
REPAIR_SECONDS = 17.0  # a push that was lost is repaired by the next beat, at most 15 s away


class Runs:
    """Runs faults one after the other in the same world."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder = world, folder
        self.scenes: list[dict[str, Any]] = []

    def run(self, fault: Fault, seed: int) -> Verdict:
        chance = random.Random(f"{fault.name} {seed}")
        scene = self._scene()
        ledger = Ledger(self.folder / f"{fault.name}-{seed}.jsonl")
        crowd = Crowd(
            scene,
            ledger,
            seed,
            customers_port=self.world.proxies["customers-nginx"].port,
            agents_port=self.world.proxies["agents-nginx"].port,
        )
        looking = Looking(self.world, scene["project"])
        before = self.world.memory()
        crowd.start()
        looking.start()
        try:
            wait_until(lambda: len(ledger.acked) >= WARM, WARM_SECONDS, self.world.logs)
            begun, healed = self._break(fault, Scene(self.world, crowd, chance), looking)
            quiet = self._settle(fault, crowd, looking, healed)
            found = verdict.judge(self.world, crowd, ledger, looking, fault, begun, healed)
            found.broken += verdict.grown(before, self.world.memory())
            found.broken += quiet
        finally:
            self.world.heal()
            crowd.stop()
            looking.stop()
            ledger.close()
        return found

    def _scene(self) -> dict[str, Any]:
        if not self.scenes:
            words = map(str, (STOCK, AGENTS, CAPACITY))
            self.scenes = json.loads(self.world.python("-m", "faults.scene", *words))
        return self.scenes.pop()

    def _break(self, fault: Fault, scene: Scene, looking: Looking) -> tuple[float, float]:
        """When it began and when it was healed."""
        pause(scene.chance.uniform(0.2, 1.5))  # at no moment in particular
        story, begun = fault.story(scene), time.time()
        next(story)
        pause(scene.chance.uniform(*fault.lasts))
        if fault.shows:
            left = begun + SHOW_SECONDS - time.time()
            becomes(lambda: looking.shown_after(begun, fault.shows) is not None, left)
        next(story, None)
        return begun, time.time()

    def _settle(self, fault: Fault, crowd: Crowd, looking: Looking, healed: float) -> list[str]:
        """Work goes on a moment after the healing, then all come to rest."""
        pause(1.0)
        crowd.rest()
        left = healed + fault.back + REST_SECONDS - time.time()
        if not becomes(lambda: not crowd.under_way() and looking.is_well(), left):
            return [f"P-09 never at rest: {crowd.under_way()}, /readyz {looking.missing}"]
        becomes(lambda: not verdict.behind(self.world, crowd), REPAIR_SECONDS, every=0.2)
        return []
