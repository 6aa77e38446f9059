"""Files as plans send them, and the command that imports them."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from intake.folders import Folders
from intake.settings import Settings
from models.roster import MemberSpan
from models.store import roster
from models.store.database import migrate, normalised_url, open_engine, sqlite_url
from tests.intake.harness import Site, ask

HEADER = "member_id,last_name,first_name,date_of_birth,plan"
ROW = "H331812251,Ruiz-Ortega,Ana,1980-02-17,alder_health"
ISA = "ISA*00*          *00*          *ZZ*PLAN           *ZZ*SITE           *260301*0000*^*00501*000000001*0*T*:~"
LOOP = (
    "INS*Y*18*030*XN*A",
    "REF*0F*H331812251",
    "REF*1L*GROUP7",
    "REF*23*91234567A",
    "REF*SY*123456789",
    "DTP*356*D8*20250101",
    "NM1*IL*1*Ruiz-Ortega*Ana*Maria***34*123456789",
    "PER*IP**TE*4085550142",
    "N3*1 ALDER WAY",
    "DMG*D8*19800217*F",
    "HD*030**HMO*ALDER HEALTH",
    "DTP*348*D8*20250101",
    "LX*1",
    "NM1*P3*1*O'Brien*Linda****XX*1234567893*25",
    "LX*2",
    "NM1*Y2*2*Cedar Medical Group",
    "COB*P*77*1",
    "NM1*IN*2*Maple Insurance",
)


def new_site(folder: Path, url: str | None = None) -> Site:
    """A service's folders with an empty store."""
    site = Site(folder / "site", {} if url is None else {"PAR_DATABASE_URL": url})
    site.data.mkdir()
    engine = store_of(site)
    migrate(engine)
    engine.dispose()
    return site


def store_of(site: Site) -> Engine:
    """The store of a site."""
    url = site.env.get("PAR_DATABASE_URL")
    if url is not None:
        return open_engine(normalised_url(url))
    return open_engine(sqlite_url(Folders.of(Settings(data=site.data), "local").database))


def bring_in(site: Site, content: bytes | str, *options: str, kind: str = "members") -> tuple[int, str]:
    """Import a file with this content; gives the exit code, and what was said."""
    file = site.root / "file"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    code, out, err = ask(site, "import", kind, str(file), *options)
    return code, out.decode() + err


def members(site: Site, *ids: str) -> list[MemberSpan]:
    """Who has these ids, by the roster in force."""
    engine = store_of(site)
    try:
        with Session(engine) as session:
            return list(roster.members_by_id(session, ids))
    finally:
        engine.dispose()


def interchange(*loops: tuple[str, ...], purpose: str = "4", element: str = "*", end: str = "~\n") -> str:
    """An 834 of some members' loops, with delimiters of one's own."""
    body = ["ST*834*0001*005010X220A1", f"BGN*00*1*20260301*****{purpose}", "N1*P5*PLAN*FI*123456789"]
    body += [segment for loop in loops for segment in loop]
    body += [f"SE*{len(body) + 1}*0001"]
    whole = [ISA[:-1], "GS*BE*PLAN*SITE*20260301*0000*1*X*005010X220A1", *body, "GE*1*1", "IEA*1*000000001"]
    return "".join(segment.replace("*", element) + end for segment in whole)
