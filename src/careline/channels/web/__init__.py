"""The web: the HTTP API for patients, live events, and article pages."""
