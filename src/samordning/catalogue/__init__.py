"""What is in the dataset, as plain lists: acts, provisions, norms, services, bodies, duty types, facts."""
