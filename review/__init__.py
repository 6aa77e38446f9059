"""The coordinator's desk: web pages and an API for the people who settle what the machine was not sure of."""
