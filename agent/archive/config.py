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
    """The oldest clips and then the oldest pictures go while the disk has less room than so many megabytes."""
    clips: bool = True
    """Keep a short clip of each alert: what its camera showed before and after."""
    clip_before_s: float = 5.0
    """Seconds of a clip before what the alert rests on."""
    clip_after_s: float = 10.0
    """Seconds of a clip after the alert."""
    clip_fps: float = 3.0
    """Pictures a second in a clip; for each the last seconds of every camera are held in memory as JPEGs."""
    clips_days: float = 30.0
    """Days that clips stay."""
    clips_mb: int = 4000
    """Megabytes of clips; beyond, the oldest go first, those of lesser alerts before others."""
    events_days: float = 365.0
    """Days that what was perceived and said stays."""
    alerts_days: float = 3650.0
    """Days that alerts stay."""
