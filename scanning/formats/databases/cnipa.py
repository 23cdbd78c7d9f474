"""Chinese patent lists: the office's own export and those of providers that use its headers."""

from django.utils.translation import gettext_lazy as _

from scanning.formats.databases.base import Database

DATABASE = Database(
    "cnipa",
    _("Chinese patents"),
    marks=(
        "公开(公告)号",
        "公开(公告)日",
        "申请(专利权)人",
        "申请号",
        "专利名称",
        "发明名称",
        "ipc分类号",
        "主分类号",
    ),
    fields={
        "patent": ("公开(公告)号", "公开号", "申请号"),
        "title": ("专利名称", "发明名称", "名称", "标题"),
        "date": ("公开(公告)日", "公开日", "申请日"),
        "organisations": ("申请(专利权)人", "申请人", "专利权人"),
    },
    kind="patent",
)
