"""Turn-taking, the language model with its cross-attention to the rolling state, and speech synthesis.

Reads percepts, emits events. Knows no sockets, devices, configuration files or user interfaces.
"""
