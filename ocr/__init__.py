"""Reading: from the bytes of a document to words, printed lines, check-boxes and ink on upright pages."""
