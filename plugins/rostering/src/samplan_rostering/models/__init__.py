"""The tables of this module, in schema `rostering`.

`position` keeps the order in which the workbook named the rows. Dates are inclusive; clock times are local
to the ward.
"""

from samplan_rostering.models.coverage import CoverageNeed, CoverageTemplate
from samplan_rostering.models.edit import RosterEdit
from samplan_rostering.models.export import ExportTemplate
from samplan_rostering.models.feed import CalendarFeed
from samplan_rostering.models.figures import CallOffLine, EnteredFigure, RosterFigures
from samplan_rostering.models.outcome import CarriedHours, UnsocialRate, WorkedShift
from samplan_rostering.models.period import (
    HistoryShift,
    Lock,
    PeriodEmployee,
    Requirement,
    RosterPeriod,
    RuleSetting,
    Wish,
)
from samplan_rostering.models.profile import PERMITS, RulePermission, WardProfile
from samplan_rostering.models.publication import PeriodComment, PeriodStep, Publication, PublicationShift
from samplan_rostering.models.requests import AbsenceRequest, Swap
from samplan_rostering.models.roster import Assignment, BenchmarkProblem, Roster
from samplan_rostering.models.scenario import Scenario, SolveTrace
from samplan_rostering.models.ward import (
    Absence,
    Contract,
    ContractShare,
    Employee,
    EmployeeSkill,
    ShiftType,
    Skill,
    Ward,
)
from samplan_rostering.models.wishing import WishAnswer, WishWindow

__all__ = [
    "PERMITS",
    "Absence",
    "AbsenceRequest",
    "Assignment",
    "BenchmarkProblem",
    "CalendarFeed",
    "CallOffLine",
    "CarriedHours",
    "Contract",
    "ContractShare",
    "CoverageNeed",
    "CoverageTemplate",
    "Employee",
    "EmployeeSkill",
    "EnteredFigure",
    "ExportTemplate",
    "HistoryShift",
    "Lock",
    "PeriodComment",
    "PeriodEmployee",
    "PeriodStep",
    "Publication",
    "PublicationShift",
    "Requirement",
    "Roster",
    "RosterEdit",
    "RosterFigures",
    "RosterPeriod",
    "RulePermission",
    "RuleSetting",
    "Scenario",
    "ShiftType",
    "Skill",
    "SolveTrace",
    "Swap",
    "UnsocialRate",
    "Ward",
    "WardProfile",
    "Wish",
    "WishAnswer",
    "WishWindow",
    "WorkedShift",
]

ALL = (
    Ward,
    Skill,
    ShiftType,
    Employee,
    EmployeeSkill,
    Contract,
    ContractShare,
    Absence,
    RosterPeriod,
    PeriodEmployee,
    Requirement,
    Wish,
    WishWindow,
    WishAnswer,
    AbsenceRequest,
    Swap,
    HistoryShift,
    Lock,
    RuleSetting,
    WardProfile,
    RulePermission,
    BenchmarkProblem,
    Scenario,
    Roster,
    Assignment,
    RosterEdit,
    RosterFigures,
    WorkedShift,
    UnsocialRate,
    SolveTrace,
    PeriodStep,
    PeriodComment,
    Publication,
    PublicationShift,
    CarriedHours,
    EnteredFigure,
    CallOffLine,
    CalendarFeed,
    ExportTemplate,
    CoverageTemplate,
    CoverageNeed,
)
