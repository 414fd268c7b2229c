"""The addresses of the definition."""

from django.urls import path

from alignment.views import editing, reading, signing

app_name = "alignment"

urlpatterns = [
    path("", reading.definition, name="definition"),
    path("install/", reading.install, name="install"),
    path("versions/", reading.history, name="history"),
    path("versions/<int:pk>/", reading.version, name="version"),
    path("versions/<int:pk>/draft/", reading.draft, name="draft"),
    path("versions/<int:pk>/edit/", editing.edit, name="edit"),
    path("versions/<int:pk>/caps/", editing.caps, name="caps"),
    path("versions/<int:pk>/propose/", editing.propose, name="propose"),
    path("versions/<int:pk>/discard/", editing.discard, name="discard"),
    path("versions/<int:pk>/sign/", signing.sign, name="sign"),
    path("versions/<int:pk>/decline/", signing.decline, name="decline"),
    path("versions/<int:pk>/comment/", signing.comment, name="comment"),
    path("versions/<int:pk>/withdraw/", signing.withdraw, name="withdraw"),
]
