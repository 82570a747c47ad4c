"""`python -m bench.inside MODULE ARGUMENTS`: prints what its `measure` gives; both are JSON."""

import importlib
import json
import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
    django.setup()
    module = importlib.import_module(f"bench.inside.{sys.argv[1]}")
    print(json.dumps(module.measure(**json.loads(sys.argv[2]))))
