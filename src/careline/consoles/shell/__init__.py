"""What all consoles for staff share: pages, signing in, one's own account, people and rights, the audit trail."""
