"""heed over HTTP: calls, publishers, events, health, metrics and the page."""
