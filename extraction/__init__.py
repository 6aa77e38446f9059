"""From pages as read to the fields of a request."""
