"""Who may do what: users and their roles, log-ins, and the log of what people did."""
