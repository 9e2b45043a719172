"""The plugin contract and the built-in plugins: listeners that turn events into alerts, subtitles and translation.

None is there yet. Plugins only listen to events and send commands; they may import `streams.types` and `dialog.events`.
"""
