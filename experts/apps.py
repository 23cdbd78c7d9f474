from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "experts"

    def ready(self):
        import experts.services.mailing  # noqa: F401 (registers its kinds of job)
        from experts.services import resolving
        from foundation.services.mail import register_link_resolver

        register_link_resolver(resolving.resolve)
