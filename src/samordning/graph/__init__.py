"""From files to one checked, reasoned dataset."""
