"""Alerts: rules over what is perceived, incidents, notifications. Its page is docs/plugins/alerts.md."""

from plugins.alerts.plugin import setup

__all__ = ["setup"]
