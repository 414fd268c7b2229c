"""Addresses of leads and imports."""

from django.urls import path

from leads.views import buying, fields, imports, listing, record

app_name = "leads"
urlpatterns = [
    path("", listing.lead_list, name="list"),
    path("new/", record.new, name="new"),
    path("<int:pk>/", record.lead, name="lead"),
    path("<int:pk>/edit/", record.edit, name="edit"),
    path("<int:pk>/answer/", record.answer, name="answer"),
    path("<int:pk>/buying/", buying.edit, name="buying"),
    path("<int:pk>/buying/fact/", buying.fact, name="buying_fact"),
    path("<int:pk>/timeline/", record.timeline, name="timeline"),
    path("<int:pk>/panel/<slug:slot>/<int:order>/", record.panel, name="panel"),
    path("fields/", fields.field_list, name="fields"),
    path("fields/new/", fields.field_new, name="field_new"),
    path("fields/<int:pk>/", fields.field, name="field"),
    path("fields/<int:pk>/progress/", fields.field_progress, name="field_progress"),
    path("fields/<int:pk>/retire/", fields.field_retire, name="field_retire"),
    path("fields/<int:pk>/restore/", fields.field_restore, name="field_restore"),
    path("fields/<int:pk>/move/", fields.field_move, name="field_move"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:pk>/", imports.job, name="import"),
    path("imports/<int:pk>/progress/", imports.progress, name="import_progress"),
    path("imports/<int:pk>/start/", imports.start, name="import_start"),
    path("imports/<int:pk>/cancel/", imports.cancel, name="import_cancel"),
    path("imports/<int:pk>/left-out.csv", imports.problems, name="import_problems"),
]
