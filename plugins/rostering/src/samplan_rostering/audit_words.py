"""What the module's entries in the audit trail are called."""

from __future__ import annotations

from samplan.plugin_api import AuditWords, _l

WORDS = AuditWords(
    actions={
        "benchmark.imported": _l("Benchmark problem read in"),
        "employee.account_linked": _l("Employee linked to an account"),
        "employee.account_unlinked": _l("Employee no longer linked to an account"),
        "employee.added": _l("Employee added"),
        "employee.changed": _l("Employee changed"),
        "employee.deleted": _l("Employee deleted"),
        "employee.made_anonymous": _l("Employee made anonymous"),
        "period.imported": _l("Period read in"),
        "roster.edited": _l("Roster changed by hand"),
        "roster.made": _l("Roster made"),
        "ward.added": _l("Ward added"),
        "ward.changed": _l("Ward changed"),
    },
    objects={
        "rostering.benchmark": _l("Benchmark problem"),
        "rostering.employee": _l("Employee"),
        "rostering.period": _l("Period"),
        "rostering.roster": _l("Roster"),
        "rostering.ward": _l("Ward"),
    },
    fields={
        "absences": _l("Absences"),
        "account_id": _l("Account"),
        "cells": _l("Cells"),
        "contracts": _l("Contracts"),
        "dated_requirements": _l("Exceptions by date"),
        "day_break": _l("Day break"),
        "days": _l("Days"),
        "employees": _l("Employees"),
        "end": _l("Last date"),
        "history": _l("Shifts before the period"),
        "kind": _l("Kind"),
        "number": _l("Number"),
        "objective": _l("Penalty points"),
        "pins": _l("Locked cells"),
        "profession": _l("Profession"),
        "reason": _l("Reason"),
        "settings": _l("Rule profile"),
        "shift_types": _l("Shift types"),
        "skills": _l("Skills"),
        "start": _l("First date"),
        "status": _l("Result"),
        "unit": _l("Unit"),
        "weekly_requirements": _l("Requirements per week"),
        "wishes": _l("Wishes"),
    },
    pages={
        "rostering.benchmark": ("rostering.problem", "problem_id"),
        "rostering.period": ("rostering.period", "period_id"),
        "rostering.roster": ("rostering.roster", "roster_id"),
    },
)
