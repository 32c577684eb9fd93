"""Clinician handoff: requests for a clinician that are never lost."""
