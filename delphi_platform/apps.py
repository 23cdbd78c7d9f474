from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "delphi_platform"

    def ready(self):
        from delphi_platform import checks  # noqa: F401  (registers the system checks)
