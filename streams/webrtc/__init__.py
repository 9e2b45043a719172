"""WebRTC through aiortc: one peer that calls or publishes to heed, and a client that does the calling."""
