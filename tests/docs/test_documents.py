"""Documents fit together: links lead somewhere, lists are whole, figures are right."""

import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from careline.clinical.acuity import Acuity
from tests.docs.documents import ROOT, anchors, documents, links, rows, text_of
from tests.support.house import rule_book

ADRS = sorted(path.name for path in (ROOT / "docs" / "adr").glob("[0-9]*.md"))
SOURCES = sorted(
    path.relative_to(ROOT)
    for folder in ("src", "bot", "tools", "benchmarks", "knowledge")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".yml", ".sh", ".html", ".ftl"}
)


def leads_somewhere(document, link):
    """Whether a link's file exists, and its heading in it; addresses elsewhere are not looked up."""
    if "://" in link or link.startswith("mailto:"):
        return True
    file, _, anchor = link.partition("#")
    target = (ROOT / document.parent / file).resolve() if file else ROOT / document
    return target.exists() and (not anchor or anchor in anchors(target.relative_to(ROOT)))


def test_every_link_to_a_file_leads_somewhere():
    dead = [(str(each), link) for each in documents() for link in links(each) if not leads_somewhere(each, link)]
    assert dead == []


def test_every_document_that_the_code_points_to_exists():
    missing = [
        (str(source), name)
        for source in SOURCES
        for name in re.findall(r"\bdocs/[\w./-]*\w", (ROOT / source).read_text(encoding="utf-8"))
        if not (ROOT / name).exists() and not list(ROOT.glob(f"{name}-*.md"))
        if not name.startswith("docs/specification")  # written by `make spec`
    ]
    assert missing == []


def test_every_document_can_be_found_from_the_list_of_documents():
    """Reached from docs/README.md or the readme, link by link."""
    reached: set[Path] = set()
    open_ones = [Path("README.md"), Path("docs/README.md")]
    while open_ones:
        document = open_ones.pop()
        if document in reached:
            continue
        reached.add(document)
        for link in links(document):
            target = (ROOT / document.parent / link.partition("#")[0]).resolve()
            if "://" not in link and target.suffix == ".md" and target.is_relative_to(ROOT):
                open_ones.append(target.relative_to(ROOT))
    written = {document for document in documents() if "specification" not in document.parts}
    assert written - reached == set()


def test_the_list_of_decisions_is_whole():
    listed = [Path(link).name for link in links(Path("docs/adr/README.md"))]
    assert listed == ADRS
    assert [name[:4] for name in ADRS] == [f"{number:04}" for number in range(1, len(ADRS) + 1)]


@pytest.mark.parametrize("name", ADRS)
def test_a_decision_says_what_was_seen_chosen_and_what_it_costs(name):
    text = text_of(f"docs/adr/{name}")
    assert re.match(rf"# {int(name[:4])} \w", text)
    assert re.search(r"^Status: (accepted|replaced by \d+), \d{4}-\d\d-\d\d", text, re.MULTILINE)
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings == ["What we saw", "What we chose", "What it costs", "What would change our mind"]


def test_the_figures_of_the_content_in_the_readme_are_right():
    book = rule_book()
    actual = {
        "protocols": len(book.protocols),
        "red flags": len(book.red_flags),
        "countries": len(book.countries),
        "articles": len(list((ROOT / "knowledge" / "articles").glob("*.md"))),
    }
    claimed = re.findall(r"\b(\d+) (protocols|red flags|countries|articles)\b", text_of("README.md"))
    assert {kind for _, kind in claimed} == set(actual)
    assert {(int(number), kind) for number, kind in claimed} == {(number, kind) for kind, number in actual.items()}


def test_the_newest_version_in_the_changelog_is_the_package_s():
    package = tomllib.loads(text_of("pyproject.toml"))["project"]["version"]
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", text_of("CHANGELOG.md"), re.MULTILINE)
    assert versions[0] == package


def test_the_glossary_lists_the_scale_of_acuity_in_its_order():
    meaning = next(row[1] for row in rows(text_of("GLOSSARY.md")) if row[0] == "acuity")
    assert re.findall(r"`(\w+)`", meaning) == [acuity.value for acuity in Acuity]


def test_the_picture_says_in_words_what_it_shows():
    picture = ElementTree.parse(ROOT / "docs" / "architecture.svg").getroot()
    space = "{http://www.w3.org/2000/svg}"
    assert picture.findtext(f"{space}title")
    assert len(picture.findtext(f"{space}desc", "").split()) > 30
    assert not [
        tag for tag in picture.iter() if tag.tag in {f"{space}script", f"{space}image", f"{space}foreignObject"}
    ]


CLAIM = re.compile(r"\b(?:medical device|certified|clinically proven|guaranteed?)\b", re.IGNORECASE)
DENIED = re.compile(r"\b(?:not|no|never|nor|without)\b", re.IGNORECASE)


def test_no_document_claims_an_approval():
    """Such words stand only in sentences that deny them."""
    claims = [
        (str(document), said)
        for document in documents()
        for said in re.split(r"[.|]", " ".join(text_of(document).split()))
        if CLAIM.search(said) and not DENIED.search(said)
    ]
    assert claims == []
