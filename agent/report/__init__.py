"""The report page: what was seen, heard and said, and on what evidence."""

from agent.report.page import write_report

__all__ = ["write_report"]
