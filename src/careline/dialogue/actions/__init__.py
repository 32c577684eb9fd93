"""What Rasa may ask the app to do: one thin action per intention, and one that only notes a red flag."""
