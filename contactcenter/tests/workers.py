"""Several test processes side by side (`bin/test -n 2`): each has its own keys in the one Redis.

A plugin, named in pyproject.toml, because settings are read before any conftest. The databases are
told apart in conftest.py.
"""

import os

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")

if WORKER:
    os.environ["REDIS_PREFIX"] = f"{os.environ.get('REDIS_PREFIX', 'cc')}-{WORKER}"
