"""One patient's consultation: consent, turns, screening order, interview state, offers, erasure."""
