"""Where media come from: files, network cameras, the machine's own devices."""
