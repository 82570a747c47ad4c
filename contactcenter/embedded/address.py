"""The one address everything is reached at: free before the start, asked until it is ready."""

import json
import socket
import urllib.error
import urllib.request

from contactcenter.embedded.trouble import Trouble

# An address that means "all of this machine's", and one of those that can be asked.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
# Straight to this machine, whatever proxy the person uses for the rest of the world.
_ask = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


class Address:
    def __init__(self, host: str, port: str) -> None:
        """Raises Trouble when `port` is no port."""
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise Trouble(f"PORT={port} is not a port: a number from 1 to 65535.")
        self.host, self.port = host, int(port)
        self.missing: list[str] = []

    def insist_on_free(self) -> None:
        """Raises Trouble when somebody else listens there, before anything was started."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
                probe.listen()
            except PermissionError:
                raise Trouble(f"Port {self.port} is for root only; try PORT=8001 bin/run") from None
            except OSError as error:
                raise Trouble(
                    f"Port {self.port} on {self.host} cannot be used ({error.strerror}); "
                    f"try PORT={self.port + 1} bin/run"
                ) from None

    def is_ready(self) -> bool:
        """True when /readyz misses nothing; what it misses is kept for `news`."""
        host = EVERYWHERE.get(self.host, self.host)
        where = f"[{host}]" if ":" in host else host
        # By number, because ALLOWED_HOSTS always has it.
        request = urllib.request.Request(
            f"http://{where}:{self.port}/readyz", headers={"Host": "127.0.0.1"}
        )
        try:
            with _ask(request, timeout=5) as answer:
                found = json.load(answer)
        except urllib.error.HTTPError as error:
            self.missing = [f"web (it answers {error.code})"]
            return False
        except (OSError, ValueError):
            self.missing = ["web"]
            return False
        self.missing = found.get("missing", ["web"])
        return not self.missing

    def news(self) -> str:
        return f"(missing: {', '.join(self.missing)})" if self.missing else ""
