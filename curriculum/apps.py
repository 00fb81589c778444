from django.apps import AppConfig


class CurriculumConfig(AppConfig):
    name = "curriculum"
    verbose_name = "What is taught"

    def ready(self) -> None:
        from . import receivers  # noqa: F401
