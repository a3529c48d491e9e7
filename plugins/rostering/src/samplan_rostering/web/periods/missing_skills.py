"""The words for people who can work no shift of a period because they lack a skill."""

from __future__ import annotations

from collections.abc import Iterable

from samplan.plugin_api import _


def lacking_skill(names: Iterable[str]) -> str:
    """Say whose skill is missing, and what follows."""
    return _(
        "A skill is missing: every requirement of the period asks for one, so these people can have no "
        "shift: %(names)s. Give them a skill on their own pages.",
        names=", ".join(names),
    )
