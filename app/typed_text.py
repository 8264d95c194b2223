"""What someone typed in a form that could not be handled, so that the answer can give it back."""

from __future__ import annotations

import re

from flask import request
from werkzeug.exceptions import HTTPException

from app.auth.routes import ROUTES

#: Pages of which nothing that was typed may come back: they ask for passwords and codes.
_SILENT = frozenset({"inloggen", "eigen_account"})
#: The proof, the seal and the sealed photo of a form: nobody typed those, nor can read them.
_SEALED = frozenset({"csrf_token", "zegel", "fotodata"})
#: What the page put in the form itself: a code of a choice, a number, a date.
_MADE_BY_PAGE = re.compile(r"[a-z0-9_-]*|[0-9.,:+-]*|[A-Z]{2}\d+")


def typed_texts() -> list[str]:
    """The texts typed in the form of this request, in the order of the form.

    Codes, numbers and dates are left out: those are quick to choose again. Empty when the request
    is no form, could not be read, or is one of signing in.
    """
    if request.method != "POST" or ROUTES.get(request.endpoint or "") in _SILENT:
        return []
    try:
        fields = list(request.form.items(multi=True))
    except HTTPException:
        return []
    texts = [value.strip() for name, value in fields if name not in _SEALED]
    return [text for text in dict.fromkeys(texts) if not _MADE_BY_PAGE.fullmatch(text)]
