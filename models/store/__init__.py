"""The store: what arrived, what was read from it, and where it was delivered."""
