"""CNKI: tables whose headers name each field twice, "Title-题名"."""

from django.utils.translation import gettext_lazy as _

from scanning.formats.databases.base import Database

DATABASE = Database(
    "cnki",
    _("CNKI"),
    marks=(
        "srcdatabase-来源库",
        "title-题名",
        "pubtime-发表时间",
        "organ-单位",
        "summary-摘要",
        "clc-中图分类号",
    ),
    fields={
        "title": ("title-题名",),
        "abstract": ("summary-摘要",),
        "date": ("pubtime-发表时间",),
        "year": ("year-年",),
        "source": ("source-文献来源", "source-刊名"),
        "organisations": ("organ-单位",),
        "kind": ("srcdatabase-来源库",),
        "url": ("link-链接",),
    },
)
