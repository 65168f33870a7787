"""{% can %}: ask a rule in a template."""

from typing import Any

from django import template
from django.template import Context

from portal.access import Decision, check
from portal.access.actors import ANONYMOUS

register = template.Library()


@register.simple_tag(takes_context=True)
def can(context: Context, action: str, subject: Any = None) -> Decision:
    """`{% can "sharing.decide" request as may %}`: the decision for the person who looks at the page."""
    return check(action, context.get("actor") or ANONYMOUS, subject)
