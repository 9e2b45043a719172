"""Hearing: voice activity, streaming speech to text, loudness. `encoder.HearingEncoder` puts them together."""
