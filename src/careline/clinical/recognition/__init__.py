"""The recogniser: how much a message reads like one that reports a red flag, in whatever words.

A second look after the lexicon. It may raise a flag or have it asked about; it never takes one back.
"""
