"""JSON Feed: news as JSON."""

from django.utils.translation import gettext_lazy as _

from scanning.formats.databases.base import Database


def owns(item: dict) -> bool:
    return "content_text" in item or "content_html" in item


def flatten(item: dict) -> dict:
    return {
        "id": item.get("id") or item.get("url"),
        "title": item.get("title"),
        "abstract": item.get("content_text") or item.get("content_html") or item.get("summary"),
        "date": item.get("date_published") or item.get("date_modified"),
        "url": item.get("url"),
        "language": item.get("language"),
    }


DATABASE = Database("json_feed", _("JSON Feed"), kind="news", owns=owns, flatten=flatten)
