"""Queries over the dataset, and the status of every norm for one case on one date."""
