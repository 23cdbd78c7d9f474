from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsensusConfig(AppConfig):
    name = "consensus"

    def ready(self):
        from consensus import audit_words, hooks, jobs, listeners
        from consensus.verdicts import rule_check, rule_words
        from experts.enums import Capability
        from foundation.audit_words import register_audit_words
        from surveys import hooks as asked
        from surveys.signals import round_closed, round_opened
        from surveys.study_nav import Section, register_section

        round_closed.connect(listeners.on_round_closed, dispatch_uid="consensus.round_closed")
        round_opened.connect(listeners.on_round_opened, dispatch_uid="consensus.round_opened")
        asked.register_decided(hooks.decided_technologies)
        asked.register_middle_halves(hooks.middle_halves)
        asked.register_results(positions=hooks.group_positions, verdicts=hooks.verdicts_after)
        asked.register_voice(decided=hooks.decided_results, cannot_judge=hooks.cannot_judge_counts)
        asked.register_verdicts(hooks.latest_verdicts)
        asked.register_analysis(
            job=jobs.computation_job, again=jobs.compute_again_url, outcome=hooks.outcome_of
        )
        asked.register_rules(
            words=rule_words.words_of_rule, check=rule_check.check_criterion, doubts=rule_check.doubts
        )
        register_section(Section("results", _("Results"), "results:overview", 80))
        register_section(Section("exports", _("Exports"), "consensus:exports", 90, Capability.EXPORT))
        register_audit_words(subjects=audit_words.SUBJECTS, events=audit_words.EVENTS)
