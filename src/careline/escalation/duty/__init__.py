"""Who is on duty: a weekly pattern in the clinic's own time, and exceptions to it."""
