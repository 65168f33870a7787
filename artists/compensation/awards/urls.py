"""Addresses of awards, batches, grant rounds and applications."""

from django.urls import path

from .views import artist, awards, batches, rounds

MONEY = "staff/money/"
urlpatterns = [
    path("grants/", artist.grants, name="grants"),
    path("grants/<uuid:pk>/", artist.grant_round, name="grant_round"),
    path("grants/<uuid:pk>/apply/", artist.apply, name="grant_apply"),
    path("grants/<uuid:pk>/take-back/", artist.take_back, name="grant_take_back"),
    path("awards/<uuid:pk>/", artist.award, name="award"),
    path(f"{MONEY}awards/", awards.desk, name="staff_awards"),
    path(f"{MONEY}awards/new/", awards.new, name="staff_award_new"),
    path(f"{MONEY}awards/<uuid:pk>/", awards.award, name="staff_award"),
    path(f"{MONEY}awards/<uuid:pk>/change/", awards.change, name="staff_award_change"),
    path(f"{MONEY}awards/<uuid:pk>/submit/", awards.submit, name="staff_award_submit"),
    path(f"{MONEY}awards/<uuid:pk>/withdraw/", awards.withdraw, name="staff_award_withdraw"),
    path(f"{MONEY}awards/<uuid:pk>/approve/", awards.approve, name="staff_award_approve"),
    path(f"{MONEY}awards/<uuid:pk>/decline/", awards.decline, name="staff_award_decline"),
    path(f"{MONEY}awards/<uuid:pk>/end/", awards.end, name="staff_award_end"),
    path(f"{MONEY}batches/", batches.batches, name="staff_batches"),
    path(f"{MONEY}batches/new/", batches.new, name="staff_batch_new"),
    path(f"{MONEY}batches/<uuid:pk>/", batches.batch, name="staff_batch"),
    path(f"{MONEY}batches/<uuid:pk>/approve/", batches.approve, name="staff_batch_approve"),
    path(f"{MONEY}rounds/", rounds.rounds, name="staff_rounds"),
    path(f"{MONEY}rounds/new/", rounds.new, name="staff_round_new"),
    path(f"{MONEY}rounds/<uuid:pk>/", rounds.grant_round, name="staff_round"),
    path(f"{MONEY}rounds/<uuid:pk>/change/", rounds.change, name="staff_round_change"),
    path(f"{MONEY}rounds/<uuid:pk>/open/", rounds.open_it, name="staff_round_open"),
    path(f"{MONEY}rounds/<uuid:pk>/cancel/", rounds.cancel, name="staff_round_cancel"),
    path(f"{MONEY}rounds/<uuid:pk>/decide/", rounds.decide, name="staff_round_decide"),
    path(f"{MONEY}applications/<uuid:pk>/", rounds.application, name="staff_application"),
    path(f"{MONEY}applications/<uuid:pk>/reconsider/", rounds.reconsider, name="staff_application_reconsider"),
]
