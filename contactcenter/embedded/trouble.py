class Trouble(Exception):
    """Something the person at the terminal can act on: one sentence, shown without a traceback."""
