"""Where a form may send its user afterwards."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from samplan.identity.redirects import own_path

HOME = "/"


@pytest.mark.parametrize(
    "path", ["/", "/t/region-orebro/", "/t/a/audit?since=2026-01-01&until=", "/account#top"]
)
def test_own_pages_are_followed(path: str) -> None:
    assert own_path(path, HOME) == path


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "t/a",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "http:evil.example",
        "/x" * 2000,
    ],
)
def test_other_sites_are_not(target: str | None) -> None:
    assert own_path(target, HOME) == HOME


@given(st.text(alphabet=st.sampled_from("/\\.:@?#ahtpsjevil \t\n%"), max_size=30))
@example("/%0a/evil")
def test_nothing_leads_away(target: str) -> None:
    chosen = own_path(target, HOME)
    assert urlsplit(urljoin("https://samplan.example/login", chosen)).netloc == "samplan.example"
