"""The site is whole: links lead somewhere, every rule is there and found, and nothing is loaded from elsewhere."""

from __future__ import annotations

import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from mllint import registry

ROOT = Path(__file__).parents[2]
LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src"}
"""Elements whose address the browser fetches by itself; of `link` those with a rel of LOADING."""
LOADING = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "manifest"}


class Reader(HTMLParser):
    """What one page holds: anchors, links, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "link" and set(given.get("rel", "").split()) & LOADING:
            self.loaded.append(given["href"])
        elif given.get(LOADED.get(tag, "")):
            self.loaded.append(given[LOADED[tag]])


@cache
def read(page: Path) -> Reader:
    return Reader(page.read_text(encoding="utf-8"))


def pages(site: Path) -> list[Path]:
    """Those with relative addresses: the page for an unknown address is shown at any."""
    found = [page for page in sorted(site.rglob("*.html")) if page.name != "404.html"]
    assert len(found) > 2 * len(registry.rules())
    return found


def test_links_lead_somewhere(site):
    broken = []
    for page in pages(site):
        for link in (*read(page).links, *read(page).loaded):
            address = urlsplit(link)
            if address.scheme in ("http", "https", "mailto"):
                continue
            target = (page.parent / unquote(address.path)).resolve() if address.path else page
            assert not address.path.startswith("/"), f"{page}: {link} holds at the top of a server only"
            if not target.is_file() or (address.fragment and unquote(address.fragment) not in read(target).anchors):
                broken.append(f"{page.relative_to(site)}: {link}")
    assert not broken


def test_nothing_is_loaded_from_elsewhere(site):
    for page in pages(site):
        assert not [address for address in read(page).loaded if urlsplit(address).netloc]
    for style in site.rglob("*.css"):
        assert not re.findall(r"url\(['\"]?https?:|@import", style.read_text(encoding="utf-8"))


def test_nothing_tells_where_the_site_was_built(site):
    for page in pages(site):
        assert str(ROOT) not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", registry.rules(), ids=lambda rule: rule.name)
def test_a_rule_has_its_page_with_what_it_is_at_a_glance(rule, site):
    text = (site / "rules" / rule.family / f"{rule.name}.html").read_text(encoding="utf-8")
    (glance,) = re.findall(r'<p class="glance">(.*?)</p>', text)
    said = re.sub(r"<[^>]+>", "", glance)
    assert re.fullmatch(
        rf"{rule.code} {rule.family}( (error|warning|info))+ (no fix|fix: [a-z, ]+) since {rule.rule.since}", said
    )
    assert rule.summary[1:] in text
    assert "Fix safety" in text


def test_the_neighbours_of_a_rule_are_a_step_away(site):
    page = (site / "rules" / "head-loss" / "one-unit-softmax.html").read_text(encoding="utf-8")
    before, after = re.findall(r'<a href="([^"]+)" class="md-footer__link', page)
    assert (before, after) == ("softmax-with-binary-crossentropy.html", "one-unit-head-with-categorical-loss.html")


@pytest.mark.parametrize("rule", registry.rules(), ids=lambda rule: rule.code)
def test_a_code_leads_to_its_rule(rule, site):
    (target,) = read(site / f"{rule.code}.html").links
    assert (site / target).is_file() and target.endswith(f"/{rule.name}.html")
    assert f"url={target}" in (site / f"{rule.code}.html").read_text(encoding="utf-8")


def test_every_family_lists_its_rules(site):
    for family in {rule.family for rule in registry.rules()}:
        links = read(site / "rules" / family / "index.html").links
        assert {f"{rule.name}.html" for rule in registry.rules() if rule.family == family} <= set(links)


def test_the_search_knows_every_rule(site):
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    places = {entry["location"]: entry["title"] for entry in index["docs"]}
    assert {f"rules/{rule.family}/{rule.name}.html": rule.name for rule in registry.rules()}.items() <= places.items()


def test_schemas_are_published(site):
    schemas = sorted((ROOT / "docs" / "schemas").glob("*.json"))
    assert schemas
    assert all((site / "schemas" / schema.name).read_bytes() == schema.read_bytes() for schema in schemas)


def test_markdown_is_shown_and_not_spelled_out(site):
    """The site reads lists and code more strictly than others do: after an empty line, indented by four."""
    for page in pages(site):
        article = re.sub(r"<(pre|code)\b.*?</\1>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        paragraphs = re.findall(r"<p>((?:(?!</p>).)*)</p>", article, re.DOTALL)
        assert not [text for text in paragraphs if re.search(r"\n\s*([-*] |\d+\. |\||#+ )|```|\]\(", text)], page


def test_an_unknown_address_has_a_page(site):
    text = (site / "404.html").read_text(encoding="utf-8")
    assert "404 - Not found" in text and 'href="/assets/site.css"' in text


def test_the_front_page_shows_the_way_on_as_cards(site):
    text = (site / "index.html").read_text(encoding="utf-8")
    (cards,) = re.findall(r'<div class="grid cards">(.*?)</div>', text, re.DOTALL)
    assert '<li><a href="rules.html">' in cards


def test_quotations_are_coloured_and_otherwise_what_they_were(site):
    text = (site / "index.html").read_text(encoding="utf-8")
    (quoted,) = re.findall(r"<code>(?:<span></span>)?<span class=\"said command\">.*?</code>", text, re.DOTALL)
    plain = re.sub(r"<[^>]+>", "", quoted).replace("&gt;", ">").replace("&quot;", '"').replace("&#39;", "'")
    assert plain in (ROOT / "README.md").read_text(encoding="utf-8")
    assert '<span class="said error">error[MLL101] ' in quoted
    assert '<span class="said points">^^^^' in quoted
