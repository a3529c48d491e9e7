"""What suppliers and other systems are told of."""

from __future__ import annotations

from datetime import timedelta

from marshmallow import Schema, fields

from samplan.plugin_api import EventSpec, _l


class RequestedSchema(Schema):
    """Which call-off a supplier has been asked about; nothing about shifts or people."""

    call_off_id = fields.UUID(required=True, metadata={"description": "The call-off's id."})
    number = fields.Integer(required=True, metadata={"description": "The call-off's number."})
    request_id = fields.UUID(required=True, metadata={"description": "The request's id."})
    supplier = fields.String(required=True, metadata={"description": "The supplier's code."})


REQUESTED = EventSpec(
    "agency.call_off.requested",
    _l("Supplier asked for hired staff"),
    _l("A call-off has been sent to a supplier, the first or the next of the order."),
    RequestedSchema,
    outside="samplan_agency.calloff_mail:request_mail",
)

CONFIRMED = EventSpec(
    "agency.call_off.confirmed",
    _l("Supplier's offer confirmed"),
    _l("People that a supplier has offered to a call-off are confirmed."),
    RequestedSchema,
    mail_wait=timedelta(minutes=5),
    outside="samplan_agency.calloff_mail:confirmation_mail",
)

EVENTS = (REQUESTED, CONFIRMED)
