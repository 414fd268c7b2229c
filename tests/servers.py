"""``python -m tests.servers -- COMMAND`` runs it with its own PostgreSQL and Redis: see tools.servers."""

import sys

from tools.servers import main, servers

__all__ = ["servers"]

if __name__ == "__main__":
    sys.exit(main())
