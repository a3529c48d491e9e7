"""What the module's entries in the audit trail are called."""

from __future__ import annotations

from samplan.plugin_api import AuditWords, _l

WORDS = AuditWords(
    actions={
        "account.added": _l("Account added"),
        "account.changed": _l("Account changed"),
        "account.removed": _l("Account removed"),
        "accounts.imported": _l("Account table read in"),
        "delivery.cancelled": _l("Delivery left aside"),
        "delivery.checked": _l("Delivery checked"),
        "delivery.made": _l("File delivered"),
        "delivery.read": _l("Delivery read in"),
        "supplier.added": _l("Supplier added"),
    },
    objects={
        "agency.account": _l("Account"),
        "agency.delivery": _l("Delivery"),
        "agency.supplier": _l("Supplier of staff"),
    },
    fields={
        "accounts": _l("Accounts"),
        "added": _l("New lines"),
        "category": _l("Profession"),
        "code": _l("Code"),
        "cost_type": _l("Kind of cost"),
        "faults": _l("Faults"),
        "filename": _l("File"),
        "kind": _l("Kind"),
        "name": _l("Name"),
        "number": _l("Number"),
        "removed": _l("Put aside"),
        "replaced": _l("Replaced lines"),
        "rows": _l("Rows"),
        "sector": _l("Sector"),
        "state": _l("State"),
    },
    pages={},
)
