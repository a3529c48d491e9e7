"""Pure rules and figures of hired staff: no Flask, no SQLAlchemy, no core."""
