"""`python -m tests.bench`."""

from tests.bench import local_site

local_site.main()
