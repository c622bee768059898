"""`python -m tests.bench`."""

from tests.bench import local_site, planted, tls_engine

local_site.main()
planted.main()
tls_engine.main()
