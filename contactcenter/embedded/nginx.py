"""nginx in front of several web processes: one address, sockets and pages, one may be dead."""

import shutil
import signal
from collections.abc import Sequence
from pathlib import Path

from contactcenter.embedded.account import Account
from contactcenter.embedded.processes import Program
from contactcenter.embedded.waiting import answers
from media.sandbox import POLICY

NAME = "nginx"
PLACES = "/usr/sbin:/usr/local/sbin"  # Debian keeps it off a plain user's PATH

CONFIGURATION = """\
# Written by contactcenter/embedded/nginx.py at each start.
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 8192; }}  # a socket takes two

http {{
  access_log off;
  server_tokens off;
  client_max_body_size 4m;  # as much as a web process takes
{temporary}
  map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}

  upstream web {{
    least_conn;  # sockets stay for hours: whoever has fewer gets the next
{servers}
  }}

  server {{
    listen {host}:{port};

    # No kept connection: it may be dying just when a POST is put on it.
    proxy_http_version 1.1;
    proxy_set_header Connection $connection_upgrade;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Host $http_host;
    # TRUSTED_PROXIES=1: we add whom we saw, and say how they came.
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
    # The next one is asked when one cannot be reached. What was sent to one already is asked
    # again only if that is harmless: nginx never repeats a POST that may have been carried out.
    proxy_next_upstream error timeout;
    proxy_next_upstream_tries 2;
    proxy_next_upstream_timeout 5s;
    proxy_connect_timeout 2s;

    location / {{
      proxy_pass http://web;
      proxy_read_timeout 30s;
    }}
    # Files come in whole before a web process is asked (docs/files.md).
    location ~ ^/(p|webchat)/[^/]+/uploads/$ {{
      proxy_pass http://web;
      client_max_body_size 101m;
      proxy_read_timeout 60s;
    }}
{files}
    location /ws/ {{
      proxy_pass http://web;
      proxy_buffering off;
      proxy_read_timeout 60s;  # web processes ping every 10 s
      proxy_send_timeout 60s;
    }}
  }}
}}
"""
# Files leave by nginx: a web process says which, and under which name (ACCEL_PREFIX). Of what it
# says nginx passes on the type, the name and how long it may be kept; the rest is said here.
FILES = """\
    location /stored-files/ {{
      internal;
      alias {folder}/;
      add_header Content-Security-Policy "{policy}" always;
      add_header X-Content-Type-Options nosniff always;
      add_header Cross-Origin-Resource-Policy cross-origin always;
    }}
"""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def found() -> str:
    """The path of nginx on this machine; empty if there is none."""
    return shutil.which(NAME) or shutil.which(NAME, path=PLACES) or ""


class Nginx:
    """`webs` are the addresses of the web processes, `folder` is its own and `account`'s, `uploads`
    where files lie, if they leave by nginx."""

    label = NAME

    def __init__(
        self,
        binary: str,
        folder: Path,
        port: int,
        webs: Sequence[str],
        *,
        host: str = "127.0.0.1",
        account: Account | None = None,
        uploads: Path | None = None,
    ) -> None:
        self.binary, self.folder, self.account = binary, folder, account
        self.host, self.port, self.webs = host, port, webs
        self.uploads = uploads
        self.url = f"http://{host}:{port}"

    def configuration(self) -> str:
        # Down for so short: a process that starts again is asked at once.
        servers = [f"    server {web} max_fails=1 fail_timeout=1s;" for web in self.webs]
        temporary = [f"  {kind}_temp_path {self.folder}/{kind};" for kind in TEMPORARY]
        return CONFIGURATION.format(
            folder=self.folder,
            host=self.host,
            port=self.port,
            servers="\n".join(servers),
            temporary="\n".join(temporary),
            files=FILES.format(folder=self.uploads, policy=POLICY) if self.uploads else "",
        )

    def program(self) -> Program:
        """Writes its configuration anew."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "nginx.conf"
        path.write_text(self.configuration())
        if self.account:
            self.account.own(self.folder)
        command = (self.binary, "-c", str(path), "-e", "stderr", "-g", "daemon off;")
        return Program(
            name=NAME,
            command=command,
            environment={},
            death_signal=signal.SIGTERM,
            stopping=((signal.SIGTERM, 5), (signal.SIGKILL, 5)),
            account=self.account,
        )

    def is_ready(self) -> bool:
        """Whether it answers, whatever the web processes behind it do."""
        return answers(f"{self.url}/healthz")
