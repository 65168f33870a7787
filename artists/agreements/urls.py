"""Addresses of agreements."""

from django.urls import path

from .views import artist, staff

urlpatterns = [
    path("agreement/", artist.agreement, name="agreement"),
    path("agreement/<int:pk>/sign/", artist.sign, name="agreement_sign"),
    path("agreement/<int:pk>/decline/", artist.decline, name="agreement_decline"),
    path("agreement/signed/<int:pk>/", artist.signature, name="signature"),
    path("agreement/signed/<int:pk>/paper/", artist.paper, name="signature_paper"),
    path("staff/agreements/", staff.agreements, name="agreements"),
    path("staff/agreements/new/", staff.new, name="agreement_new"),
    path("staff/agreements/versions/<int:pk>/", staff.version, name="agreement_version"),
    path("staff/agreements/versions/<int:pk>/publish/", staff.publish, name="agreement_publish"),
    path("staff/agreements/versions/<int:pk>/translate/", staff.translate, name="agreement_translate"),
    path("staff/agreements/<slug:slug>/", staff.document, name="agreement_document"),
    path("staff/agreements/<slug:slug>/audience/", staff.audience, name="agreement_audience"),
    path("staff/agreements/<slug:slug>/draft/", staff.draft, name="agreement_draft"),
]
