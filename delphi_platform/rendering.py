"""Forms through the project's own templates, so that `{{ form }}` comes out right on every page."""

from django.forms.renderers import TemplatesSetting


class PlatformRenderer(TemplatesSetting):
    """`{{ form }}` is the stacked layout; one field is `components/field.html`."""

    form_template_name = "django/forms/div.html"
    field_template_name = "components/field.html"
