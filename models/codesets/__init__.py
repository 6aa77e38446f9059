"""Code sets: what a code can be, by date, from data files that a user can replace."""
