"""The addresses of a lead's grade and its history, below those of the lead."""

from django.urls import path

from scoring.views import history, overriding

app_name = "score"

urlpatterns = [
    path("<int:pk>/grade/", overriding.set_grade, name="grade"),
    path("<int:pk>/score/", history.changes, name="changes"),
    path("<int:pk>/grade/end/", overriding.end, name="end_grade"),
]
