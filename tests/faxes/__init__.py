"""The project's own faxes: prior authorization requests with random content, wordings, layouts, typography and damage, and labels."""
