"""What a request lacks, what on it is wrong, and when its decision is due."""
