"""Where each app's pages and API stand."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from users.views.entry import admin_sign_in, home

handler400 = "core.views.bad_request"
handler403 = "core.views.permission_denied"
handler404 = "core.views.not_found"
handler500 = "core.views.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("", include("core.urls")),
    path("", include("users.urls")),
    # Each app below adds its own line: path("leads/", include("leads.urls")) and so on.
    path("leads/", include("leads.urls")),
    path("leads/", include("scoring.record_urls")),
    path("leads/", include("scoring.lead_urls")),
    path("rules/", include("leads.builder_urls")),
    path("definition/", include("alignment.urls")),
    path("definition/", include("scoring.urls")),
    path("", include("feedback.urls")),
    path("api/", include("config.api_urls")),
    path("admin/login/", admin_sign_in),
    path("admin/logout/", LogoutView.as_view()),
    path("admin/password_change/", RedirectView.as_view(pattern_name="users:change_password")),
    path("admin/", admin.site.urls),
]
