"""Telegram: a consultation in a private chat. What comes, by long polling or webhook, is kept before it counts."""
