"""What the notices area declares: permissions, links, jobs, and the event that tries an endpoint."""

from __future__ import annotations

from marshmallow import Schema, fields

from samplan.i18n import _l
from samplan.modules.contributions import EventSpec, JobType, NavItem, Permission, RoleTemplate, Schedule

MAIL, WEBHOOKS = "core:mail:manage", "core:webhook:manage"

PERMISSIONS = (
    Permission(MAIL, _l("See which e-mail has been sent, and send it again")),
    Permission(WEBHOOKS, _l("Let other systems know of what happens (webhooks)"), sensitive=True),
)

ROLES = (RoleTemplate("administrator", _l("Administrator"), frozenset({MAIL, WEBHOOKS})),)

NAV = (
    NavItem("core.mail", _l("E-mail sent"), MAIL, order=70, icon="bell"),
    NavItem("core.webhooks", _l("Webhooks"), WEBHOOKS, order=75, icon="code"),
)


class NoParams(Schema):
    """A job that takes what waits."""


SEND_MAIL = JobType(
    "core.send_mail",
    _l("E-mail sent"),
    "samplan.notices.mail_job:send_mail",
    NoParams,
    MAIL,
    queue="high",
    max_seconds=600,
)
CALL_WEBHOOKS = JobType(
    "core.call_webhooks",
    _l("Webhooks"),
    "samplan.notices.webhook_job:call_webhooks",
    NoParams,
    WEBHOOKS,
    queue="high",
    max_seconds=600,
)

JOBS = (SEND_MAIL, CALL_WEBHOOKS)

# What is due is sent at once; this lets what is old be forgotten also where nothing is sent.
SCHEDULES = (Schedule(SEND_MAIL.name, "50 3 * * *"),)


class TrialSchema(Schema):
    """A trial says only which endpoint it is for."""

    endpoint_id = fields.UUID(required=True)


TRIAL = EventSpec(
    "core.webhook.tried",
    _l("Trial"),
    _l("Sent to one endpoint when an administrator tries it."),
    TrialSchema,
)

EVENTS = (TRIAL,)
