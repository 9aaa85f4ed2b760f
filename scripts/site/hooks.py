"""What makes a site of the repository's Markdown: MkDocs calls these functions while it builds.

Pages are generated here, and nothing of them is committed: the front page from the README, one page for each rule and
each family of rules, and one for each code that leads to its rule.
"""

from __future__ import annotations

import re
from typing import Any, Final

from links import BESIDE_DOCS, ROOT, RULES, page_of, pages, rewritten
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from rule_pages import families, family_page, rule_page, rules_of
from terminal import coloured

QUOTED: Final = re.compile(r"<!-- (generated: [^\n]*|end) -->\n?")
REDIRECT: Final = """\
<!doctype html>
<meta charset="utf-8">
<title>{code}</title>
<meta http-equiv="refresh" content="0; url={target}">
<link rel="canonical" href="{target}">
<a href="{target}">{name}</a>
"""


def on_config(config: MkDocsConfig) -> None:
    """Below the table of all rules, each family with its rules."""
    assert config.nav is not None
    config.nav = [_with_families(entry) if "Rules" in entry else entry for entry in config.nav]


def _with_families(entry: dict[str, Any]) -> dict[str, Any]:
    return {"Rules": [entry["Rules"], *({family: _entries(family)} for family in families())]}


def _entries(family: str) -> list[Any]:
    return [f"rules/{family}/index.md", *({rule.name: page_of(rule)} for rule in rules_of(family))]


def on_files(files: Files, config: MkDocsConfig) -> None:
    """The pages that do not lie in docs/."""
    for source, page in BESIDE_DOCS.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=_front(text) if page == "index.md" else text))
    for family in families():
        files.append(File.generated(config, f"rules/{family}/index.md", content=family_page(family)))
    for rule in RULES:
        files.append(File.generated(config, page_of(rule), content=rule_page(rule)))
        target = page_of(rule).removesuffix(".md") + ".html"
        redirect = REDIRECT.format(code=rule.code, name=rule.name, target=target)
        files.append(File.generated(config, f"{rule.code}.html", content=redirect))


def _front(readme: str) -> str:
    """The README with its way on as cards."""
    text, heading, ways_on = readme.partition("## Read on\n")
    assert heading
    return f'---\nhide: [toc]\n---\n{text}{heading}\n<div class="grid cards" markdown>\n{ways_on}\n</div>\n'


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Links as they are on the site, and no marks of what is generated."""
    on_site = pages()
    sources = {site: source for source, site in on_site.items()}
    name = page.file.src_uri
    return QUOTED.sub("", rewritten(markdown, sources.get(name, f"docs/{name}"), name, on_site))


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    return coloured(html)
