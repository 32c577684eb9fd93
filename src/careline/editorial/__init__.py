"""How content is edited: drafts, review, sign-off, publishing, expiry, and the way back."""
