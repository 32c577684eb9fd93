"""The handoff note as a page that stands alone: to read, print and keep."""

from __future__ import annotations

import base64
import hashlib

from jinja2 import Environment, PackageLoader, StrictUndefined

from careline.escalation.escalation import Escalation
from careline.escalation.sbar import PARTS, LineKind
from careline.escalation.sbar_text import headline

_pages = Environment(
    loader=PackageLoader("careline.consoles.clinician"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_LABELS = {LineKind.DANGER: "Danger", LineKind.UNKNOWN: "Not known", LineKind.MARK: "", LineKind.FACT: ""}
# In the page itself, so that a saved page looks the same; the policy names its hash and allows nothing else.
_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; }
body { margin: 0 auto; max-width: 52rem; padding: 1rem; }
h1 { font-size: 1.4rem; }
h2 { font-size: 1.1rem; border-bottom: 2px solid #1a1a1a; }
ul { list-style: none; padding: 0; }
li { padding: .2rem .6rem; border-left: .3rem solid #767676; margin: .3rem 0; overflow-wrap: anywhere; }
li.danger { border-color: #960000; color: #960000; }
li.unknown { border-color: #784600; border-left-style: dashed; color: #784600; }
li.mark { border-color: transparent; color: #555; font-size: .9rem; }
@media print { body { max-width: none; font-size: 10pt; } }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
PAGE_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; frame-ancestors 'none'"


def sbar_page(escalation: Escalation) -> str:
    """Return the note as HTML; served with `PAGE_POLICY`."""
    parts = [{"name": part, "title": part.capitalize(), "lines": getattr(escalation.sbar, part)} for part in PARTS]
    template = _pages.get_template("sbar.html")
    return template.render(headline=headline(escalation), parts=parts, labels=_LABELS, style=_STYLE)
