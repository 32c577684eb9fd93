"""Careline: a symptom-triage chatbot that asks, screens, advises and hands over, and never diagnoses."""
