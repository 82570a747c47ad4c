"""How large a picture may be. Apart, so that the box can say it without a decoder at hand."""

MOST_PIXELS = 40_000_000  # of one frame
MOST_FRAMES = 300
MOST_DRAWN = 300_000_000  # pixels of all frames together: what can be drawn within the CPU limit
