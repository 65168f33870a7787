"""Places in words."""

from django import template

from artists.consent.sheets import places_words

register = template.Library()
register.filter("places", places_words)
