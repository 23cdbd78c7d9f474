"""What this app does when others announce something."""

from django.dispatch import receiver

from experts.signals import expert_erased
from scanning.services.reason_summaries import erase_words


@receiver(expert_erased, dispatch_uid="scanning.expert_erased")
def on_expert_erased(sender, member_ids, **kwargs) -> None:
    erase_words(member_ids=member_ids)
