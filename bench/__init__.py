"""Measures the product against its floor: `python -m bench` (docs/performance.md says how).

The floor is the least relay that Channels allows. Both run in turn, on the same servers, under the
same generator, several rounds; what counts is the ratio, for the machine's speed is in both.
"""
