"""Files of every kind, good and bad, made by real encoders when a test asks: nothing binary is kept.

`python -m media.tests.corpus` prints what was expected of each and what was found.
"""
