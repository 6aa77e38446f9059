"""What a value can be: shapes, check digits, alphabets, dates. Knowledge that extraction and validation share."""
