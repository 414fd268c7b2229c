"""The condition language: tree, operators, field registry and the compiler to SQL. No models."""
