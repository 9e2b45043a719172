"""What the page for the person on duty shows: pictures of now, incidents, what each camera saw, and how all are doing."""
