"""Development tooling: each module runs as ``python -m tools.name``. Not part of the product."""
