"""The Celery application; each app's tasks are found in its ``tasks.py``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("bantam")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
