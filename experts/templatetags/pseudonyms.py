from django import template

from experts.pseudonyms import display

register = template.Library()
register.filter("pseudonym", display)
