"""Values that pass between the stages, the record, and the store. Nothing here imports another package of ours."""
