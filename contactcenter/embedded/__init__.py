"""Everything on one machine: PostgreSQL, Redis, web, worker and beat under one small supervisor."""
