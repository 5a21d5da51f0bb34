"""Pages for people: rendered here, with nothing loaded from elsewhere; every value is escaped."""
