"""Free text: letters, comments and the fax header line."""
