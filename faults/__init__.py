"""Breaks the running product while people use it: `bin/test --faults` (docs/running.md)."""
