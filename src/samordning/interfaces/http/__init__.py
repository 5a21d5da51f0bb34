"""HTTP: the same answers, to the same contract."""
