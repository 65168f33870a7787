"""What I earned and was paid: the ledger, one payment, statements, letters of service."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.compensation.models import ServiceLetter
from artists.compensation.statements import queries, services
from artists.compensation.statements.forms import LetterForm
from artists.compensation.statements.holding import holding
from artists.compensation.statements.letters import grouped
from artists.compensation.statements.months import Statement, currencies_of, moved_in, statement_of
from artists.compensation.statements.paging import behind
from artists.compensation.statements.parts import PARTS
from artists.compensation.statements.periods import Month, month_of, months_between, today_in, year_span
from artists.compensation.statements.reading import Ledger, ledger_of
from artists.compensation.statements.sheets import statement_sheet, year_sheet
from artists.compensation.statements.standing import Line, line_of, title_of
from artists.compensation.statements.story import story_of
from artists.people.actors import actor_of, person_of
from artists.people.models import Person
from artists.people.reading import zone_of
from portal.access import Refused, check, require
from portal.program.queries import the_program

A_PAGE = 25
RECENT = 12  # months that are named on the ledger itself


def sheet_response(text: str, name: str) -> HttpResponse:
    """A sheet to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def paper_response(data: bytes, name: str) -> HttpResponse:
    """A PDF to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type="application/pdf", headers=headers)


def _reader(request: HttpRequest) -> Person:
    """Whose ledger is read: one's own, or that of whom staff view as."""
    require("ledger.see", actor_of(request))
    return person_of(request)


def _months(person: Person) -> list[Month]:
    """From this month back to the first with an entry."""
    zone = zone_of(person)
    first = queries.first_entry_at(person)
    return [] if first is None else list(months_between(month_of(first, zone), month_of(timezone.now(), zone)))


def _sections(found: Ledger) -> list[tuple[str, str, list[Line], bool]]:
    """(title, part, lines, whether there are more) in the order they are read."""
    parts = (
        (_("Needs you"), "payable", found.needs_you),
        (_("Payable"), "payable", found.payable),
        (_("On its way"), "travelling", found.travelling),
        (_("Earned"), "earned", found.earned),
        (_("Counted, unpaid"), "unpaid", found.unpaid),
        (_("Paid"), "paid", found.paid),
        (_("Returned"), "returned", found.returned),
    )
    return [(title, part, rows, part in found.more and rows is not found.needs_you) for title, part, rows in parts]


@require_GET
@login_required
def ledger(request: HttpRequest) -> HttpResponse:
    """Sums by currency, what needs me, and everything else with its one next step."""
    person, actor = _reader(request), actor_of(request)
    found = ledger_of(actor, person)
    context = {
        "sums": queries.sums_of(actor),
        "ledger": found,
        "sections": _sections(found),
        "months": _months(person)[:RECENT],
        "may_ask": check("dispute.open", actor, None),
    }
    return render(request, "compensation/statements/ledger.html", context)


@require_GET
@login_required
def lines(request: HttpRequest, part: str) -> HttpResponse:
    """All lines of one part, page by page."""
    person, actor = _reader(request), actor_of(request)
    found = PARTS.get(part)
    if found is None:
        raise Http404
    page = behind(found.rows(actor), found.order, request.GET.get("after"), A_PAGE)
    context = {
        "part": found,
        "lines": found.read(page.rows, zone_of(person)),
        "older": f"?{urlencode({'after': page.rows[-1].pk})}" if page.has_next else "",
        "first": page.first,
        "may_ask": check("dispute.open", actor, None),
    }
    return render(request, "compensation/statements/lines.html", context)


@require_GET
@login_required
def payment(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One payment: where it is, what comes next, and what happened to it with dates and numbers."""
    person, actor = _reader(request), actor_of(request)
    found = get_object_or_404(queries.payments_of(actor).prefetch_related("attempts"), pk=pk)
    holds = holding([found]).get(found.pk, [])
    context = {
        "payment": found,
        "title": title_of(found),
        "stands": line_of(found, holds, zone_of(person)).stands,
        "holds": holds,
        "story": story_of(found),
        "contributions": found.award.contributions.order_by("-at", "-pk")[: A_PAGE + 1],
        "most": A_PAGE,
    }
    return render(request, "compensation/statements/payment.html", context)


@require_GET
@login_required
def months(request: HttpRequest) -> HttpResponse:
    """Every month with a statement, by year."""
    person = _reader(request)
    years: dict[int, list[Month]] = {}
    for month in _months(person):
        years.setdefault(month.year, []).append(month)
    return render(request, "compensation/statements/months.html", {"years": years.items(), "zone": zone_of(person)})


def _statement(request: HttpRequest, month: Month, currency: str | None) -> tuple[Person, list[str], Statement | None]:
    """The statement of a month that has begun, in a currency of the artist's."""
    person = _reader(request)
    known = currencies_of(person)
    if month > month_of(timezone.now(), zone_of(person)) or (currency and currency not in known):
        raise Http404
    chosen = currency or (known[0] if known else "")
    return person, known, statement_of(person, month, chosen) if chosen else None


def _whole(request: HttpRequest, month: Month, currency: str) -> Statement:
    _person, _known, found = _statement(request, month, currency)
    if found is None:
        raise Http404
    return found


@require_GET
@login_required
def month(request: HttpRequest, month: Month) -> HttpResponse:
    """The statement of a month, a currency at a time."""
    person, known, found = _statement(request, month, request.GET.get("currency"))
    first, this = queries.first_entry_at(person), month_of(timezone.now(), zone_of(person))
    after = request.GET.get("after", "")
    place = int(after) if after.isascii() and after.isdigit() and len(after) < len(str(2**63)) else None
    moved, more = moved_in(found, A_PAGE, place) if found is not None else ([], False)
    kept = {"currency": found.currency} if found is not None and len(known) > 1 else {}
    context: dict[str, Any] = {
        "month": month,
        "zone": zone_of(person),
        "begins": month.begins(zone_of(person)),
        "ends": month.ends(zone_of(person)),
        "running": month == this,
        "known": known,
        "statement": found,
        "moved": moved,
        "older": f"?{urlencode(kept | {'after': moved[-1].entry.number})}" if more else "",
        "newest": f"?{urlencode(kept)}" if place is not None else "",
        "earlier": month.before if first is not None and month > month_of(first, zone_of(person)) else None,
        "later": month.after if month < this else None,
    }
    return render(request, "compensation/statements/month.html", context)


@require_GET
@login_required
def month_csv(request: HttpRequest, month: Month, currency: str) -> HttpResponse:
    """The statement as a sheet."""
    text = statement_sheet(_whole(request, month, currency))
    return sheet_response(text, f"statement-{month.slug}-{currency}.csv")


@require_GET
@login_required
def month_paper(request: HttpRequest, month: Month, currency: str) -> HttpResponse:
    """The statement as PDF."""
    from artists.compensation.statements.paper import statement_paper  # the site starts without the printing library

    program = the_program()
    data = statement_paper(_whole(request, month, currency), program.name if program is not None else "Vernissage")
    return paper_response(data, f"statement-{month.slug}-{currency}.pdf")


@require_GET
@login_required
def year_csv(request: HttpRequest, year: int) -> HttpResponse:
    """What I was sent in a year by purpose and currency, for a tax return."""
    person = _reader(request)
    zone = zone_of(person)
    begin, end = year_span(year, zone)
    if begin > timezone.now():
        raise Http404
    rows = queries.paid_in(queries.entries_of(person), begin, end)
    return sheet_response(year_sheet(rows, year, str(zone)), f"paid-{year}.csv")


def _letters_page(request: HttpRequest, form: LetterForm, drawn: ServiceLetter | None = None) -> HttpResponse:
    actor = actor_of(request)
    rows = [(one, grouped(one.code)) for one in queries.letters_of(actor)[: services.MOST_LIVE * 2]]
    context = {
        "form": form,
        "drawn": drawn,
        "letters": rows,
        "may": check("letter.make", actor, None),
        "base": settings.VERNISSAGE_BASE_URL.rstrip("/"),
    }
    return render(request, "compensation/statements/letters.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
@login_required
def letters(request: HttpRequest) -> HttpResponse:
    """My letters of service; a POST shows what one would say, a second makes it."""
    person = _reader(request)
    today = today_in(zone_of(person))
    if request.method == "GET":
        return _letters_page(request, LetterForm(initial={"since": today.replace(month=1, day=1), "until": today}))
    form = LetterForm(request.POST)
    if not form.is_valid():
        return _letters_page(request, form)
    given = form.cleaned_data
    chosen = {"since": given["since"], "until": given["until"], "sums": given["sums"]}
    try:
        drawn = services.draw_letter(**chosen, actor=person)
        if request.POST.get("act") == "make":
            made = services.make_letter(**chosen, actor=person, seen=given["seen"])
            messages.success(request, _("Made. Its code is %(code)s.") % {"code": grouped(made.code)})
            return redirect("service_letters")
    except Refused as refused:
        form.say(refused)
        return _letters_page(request, form, drawn if refused.decision.code == "letter-changed" else None)
    return _letters_page(request, form, drawn)


@require_GET
@login_required
def letter_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """One of my letters as PDF."""
    from artists.compensation.statements.paper import letter_paper as paper_of  # as above

    _reader(request)
    found = get_object_or_404(queries.letters_of(actor_of(request)), pk=pk)
    return paper_response(paper_of(found), f"letter-of-service-{found.code[:4]}.pdf")


@require_POST
@login_required
def letter_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Let its page confirm nothing any more."""
    found = get_object_or_404(queries.letters_of(actor_of(request)), pk=pk)
    if services.withdraw_letter(found, actor=person_of(request)):
        messages.success(request, _("Withdrawn. Whoever checks it reads that, and nothing else."))
    else:
        messages.info(request, _("It was withdrawn before; nothing was changed."))
    return redirect("service_letters")
