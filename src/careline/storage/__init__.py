"""The database: engines, units of work, encrypted and aware column types. Each room keeps its own tables."""
