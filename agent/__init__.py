"""Where heed is put together: configuration, wiring, bus, commands, servers and user interfaces."""
