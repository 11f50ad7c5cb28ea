"""How large a request may be: its address, its cookies, its form."""

from __future__ import annotations

# More than any page of ours asks for: an address with all its parameters, the parameters, the
# cookies of one request, the bytes of a form and the fields of one.
MOST_ADDRESS = 16 * 1024
MOST_PARAMETERS = 300
MOST_COOKIES = 16 * 1024
MOST_FORM = 64 * 1024
MOST_FIELDS = 100
