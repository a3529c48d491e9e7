"""What the codes of delivered files may mean, and the words for it."""

from __future__ import annotations

from samplan.plugin_api import Choice, Label

CATEGORIES = (
    Choice("physician", Label("Läkare", "Physicians"), ("Läk", "LÄK", "Doktor", "Physician", "Hyrläkare")),
    Choice(
        "nurse",
        Label("Sjuksköterskor", "Nurses"),
        ("Sjuksköterska", "Ssk", "SSK", "Barnmorska", "Nurse", "Hyrsjuksköterska", "Hyrsköterska"),
    ),
    Choice("other", Label("Övriga", "Others"), ("Övrig", "Annan", "Övrig personal", "Other")),
)
TIME_CLASSES = (
    Choice(
        "ordinary", Label("Ordinarie tid", "Ordinary hours"), ("Dag", "Grund", "Ord", "Normaltid", "Dagtid")
    ),
    Choice("evening", Label("Kväll", "Evening"), ("Kvällstid", "OB1", "OB kväll")),
    Choice("night", Label("Natt", "Night"), ("Nattid", "OB natt")),
    Choice("weekend", Label("Helg", "Weekend"), ("Veckoslut", "OB helg")),
    Choice("holiday", Label("Storhelg", "Public holiday"), ("OB storhelg",)),
    Choice("on_call", Label("Jour och beredskap", "On call"), ("Jour", "Beredskap")),
    Choice("overtime", Label("Övertid", "Overtime"), ("ÖT",)),
    Choice("travel", Label("Resa", "Travel"), ("Restid", "Resor", "Resekostnad", "Resa och logi")),
)
ZONES = tuple(
    Choice(str(zone), Label(f"Zon {zone}", f"Zone {zone}"), (str(zone), f"Z{zone}", f"Prisområde {zone}"))
    for zone in (1, 2, 3)
)
STAFF = (
    Choice("hired", Label("Inhyrd personal", "Hired staff"), ("Hyr", "Inhyrd", "Bemanning", "Extern")),
    Choice("own", Label("Egen personal", "Own staff"), ("Egen", "Anställd", "Intern")),
)
BASES = (
    Choice("planned", Label("Planerade", "Planned"), ("Schemalagda", "Avropade", "Bokade", "Plan")),
    Choice("worked", Label("Arbetade", "Worked"), ("Utförda", "Utfall", "Faktiska")),
)
