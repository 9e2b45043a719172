"""What can go wrong in `streams`. Each message is one line that says what to do."""

from __future__ import annotations


class HeedError(Exception):
    """Base of every error that heed reports to a person as one clear line, without a traceback."""

    code = "error"


class SourceError(HeedError):
    """A source cannot be opened or read."""

    code = "source"


class MediaError(HeedError):
    """A medium is malformed, of the wrong kind, or too large."""

    code = "media"


class ModelError(HeedError):
    """A model is missing, damaged or of the wrong kind."""

    code = "model"


class DeviceError(HeedError):
    """A microphone, loudspeaker or camera of this machine is missing or refuses."""

    code = "device"


class StepHung(HeedError):
    """A blocking step took too long and was given up. Its thread may still be in it."""

    code = "hung"


class LaneStuck(StepHung):
    """A blocking step was not begun: too many others hang."""


SLIPS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What reading something from outside raises where it meets a case that nobody thought of."""


class ChannelClosed(Exception):
    """The other end of a channel is closed and nothing is left in it."""
