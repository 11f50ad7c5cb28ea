"""The pictures of a story so far, as numbers, and the card beside a shared link."""
