"""What the module's entries in the audit trail are called."""

from __future__ import annotations

from samplan.plugin_api import AuditWords

WORDS = AuditWords(actions={}, objects={}, fields={}, pages={})
