"""A period's balances as a workbook: one row a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from samplan.plugin_api import Cell, NumberFormat, TableColumn, _, write_table
from samplan_rostering import labels
from samplan_rostering.domain.unsocial import UnsocialClass
from samplan_rostering.labels import LIMITS
from samplan_rostering.queries.outcome.balances import Balance, Balances

_HOURS = NumberFormat.DURATION


def write_balances(counted: Balances, *, created: datetime) -> bytes:
    """Return the workbook; hours are durations, a balance below zero is written as text."""
    classes = list(UnsocialClass)
    columns = [
        TableColumn(_("Employee id")),
        TableColumn(_("Name")),
        *(
            TableColumn(heading, _HOURS)
            for heading in (
                _("Contract"),
                _("Rostered"),
                _("Published"),
                _("Worked"),
                _("Absence instead of rostered"),
                _("Additional time"),
                _("Overtime"),
                _("On-call duty"),
                _("Standby"),
            )
        ),
        *(TableColumn(str(labels.UNSOCIAL[kind]), _HOURS) for kind in classes),
        *(TableColumn(heading) for heading in (_("Nights"), _("Weekends"), _("Holidays"))),
        TableColumn(_("Carried in")),
        TableColumn(_("Balance of hours")),
        TableColumn(_("Limits")),
    ]
    rows = [_row(balance, classes) for balance in counted.people]
    return write_table(_("Balances"), columns, rows, created=created)


def _row(balance: Balance, classes: list[UnsocialClass]) -> list[Cell]:
    worked = balance.worked
    lengths = (
        balance.contract,
        balance.rostered.worked,
        balance.published.worked if balance.published else 0,
        worked.worked,
        balance.credited,
        worked.additional,
        worked.overtime,
        worked.on_call,
        worked.standby,
        *(worked.unsocial.get(kind, 0) for kind in classes),
    )
    near = [str(LIMITS[use.kind]) for use in balance.limits if use.state != "ok"]
    return [
        balance.person.code,
        balance.person.name,
        *(timedelta(minutes=length) for length in lengths),
        worked.nights,
        worked.weekends,
        worked.holidays,
        labels.clock_minutes(balance.carried, sign=True),
        _("no roster yet") if balance.total is None else labels.clock_minutes(balance.total, sign=True),
        "; ".join(near),
    ]
