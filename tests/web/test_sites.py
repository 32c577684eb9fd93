"""The operator's sites: who may embed the chat, how it looks there, and what a wrong file says."""

import json
import re

import pytest

from careline.app.site_file import load_sites
from careline.channels.web.errors import SitesFileError
from careline.channels.web.sites import contrast
from careline.consultation.wording import Wording
from tests.support.chat import ChatBrowser
from tests.support.house import KNOWLEDGE, client_for, furnished, rule_book, scripted

pytestmark = pytest.mark.slow  # takes long

FRONT = """
sites:
  - id: front
    origins: [https://www.clinic.example, "https://*.clinic.example"]
    name: Example Clinic
    colours: {button: "#00703c", button_text: "#ffffff", page: "#fdfdfd", text: "#111111"}
    logo: logo.svg
    position: left
    country: IE
"""
NIGHT = """  - id: night
    origins: [https://night.clinic.example]
    colours: {button: "#8ec2ff", button_text: "#10161c", page: "#101418", text: "#f1f3f5"}
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sites")
    (folder / "var").mkdir()
    (folder / "var" / "sites.yml").write_text(FRONT + NIGHT, encoding="utf-8")
    (folder / "var" / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    house = furnished(folder, scripted(), country="GB")
    yield house
    house.database.close()


@pytest.fixture(scope="module")
def client(house):
    with client_for(house) as client:
        yield client


def ancestors(answer):
    return answer.headers["content-security-policy"].partition("frame-ancestors ")[2]


class TestEmbedding:
    def test_the_pages_of_a_site_may_be_embedded_by_its_origins_alone(self, client):
        visitor = ChatBrowser(client)
        allowed = "https://www.clinic.example https://*.clinic.example"
        assert ancestors(visitor.open("?site=front")) == allowed
        assert ancestors(visitor.start("?site=front")) == allowed
        assert ancestors(visitor.write("hello")) == allowed
        for path in ("/chat/summary", "/chat/leaving", "/chat/end"):
            visitor.open("?site=front")
            assert ancestors(visitor.send(path)) == allowed

    @pytest.mark.parametrize("path", ["/chat", "/chat?site=other", "/", "/guidance/none", "/api/v1/openapi.json"])
    def test_nothing_else_may_be_embedded_by_anybody(self, client, path):
        assert ancestors(client.get(path)) == "'none'"

    def test_the_policy_lets_nothing_foreign_and_nothing_inline_in(self, client):
        page = client.get("/chat?site=front")
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", page.text)

    def test_name_colours_logo_country_are_the_sites(self, client):
        visitor = ChatBrowser(client)
        visitor.open("?site=front")
        assert "<h1>Example Clinic</h1>" in visitor.page.text
        assert "In an emergency call 112" in visitor.text
        style = client.get(
            re.findall(r'href="(/chat/static/chat\.css[^"]*)"', visitor.page.text)[0].replace("&amp;", "&")
        )
        assert "--button:#00703c" in style.text
        logo = client.get("/chat/logo/front")
        assert logo.headers["content-type"] == "image/svg+xml"

    def test_on_a_dark_page_of_a_site_the_emergency_number_and_all_lines_are_seen(self, client):
        style = client.get("/chat/static/chat.css?site=night").text.rpartition(":root{")[2]
        colours = dict(re.findall(r"--([a-z-]+):(#\w{6})", style))
        assert colours["page"] == "#101418"
        assert contrast(colours["urgent"], colours["page"]) >= 4.5
        assert contrast(colours["urgent-text"], colours["urgent"]) >= 4.5
        assert contrast(colours["line"], colours["page"]) >= 3
        assert "color-scheme:dark" in style  # the browser's own parts of a form

    @pytest.mark.parametrize(
        ("query", "site", "tel"),
        [("site=front", "front", "112"), ("site=front&country=us", "front", "911"), ("country=GB", None, "999")],
    )
    def test_the_loader_is_for_the_site_and_country_that_its_address_names(self, client, query, site, tel):
        loader = client.get(f"/widget/loader.js?{query}")
        config = json.loads(re.findall(r"const c = (\{.*?\}), me", loader.text)[0])
        assert config["tel"] == tel
        assert config["words"][4] == "In an emergency call #."
        assert ("site=front" in config["query"]) is (site == "front")
        assert config["side"] == ("left" if site else "right")

    @pytest.mark.parametrize("path", ["/widget/loader.js?site=front", "/chat/static/chat.js", "/chat/static/chat.css"])
    def test_files_come_packed_to_who_can_unpack_them(self, client, path):
        packed = client.get(path, headers={"Accept-Encoding": "gzip"})
        plain = client.get(path, headers={"Accept-Encoding": "identity"})
        assert packed.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert packed.text == plain.text
        assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
        assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"

    def test_where_the_country_is_not_known_the_loader_names_no_number(self, tmp_path):
        house = furnished(tmp_path, scripted())
        with client_for(house) as client:
            loader = client.get("/widget/loader.js").text
            assert '"tel":""' in loader
            assert "call your local emergency number" in loader
        house.database.close()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("#ffffff", "#00803c"), r"colours: button_text on button has a contrast of 1\.2, and 4\.5 is needed"),
        (("#00703c", "#fafafa"), r"colours: button_text on button .*\n.*button on page has a contrast of 1\.0"),
        (("#fdfdfd", "#8a8a8a"), r"colours: the emergency number on page has a contrast of \d\.\d, and 4\.5 is needed"),
        (
            ("https://www.clinic.example", "http://www.clinic.example"),
            r"origins: http://www\.clinic\.example is not enc",
        ),
        (("https://www.clinic.example", "'*'"), r"sites\[0\]\.origins\[0\]"),
        (("country: IE", "country: ZZ"), r"country: no telephone numbers are known for 'ZZ'"),
        (("country: IE", "language: tlh"), r"language: there are no words in 'tlh'\. Choose one of: .*en"),
        (("logo.svg", "../keys.json"), r"logo: \.\./keys\.json is no picture in the data dir"),
        (("logo.svg", "other.svg"), r"logo: There is no other\.svg in the data dir"),
        (("logo.svg", "data:text/html;base64,AAAA"), r"logo: Write data:image/png;base64"),
        (("    name:", "    nmae:"), r"unknown field `nmae`.*Remove it or mend its spelling"),
        (("  - id: front", "  - id: front\n    origins: [https://x.example]\n  - id: front"), r"id: it stands twice"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_and_how_to_mend_it(tmp_path, change, told):
    path = tmp_path / "sites.yml"
    (tmp_path / "logo.svg").write_text("<svg/>", encoding="utf-8")
    path.write_text(FRONT.replace(*change), encoding="utf-8")
    with pytest.raises(SitesFileError, match=rf"(?s)sites\.yml.*{told}"):
        load_sites(path, Wording(KNOWLEDGE / "wording"), rule_book())


def test_without_a_file_there_are_no_sites(tmp_path):
    assert load_sites(tmp_path / "sites.yml", Wording(KNOWLEDGE / "wording"), rule_book()) == {}
