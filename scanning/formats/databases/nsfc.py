"""Projects of the National Natural Science Foundation of China and of funds that list theirs alike."""

from django.utils.translation import gettext_lazy as _

from scanning.formats.databases.base import Database

DATABASE = Database(
    "nsfc",
    _("National Natural Science Foundation of China"),
    marks=("批准号", "项目批准号", "项目编号", "项目名称", "依托单位", "项目负责人", "资助类别", "项目类别"),
    fields={
        "id": ("批准号", "项目批准号", "项目编号"),
        "title": ("项目名称",),
        "abstract": ("中文摘要", "项目摘要", "摘要", "结题摘要"),
        "year": ("批准年度", "批准年份", "立项年度", "立项年份"),
        "date": ("开始日期", "研究期限", "起始时间"),
        "organisations": ("依托单位", "承担单位"),
    },
    kind="project",
)
