"""The people who work with Careline: accounts, sign-in, roles, and the audit trail of what they did."""
