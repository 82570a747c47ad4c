"""What the person at the terminal sees: our own lines, and the children's with their names."""

import os
import selectors
import sys
from collections import deque
from typing import IO, TextIO

COLOURS = {"web": 36, "worker": 35, "beat": 33, "files": 32}
TAIL = 15  # lines kept of each child, shown when it fails


class Console:
    """Children's lines are held back until `open_up`: their banners say nothing to a person."""

    def __init__(self, stream: TextIO | None = None, *, verbose: bool = False) -> None:
        self.stream = stream or sys.stdout
        self.is_terminal = self.stream.isatty()
        self.is_open = verbose
        self.tails: dict[str, deque[str]] = {}
        self.selector = selectors.DefaultSelector()

    def say(self, text: str = "") -> None:
        self._write(text + "\n")

    def _write(self, text: str) -> None:
        try:
            self.stream.write(text)
            self.stream.flush()
        except (OSError, ValueError):
            pass  # the terminal has gone; that is no reason to stop serving

    def begin(self, label: str) -> None:
        """A step starts; on a terminal its name is there before its time is."""
        if self.is_terminal and not self.is_open:
            self._write(f"  {label}…")

    def finish(self, label: str, result: str) -> None:
        start = "\r\033[K" if self.is_terminal and not self.is_open else ""
        self._write(f"{start}  {label:<32}{result:>8}\n")

    def open_up(self) -> None:
        """From now on children are heard; what they said until now is not."""
        while self.pump(0):
            pass
        self.is_open = True

    def listen(self, name: str, pipe: IO[bytes]) -> None:
        """Shows what comes out of `pipe`, from now until its other end is closed."""
        os.set_blocking(pipe.fileno(), False)
        self.tails[name] = deque(maxlen=TAIL)
        self.selector.register(pipe, selectors.EVENT_READ, [name, b""])

    def pump(self, seconds: float) -> bool:
        """Passes on what the children said; returns after `seconds` or with the first news.

        False: there was nothing to pass on.
        """
        ready = self.selector.select(seconds)
        for key, _ in ready:
            name, rest = key.data
            chunk = os.read(key.fd, 65536)
            *lines, rest = (rest + chunk).split(b"\n")
            if not chunk:
                self.selector.unregister(key.fileobj)
                key.fileobj.close()  # type: ignore[union-attr]
                lines, rest = ([rest] if rest else []), b""
            key.data[1] = rest
            for line in lines:
                self._pass_on(name, line.decode(errors="replace").rstrip())
        return bool(ready)

    def _pass_on(self, name: str, line: str) -> None:
        self.tails[name].append(line)
        if self.is_open and line:
            self.say(f"{self._label(name)} {line}")

    def _label(self, name: str) -> str:
        label = f"{name:<8}|"
        if self.is_terminal and not os.environ.get("NO_COLOR"):
            return f"\033[{COLOURS.get(name, 90)}m{label}\033[0m"
        return label

    def tail(self, name: str) -> str:
        """The last lines of a child, those of its dying breath included."""
        self.pump(0.2)
        return "\n".join(f"{self._label(name)} {line}" for line in self.tails.get(name, ()))
