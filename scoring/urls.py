"""The addresses of previews and of an activation, below those of the definition."""

from django.urls import path

from scoring.views import distribution, previews, rescoring, trying

app_name = "scoring"

urlpatterns = [
    path("versions/<int:pk>/preview/", previews.preview, name="preview"),
    path("versions/<int:pk>/preview/progress/", previews.progress, name="preview_progress"),
    path("versions/<int:pk>/preview/cancel/", previews.cancel, name="preview_cancel"),
    path("versions/<int:pk>/preview/leads/", previews.leads, name="preview_leads"),
    path("versions/<int:pk>/preview/line/", previews.line, name="preview_line"),
    path("versions/<int:pk>/try/", trying.try_one, name="try"),
    path("grades/", distribution.grades, name="grades"),
    path("grades/file/", distribution.grades_file, name="grades_file"),
    path("grades/count/", distribution.count_grades, name="grades_count"),
    path("rescoring/", rescoring.progress, name="rescoring"),
    path("rescoring/cancel/", rescoring.cancel, name="rescoring_cancel"),
    path("rescoring/restart/", rescoring.restart, name="rescoring_restart"),
]
