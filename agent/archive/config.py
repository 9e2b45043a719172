"""The section `[archive]` of the configuration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArchiveConfig:
    enabled: bool = False
    """Keep what is perceived, answered and alerted on disk, for `heed search` and for questions about earlier days."""
    folder: str = ""
    """Where; empty for `archive` in heed's data folder."""
    pictures: bool = True
    """Keep a picture of each moment in which something was seen."""
    pictures_days: float = 14.0
    """Days that pictures stay."""
    alert_pictures_days: float = 90.0
    """Days that pictures of alerts, and of what they rest on, stay."""
    pictures_mb: int = 4000
    """Megabytes of pictures; beyond, the oldest go first, those of alerts last."""
    min_free_mb: int = 500
    """Pictures go while the disk has less room than so many megabytes."""
    events_days: float = 365.0
    """Days that what was perceived and said stays."""
    alerts_days: float = 3650.0
    """Days that alerts stay."""
