"""The service: command line, watched folder, durable workflow, and evaluation."""
