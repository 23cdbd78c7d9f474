"""The floor: a bare Django view on the same server and database that does no more than a save must do.

It checks a token and the open round, upserts the same rows and writes one audit row. These are its settings, its
addresses and its view, so that nothing of the product lies between.
"""

import os

from delphi_platform.settings import *  # noqa: F403

MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]  # it sets Content-Length
INSTALLED_APPS = [each for each in INSTALLED_APPS if not each.startswith("allauth")]  # noqa: F405
ROOT_URLCONF = "bench.questionnaire.floor_urls"
assert os.environ["DJANGO_SETTINGS_MODULE"] == "bench.questionnaire.floor"
