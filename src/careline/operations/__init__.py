"""Starting, watching and checking an installation: the two processes as one, and what it lacks."""
