"""What goes on a page: fields, tables, whole forms, letters, and the pages that are no request."""
