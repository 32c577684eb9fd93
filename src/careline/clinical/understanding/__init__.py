"""Plain words to findings: what a message says about the patient, and how a typed reply answers a question.

Deterministic, pure and total: any text gives a reading, the same text always the same one. It may miss; it never
takes a finding back.
"""
