"""Where a page may load from, and the one script that may come from elsewhere."""

from __future__ import annotations

HTMX_FILE = "vendor/htmx-4.0.1.min.js"
HTMX_CDN = "https://cdn.jsdelivr.net/npm/htmx.org@4.0.1/dist/htmx.min.js"
HTMX_HASH = "sha384-Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn"


def policy(htmx: str) -> str:
    """Give the content policy, which is the same for every page; `htmx` is "cdn" or "local"."""
    scripts = f"'self' {HTMX_CDN}" if htmx == "cdn" else "'self'"
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
