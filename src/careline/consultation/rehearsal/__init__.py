"""Consultations with invented patients, without HTTP, database or Rasa: for checks and measurements."""
