"""Addresses of payments: how one is paid, and the desk of staff."""

from django.urls import path

from .views import artist, staff

urlpatterns = [
    path("me/pay/", artist.pay, name="pay"),
    path("me/pay/way/", artist.way, name="pay_way"),
    path("me/pay/account/", artist.account, name="pay_account"),
    path("me/pay/account/form/", artist.form, name="pay_form"),
    path("me/pay/account/back/", artist.back, name="pay_back"),
    path("me/pay/account/check/", artist.check, name="pay_check"),
    path("me/pay/account/page/", artist.dashboard, name="pay_dashboard"),
    path("me/pay/account/replace/", artist.replace, name="pay_replace"),
    path("staff/payments/", staff.desk, name="staff_payments"),
    path("staff/payments/all/", staff.everything, name="staff_payments_all"),
    path("staff/payments/batch/", staff.batch, name="staff_payments_batch"),
    path("staff/payments/people/<int:pk>/", staff.person, name="staff_pay_person"),
    path("staff/payments/people/<int:pk>/tax/", staff.tax, name="staff_pay_tax"),
    path("staff/payments/<uuid:pk>/", staff.payment, name="staff_payment"),
    path("staff/payments/<uuid:pk>/record/", staff.record, name="staff_payment_record"),
    path("staff/payments/<uuid:pk>/hold/", staff.hold, name="staff_payment_hold"),
    path("staff/payments/<uuid:pk>/unhold/", staff.unhold, name="staff_payment_unhold"),
    path("staff/payments/<uuid:pk>/retry/", staff.retry, name="staff_payment_retry"),
    path("staff/payments/<uuid:pk>/cancel/", staff.cancel, name="staff_payment_cancel"),
    path("staff/payments/<uuid:pk>/back/", staff.back, name="staff_payment_back"),
    path("staff/payments/<uuid:pk>/again/", staff.pay_again, name="staff_payment_again"),
    path("staff/payments/<uuid:pk>/look/", staff.look, name="staff_payment_look"),
    path("staff/payments/<uuid:pk>/proof/", staff.proof, name="staff_payment_proof"),
]
