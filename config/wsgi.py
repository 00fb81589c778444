import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018  # read now: else the first visitor of each process waits for it

# What has been loaded so far stays for good. To look through it for garbage again and again would cost every request
# some time, and now and then one of them a tenth of a second.
gc.collect()
gc.freeze()
