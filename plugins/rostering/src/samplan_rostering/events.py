"""What other systems and employees are told of: a published roster, and a change of one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marshmallow import Schema, fields

from samplan.plugin_api import EventSpec, MailText, _, _l

OWN_PAGE = "rostering/own/"


def _text(description: str) -> fields.String:
    return fields.String(required=True, metadata={"description": description})


def _date(description: str) -> fields.Date:
    return fields.Date(required=True, metadata={"description": description})


class UnitSchema(Schema):
    """The ward, as the organisation knows it."""

    code = _text("The unit's code.")
    name = _text("The unit's name.")


class EventPeriodSchema(Schema):
    """The period; both dates belong to it."""

    id = fields.UUID(required=True, metadata={"description": "The period's id."})
    name = _text("What the period is called.")
    start = _date("Its first date.")
    end = _date("Its last date.")


class RosterEventSchema(Schema):
    """What is told of a roster: which one, and how much was changed; nobody's name."""

    publication_id = fields.UUID(required=True, metadata={"description": "The newest publication's id."})
    publication = fields.Integer(
        required=True, metadata={"description": "Its number within the period, from 1."}
    )
    roster_id = fields.UUID(required=True, metadata={"description": "The roster's id."})
    version = fields.Integer(required=True, metadata={"description": "The roster's version."})
    changed = fields.Integer(
        required=True, metadata={"description": "How many days of how many people: cells that were changed."}
    )
    ward = fields.Nested(UnitSchema, required=True, metadata={"description": "The ward."})
    period = fields.Nested(EventPeriodSchema, required=True, metadata={"description": "The period."})


def published_mail(payload: Mapping[str, Any]) -> MailText:
    """Return what an employee is told when a roster is published, or published anew with other shifts."""
    words = _words(payload)
    if payload["publication"] == 1:
        return MailText(
            _("Schedule published: %(ward)s, %(start)s to %(end)s", **words),
            _("The schedule of %(ward)s from %(start)s to %(end)s has been published.", **words),
            OWN_PAGE,
        )
    return MailText(
        _("Changed schedule published: %(ward)s, %(start)s to %(end)s", **words),
        _("The schedule of %(ward)s from %(start)s to %(end)s has been published with changes.", **words),
        OWN_PAGE,
    )


def changed_mail(payload: Mapping[str, Any]) -> MailText:
    """Return what an employee is told when a published roster has other shifts for that person."""
    words = _words(payload)
    return MailText(
        _("Your schedule has changed: %(ward)s, %(start)s to %(end)s", **words),
        _("Your shifts on %(ward)s between %(start)s and %(end)s have been changed.", **words),
        OWN_PAGE,
    )


def _words(payload: Mapping[str, Any]) -> dict[str, str]:
    period = payload["period"]
    return {"ward": payload["ward"]["name"], "start": period["start"], "end": period["end"]}


PUBLISHED = EventSpec(
    "rostering.roster.published",
    _l("Roster published"),
    _l("A period's roster has been frozen as a publication: the first, or the next with what was changed."),
    RosterEventSchema,
    mail="samplan_rostering.events:published_mail",
)
CHANGED = EventSpec(
    "rostering.roster.changed",
    _l("Published roster changed"),
    _l("Shifts of a published roster are others now; it has not been published anew yet."),
    RosterEventSchema,
    mail="samplan_rostering.events:changed_mail",
    mail_wait=timedelta(minutes=10),
)

EVENTS = (PUBLISHED, CHANGED)
