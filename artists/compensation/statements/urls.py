"""Addresses of the ledger, of statements and letters, and of the accounts export."""

from django.urls import path, register_converter

from .periods import MonthConverter, YearConverter
from .views import artist, public, staff

register_converter(MonthConverter, "month")
register_converter(YearConverter, "year")

urlpatterns = [
    path("ledger/", artist.ledger, name="ledger"),
    path("ledger/lines/<slug:part>/", artist.lines, name="ledger_lines"),
    path("ledger/payments/<uuid:pk>/", artist.payment, name="ledger_payment"),
    path("ledger/statements/", artist.months, name="ledger_months"),
    path("ledger/<month:month>/", artist.month, name="ledger_month"),
    path("ledger/<month:month>/<slug:currency>.csv", artist.month_csv, name="ledger_month_csv"),
    path("ledger/<month:month>/<slug:currency>.pdf", artist.month_paper, name="ledger_month_paper"),
    path("ledger/<year:year>.csv", artist.year_csv, name="ledger_year_csv"),
    path("ledger/letters/", artist.letters, name="service_letters"),
    path("ledger/letters/<int:pk>.pdf", artist.letter_paper, name="service_letter_paper"),
    path("ledger/letters/<int:pk>/withdraw/", artist.letter_withdraw, name="service_letter_withdraw"),
    path("service-letter/", public.ask, name="service_letter"),
    path("service-letter/<slug:code>/", public.letter, name="service_letter_check"),
    path("staff/money/export/", staff.books, name="staff_money_books"),
    path("staff/money/export/<year:year>.csv", staff.year_csv, name="staff_money_year_csv"),
]
