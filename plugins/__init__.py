"""The plugin contract, its hosts, and the built-in plugins: listeners that turn events into alerts, subtitles and
translation.

Plugins only listen to events and send commands; they may import `streams.types` and `dialog.events`.
"""
