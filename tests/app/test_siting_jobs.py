"""Computations in the background, each in its real process on the world of twelve squares."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from app.services import siting_jobs
from app.services.job_process import OUR_FAULT
from app.services.siting_jobs import LOST, NOT_STARTED, TooManyJobs
from data.changes.refusals import SecretText
from data.changes.sites import OutsideScope
from data.database_roles import WORKSPACE, Hands
from data.errors import NotFound
from data.queries.jobs import LOST_AFTER_S, jobs
from tests.app.running_jobs import PLANNER, REGION, Jobs

OTHERS = Hands(WORKSPACE, frozenset({"GM9002"}), 9)


@pytest.fixture
def running(database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    started = Jobs(database, tmp_path, monkeypatch)
    yield started
    started.end_all()


def test_a_process_answers_with_the_reach_of_who_asked_and_no_more(running: Jobs) -> None:
    own = running.ask("count_own_sites", question={"target": 24})
    all_of_them = running.ask("count_own_sites", REGION, "regio")
    mine = running.wait(own, "done").result
    theirs = running.wait(all_of_them, "done", hands=REGION).result
    assert mine
    assert theirs
    assert mine["gemeenten"] == ["GM9001"]
    assert mine["role"] == theirs["role"] == "vlekkenplan_workspace"
    assert mine["account_id"] == PLANNER.account_id
    assert mine["asked"] == {"target": 24}
    assert set(theirs["gemeenten"]) > {"GM9001"}
    assert theirs["site_count"] > mine["site_count"] > 0


def test_a_process_gets_no_secret_of_the_website_and_goes_after_it(
    running: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VLEKKENPLAN_SECRET_KEY", "s" * 40)
    monkeypatch.setenv("VLEKKENPLAN_OIDC_CLIENT_SECRET", "s" * 40)
    result = running.wait(running.ask("count_own_sites"), "done").result
    assert result
    assert result["secrets"] == []
    assert result["niceness"] == os.nice(0) + 10


def test_a_process_changes_nothing_but_its_own_row(running: Jobs) -> None:
    result = running.wait(running.ask("try_to_write"), "done").result
    assert result
    assert len(result["refused"]) == 2


def test_progress_is_written_a_few_times_a_second_at_most(running: Jobs) -> None:
    job_id = running.ask("wait_for_stop")
    first = running.wait_until(job_id, lambda row: row.progress)
    started, steps = time.monotonic(), set()
    while time.monotonic() - started < 2:
        row = running.look(job_id)
        assert row.progress
        steps.add(row.progress["step"])
        time.sleep(0.01)
    running.stop(job_id)
    assert first.state == "running"
    assert 2 <= len(steps) <= 6


def test_who_asked_can_stop_it_and_keeps_what_was_found(running: Jobs) -> None:
    job_id = running.ask("wait_for_stop")
    running.wait_until(job_id, lambda row: row.progress)
    running.stop(job_id)
    row = running.wait(job_id, "cancelled")
    assert row.result
    assert row.result["steps"] > 0
    assert row.finished_at is not None
    empty = running.ask("wait_for_stop", question={"empty_handed": True})
    running.wait(empty, "running")
    running.stop(empty)
    assert running.wait(empty, "cancelled").result is None


def test_a_computation_that_does_not_listen_is_ended(running: Jobs) -> None:
    job_id = running.ask("deaf")
    pid = running.wait_until(job_id, lambda row: row.progress).progress["pid"]  # type: ignore[index]
    running.stop(job_id)
    running.wait(job_id, "cancelled")
    give_up_at = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


def test_a_fault_in_the_question_is_told_and_a_fault_of_ours_only_that_it_is_ours(
    running: Jobs, capfd: pytest.CaptureFixture[str]
) -> None:
    told = running.wait(running.ask("fault_in_question"), "failed")
    ours = running.wait(running.ask("own_fault"), "failed")
    assert "Er zijn geen kandidaten." in (told.fault or "")
    assert ours.fault == OUR_FAULT
    log = capfd.readouterr().err
    assert "RuntimeError" in log
    assert "own_fault" in log
    assert "Qwertyhuis" not in log


def test_a_process_that_died_is_noticed(running: Jobs) -> None:
    job_id = running.ask("die")
    pid = running.pids[-1]
    running.wait_until(job_id, lambda row: row.progress)
    give_up_at = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < give_up_at
        time.sleep(0.05)
    assert not running.look(job_id).is_lost
    with running.engine.begin() as connection:
        connection.execute(
            text("UPDATE siting_job SET seen_at = seen_at - make_interval(secs => :s)"),
            {"s": LOST_AFTER_S},
        )
    gone = running.look(job_id)
    assert gone.is_lost
    assert gone.state == "running"
    assert not gone.is_unfinished
    running.stop(job_id)
    ended = running.look(job_id)
    assert (ended.state, ended.fault) == ("failed", LOST)


def test_a_process_that_comes_back_too_late_writes_nothing_more(running: Jobs) -> None:
    job_id = running.ask("wait_for_stop")
    pid = running.wait_until(job_id, lambda row: row.progress).progress["pid"]  # type: ignore[index]
    with running.engine.begin() as connection:
        connection.execute(
            text("UPDATE siting_job SET state = 'failed', fault = 'weg' WHERE id = :id"),
            {"id": job_id},
        )
    give_up_at = time.monotonic() + 15
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < give_up_at
        time.sleep(0.05)
    row = running.look(job_id)
    assert (row.state, row.fault, row.result) == ("failed", "weg", None)


def test_two_are_computed_at_a_time_and_the_next_waits_for_its_turn(running: Jobs) -> None:
    first, second = running.ask("wait_for_stop"), running.ask("wait_for_stop")
    for job_id in (first, second):
        running.wait(job_id, "running")
    third = running.ask("wait_for_stop", REGION, "regio")
    time.sleep(2.5)
    waiting = running.look(third, REGION)
    assert waiting.state == "waiting"
    assert not waiting.is_lost
    running.stop(first)
    running.wait(third, "running", hands=REGION)
    for job_id, hands in ((second, PLANNER), (third, REGION)):
        running.stop(job_id, hands)
        running.wait(job_id, "cancelled", hands=hands)


def test_one_that_waits_can_be_stopped(running: Jobs) -> None:
    busy = [running.ask("wait_for_stop", REGION, "regio") for _ in range(2)]
    for job_id in busy:
        running.wait(job_id, "running", hands=REGION)
    waiting = running.ask("wait_for_stop")
    running.stop(waiting)
    row = running.wait(waiting, "cancelled")
    assert row.started_at is None
    for job_id in busy:
        running.stop(job_id, REGION)
        running.wait(job_id, "cancelled", hands=REGION)


def test_a_gemeente_waits_for_three_at_most(running: Jobs) -> None:
    with running.changing() as connection:
        kept = [siting_jobs.ask_job(connection, PLANNER, "GM9001", "x", {}) for _ in range(3)]
        with pytest.raises(TooManyJobs, match="al 3"):
            siting_jobs.ask_job(connection, PLANNER, "GM9001", "x", {})
    running.silence(kept[0])
    with running.changing() as connection:
        siting_jobs.ask_job(connection, PLANNER, "GM9001", "x", {})
    assert running.look(kept[0]).state == "failed"


def test_a_process_that_can_not_start_is_told(
    running: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running.changing() as connection:
        job_id = siting_jobs.ask_job(connection, PLANNER, "GM9001", "x", {})
    monkeypatch.setattr(siting_jobs, "PROGRAM", ("/does/not/exist",))
    assert siting_jobs.start_process(running.engine, running.home, PLANNER, job_id) is None
    assert running.look(job_id).fault == NOT_STARTED


def test_others_see_the_region_and_stop_nothing_of_it(running: Jobs) -> None:
    with running.changing(REGION) as connection:
        of_region = siting_jobs.ask_job(connection, REGION, "regio", "van de regio", {})
    with running.changing() as connection:
        own = siting_jobs.ask_job(connection, PLANNER, "GM9001", "van 9001", {})
    with running.changing(OTHERS) as connection:
        assert [row.id for row in jobs(connection)] == [of_region]
    with pytest.raises(NotFound):
        running.look(own, OTHERS)
    for job_id in (own, of_region):
        with pytest.raises(NotFound):
            running.stop(job_id, OTHERS)
    assert not running.look(of_region, REGION).is_cancel_asked
    with pytest.raises(OutsideScope), running.changing(OTHERS) as connection:
        siting_jobs.ask_job(connection, OTHERS, "regio", "x", {})


def test_a_name_that_tells_of_a_shelter_is_refused(running: Jobs) -> None:
    with pytest.raises(SecretText), running.changing() as connection:
        siting_jobs.ask_job(connection, PLANNER, "GM9001", "Vrouwenopvang erbij", {})
