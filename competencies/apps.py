from django.apps import AppConfig


class CompetenciesConfig(AppConfig):
    name = "competencies"
    verbose_name = "Capabilities and coverage"

    def ready(self) -> None:
        from . import receivers  # noqa: F401
