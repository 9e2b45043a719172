"""Where heed's speech goes: the machine's loudspeaker, a file; a call's audio track uses the same `Playout`."""
