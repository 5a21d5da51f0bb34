"""From a case and the status of every norm to the answer people read."""
