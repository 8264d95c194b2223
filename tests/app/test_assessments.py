"""Assessments and dossiers of a choice in the world of twelve squares."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from analysis.comparing.criteria import CRITERIA
from app.services.assessments import (
    NOBODY,
    AssessmentFault,
    assess_choice,
    assessment_content,
    repeat,
)
from app.services.canonical_json import canonical_bytes, sha256_of
from app.services.choice_changes import drop_candidate, make_choice
from app.services.choices import choice_view
from app.services.demo import load_region
from app.services.dossier import (
    DossierFault,
    dossier_content,
    gaps_of,
    make_dossier,
    publish,
    withdraw,
)
from app.services.dossier_page import dossier_page
from app.services.stored_facts import Json, read_criterion, results_of, store_criterion
from app.services.told_candidates import HIDDEN, Redaction
from data.changes.choices import ChoiceFields
from data.changes.sites import OutsideScope
from data.errors import NotFound
from data.queries.assessments import find_assessment, find_dossier, find_public_dossier
from data.queries.choices import compared_versions
from tests.app.choosing import ON, PLANNER, as_owner, gather, make, site_at, site_ids, work_for
from tests.world import tiny_world

#: Near crossings of the streets of the world.
PLACES = {"P-1": (100_520, 482_510), "P-2": (101_537, 482_529), "P-3": (102_510, 482_560)}
SECRET_NAME, SECRET_STREET = "Qwertyhof", "Verborgenlaan"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def region(connection: Connection) -> Connection:
    """The world as ``test_candidate_facts`` has it; someone of Noorderzand works on it."""
    load_region(connection, tiny_world())
    connection.execute(text("UPDATE population_point SET geom = ST_Translate(geom, -10, 0)"))
    connection.execute(
        text("UPDATE amenity SET category = 'basisschool' WHERE amenity_code = 'A-5'")
    )
    work_for(connection, "GM9003")
    return connection


def put(connection: Connection, site_id: int, **values: object) -> None:
    """Write columns of a site, as its owner."""
    with as_owner(connection):
        sets = ", ".join(f"{name} = :{name}" for name in values)
        connection.execute(
            text(f"UPDATE site SET {sets} WHERE id = :id"), {**values, "id": site_id}
        )


def answer(connection: Connection, site_id: int, evidence: str = "Gemeten") -> None:
    """All five questions answered without objection."""
    with as_owner(connection):
        for question in ("eigendom", "bestemming", "milieu", "acceptatie", "infrastructuur"):
            connection.execute(
                text(
                    "INSERT INTO site_answer (site_id, question, finding, evidence, source, "
                    "found_on) VALUES (:id, :question, 'past', :evidence, 'Kadaster', "
                    "'2025-01-01')"
                ),
                {"id": site_id, "question": question, "evidence": evidence},
            )
        connection.execute(
            text("INSERT INTO site_cost VALUES (:id, 300000, 'Schatting 2025', '2025-02-01')"),
            {"id": site_id},
        )


@pytest.fixture
def sites(region: Connection) -> dict[str, int]:
    """Three public plans in Noorderzand, of which all is known."""
    found = {}
    for code, (x_m, y_m) in PLACES.items():
        found[code] = site_at(region, code, "skaeve_huse", x_m, y_m, "nader_onderzoek")
        put(region, found[code], publication="openbaar", address=f"Zandpad {len(found)}")
        answer(region, found[code])
    return found


@pytest.fixture
def choice_id(region: Connection, sites: dict[str, int]) -> int:
    made = make(region)
    gather(region, made, *sites.values())
    return made


def hide(connection: Connection, site_id: int, publication: str) -> None:
    """Make a site less public, with a name and street that a test can look for."""
    put(
        connection,
        site_id,
        publication=publication,
        name=SECRET_NAME,
        address=f"{SECRET_STREET} 987, 9999 ZZ Noord",
    )


def content_of(connection: Connection, home: Path, choice_id: int) -> Json:
    return assessment_content(connection, home, choice_view(connection, choice_id, ON), ON)


def stored(connection: Connection, home: Path, choice_id: int) -> Json:
    code = make_dossier(connection, home, choice_id, ON, None)
    return find_dossier(connection, choice_id, code).content


# Canonical JSON


def test_the_same_content_has_the_same_bytes_however_it_came() -> None:
    one = {"b": 1.0, "a": [0.1, -0.0, 2], "ë": "é"}
    two = json.loads(json.dumps({"a": [0.1, 0, 2.0], "ë": "é", "b": 1}))
    assert canonical_bytes(one) == canonical_bytes(two) == '{"a":[0.1,0,2],"b":1,"ë":"é"}'.encode()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, object()])
def test_what_json_cannot_tell_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_bytes({"a": value})


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda entry: entry.key)
def test_a_criterion_comes_back_as_it_was_stored(criterion: object) -> None:
    entry = CRITERIA[criterion.key]  # type: ignore[attr-defined]
    assert read_criterion(json.loads(canonical_bytes(store_criterion(entry)))) == entry


# Assessments


def test_an_assessment_repeats_itself_from_what_is_stored(
    region: Connection, home: Path, choice_id: int
) -> None:
    assessment_id = assess_choice(region, home, choice_id, ON, None)
    record = find_assessment(region, assessment_id)
    assert record.rules_version == 1
    assert sha256_of(record.content) == record.sha256
    found = repeat(record)
    assert found.is_same
    assert found.differing == ()
    assert len(record.content["results"]["totals"]) == 3
    assert record.content["results"]["draws"][0]["draw_count"] == 10_000


def test_it_says_when_something_in_it_was_changed(
    region: Connection, home: Path, choice_id: int
) -> None:
    record = find_assessment(region, assess_choice(region, home, choice_id, ON, None))
    changed = copy.deepcopy(record)
    changed.content["candidates"][0]["cells"]["kosten"]["raw"] = 199_000
    found = repeat(changed)
    assert not found.is_same
    assert not found.checksum_holds
    assert "totals" in found.differing


def test_the_totals_are_those_of_the_cells_by_hand(
    region: Connection, home: Path, choice_id: int
) -> None:
    content = content_of(region, home, choice_id)
    points, criteria = content["points"], content["criteria"]
    for candidate, row in zip(content["candidates"], content["results"]["totals"], strict=True):
        raws = {key: cell["raw"] for key, cell in candidate["cells"].items()}
        assert None not in raws.values(), candidate["cells"]
        worth = {
            entry["key"]: min(
                1.0,
                max(0.0, (raws[entry["key"]] - entry["bad"]) / (entry["good"] - entry["bad"])),
            )
            for entry in criteria
        }
        total = 100 * sum(points[key] * worth[key] for key in points) / sum(points.values())
        assert row["total"] == pytest.approx(total, abs=1e-5)


def test_the_scales_are_those_of_the_rules_of_the_choice(
    region: Connection, home: Path, choice_id: int
) -> None:
    with as_owner(region):
        region.execute(text("ALTER TABLE choice_rules DISABLE TRIGGER keep_as_made"))
        region.execute(
            text(
                "UPDATE choice_rules SET content = jsonb_set(content, '{criteria,8,bad}', '100000')"
            )
        )
    content = content_of(region, home, choice_id)
    costs = next(entry for entry in content["criteria"] if entry["key"] == "kosten")
    assert costs["bad"] == 100_000
    # 300,000 for 6 places is 50,000 a place.
    assert content["results"]["parts"]["1"]["kosten"]["value"] == 0.5


def test_an_assessment_tells_the_choice_by_what_a_candidate_was_compared(
    region: Connection, home: Path, choice_id: int, sites: dict[str, int]
) -> None:
    assess_choice(region, home, choice_id, ON, None)
    assert compared_versions(region, choice_id) == dict.fromkeys(sites.values(), 1)


def test_without_candidates_there_is_nothing_to_assess(region: Connection, home: Path) -> None:
    empty = make(region)
    with pytest.raises(AssessmentFault, match=NOBODY[:20]):
        assess_choice(region, home, empty, ON, None)


def test_nobody_assesses_a_choice_of_others(region: Connection, home: Path, choice_id: int) -> None:
    work_for(region, "GM9001")
    with pytest.raises(NotFound):
        make_dossier(region, home, choice_id, ON, None)
    work_for(region)
    regional = make(region, "regio")
    work_for(region, "GM9001")
    with pytest.raises(OutsideScope):
        make_dossier(region, home, regional, ON, None)


def test_who_fell_stands_in_it_with_when_why_and_by_which_role(
    region: Connection, home: Path, choice_id: int, sites: dict[str, int]
) -> None:
    drop_candidate(region, choice_id, sites["P-2"], "Te duur om te bouwen", 1, PLANNER)
    content = content_of(region, home, choice_id)
    entry = next(one for one in content["alternatives"] if one["site_id"] == sites["P-2"])
    assert entry["dropped_on"] == ON.isoformat()
    assert entry["dropped_reason"] == "Te duur om te bouwen"
    assert entry["dropped_by"] == "Planner van Noorderzand"
    assert [one["site_id"] for one in content["candidates"]] == [sites["P-1"], sites["P-3"]]


# What may be told


def test_of_a_place_by_wijk_nothing_but_the_wijk_is_told(
    region: Connection, home: Path, choice_id: int, sites: dict[str, int]
) -> None:
    hide(region, sites["P-2"], "gebied")
    with as_owner(region):
        region.execute(
            text("UPDATE site_answer SET evidence = :told, source = :told WHERE site_id = :id"),
            {"told": f"Aan de {SECRET_STREET} 987 ligt riool", "id": sites["P-2"]},
        )
        region.execute(
            text("UPDATE site_cost SET source = :told WHERE site_id = :id"),
            {"told": f"Makelaar {SECRET_STREET}", "id": sites["P-2"]},
        )
    drop_candidate(
        region,
        choice_id,
        sites["P-3"],
        f"Te ver van {SECRET_NAME}, en van de {SECRET_STREET}",
        1,
        PLANNER,
    )
    content = stored(region, home, choice_id)
    told = canonical_bytes(content).decode()
    for secret in (SECRET_NAME, SECRET_STREET, "987", "9999", "101537", "482529"):
        assert secret.lower() not in told.lower(), secret
    entry = content["assessment"]["alternatives"][1]
    assert entry["name"].startswith("Plek 2 in ")
    assert entry["where"].endswith("Noorderzand")
    assert (entry["x_m"], entry["address"]) == (None, None)
    fallen = content["assessment"]["alternatives"][2]
    assert fallen["dropped_reason"] == f"Te ver van {HIDDEN}, en van de {HIDDEN}"


def test_of_an_internal_place_nothing_is_told_and_it_keeps_the_dossier_closed(
    region: Connection, home: Path, choice_id: int, sites: dict[str, int]
) -> None:
    hide(region, sites["P-2"], "intern")
    code = make_dossier(region, home, choice_id, ON, None)
    record = find_dossier(region, choice_id, code)
    told = canonical_bytes(record.content).decode()
    for secret in (SECRET_NAME, SECRET_STREET, "987", "101537", "482529"):
        assert secret.lower() not in told.lower(), secret
    with pytest.raises(DossierFault, match="Nog niet openbaar: Plek 2"):
        publish(region, choice_id, code, ON)
    assert find_dossier(region, choice_id, code).published_at is None


def test_a_place_that_is_less_public_since_keeps_the_dossier_closed(
    region: Connection, home: Path, choice_id: int, sites: dict[str, int]
) -> None:
    code = make_dossier(region, home, choice_id, ON, None)
    for publication in ("gebied", "intern"):
        put(region, sites["P-1"], publication=publication)
        with pytest.raises(DossierFault, match="Intussen minder openbaar"):
            publish(region, choice_id, code, ON)
    put(region, sites["P-1"], publication="openbaar")
    publish(region, choice_id, code, ON)
    assert find_public_dossier(region, code).title == "Waar komen de huisjes?"


@pytest.mark.parametrize(
    ("text_", "told"),
    [
        ("Bij de Korte Verspronckweg 12a", f"Bij de {HIDDEN}"),
        ("Postcode 2021 AB 7", f"Postcode {HIDDEN}"),
        ("Perceel HLM01 K 1234", f"Perceel {HIDDEN}"),
        ("Op 104137,25 en 488913", f"Op {HIDDEN} en {HIDDEN}"),
        ("Op 52.38123, 4.63", f"Op {HIDDEN}, 4.63"),
        ("Er is geen riool. Het kost 2 jaar.", "Er is geen riool. Het kost 2 jaar."),
        (None, None),
    ],
)
def test_what_tells_a_place_is_left_out_of_a_text(text_: str | None, told: str | None) -> None:
    assert Redaction(()).told(text_, hides_streets=True) == told


def test_a_name_is_left_out_as_a_whole_word_in_any_case() -> None:
    redaction = Redaction(("Het Eiland",))
    assert (
        redaction.told("Naast het eiland, niet Het Eilandje")
        == f"Naast {HIDDEN}, niet Het Eilandje"
    )


# Dossiers


def test_a_dossier_made_again_from_the_stored_assessment_is_the_same_to_the_byte(
    region: Connection, home: Path, choice_id: int
) -> None:
    code = make_dossier(region, home, choice_id, ON, None)
    record = find_dossier(region, choice_id, code)
    again = dossier_content(code, find_assessment(region, record.assessment_id))
    assert canonical_bytes(again) == canonical_bytes(record.content)
    assert sha256_of(again) == record.sha256
    assert record.content["assessment_sha256"] == sha256_of(record.content["assessment"])
    assert dossier_page(record.content) == dossier_page(again)


def test_a_dossier_keeps_what_it_said_when_the_sites_change(
    region: Connection, home: Path, choice_id: int, sites: dict[str, int]
) -> None:
    code = make_dossier(region, home, choice_id, ON, None)
    before = find_dossier(region, choice_id, code)
    put(region, sites["P-1"], name="Een andere naam")
    after = find_dossier(region, choice_id, code)
    assert (after.content, after.sha256) == (before.content, before.sha256)
    assert repeat(find_assessment(region, after.assessment_id)).is_same


def test_nobody_changes_a_stored_dossier(region: Connection, home: Path, choice_id: int) -> None:
    make_dossier(region, home, choice_id, ON, None)
    for table in ("dossier", "assessment"):
        with pytest.raises(ProgrammingError, match="permission denied"), region.begin_nested():
            region.execute(text(f"UPDATE {table} SET sha256 = 'x'"))
    with as_owner(region):
        for table in ("dossier", "assessment"):
            with pytest.raises(IntegrityError, match="only added to"), region.begin_nested():
                region.execute(text(f"UPDATE {table} SET sha256 = 'x'"))


def test_a_published_dossier_can_be_withdrawn_and_published_again(
    region: Connection, home: Path, choice_id: int
) -> None:
    code = make_dossier(region, home, choice_id, ON, None)
    with pytest.raises(NotFound):
        find_public_dossier(region, code)
    publish(region, choice_id, code, ON)
    first = find_public_dossier(region, code)
    publish(region, choice_id, code, ON)
    assert find_public_dossier(region, code) == first
    withdraw(region, choice_id, code)
    withdraw(region, choice_id, code)
    with pytest.raises(NotFound):
        find_public_dossier(region, code)
    publish(region, choice_id, code, ON)
    assert find_public_dossier(region, code).content == first.content


def test_what_is_not_known_is_said(
    region: Connection, home: Path, choice_id: int, sites: dict[str, int]
) -> None:
    with as_owner(region):
        region.execute(text("DELETE FROM site_cost WHERE site_id = :id"), {"id": sites["P-1"]})
    content = content_of(region, home, choice_id)
    gaps = gaps_of(content)
    assert "Eenmalige kosten per plek, Plek P-1: Er is nog geen schatting van de kosten." in gaps
    row = content["results"]["totals"][0]
    assert row["total"] is None
    assert row["reason"] == "Niet te berekenen. Nog niet bekend: eenmalige kosten per plek."
    page = dossier_page(
        dossier_content(
            "x", find_assessment(region, assess_choice(region, home, choice_id, ON, None))
        )
    )
    assert page.compared[-1].text.startswith("tussen ")
    assert page.rows[-1].cells[-1].raw == "niet bekend"


def test_the_need_is_that_of_the_gemeente_against_what_is_there(
    region: Connection, home: Path, choice_id: int
) -> None:
    need = content_of(region, home, choice_id)["need"]
    assert [row["gemeente"] for row in need["rows"]] == ["Noorderzand"]
    row = need["rows"][0]
    with as_owner(region):
        counted = region.execute(
            text(
                "SELECT coalesce(sum(st.capacity_count), 0) FROM site s "
                "JOIN site_state st ON st.site_id = s.id WHERE s.gemeente_code = 'GM9003' "
                "AND s.type = 'skaeve_huse' AND s.publication <> 'intern' "
                "AND st.status IN ('idee', 'verkend', 'nader_onderzoek', 'planvorming')"
            )
        ).scalar_one()
    assert row["planned"] == counted == 18


def test_the_results_are_pure(region: Connection, home: Path, choice_id: int) -> None:
    content = json.loads(canonical_bytes(content_of(region, home, choice_id)))
    kept = content.pop("results")
    assert canonical_bytes(results_of(content)) == canonical_bytes(kept)


def test_of_a_regional_choice_the_whole_region_is_told(region: Connection, home: Path) -> None:
    work_for(region)
    fields = ChoiceFields("regio", "skaeve_huse", "Regio", None, 12)
    regional = make_choice(region, fields, "Besluit", None)
    known = site_ids(region)["TINY-5"]
    gather(region, regional, known)
    need = content_of(region, home, regional)["need"]
    assert len(need["rows"]) == 3
    assert need["total"]["in_use"] == sum(row["in_use"] for row in need["rows"])
