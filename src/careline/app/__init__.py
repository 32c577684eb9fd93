"""The app: builds the services and wires them together; the only room that knows all others."""
