"""Letters to requesting offices that ask for what is missing, and what their answers close."""
