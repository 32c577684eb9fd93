"""The medicine, pure: text to findings; findings to red flags, the next question, acuity and reasons.

Nothing here reads a clock, draws a number or touches the network; only `content_files` and `rulebook` read files.
Runs on Python 3.10 too, since the dialogue engine's process loads it.
"""
