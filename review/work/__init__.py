"""What a person does to a record: what is asked, what was entered, and what the record says with it. No page, no address."""
