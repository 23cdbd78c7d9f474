from django.apps import AppConfig


class ScanningConfig(AppConfig):
    name = "scanning"

    def ready(self):
        from scanning import tasks  # noqa: F401  registers the job kinds, in web processes too
