"""The editors' console: what Careline says is written, checked, signed and put before patients here.

A further page is a module with its own `router` (listed in `app/web.py`, its routes in `app/policies.py`), a template
that extends `editor/frame.html`, and a line in `sections.py`.
"""
