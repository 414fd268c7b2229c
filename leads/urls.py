"""Addresses of leads and imports."""

from django.urls import path

from leads.views import imports, listing, record

app_name = "leads"
urlpatterns = [
    path("", listing.lead_list, name="list"),
    path("new/", record.new, name="new"),
    path("<int:pk>/", record.lead, name="lead"),
    path("<int:pk>/edit/", record.edit, name="edit"),
    path("<int:pk>/answer/", record.answer, name="answer"),
    path("<int:pk>/timeline/", record.timeline, name="timeline"),
    path("<int:pk>/panel/<slug:slot>/<int:order>/", record.panel, name="panel"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:pk>/", imports.job, name="import"),
    path("imports/<int:pk>/progress/", imports.progress, name="import_progress"),
    path("imports/<int:pk>/start/", imports.start, name="import_start"),
    path("imports/<int:pk>/cancel/", imports.cancel, name="import_cancel"),
    path("imports/<int:pk>/left-out.csv", imports.problems, name="import_problems"),
]
