"""Self-care guidance: articles, their passages, the index over them, and a search that may say "I do not know"."""
