"""What experts announces. Listeners get ids, inside the transaction that makes the change."""

from django.dispatch import Signal

members_joined = Signal()  # panel_id, member_ids: added, or taken back after leaving
member_withdrawn = Signal()  # member_id
expert_erased = Signal()  # expert_code, member_ids: remove what else identifies these members
