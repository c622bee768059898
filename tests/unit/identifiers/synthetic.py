"""Synthetic personal numbers: every region, serials 9xxx, which no registry has given out."""

from datetime import date

from hypothesis import strategies as st

from auditor import regions

KECAMATAN = tuple(code for code in regions._names() if len(code) == 6)


@st.composite
def niks(draw: st.DrawFn) -> str:
    region = draw(st.sampled_from(KECAMATAN))
    born = draw(st.dates(date(1940, 1, 1), date(2026, 11, 24)))
    day = born.day + draw(st.sampled_from((0, 40)))
    return f"{region}{day:02}{born:%m%y}{draw(st.integers(9000, 9999))}"
