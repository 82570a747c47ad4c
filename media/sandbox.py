"""What a file may do should a browser ever take it for a page: load nothing and run nothing."""

POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
