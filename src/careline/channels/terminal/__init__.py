"""The terminal: a patient at a keyboard, over the same HTTP API as everybody."""
