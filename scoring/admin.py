"""Generations and history in the Django admin: to look at. It can show no score: their key is composite."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from scoring.models import Generation, ScoreChange


@admin.register(Generation)
class GenerationAdmin(ReadOnlyAdmin):
    list_display = ["id", "state", "leads", "started_at", "live_at", "retired_at"]
    list_filter = ["state"]


@admin.register(ScoreChange)
class ScoreChangeAdmin(ReadOnlyAdmin):
    list_display = ["lead_id", "at", "cause", "old_grade", "new_grade", "old_total", "new_total", "is_ready"]
    list_filter = ["cause"]
    search_fields = ["=lead__id"]
    raw_id_fields = ["lead"]
