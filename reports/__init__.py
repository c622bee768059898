"""The built-in renderers: one output format each."""
