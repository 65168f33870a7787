"""Addresses of consent."""

from django.urls import path

from .views import artist, staff, union

urlpatterns = [
    path("me/uses/", artist.uses, name="uses"),
    path("me/uses/register.csv", artist.uses_csv, name="uses_csv"),
    path("me/uses/ended/", artist.ended, name="consents_ended"),
    path("me/uses/answers/<int:pk>/", artist.answer, name="consent_answer"),
    path("me/uses/answers/<int:pk>/film/", artist.film, name="consent_film"),
    path("me/uses/answers/<int:pk>/poster/", artist.poster, name="consent_poster"),
    path("me/uses/answers/<int:pk>/filmstrip/", artist.filmstrip, name="consent_filmstrip"),
    path("me/uses/consents/<uuid:pk>/", artist.consent, name="consent"),
    path("me/uses/consents/<uuid:pk>/withdraw/", artist.withdraw, name="consent_withdraw"),
    path("me/uses/consents/<uuid:pk>/receipt.json", artist.receipt, name="consent_receipt"),
    path("me/uses/consents/<uuid:pk>/receipt.pdf", artist.paper, name="consent_paper"),
    path("me/uses/choices/", artist.choices, name="consent_choices"),
    path("me/uses/choices/<uuid:clip>/", artist.choices_of, name="consent_choices_of"),
    path("me/uses/pause/", union.union, name="union"),
    path("me/uses/pause/resume/", union.resume, name="union_resume"),
    path("me/uses/pause/delegates/<int:pk>/", union.delegate, name="union_delegate"),
    path("me/uses/pause/call/", union.call, name="union_call"),
    path("staff/consents/", staff.desk, name="consent_desk"),
    path("staff/consents/new/", staff.ask, name="consent_ask"),
    path("staff/consents/uses/", staff.register, name="consent_register"),
    path("staff/consents/uses.csv", staff.register_csv, name="consent_register_csv"),
    path("staff/consents/uses/<int:pk>/reach/", staff.reach, name="consent_reach"),
    path("staff/consents/requests/<uuid:pk>/", staff.asked, name="consent_request"),
    path("staff/consents/requests/<uuid:pk>/take-back/", staff.take_back, name="consent_take_back"),
    path("staff/consents/answers/<int:pk>/reply/", staff.reply, name="consent_reply"),
    path("staff/consents/<uuid:pk>/", staff.file, name="consent_file"),
    path("staff/consents/<uuid:pk>/proof.zip", staff.proof, name="consent_proof"),
]
