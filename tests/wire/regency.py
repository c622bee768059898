"""A regency of four agencies on loopback: synthetic sites, some sound and some weak, each under a name of its own."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import yaml

from auditor.demo import pages, pki
from auditor.demo.server import serving
from auditor.demo.sites import _good_context, _weak_context
from auditor.model import Endpoint

AGENCIES = (
    ("diskominfo", "Dinas Komunikasi dan Informatika", "Siti Aminah"),
    ("dukcapil", "Dinas Kependudukan dan Pencatatan Sipil", "Budi Santoso"),
    ("dinkes", "Dinas Kesehatan", "Rahmat Hidayat"),
    ("dpmptsp", "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", "Dewi Lestari"),
)
SERVICES = ("portal", "layanan", "data")
CATEGORIES = ("tinggi", "rendah", "strategis")

Plan = Mapping[str, Sequence[bool]]
"""By agency: whether each of its sites is sound."""


@contextlib.contextmanager
def regency(folder: Path, plan: Plan, policies: Sequence[str]) -> Iterator[Path]:
    """The sites run until the block ends; yields the inventory, written to the folder with the root of their keys."""
    now = pki.now()
    root = pki.root(now)
    issuer = pki.intermediate(root, now)
    (folder / "root.pem").write_bytes(root.pem)
    with contextlib.ExitStack() as stack:

        def run(host: str, *, sound: bool) -> tuple[Endpoint, Endpoint]:
            if sound:
                leaf = pki.leaf(issuer, host, now - timedelta(days=1), now + timedelta(days=89), rsa_key=False)
                secure = stack.enter_context(serving(pages.GOOD, _good_context(leaf)))
                return secure, stack.enter_context(serving(pages.upgrade(host)))
            leaf = pki.leaf(
                issuer, "server-lama.contoh.go.id", now - timedelta(days=388), now + timedelta(days=9), rsa_key=True
            )
            secure = stack.enter_context(serving(pages.WEAK, _weak_context(leaf)))
            return secure, stack.enter_context(serving(pages.WEAK))

        organisations = []
        for identity, name, officer in AGENCIES:
            if identity not in plan:
                continue
            targets = []
            for place, sound in enumerate(plan[identity]):
                host = f"{SERVICES[place]}.{identity}.contoh.go.id"
                secure, plain = run(host, sound=sound)
                targets.append({
                    "url": f"https://{host}/", "service": f"{SERVICES[place]} {identity}", "se_category": CATEGORIES[place],
                    "connect": f"{secure.host}:{secure.port}", "connect_http": f"{plain.host}:{plain.port}",
                })  # fmt: skip
            person = {"name": officer, "contact": f"{identity}@contoh.go.id"}
            organisations.append({"id": identity, "name": name, "officer": person, "targets": targets})
        inventory = {
            "schema": 1,
            "agency": {"name": "Pemerintah Kabupaten Contoh", "region": "6371"},
            "authorisation": {
                "letter": "ST-12/DISKOMINFO/2026", "issuer": "Sekretaris Daerah", "valid_from": date(now.year, 1, 1),
                "valid_to": date(now.year, 12, 31), "level": "active",
            },
            "defaults": {"level": "active", "ca": "root.pem", "policy": list(policies)},
            "organisations": organisations,
        }  # fmt: skip
        path = folder / "inventaris.yaml"
        path.write_text(yaml.safe_dump(inventory, allow_unicode=True, sort_keys=False), "utf-8")
        yield path
