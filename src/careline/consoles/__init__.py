"""What staff and their systems use."""
