"""What was done in a case, and how an organisation is set up, held against the duties that apply."""
