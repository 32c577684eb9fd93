"""Telling clinicians and their systems of an escalation: outbox, ladder, channels, and what became of every attempt."""
