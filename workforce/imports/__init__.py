"""Lists that arrive as files: read, checked row by row, then stored whole or not at all."""
