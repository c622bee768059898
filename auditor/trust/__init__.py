"""Signing and checking signatures over plain bytes: keys, CMS, trust anchors. Knows nothing of bundles."""
