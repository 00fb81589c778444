"""The framework in the editors' menu."""

from wagtail import hooks

from .editions.admin import FrameworkViewSet


@hooks.register("register_admin_viewset")
def register_framework() -> FrameworkViewSet:
    return FrameworkViewSet()
