from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "experts"

    def ready(self):
        from experts.services import resolving  # noqa: F401: registers its kinds of job
        from foundation.services.mail import register_link_resolver

        register_link_resolver(resolving.resolve)
