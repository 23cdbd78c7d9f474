"""Wanfang Data: tables of papers, theses, patents and reports with Chinese headers."""

from django.utils.translation import gettext_lazy as _

from scanning.formats.databases.base import Database

DATABASE = Database(
    "wanfang",
    _("Wanfang Data"),
    marks=("作者单位", "刊名", "中图分类号", "万方id", "资源类型", "在线出版日期", "机标分类号"),
    fields={
        "id": ("万方id",),
        "date": ("在线出版日期",),
        "kind": ("资源类型",),
        "organisations": ("作者单位",),
    },
)
