"""The last lines of a start: where to go and how to sign in."""

from collections.abc import Mapping

PASSWORD = "demo-contact-center"  # noqa: S105


def greeting(environment: Mapping[str, str], seconds: float) -> str:
    """`seconds` is how long the start took."""
    base = environment["PUBLIC_URL"].rstrip("/")
    lines = [f"Ready after {seconds:.1f} s.", ""]
    if environment["DEMO"] == "1":
        lines += [
            f"  Agents          {base}/login/   ana, bruno, carla, diego",
            f"  Supervisor      {base}/admin/   sofia",
            f"  Password        {PASSWORD}   (for all of them)",
            f"  Customer's page {base}/demo/",
        ]
    else:
        lines += [f"  Console         {base}/login/", f"  Administration  {base}/admin/"]
    return "\n".join([*lines, "", "Ctrl-C stops everything."])
