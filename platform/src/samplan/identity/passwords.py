"""Passwords: hashed with Argon2id, judged by length rather than by kinds of characters.

The rules follow NIST SP 800-63B, 3.1.1: a minimum length, no composition rules, no expiry, and a list of
passwords that are too common. The parameters are those of RFC 9106's second recommendation.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from samplan.errors import Invalid
from samplan.i18n import _

SHORTEST, LONGEST = 12, 128
FEWEST_DIFFERENT = 5
SHORTEST_NAME = 4

HASHER = PasswordHasher()  # 64 MiB and three passes

# Each verification takes 64 MiB: more at a time would let a wave of logins exhaust the memory.
_AT_A_TIME = threading.BoundedSemaphore(4)

# Letters only: the digits and signs that are added to such a word make it no better.
COMMON = frozenset(
    {
        "administrator",
        "administratör",
        "changeme",
        "hemligt",
        "iloveyou",
        "landstinget",
        "letmein",
        "losenord",
        "lösenord",
        "passord",
        "passw",
        "password",
        "passwort",
        "qwerty",
        "qwertyuiop",
        "qwertyuiopå",
        "region",
        "samplan",
        "schemaläggare",
        "sjukhus",
        "sjukvård",
        "sommar",
        "vinter",
        "välkommen",
        "welcome",
    }
)

_ONE_TIME_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


def password_faults(password: str, email: str) -> list[str]:
    """Return why `password` must not be used for the account of `email`, in the user's language."""
    faults = []
    if len(password) < SHORTEST:
        faults.append(_("The password must have at least %(n)s characters.", n=SHORTEST))
    if len(password) > LONGEST:
        faults.append(_("The password can have at most %(n)s characters.", n=LONGEST))
    folded = unicodedata.normalize("NFKC", password).casefold()
    letters = "".join(character for character in folded if character.isalpha())
    if letters in COMMON or len(set(folded)) < FEWEST_DIFFERENT:
        faults.append(_("The password is too easy to guess."))
    name = email.casefold().partition("@")[0]
    if len(name) >= SHORTEST_NAME and name in folded:
        faults.append(_("The password must not contain your e-mail address."))
    return faults


def hash_new(password: str, email: str) -> str:
    """Return the hash of a new password; raises `Invalid` (field `password`) when the rules refuse it."""
    faults = password_faults(password, email)
    if faults:
        raise Invalid(_("Choose another password."), {"password": faults})
    return hash_password(password)


def hash_password(password: str) -> str:
    """Return the hash to keep of a password."""
    with _AT_A_TIME:
        return HASHER.hash(_prepared(password))


def verify(stored: str | None, password: str) -> bool:
    """Tell whether `password` is the one that `stored` is the hash of.

    Without a hash (no such account, or one that may not sign in) a decoy is verified in its place, so
    that the answer takes as long as for an account that exists.
    """
    decoy = _decoy(HASHER)
    with _AT_A_TIME:
        try:
            HASHER.verify(stored or decoy, _prepared(password))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def needs_rehash(stored: str) -> bool:
    """Tell whether `stored` was made with other parameters than are used now."""
    return HASHER.check_needs_rehash(stored)


def one_time_password() -> str:
    """Return a random password of 80 bits, in groups that can be read out."""
    groups = ("".join(secrets.choice(_ONE_TIME_ALPHABET) for _character in range(4)) for _group in range(4))
    return "-".join(groups)


@cache
def _decoy(hasher: PasswordHasher) -> str:
    return hasher.hash(secrets.token_urlsafe())


def _prepared(password: str) -> str:
    # The same password typed on another keyboard may come in another composition of its characters.
    return unicodedata.normalize("NFKC", password[: 4 * LONGEST])
