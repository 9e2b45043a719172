"""How the screen looks. Three arrangements: narrow (below 100 columns), wide, and very wide (from 160)."""

from __future__ import annotations

BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-vast")]

CSS = """
Screen { background: $background; }
#top { height: 1; background: $surface; }
#body { height: 1fr; }
#talk { width: 1fr; padding: 0 1; scrollbar-size-vertical: 1; scrollbar-color: $panel; }
#senses { width: 44; }
#look { height: auto; border: round $panel; border-title-color: $text-muted; border-subtitle-color: $text-muted; }
#picture { height: 11; }
#moments, #said, #health {
    border: round $panel; border-title-color: $text-muted; height: 1fr; padding: 0;
}
#moments { height: 3fr; }
#said { height: 2fr; }
#health { height: auto; max-height: 7; min-height: 3; }
#now { height: 1; padding: 0 1; color: $text-muted; text-style: italic; }
#line { height: 1; background: $surface; }
#meter { width: 8; height: 1; padding: 0 1; display: none; }
#sign { width: 3; padding: 0 0 0 1; color: $text-accent; text-style: bold; }
#prompt { width: 1fr; background: $surface; }
.line { height: auto; }
.line:focus { background: $boost; }
.line.-alert { background: $error 10%; }
.-blind #look { display: none; }
.-narrow #body { layout: vertical; }
.-narrow #talk { width: 100%; }
.-narrow #senses { width: 100%; height: 9; layout: horizontal; }
.-narrow #look { width: 30; height: 100%; }
.-narrow #picture { height: 1fr; }
.-narrow #moments { width: 1fr; height: 100%; }
.-narrow #said, .-narrow #health { display: none; }
.-short #senses { display: none; }
.-vast #senses { width: 56%; layout: grid; grid-size: 2 2; grid-rows: 2fr 3fr; grid-columns: 1fr 1fr; }
.-vast #look, .-vast #moments, .-vast #said { height: 100%; }
.-vast #picture { height: 1fr; }
"""
