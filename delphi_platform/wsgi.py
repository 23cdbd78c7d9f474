"""The entry point of web servers. It refuses to serve an unsafe configuration."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "delphi_platform.settings")
application = get_wsgi_application()

from delphi_platform.checks import refuse_insecure_server  # noqa: E402  (needs the applications loaded)

refuse_insecure_server()
