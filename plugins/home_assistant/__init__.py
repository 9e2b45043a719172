"""heed in Home Assistant: a device for the agent, one for each source. Its page is docs/plugins/home-assistant.md."""

from plugins.home_assistant.plugin import setup

__all__ = ["setup"]
