"""The sheet of the rule profile: which rules are off, at a cost or always kept, with figures of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from samplan.plugin_api import Choice, Column, Kind, Label, Reference, Row, SheetSpec, Value
from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.workbook.columns import VALID_FROM, VALID_TO, choice_column

RULE_LABELS: Mapping[str, Label] = {
    "skill": Label("Kompetens för passet", "Skill for the shift"),
    "contract": Label("Gällande anställning", "Contract in force"),
    "roster_type": Label("Pass enligt schematypen", "Shifts of the roster type"),
    "absence": Label("Inget pass under frånvaro", "No shift during absence"),
    "pin": Label("Låsta pass", "Locked shifts"),
    "shift_length": Label("Längsta pass", "Longest shift"),
    "breaks": Label("Raster", "Breaks"),
    "night_risk": Label("Nattarbete med särskilda risker", "Night work with special risks"),
    "physician_window": Label("Läkares ordinarie arbetstid", "Ordinary hours of physicians"),
    "recommended_length": Label("Rekommenderad passlängd", "Recommended length of a shift"),
    "early_start": Label("Tidig start", "Early start"),
    "rest_after_shift": Label("Vila efter pass", "Rest after a shift"),
    "daily_rest": Label("Dygnsvila", "Daily rest"),
    "weekly_rest": Label("Veckovila", "Weekly rest"),
    "rest_after_nights": Label("Vila efter nätter", "Rest after nights"),
    "standby_rest": Label("Vila efter beredskap", "Rest after standby"),
    "quick_return": Label("Snabbyte", "Quick return"),
    "short_rest_permission": Label("Tillstånd: kortare dygnsvila", "Permission: shorter daily rest"),
    "long_shift_permission": Label("Tillstånd: längre pass", "Permission: longer shift"),
    "consecutive_days": Label("Arbetsdagar i följd", "Working days in a row"),
    "consecutive_nights": Label("Nätter i följd", "Nights in a row"),
    "consecutive_long": Label("Långa pass i följd", "Long shifts in a row"),
    "forward_rotation": Label("Medsols rotation", "Forward rotation"),
    "hours_min": Label("Minsta tid enligt avtal", "Fewest hours of the contract"),
    "hours_max": Label("Högsta tid enligt avtal", "Most hours of the contract"),
    "average_total": Label("Sammanlagd arbetstid i snitt", "Total working time on average"),
    "average_ordinary": Label("Ordinarie arbetstid i snitt", "Ordinary working time on average"),
    "night_average": Label("Nattarbetandes arbetstid i snitt", "Working time of night workers on average"),
    "on_call_hours": Label("Jourtid", "Hours of on-call duty"),
    "free_days": Label("Fridagar", "Free days"),
    "nights_per_week": Label("Nätter per vecka", "Nights in a week"),
    "week_spread": Label("Arbetsdagar per vecka vid deltid", "Working days in a week (part-time)"),
    "shift_count": Label("Antal pass av en typ", "Number of shifts of a type"),
    "weekends_over": Label("Andel arbetade helger", "Share of weekends worked"),
    "weekends_adjacent": Label("Helger i följd", "Weekends in a row"),
    "whole_weekend": Label("Hela helger", "Whole weekends"),
    "unwanted_pattern": Label("Oönskad passföljd", "Sequence that is not wanted"),
    "wanted_pattern": Label("Önskad passföljd", "Sequence that is wanted"),
    "fixed_rotation": Label("Fast rotation", "Fixed rotation"),
    "under_minimum": Label("Bemanning under minst", "Staffing below the minimum"),
    "under_target": Label("Bemanning under mål", "Staffing below the target"),
    "over_maximum": Label("Bemanning över högst", "Staffing above the maximum"),
    "skill_mix": Label("Kompetens på varje pass", "Skill on each shift"),
    "wishes": Label("Önskemål", "Wishes"),
    "together": Label("Tillsammans (handledare)", "Together (mentor)"),
    "apart": Label("Aldrig samtidigt", "Never at once"),
    "uneven_nights": Label("Jämnt fördelade nätter", "Nights evenly shared"),
    "uneven_weekends": Label("Jämnt fördelade helger", "Weekends evenly shared"),
    "uneven_holidays": Label("Jämnt fördelade röda dagar", "Holidays evenly shared"),
    "uneven_wishes": Label("Jämnt fördelade pass mot önskan", "Shifts against wishes evenly shared"),
    "carried_balance": Label("Saldo från tidigare perioder", "Balance from earlier periods"),
    "cost": Label("Kostnad", "Cost"),
    "notice": Label("Besked om ändringar", "Notice of changes"),
}
"""What each rule of the profile is called."""
_LEVELS = {
    Level.OFF: Label("Av", "Off"),
    Level.SOFT: Label("Önskvärd", "Desirable"),
    Level.HARD: Label("Krav", "Required"),
}
LEVELS = tuple(Choice(str(level), name) for level, name in _LEVELS.items())
_EVERYONE = Label("Tom: alla.", "Empty: everybody.")

RULE_PROFILE = SheetSpec(
    key="rule_profile",
    name=Label("Regelprofil", "Rule profile"),
    max_rows=2000,
    help=Label(
        "Regler som inte ska vara som vanligt. En regel som saknas har vanlig nivå och vanliga värden.",
        "Rules that are not to be as usual. A rule that is left out has its usual level and figures.",
    ),
    columns=(
        choice_column(
            "rule", Label("Regel", "Rule"), tuple(Choice(key, name) for key, name in RULE_LABELS.items())
        ),
        choice_column("level", Label("Nivå", "Level"), LEVELS),
        Column(
            key="weight",
            name=Label("Vikt", "Weight"),
            kind=Kind.INTEGER,
            minimum=0,
            maximum=100_000,
            help=Label(
                "Poäng per avsteg. Tom: vanlig vikt.", "Points for each breach. Empty: the usual weight."
            ),
            example="10",
        ),
        Column(
            key="employee",
            name=Label("Anställnings-id", "Employee id"),
            refers_to=Reference("employees", "code"),
            help=_EVERYONE,
            example="M01",
        ),
        Column(
            key="other",
            name=Label("Den andras id", "Other employee id"),
            refers_to=Reference("employees", "code"),
            help=Label("För regler om två: den andra.", "For rules about two: the other person."),
            example="M02",
        ),
        Column(
            key="parameters",
            name=Label("Värden", "Figures"),
            max_length=500,
            help=Label(
                "Skrivs namn=värde med semikolon emellan. Namnen står i handboken.",
                "Written name=value with semicolons between. The manual has the names.",
            ),
            example="limit=1",
        ),
        VALID_FROM,
        VALID_TO,
    ),
)


def read_setting(row: Row) -> RuleSetting:
    """Return the setting of a row; figures that are not written as asked keep a name that no rule has."""
    text = row.get("parameters", str) or ""
    pairs = (part.partition("=") for part in text.split(";") if part.strip())
    return RuleSetting(
        rule=row.need("rule", str),
        level=Level(row.need("level", str)),
        weight=row.get("weight", int),
        employee=row.get("employee", str),
        other=row.get("other", str),
        parameters=tuple(sorted((name.strip(), value.strip()) for name, _, value in pairs)),
        valid_from=row.get("valid_from", date),
        valid_to=row.get("valid_to", date),
    )


def setting_rows(settings: Iterable[RuleSetting]) -> list[Mapping[str, Value | None]]:
    """Return the rows of some settings."""
    return [
        {
            "rule": setting.rule,
            "level": setting.level.value,
            "weight": setting.weight,
            "employee": setting.employee,
            "other": setting.other,
            "parameters": "; ".join(f"{name}={value}" for name, value in setting.parameters) or None,
            "valid_from": setting.valid_from,
            "valid_to": setting.valid_to,
        }
        for setting in settings
    ]
