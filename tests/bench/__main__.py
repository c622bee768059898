"""`python -m tests.bench`."""

from tests.bench import local_site, tls_engine

local_site.main()
tls_engine.main()
