"""Takes what the agent itself plays out of what its microphone hears."""
