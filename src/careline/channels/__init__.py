"""How patients reach us."""
