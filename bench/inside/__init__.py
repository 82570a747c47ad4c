"""Measures taken inside the product, without a socket: verbs and questions called directly.

Each module has `measure(**arguments)`; `bench.world.inside` runs it in a process of its own.
"""
