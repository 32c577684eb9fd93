"""What the chat weighs: the bytes that a phone loads, compressed, against the budgets of docs/guides/widget.md.

Run: python -m benchmarks.weight. Nothing is started; it takes a second or two.
"""

from __future__ import annotations

import gzip
import re
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.support.chat import ChatBrowser
from tests.support.house import client_for, furnished, scripted

BUDGETS = {"loader": 2 * 1024, "chat": 25 * 1024}  # bytes, gzip


def weights() -> dict[str, int]:
    """Return the compressed bytes of the loader, and of the page, style and script of a chat that has just begun."""
    with tempfile.TemporaryDirectory() as folder:
        careline = furnished(Path(folder), scripted(), country="GB")
        with client_for(careline) as client:
            visitor = ChatBrowser(client)
            page = visitor.start().text
            parts = {"page": page.encode(), "loader": client.get("/widget/loader.js").content}
            for kind, found in re.findall(r'(href|src)="(/chat/static/[^"]+)"', page):
                parts["style" if kind == "href" else "script"] = client.get(found.replace("&amp;", "&")).content
        careline.database.close()
    return {name: len(gzip.compress(content, 6)) for name, content in parts.items()}


def main() -> int:
    """Print the weights; 1 when a budget is broken."""
    found = weights()
    sums = {"loader": found["loader"], "chat": found["page"] + found["style"] + found["script"]}
    table = Table("what", "bytes, gzip", "budget", title="What the chat weighs")
    for name, size in found.items():
        table.add_row(name, str(size), str(BUDGETS["loader"]) if name == "loader" else "")
    table.add_row("page, style and script", str(sums["chat"]), str(BUDGETS["chat"]))
    Console().print(table)
    return int(any(sums[name] > most for name, most in BUDGETS.items()))


if __name__ == "__main__":
    sys.exit(main())
