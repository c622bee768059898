"""`python -m tests.bench`."""

from tests.bench import headers, leaks, local_site, planted, sealing, tls_engine, whole_site

local_site.main()
whole_site.main()
planted.main()
tls_engine.main()
headers.main()
leaks.main()
sealing.main()
