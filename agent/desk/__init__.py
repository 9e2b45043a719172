"""What the page for the person on duty shows: pictures of now, incidents, what each camera saw, how all are doing."""
