"""The facade: the only module of the core that a plugin may import from.

What is not named here is not part of the plugin API.
"""

from __future__ import annotations

from samplan.access.policy import Principal, by_token, can, requires
from samplan.api.pagination import Page, paginate
from samplan.api.schemas import PageQuerySchema, ProblemSchema, StrictSchema, page_schema
from samplan.audit.export import safe_cell
from samplan.audit.service import record
from samplan.clock import Clock, local_now
from samplan.command import command_core, tenant_work
from samplan.db.base import Base, ManyRowsMixin, TenantMixin, tenant_fk
from samplan.db.session import GroupSession, TenantSession
from samplan.db.turns import take_turn
from samplan.documents.download import MEDIA_TYPES, download
from samplan.documents.separated import write_separated
from samplan.documents.typeset import typeset
from samplan.documents.xlsx import Book, Cell, NumberFormat, TableColumn, write_table
from samplan.errors import Conflict, Forbidden, Invalid, NotFound, SamplanError, TooMany
from samplan.exchange.service import Document, hand_over
from samplan.i18n import _, _l, language, ngettext
from samplan.identity.members import Member, find_members, members_allowed, members_by_account
from samplan.ids import new_id
from samplan.imports.archive import Limits
from samplan.imports.faults import Fault, FaultLog, ImportFaults, Text, did_you_mean
from samplan.imports.identity_numbers import holds_identity_number
from samplan.imports.large import LargeFile, PackedFile, pack_file
from samplan.imports.mapped import read_mapped, sound_rows
from samplan.imports.mapping import ColumnMapping, unknown_values
from samplan.imports.mapping_form import FieldQuestion, answered_mapping, mapping_questions
from samplan.imports.marked import mark_workbook
from samplan.imports.saved import (
    SavedMapping,
    first_mapping,
    remove_mapping,
    save_mapping,
    saved_mapping,
    saved_mappings,
)
from samplan.imports.sources import SourceTable, pack_source, read_source_table, unpack_source
from samplan.imports.spec import Choice, Column, Kind, Label, Language, Reference, SheetSpec, Value
from samplan.imports.staged import Refusal, StagedFile, stage_file
from samplan.imports.staged_sql import KeptRows, Shape
from samplan.imports.tables import Row, Table
from samplan.imports.template import write_workbook
from samplan.imports.values import EARLIEST, LATEST
from samplan.imports.workbook import read_tables
from samplan.jobs.context import JobContext, JobFailed, Outcome
from samplan.jobs.models import JobRun
from samplan.jobs.parts import PartRun
from samplan.jobs.requests import RunView, request_job, run_view
from samplan.jobs.service import request_run
from samplan.modules.contributions import (
    Attachment,
    AuditWords,
    Card,
    Check,
    DemoSeed,
    ErasureReport,
    EventSpec,
    ExportPart,
    IndicatorSpec,
    IndicatorValue,
    JobType,
    MailText,
    MigrationBranch,
    ModelSet,
    NavItem,
    Offer,
    OutsideMail,
    Period,
    Permission,
    RetentionPolicy,
    RoleTemplate,
    Schedule,
    SubjectRef,
    TemplateGlobal,
)
from samplan.modules.hookspecs import hookimpl
from samplan.modules.lifecycle import settings_of
from samplan.modules.module_settings import ModuleSettings
from samplan.modules.offers import (
    ConfirmedShift,
    ConfirmedShifts,
    HiredHours,
    HourClasses,
    RosteredHours,
    StaffingGap,
    StaffingGaps,
    WorkedHiredShift,
    WorkedHiredShifts,
)
from samplan.notices.service import notify
from samplan.organisation.models import OrgUnit, Population, Profession, Sector, Site
from samplan.tenancy.context import TenantContext, current_tenant
from samplan.web.formats import show_month
from samplan.web.forms import PageForm, VersionForm, as_uuid, option, options, trimmed
from samplan.web.request import current_core, current_principal, current_session, find, now, today

__all__ = [
    "EARLIEST",
    "LATEST",
    "MEDIA_TYPES",
    "Attachment",
    "AuditWords",
    "Base",
    "Book",
    "Card",
    "Cell",
    "Check",
    "Choice",
    "Clock",
    "Column",
    "ColumnMapping",
    "ConfirmedShift",
    "ConfirmedShifts",
    "Conflict",
    "DemoSeed",
    "Document",
    "ErasureReport",
    "EventSpec",
    "ExportPart",
    "Fault",
    "FaultLog",
    "FieldQuestion",
    "Forbidden",
    "GroupSession",
    "HiredHours",
    "HourClasses",
    "ImportFaults",
    "IndicatorSpec",
    "IndicatorValue",
    "Invalid",
    "JobContext",
    "JobFailed",
    "JobRun",
    "JobType",
    "KeptRows",
    "Kind",
    "Label",
    "Language",
    "LargeFile",
    "Limits",
    "MailText",
    "ManyRowsMixin",
    "Member",
    "MigrationBranch",
    "ModelSet",
    "ModuleSettings",
    "NavItem",
    "NotFound",
    "NumberFormat",
    "Offer",
    "OrgUnit",
    "Outcome",
    "OutsideMail",
    "PackedFile",
    "Page",
    "PageForm",
    "PageQuerySchema",
    "PartRun",
    "Period",
    "Permission",
    "Population",
    "Principal",
    "ProblemSchema",
    "Profession",
    "Reference",
    "Refusal",
    "RetentionPolicy",
    "RoleTemplate",
    "RosteredHours",
    "Row",
    "RunView",
    "SamplanError",
    "SavedMapping",
    "Schedule",
    "Sector",
    "Shape",
    "SheetSpec",
    "Site",
    "SourceTable",
    "StaffingGap",
    "StaffingGaps",
    "StagedFile",
    "StrictSchema",
    "SubjectRef",
    "Table",
    "TableColumn",
    "TemplateGlobal",
    "TenantContext",
    "TenantMixin",
    "TenantSession",
    "Text",
    "TooMany",
    "Value",
    "VersionForm",
    "WorkedHiredShift",
    "WorkedHiredShifts",
    "_",
    "_l",
    "answered_mapping",
    "as_uuid",
    "by_token",
    "can",
    "command_core",
    "current_core",
    "current_principal",
    "current_session",
    "current_tenant",
    "did_you_mean",
    "download",
    "find",
    "find_members",
    "first_mapping",
    "hand_over",
    "holds_identity_number",
    "hookimpl",
    "language",
    "local_now",
    "mapping_questions",
    "mark_workbook",
    "members_allowed",
    "members_by_account",
    "new_id",
    "ngettext",
    "notify",
    "now",
    "option",
    "options",
    "pack_file",
    "pack_source",
    "page_schema",
    "paginate",
    "read_mapped",
    "read_source_table",
    "read_tables",
    "record",
    "remove_mapping",
    "request_job",
    "request_run",
    "requires",
    "run_view",
    "safe_cell",
    "save_mapping",
    "saved_mapping",
    "saved_mappings",
    "settings_of",
    "show_month",
    "sound_rows",
    "stage_file",
    "take_turn",
    "tenant_fk",
    "tenant_work",
    "today",
    "trimmed",
    "typeset",
    "unknown_values",
    "unpack_source",
    "write_separated",
    "write_table",
    "write_workbook",
]
