"""Who is a member of the plan, and which providers there are: imports, and what they confirm of a request."""
