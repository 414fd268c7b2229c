"""Addresses of the queue, the pool, what was accepted, the SLA and the reasons."""

from django.urls import path

from feedback.views import (
    accepted,
    acting,
    calendars,
    commitment_leads,
    commitments,
    hindsight,
    notices,
    pool,
    queue,
    reasons,
    scoreboard,
    sla,
)

app_name = "feedback"
urlpatterns = [
    path("queue/", queue.queue, name="queue"),
    path("queue/list/<int:owner>/", queue.queue_list, name="queue_list"),
    path("queue/pool/", pool.pool, name="pool"),
    path("queue/pool/<int:pk>/claim/", pool.claim, name="claim"),
    path("queue/assign/", pool.assign, name="assign"),
    path("queue/<int:pk>/", queue.handoff, name="handoff"),
    path("queue/<int:pk>/accept/", acting.accept, name="accept"),
    path("queue/<int:pk>/reject/", acting.reject, name="reject"),
    path("queue/<int:pk>/attempt/", acting.attempt, name="attempt"),
    path("queue/<int:pk>/callback/", acting.callback, name="callback"),
    path("accepted/", accepted.accepted, name="accepted"),
    path("accepted/<int:pk>/outcome/", accepted.outcome, name="outcome"),
    path("sla/", sla.dashboard, name="sla"),
    path("sla/leads/", sla.assignments, name="sla_assignments"),
    path("commitments/", commitments.page, name="commitments"),
    path("commitments/leads/", commitment_leads.page, name="commitment_leads"),
    path("definition/versions/<int:pk>/backtest/", hindsight.backtest, name="backtest"),
    path("definition/versions/<int:pk>/load/", hindsight.load, name="load"),
    path("definition/versions/<int:pk>/rail/", hindsight.rail, name="rail"),
    path("reasons/", reasons.page, name="reasons"),
    path("reasons/seen/", reasons.seen, name="rejections_seen"),
    path("hours/", calendars.listing, name="calendars"),
    path("hours/new/", calendars.edit, name="calendar_new"),
    path("hours/<int:pk>/", calendars.edit, name="calendar"),
    path("hours/reps/<int:pk>/", calendars.rep, name="rep_settings"),
    path("scoreboard/", scoreboard.scoreboard, name="scoreboard"),
    path("notices/", notices.listing, name="notices"),
    path("notices/read/", notices.read_all, name="notices_read"),
    path("notices/<int:pk>/", notices.follow, name="notice"),
]
