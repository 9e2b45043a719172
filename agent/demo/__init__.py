"""The demonstration: a clip made on the spot, a real call to the running agent, and a report of what happened."""
