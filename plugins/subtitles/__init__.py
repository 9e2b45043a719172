"""Live subtitles: committed words that never change, as events, files and pages."""

from plugins.subtitles.plugin import setup

__all__ = ["setup"]
