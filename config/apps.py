from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from . import celery  # noqa: F401 so that every process puts its tasks in the same queue
