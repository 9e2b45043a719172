"""Cameras, streams and recordings that are watched: as configured, and as added while heed runs."""
