"""Addresses of forms."""

from django.urls import path

from .views import artist, building, results

STAFF = "staff/feedback/forms/"
urlpatterns = [
    path("feedback/", artist.forms, name="feedback"),
    path("feedback/<slug:slug>/", artist.form, name="feedback_form"),
    path("feedback/<slug:slug>/forget/", artist.forget, name="feedback_forget"),
    path("feedback/<slug:slug>/films/<int:pk>/<str:side>/", artist.film, name="feedback_film"),
    path("staff/feedback/", building.desk, name="staff_feedback"),
    path("staff/feedback/responses/<int:pk>/", results.response, name="staff_feedback_response"),
    path(f"{STAFF}new/", building.new, name="staff_feedback_new"),
    path(f"{STAFF}<slug:slug>/", building.build, name="staff_feedback_form"),
    path(f"{STAFF}<slug:slug>/frame/", building.frame, name="staff_feedback_frame"),
    path(f"{STAFF}<slug:slug>/words/", building.words, name="staff_feedback_words"),
    path(f"{STAFF}<slug:slug>/preview/", building.preview, name="staff_feedback_preview"),
    path(f"{STAFF}<slug:slug>/publish/", building.publish, name="staff_feedback_publish"),
    path(f"{STAFF}<slug:slug>/draft/", building.draft, name="staff_feedback_draft"),
    path(f"{STAFF}<slug:slug>/end/", building.end, name="staff_feedback_end"),
    path(f"{STAFF}<slug:slug>/reopen/", building.reopen, name="staff_feedback_reopen"),
    path(f"{STAFF}<slug:slug>/questions/new/", building.question_new, name="staff_feedback_question_new"),
    path(f"{STAFF}<slug:slug>/questions/<int:pk>/", building.question, name="staff_feedback_question"),
    path(f"{STAFF}<slug:slug>/questions/<int:pk>/move/", building.question_move, name="staff_feedback_question_move"),
    path(f"{STAFF}<slug:slug>/questions/<int:pk>/remove/", building.question_remove, name="staff_feedback_question_remove"),
    path(f"{STAFF}<slug:slug>/results/", results.results, name="staff_feedback_results"),
    path(f"{STAFF}<slug:slug>/results.csv", results.results_csv, name="staff_feedback_results_csv"),
    path(f"{STAFF}<slug:slug>/outcome/", results.outcome, name="staff_feedback_outcome"),
]  # fmt: skip
