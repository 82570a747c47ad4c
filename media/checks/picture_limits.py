"""How large a picture may be. Apart, so that the box can say it without a decoder at hand."""

MOST_PIXELS = 40_000_000  # of one frame
MOST_FRAMES = 300
MOST_DRAWN = 120_000_000  # pixels of all frames together: what is drawn in 10 s of CPU, with room
MOST_LOSSLESS = 16_000_000  # pixels of a WebP that is drawn anew without loss within 1 GB
