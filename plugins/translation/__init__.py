"""Translation of what is said: segment by segment, append-only, both texts kept with their times."""
