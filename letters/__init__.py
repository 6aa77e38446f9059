"""Letters to the requesting office: what is missing, in words that can be answered."""
