"""The terminal assistant: a pure model of the screen, one hop in front of it, two back ends and two views."""
