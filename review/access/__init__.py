"""Who may do what at the desk: accounts, sessions, tokens, roles and permissions."""
