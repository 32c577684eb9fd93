"""Everything about Rasa: the client that lets it route a turn, and the webhook by which it runs our actions."""
