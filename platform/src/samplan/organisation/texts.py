"""What the organisation's terms and rules are called."""

from __future__ import annotations

from samplan.i18n import _, _l
from samplan.imports.spec import Choice, Label
from samplan.modules.contributions import Text
from samplan.organisation.models import UNIT_KINDS
from samplan.organisation.rules import Broken, kinds_above

KIND_LABELS: dict[str, Text] = {
    "region": _l("Region"),
    "division": _l("Division"),
    "hospital": _l("Hospital"),
    "clinic": _l("Clinic"),
    "ward": _l("Ward"),
}
CATEGORY_LABELS: dict[str, Text] = {
    "physician": _l("Physicians"),
    "nurse": _l("Nurses"),
    "other": _l("Others"),
}
SITE_LABELS: dict[str, Text] = {
    "hospital": _l("Hospital"),
    "health_centre": _l("Health centre"),
    "other": _l("Other"),
}

UNIT_CHOICES = tuple(
    Choice(kind, label)
    for kind, label in zip(
        UNIT_KINDS,
        (
            Label("Region", "Region"),
            Label("Division", "Division"),
            Label("Sjukhus", "Hospital"),
            Label("Klinik", "Clinic"),
            Label("Avdelning", "Ward"),
        ),
        strict=True,
    )
)
CATEGORY_CHOICES = (
    Choice("physician", Label("Läkare", "Physicians")),
    Choice("nurse", Label("Sjuksköterskor", "Nurses")),
    Choice("other", Label("Övriga", "Others")),
)
SITE_CHOICES = (
    Choice("hospital", Label("Sjukhus", "Hospital")),
    Choice("health_centre", Label("Vårdcentral", "Health centre")),
    Choice("other", Label("Annat", "Other")),
)

_BROKEN: dict[Broken, Text] = {
    "second_root": _l("There is a region already."),
    "parent_needed": _l("The unit above is missing."),
    "no_parent": _l("The region stands below no other unit."),
    "unknown_parent": _l("There is no such unit."),
    "level": _l("The unit cannot stand below one of that kind."),
    "parent_inactive": _l("The unit above it is not in use."),
}


def broken_text(broken: Broken) -> Text:
    """Return what is wrong with a unit's place, in the user's language."""
    return _BROKEN[broken]


def expected_above(kind: str) -> str:
    """Return which kinds may stand above `kind`, in the user's language."""
    names = ", ".join(str(KIND_LABELS[name]).lower() for name in kinds_above(kind))
    return _("a unit of the kind %(kinds)s", kinds=names) if names else _("no unit")
