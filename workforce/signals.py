"""What happens here that rooms above may build on. Sent within the transaction, once the new rows stand."""

from django.dispatch import Signal

# Posts changed, or where a team stands: organisation_id, and users (a set of ids, or None for anybody there).
posts_changed = Signal()
