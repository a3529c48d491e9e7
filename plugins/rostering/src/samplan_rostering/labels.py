"""What the module's codes are called, for pages, workbooks and the API."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from samplan.plugin_api import Text, _l
from samplan_rostering.domain.goals import GoalName
from samplan_rostering.domain.locks import LockChoice
from samplan_rostering.domain.outcome import LimitKind, WorkKind
from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.domain.unsocial import DutyClass, PayClass, UnsocialClass
from samplan_rostering.domain.ward import AbsenceKind, RosterType, ShiftKind, WishKind

STATUSES: Mapping[str, Text] = MappingProxyType(
    {"optimal": _l("Proven best"), "feasible": _l("Allowed, perhaps not the best")}
)
STATES: Mapping[str, Text] = MappingProxyType(
    {
        "draft": _l("Draft"),
        "consultation": _l("In consultation"),
        "decided": _l("Decided"),
        "published": _l("Published"),
    }
)
STEPS: Mapping[str, Text] = MappingProxyType(
    {
        "consult": _l("Sent to consultation"),
        "withdraw": _l("Taken back from consultation"),
        "decide": _l("Decided"),
        "reopen": _l("Opened again"),
        "publish": _l("Published"),
    }
)
SPEAKERS: Mapping[str, Text] = MappingProxyType(
    {"self": _l("for oneself"), "union": _l("for the union"), "employer": _l("for the employer")}
)
SHIFT_KINDS: Mapping[ShiftKind, Text] = MappingProxyType(
    {ShiftKind.DAY: _l("Day"), ShiftKind.EVENING: _l("Evening"), ShiftKind.NIGHT: _l("Night")}
)
ROSTER_TYPES: Mapping[RosterType, Text] = MappingProxyType(
    {
        RosterType.DAY: _l("day work"),
        RosterType.DAY_WEEKEND: _l("days and weekends"),
        RosterType.ROTATION_20: _l("rotation with at least 20 % nights"),
        RosterType.ROTATION_30: _l("rotation with at least 30 % nights"),
        RosterType.NIGHT: _l("permanent nights"),
    }
)
PERSON_FIELDS: Mapping[str, Text] = MappingProxyType(
    {"name": _l("Name"), "profession": _l("Profession"), "day_break": _l("Day break")}
)
_LESS_REST = _l(
    "Exception: at least 9 h, negotiated with the union (AB § 13 mom. 8 a), as a permission in the rule"
    " profile"
)
EXCEPTIONS: Mapping[Rule, Text] = MappingProxyType(
    {
        **dict.fromkeys(Rule, ""),
        Rule.REST_AFTER_SHIFT: _LESS_REST,
        Rule.DAILY_REST: _LESS_REST,
        Rule.SHIFT_LENGTH: _l(
            "Exception: up to 20 h (AB § 13 mom. 5), up to 24 h by dispensation from Arbetstidsnämnden, as a"
            " permission in the rule profile"
        ),
    }
)
"""Who may grant an exception from a hard rule and how it is registered; empty where there is none."""
EDITS: Mapping[str, Text] = MappingProxyType(
    {
        "place": _l("Placed"),
        "replace": _l("Replaced"),
        "remove": _l("Made free"),
        "move": _l("Moved"),
        "swap": _l("Swapped"),
        "lock": _l("Locked"),
        "unlock": _l("Unlocked"),
        "several": _l("Several cells"),
        "undo": _l("Undone"),
        "redo": _l("Redone"),
    }
)
"""What changes by hand are called."""
ABSENCES: Mapping[AbsenceKind, tuple[Text, Text]] = MappingProxyType(
    {
        AbsenceKind.VACATION: (_l("Va"), _l("Vacation")),
        AbsenceKind.SICK: (_l("Si"), _l("Sick leave")),
        AbsenceKind.PARENTAL: (_l("Pa"), _l("Parental leave")),
        AbsenceKind.LEAVE: (_l("Le"), _l("Leave of absence")),
        AbsenceKind.TRAINING: (_l("Tr"), _l("Training")),
        AbsenceKind.OTHER: (_l("Ab"), _l("Other absence")),
    }
)
"""Sign and name by kind of absence."""
CALL_OFF_STATES: Mapping[str, Text] = MappingProxyType(
    {
        "open": _l("Open"),
        "own_staff": _l("Offered to own staff"),
        "internal_unit": _l("Offered to the internal unit"),
        "agency": _l("Handed over to be called off"),
        "filled": _l("Filled"),
        "withdrawn": _l("Withdrawn"),
    }
)
WORK_KINDS: Mapping[WorkKind, Text] = MappingProxyType(
    {
        WorkKind.PLANNED: _l("As rostered"),
        WorkKind.CHANGED: _l("Other times"),
        WorkKind.EXTRA: _l("Extra shift"),
        WorkKind.OVERTIME: _l("Overtime"),
        WorkKind.ABSENCE: _l("Absence"),
    }
)
UNSOCIAL: Mapping[PayClass, Text] = MappingProxyType(
    {
        UnsocialClass.GREAT_HOLIDAY_NIGHT: _l("Major holiday, night"),
        UnsocialClass.GREAT_HOLIDAY: _l("Major holiday"),
        UnsocialClass.WEEKEND_NIGHT: _l("Weekend, night"),
        UnsocialClass.WEEKEND: _l("Weekend"),
        UnsocialClass.NIGHT: _l("Weekday, night"),
        UnsocialClass.EVENING: _l("Weekday, evening"),
        DutyClass.ON_CALL: _l("On-call duty"),
        DutyClass.STANDBY: _l("Standby"),
    }
)
LIMITS: Mapping[LimitKind, Text] = MappingProxyType(
    {
        LimitKind.OVERTIME_WEEKS: _l("Overtime, 48 hours in four weeks"),
        LimitKind.OVERTIME_MONTH: _l("Overtime, 50 hours in a calendar month"),
        LimitKind.OVERTIME_YEAR: _l("Overtime, 200 hours in a calendar year"),
        LimitKind.ADDITIONAL_YEAR: _l("Additional time, 200 hours in a calendar year"),
    }
)
WISHES: Mapping[WishKind, Text] = MappingProxyType(
    {
        WishKind.WANT: _l("wishes to work"),
        WishKind.AVOID: _l("would rather not work"),
        WishKind.OFF: _l("wishes to be free"),
    }
)
_TERMS: dict[Term, Text] = {
    Term.UNDER_MINIMUM: _l("Staffing below the minimum"),
    Term.UNDER_TARGET: _l("Staffing below the target"),
    Term.OVER_MAXIMUM: _l("Staffing above the maximum"),
    Term.WISHES: _l("Wishes not met"),
    Term.WEEKENDS_OVER: _l("Weekends beyond the limit"),
    Term.WEEKENDS_ADJACENT: _l("Weekends in a row"),
    Term.UNEVEN_NIGHTS: _l("Nights unevenly shared"),
    Term.UNEVEN_WEEKENDS: _l("Weekends unevenly shared"),
    Term.SKILL_MIX: _l("Skill missing on a shift"),
    Term.TOGETHER: _l("Without the other person"),
    Term.APART: _l("At once with the other person"),
    Term.UNEVEN_HOLIDAYS: _l("Holidays unevenly shared"),
    Term.UNEVEN_WISHES: _l("Shifts against wishes unevenly shared"),
    Term.COST: _l("Cost of the hours"),
    Term.UNDER_COVER: _l("Staffing below what is required"),
    Term.OVER_COVER: _l("Staffing above what is required"),
    Term.SHIFT_ON: _l("Requested shifts not given"),
    Term.SHIFT_OFF: _l("Unwanted shifts given"),
    Term.RUNS: _l("Too few or too many days in a row"),
    Term.DAYS_OFF: _l("Too few or too many days off in a row"),
    Term.TOTAL_SHIFTS: _l("Too few or too many shifts in all"),
}
RULES: Mapping[Rule, Text] = MappingProxyType(
    {
        Rule.UNKNOWN: _l("Known employees, days and shifts"),
        Rule.ONE_SHIFT: _l("At most one shift a day"),
        Rule.SKILL: _l("Skill that the shift asks for"),
        Rule.CONTRACT: _l("Contract in force"),
        Rule.ROSTER_TYPE: _l("Shifts of the contract's roster type"),
        Rule.ABSENCE: _l("No shift during absence"),
        Rule.PIN: _l("Locked cells"),
        Rule.SHIFT_LENGTH: _l("Longest shift"),
        Rule.REST_AFTER_SHIFT: _l("Rest after a shift"),
        Rule.DAILY_REST: _l("Daily rest"),
        Rule.WEEKLY_REST: _l("Weekly rest"),
        Rule.CONSECUTIVE_DAYS: _l("Working days in a row"),
        Rule.CONSECUTIVE_NIGHTS: _l("Nights in a row"),
        Rule.HOURS_MIN: _l("Fewest hours of the contract"),
        Rule.HOURS_MAX: _l("Most hours of the contract"),
        Rule.BREAKS: _l("Breaks"),
        Rule.NIGHT_RISK: _l("Night work with special risks"),
        Rule.PHYSICIAN_WINDOW: _l("Ordinary hours of physicians"),
        Rule.RECOMMENDED_LENGTH: _l("Recommended length of a shift"),
        Rule.EARLY_START: _l("Early start"),
        Rule.REST_AFTER_NIGHTS: _l("Rest after nights"),
        Rule.STANDBY_REST: _l("Rest after standby"),
        Rule.QUICK_RETURN: _l("Quick return"),
        Rule.CONSECUTIVE_LONG: _l("Long shifts in a row"),
        Rule.FORWARD_ROTATION: _l("Forward rotation"),
        Rule.AVERAGE_TOTAL: _l("Total working time on average"),
        Rule.AVERAGE_ORDINARY: _l("Ordinary working time on average"),
        Rule.NIGHT_AVERAGE: _l("Working time of night workers on average"),
        Rule.ON_CALL_HOURS: _l("Hours of on-call duty"),
        Rule.FREE_DAYS: _l("Free days"),
        Rule.NIGHTS_PER_WEEK: _l("Nights in a week"),
        Rule.WEEK_SPREAD: _l("Working days in a week, part-time"),
        Rule.SHIFT_COUNT: _l("Number of shifts of a type"),
        Rule.WEEKENDS_ADJACENT: _l("Weekends in a row"),
        Rule.WHOLE_WEEKEND: _l("Whole weekends"),
        Rule.UNWANTED_PATTERN: _l("Sequence that is not wanted"),
        Rule.WANTED_PATTERN: _l("Sequence that is wanted"),
        Rule.FIXED_ROTATION: _l("Fixed rotation"),
        Rule.TOGETHER: _l("Never without the other person"),
        Rule.APART: _l("Never at once with the other person"),
        Rule.SUCCESSION: _l("Shifts that may not follow one another"),
        Rule.MIN_CONSECUTIVE: _l("Fewest shifts in a row"),
        Rule.MIN_DAYS_OFF: _l("Fewest days off in a row"),
        Rule.MAX_WEEKENDS: _l("Most weekends"),
        Rule.MAX_SHIFTS: _l("Most shifts of a kind"),
    }
)
TERMS: Mapping[Term, Text] = MappingProxyType(
    {term: _TERMS[term] if term in _TERMS else RULES[Rule(term.value)] for term in Term}
)
"""A soft term that may be a hard rule too is called as that rule."""
MINUTES = frozenset(
    {
        Rule.SHIFT_LENGTH,
        Rule.REST_AFTER_SHIFT,
        Rule.DAILY_REST,
        Rule.WEEKLY_REST,
        Rule.HOURS_MIN,
        Rule.HOURS_MAX,
        Rule.BREAKS,
        Rule.NIGHT_RISK,
        Rule.RECOMMENDED_LENGTH,
        Rule.REST_AFTER_NIGHTS,
        Rule.STANDBY_REST,
        Rule.QUICK_RETURN,
        Rule.AVERAGE_TOTAL,
        Rule.AVERAGE_ORDINARY,
        Rule.NIGHT_AVERAGE,
        Rule.ON_CALL_HOURS,
    }
)
"""Rules whose figures are minutes; those of the others are counts."""
FIGURES = (
    _l("Roster id"),
    _l("Objective"),
    _l("Status"),
    _l("Wards"),
    _l("Wards without roster"),
    _l("Uncovered"),
    _l("Shifts of the internal unit"),
)
"""What the core calls the plain values of a run's result."""
# What a run says of itself: English in the worker, translated by the core where it is shown.
READING = _l("Reading the input")
SEARCHING = _l("Searching for a better roster")
CHECKING = _l("Checking the roster")
INFEASIBLE = _l("No roster can keep every rule.")
INFEASIBLE_FOR = _l("No roster can keep every rule. It cannot be done for: %(people)s.")
COUNTING = _l("Counting rosters")
WARDS = _l("Rostering ward by ward")
PLACING = _l("Improving around those who help out")
NOT_TOGETHER = _l("These wards cannot be rostered together. %(faults)s")
CHANGED = _l("The input of %(unit)s was changed meanwhile. Start again.")
OUTDATED = _l("The changes of the scenario no longer fit its period. Look at the scenario again. %(faults)s")
ROSTER_CHANGED = _l("The roster or its input has changed meanwhile. Start again.")
NOT_WHOLE = _l("The input is not whole yet. Complete it first.")
ROSTER_UNFIT = _l("The roster names what the ward no longer has, and cannot be re-planned.")
NO_WARD = _l("None of the wards has got a roster.")
NONE_FOUND = _l("No roster was found within %(seconds)s seconds. Give the search more time.")
REJECTED = _l("The independent check rejects the roster that was found. It was not saved.")


GOALS: Mapping[GoalName, Text] = MappingProxyType(
    {
        GoalName.BALANCED: _l("Balanced: the ward's own weights"),
        GoalName.COVERAGE: _l("Coverage first"),
        GoalName.WISHES: _l("Wishes first"),
        GoalName.FAIRNESS: _l("Fairness first"),
        GoalName.COST: _l("Cost first"),
        GoalName.LEAST_CHANGE: _l("Least change of the roster to start from"),
    }
)
LOCKS: Mapping[LockChoice, Text] = MappingProxyType(
    {
        LockChoice.NOTHING: _l("Nothing, not the period's locked cells either"),
        LockChoice.PERIOD: _l("The period's locked cells"),
        LockChoice.BEFORE: _l("The period's locked cells and everything before a date"),
    }
)


def quantity(rule: Rule, value: int) -> str:
    """Return a rule's figure: minutes as hours and minutes, counts as they are."""
    return clock_minutes(value) if rule in MINUTES else str(value)


def clock_minutes(minutes: int, *, sign: bool = False) -> str:
    """Return minutes as hours and minutes, such as 38:15; with `sign` as +1:30 or −0:45."""
    text = f"{abs(minutes) // 60}:{abs(minutes) % 60:02d}"
    if minutes < 0:
        return f"−{text}"
    return f"+{text}" if sign and minutes else text
