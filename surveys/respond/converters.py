"""Path parts that hold a public code: anything else is no address at all, whatever bytes it carries."""

from django.urls import register_converter


class CodeConverter:
    regex = "[A-Za-z0-9]{1,16}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(CodeConverter, "publiccode")
