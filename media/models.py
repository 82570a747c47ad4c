"""Files and their verdicts. The room stands; uploads and media rules move in with media."""
