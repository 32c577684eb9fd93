"""Careline's commands. Exit codes: 0 done, 1 something is amiss and was said, 2 the command's words are off."""
