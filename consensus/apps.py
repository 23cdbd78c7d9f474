from django.apps import AppConfig


class ConsensusConfig(AppConfig):
    name = "consensus"

    def ready(self):
        from consensus import hooks, listeners
        from surveys import hooks as asked
        from surveys.signals import round_closed, round_opened

        round_closed.connect(listeners.on_round_closed, dispatch_uid="consensus.round_closed")
        round_opened.connect(listeners.on_round_opened, dispatch_uid="consensus.round_opened")
        asked.register_decided(hooks.decided_technologies)
        asked.register_middle_halves(hooks.middle_halves)
