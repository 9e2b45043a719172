"""What was perceived, said and alerted, kept over days in one SQLite file with pictures beside it; how it is found."""
