"""The desk for programs and for the scripts of its own pages: JSON under /api. Addresses carry ids only."""
