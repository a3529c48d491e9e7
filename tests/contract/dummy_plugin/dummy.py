"""A plugin that implements every hook: the reference of the plugin API, and its test."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

import click
from flask import Blueprint
from flask_smorest import Blueprint as ApiBlueprint
from marshmallow import fields
from sqlalchemy import select
from sqlalchemy.orm import Mapped

from samplan.plugin_api import (
    AuditWords,
    Base,
    Card,
    Check,
    DemoSeed,
    Document,
    ErasureReport,
    EventSpec,
    ExportPart,
    IndicatorSpec,
    IndicatorValue,
    JobContext,
    JobType,
    MailText,
    MigrationBranch,
    ModelSet,
    ModuleSettings,
    NavItem,
    Offer,
    Outcome,
    Period,
    Permission,
    RetentionPolicy,
    RoleTemplate,
    Schedule,
    StrictSchema,
    SubjectRef,
    TemplateGlobal,
    TenantContext,
    TenantMixin,
    TenantSession,
    current_session,
    current_tenant,
    hand_over,
    hookimpl,
    requires,
)


class Widget(TenantMixin, Base):
    """A thing that a tenant has."""

    __tablename__ = "widget"
    __table_args__ = ({"schema": "dummy"},)

    name: Mapped[str]


class Widgets(Protocol):
    """What the plugin offers to others."""

    def names(self) -> list[str]:
        """Return the names of the tenant's widgets."""
        ...


class OwnWidgets:
    """The offer, in one tenant."""

    def __init__(self, session: TenantSession) -> None:
        self._session = session

    def names(self) -> list[str]:
        return list(self._session.scalars(select(Widget.name).order_by(Widget.name)))


class DummySettings(ModuleSettings):
    """Settings per tenant."""

    greeting = fields.String(load_default="Hej", metadata={"label": "Greeting", "description": "Shown first"})
    count = fields.Integer(load_default=3, metadata={"label": "Count"})


class Painted(StrictSchema):
    """What is told of a widget that was painted."""

    colour = fields.String(required=True)


class CountParams(StrictSchema):
    """Parameters of the job."""

    up_to = fields.Integer(required=True)


pages = Blueprint("dummy", __name__)
api = ApiBlueprint("dummy_api", __name__)


@pages.get("/")
@requires("dummy:widget:read")
def index() -> str:
    return ", ".join(OwnWidgets(current_session()).names()) or "none"


@pages.post("/hand-over")
@requires("dummy:widget:write")
def report() -> str:
    tenant = current_tenant()
    assert tenant.member_of is not None
    names = OwnWidgets(current_session()).names()
    return str(
        hand_over(
            current_session(), Document("dummy.report", "Widgets", {"names": names}), tenant.member_of
        ).id
    )


@pages.get("/card")
@requires("dummy:widget:read")
def card() -> str:
    return "<p>card</p>"


@api.get("/widgets")
@requires("dummy:widget:read")
def widgets() -> dict[str, Any]:
    return {"names": OwnWidgets(current_session()).names()}


def painted_mail(payload: dict[str, Any]) -> MailText:
    """Return what a mail about a painted widget says."""
    return MailText(f"A widget is {payload['colour']}", "Look at it.", "dummy/")


def count(context: JobContext, params: dict[str, Any]) -> Outcome:
    """Count up to the parameter, and write a widget for the last number."""
    total = params["up_to"]
    context.progress(pct=100, phase="counted")
    return Outcome({"counted": total}, write=lambda session: session.add(Widget(name=f"counted {total}")))


def widget_count(session: TenantSession, _period: Period) -> IndicatorValue:
    """Compute the indicator."""
    names = OwnWidgets(session).names()
    return IndicatorValue(float(len(names)), n=len(names))


class DummyPlugin:
    """Implements every hook."""

    name, core_api, title, description = "dummy", "0.1", "Dummy", "Implements every hook."

    @hookimpl
    def samplan_models(self) -> ModelSet:
        return ModelSet((Widget,))

    @hookimpl
    def samplan_migrations(self) -> MigrationBranch:
        return MigrationBranch("dummy", Path(__file__).parent / "migrations" / "versions")

    @hookimpl
    def samplan_reference_data(self, session: TenantSession, tenant: TenantContext) -> None:
        if not OwnWidgets(session).names():
            session.add(Widget(name=f"first of {tenant.slug}"))

    @hookimpl
    def samplan_blueprints(self) -> Iterable[Blueprint]:
        return [pages]

    @hookimpl
    def samplan_api_blueprints(self) -> Iterable[ApiBlueprint]:
        return [api]

    @hookimpl
    def samplan_nav(self) -> Iterable[NavItem]:
        return [NavItem("dummy.index", "Dummy", "dummy:widget:read")]

    @hookimpl
    def samplan_dashboard_cards(self) -> Iterable[Card]:
        return [Card("dummy", "Dummy", "dummy.card", "dummy:widget:read")]

    @hookimpl
    def samplan_template_globals(self) -> Iterable[TemplateGlobal]:
        return [TemplateGlobal("shout", str.upper)]

    @hookimpl
    def samplan_permissions(self) -> Iterable[Permission]:
        return [Permission("dummy:widget:read", "See"), Permission("dummy:widget:write", "Change", True)]

    @hookimpl
    def samplan_role_templates(self) -> Iterable[RoleTemplate]:
        both = frozenset({"dummy:widget:read", "dummy:widget:write"})
        return [RoleTemplate("administrator", "Administrator", both)]

    @hookimpl
    def samplan_audit_words(self) -> AuditWords:
        return AuditWords(
            actions={"widget.made": "Widget made"},
            objects={"dummy.widget": "Widget"},
            fields={"colour": "Colour"},
            pages={"dummy.widget": ("dummy.index", "")},
        )

    @hookimpl
    def samplan_jobs(self) -> Iterable[JobType]:
        here = "dummy:count"
        return [JobType("dummy.count", "Count", here, CountParams, "dummy:widget:write", queue="high")]

    @hookimpl
    def samplan_schedules(self) -> Iterable[Schedule]:
        return [Schedule("dummy.count", "15 3 * * *", {"up_to": 3})]

    @hookimpl
    def samplan_events(self) -> Iterable[EventSpec]:
        mail = "dummy:painted_mail"
        return [EventSpec("dummy.widget.painted", "Painted", "A widget was painted.", Painted, mail)]

    @hookimpl
    def samplan_indicators(self) -> Iterable[IndicatorSpec]:
        return [
            IndicatorSpec(
                "dummy.widgets",
                "Widgets",
                "number",
                "higher",
                "How many",
                "itself",
                compute="dummy:widget_count",
            )
        ]

    @hookimpl
    def samplan_offers(self) -> Iterable[Offer[Widgets]]:
        return [Offer(Widgets, OwnWidgets)]

    @hookimpl
    def samplan_cli(self) -> click.Group:
        return click.Group("dummy", help="Commands of the dummy.")

    @hookimpl
    def samplan_settings(self) -> type[ModuleSettings]:
        return DummySettings

    @hookimpl
    def samplan_demo(self, seed: DemoSeed) -> None:
        seed.session.add(Widget(name=f"demo {seed.random.randrange(10**6)}"))

    @hookimpl
    def samplan_data_export(self, session: TenantSession, subject: SubjectRef) -> Iterable[ExportPart]:
        names = [name for name in OwnWidgets(session).names() if name == subject.reference]
        return [ExportPart("widget", tuple({"name": name} for name in names))]

    @hookimpl
    def samplan_data_erase(self, session: TenantSession, policy: RetentionPolicy) -> ErasureReport:
        found = session.scalars(select(Widget).where(Widget.name == policy.subject.reference)).all()
        if not policy.dry_run:
            for widget in found:
                session.delete(widget)
        return ErasureReport({"dummy.widget": len(found)})

    @hookimpl
    def samplan_health(self, session: TenantSession) -> Iterable[Check]:
        return [Check("dummy.widgets", ok=bool(OwnWidgets(session).names()))]


plugin = DummyPlugin()
