"""The built-in checks: each collects facts, none judges."""
