"""What those who write the content see of how it does: read-only views, and what they decide about gaps."""
