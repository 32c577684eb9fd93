"""What clinicians and their systems use."""
