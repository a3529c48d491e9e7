"""What the readiness check and the autoscaler may read.

Revision: 3f0c8d5b7a21
Revises: the first tables
"""

from __future__ import annotations

from alembic import op

revision = "3f0c8d5b7a21"
down_revision = "ed050a564935"
branch_labels = None
depends_on = None

# Owned by the migrator, which passes by row-level security: owned by samplan_owner, FORCE would make it
# count nothing for ever. It returns counts only, to the metrics role only.
JOB_COUNTS = """
CREATE FUNCTION core.job_counts() RETURNS TABLE (queue text, status text, runs bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS
$$ SELECT j.queue, j.status, count(*) FROM core.job_run j
   WHERE j.status IN ('queued', 'running') GROUP BY j.queue, j.status $$
"""


def upgrade() -> None:
    op.execute("GRANT SELECT ON public.alembic_version TO samplan_app")
    op.execute(JOB_COUNTS)
    op.execute("REVOKE ALL ON FUNCTION core.job_counts() FROM PUBLIC")
    op.execute("GRANT USAGE ON SCHEMA core TO samplan_metrics")
    op.execute("GRANT EXECUTE ON FUNCTION core.job_counts() TO samplan_metrics")


def downgrade() -> None:
    op.execute("DROP FUNCTION core.job_counts()")
    op.execute("REVOKE USAGE ON SCHEMA core FROM samplan_metrics")
    op.execute("REVOKE SELECT ON public.alembic_version FROM samplan_app")
