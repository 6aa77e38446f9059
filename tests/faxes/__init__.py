"""The project's own faxes: requests with random content, wordings, layouts, typography and damage, each with its label."""
