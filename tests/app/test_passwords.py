"""Which passwords are taken, and how they are kept."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from app.services.passwords import fault_of, is_outdated, is_right, to_hash

NAME, EMAIL = "Planner Haarlem (voorbeeld)", "jansen.p@gemeente.example"


@pytest.mark.parametrize(
    "password",
    [
        "vier natte wollen sokken",
        "k9#Lq2!vTz8@",
        "zomaar een lange zin met 3 fouten erin",
        "пароль из слов",
        "x7" * 3 + "een lange staart",
    ],
)
def test_a_long_password_is_taken_whatever_its_signs(password: str) -> None:
    assert fault_of(password, NAME, EMAIL) is None


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("elf tekens!", "minstens 12"),
        ("x" * 129, "hoogstens 128"),
        ("mijn Jansen is lief", "zonder uw naam"),
        ("de planner van hier", "zonder uw naam"),
        ("Vlekkenplan op maandag", "naam van dit programma"),
        ("aaaaaaaaaaaaaa", "te makkelijk"),
        ("abcabcabcabcabc", "te makkelijk"),
        ("wachtwoord123!", "te makkelijk"),
        ("W-a-c-h-t-w-o-o-r-d 2026", "te makkelijk"),
        ("welkomwelkom01", "te makkelijk"),
        ("123456789012", "te makkelijk"),
        ("qwertyuiopqwe", "te makkelijk"),
        ("abcdefghijklm", "te makkelijk"),
        ("zyxwvutsrqponm", "te makkelijk"),
    ],
)
def test_a_password_that_others_would_guess_is_refused(password: str, words: str) -> None:
    fault = fault_of(password, NAME, EMAIL)
    assert fault is not None
    assert words in fault


def test_a_password_is_kept_as_argon2id_and_each_time_otherwise() -> None:
    kept = to_hash("vier natte wollen sokken")
    assert kept.startswith("$argon2id$")
    assert kept != to_hash("vier natte wollen sokken")
    assert is_right(kept, "vier natte wollen sokken")
    assert not is_right(kept, "vier natte wollen sokke")


def test_the_same_signs_of_another_keyboard_are_the_same_password() -> None:
    assert is_right(to_hash("coördinatie met ﬁjne koﬃe"), "coo\u0308rdinatie met fijne koffie")


def test_without_a_password_none_is_right_and_as_much_work_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judged: list[str] = []
    verify = PasswordHasher.verify

    def noting(self: PasswordHasher, kept: str, typed: str) -> bool:
        judged.append(kept)
        return verify(self, kept, typed)

    monkeypatch.setattr(PasswordHasher, "verify", noting)
    assert not is_right(None, "vier natte wollen sokken")
    assert not is_right(None, "")
    assert len(judged) == 2
    assert all(kept.split("$")[:4] == to_hash("x").split("$")[:4] for kept in judged)


def test_what_is_no_checksum_lets_nobody_in() -> None:
    assert not is_right("!", "vier natte wollen sokken")


def test_a_checksum_of_before_is_known_as_such() -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8192).hash("vier natte wollen sokken")
    assert is_outdated(old)
    assert is_right(old, "vier natte wollen sokken")
    assert not is_outdated(to_hash("vier natte wollen sokken"))
