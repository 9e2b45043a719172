"""Everything about time-stamped media: values, clock, channels, sources, encoders and the rolling state.

Knows nothing of language models, dialog, plugins or configuration files.
"""
