"""Addresses of the scan, below those of the study."""

from django.urls import path

from scanning.views import (
    board,
    columns,
    comparing,
    decisions,
    groups,
    model,
    monitors,
    policy,
    reason_summaries,
    removal,
    scans,
    sources,
    supervision,
    topic_table,
    topics,
)

app_name = "scanning"

urlpatterns = [
    path("<str:code>/scan/", sources.sources, name="sources"),
    path("<str:code>/scan/files/<str:file_code>/", sources.file, name="file"),
    path("<str:code>/scan/files/<str:file_code>/do/", sources.file_action, name="file_action"),
    path("<str:code>/scan/files/<str:file_code>/columns/", columns.columns, name="columns"),
    path("<str:code>/scan/files/<str:file_code>/remove/", removal.remove_file, name="remove_file"),
    path("<str:code>/scan/files/<str:file_code>/back/", removal.bring_back_file, name="bring_back_file"),
    path("<str:code>/scan/corpora/<str:corpus_code>/remove/", removal.remove_corpus, name="remove_corpus"),
    path(
        "<str:code>/scan/corpora/<str:corpus_code>/back/", removal.bring_back_corpus, name="bring_back_corpus"
    ),
    path("<str:code>/scan/corpora/<str:corpus_code>/watch/", monitors.new_monitor, name="new_monitor"),
    path("<str:code>/scan/monitors/", monitors.monitors, name="monitors"),
    path("<str:code>/scan/monitors/<str:monitor_code>/", monitors.monitor, name="monitor"),
    path("<str:code>/scan/monitors/<str:monitor_code>/do/", monitors.monitor_action, name="monitor_action"),
    path(
        "<str:code>/scan/monitors/<str:monitor_code>/remove/", monitors.remove_monitor, name="remove_monitor"
    ),
    path(
        "<str:code>/scan/monitors/<str:monitor_code>/<int:run_number>/",
        monitors.monitor_run,
        name="monitor_run",
    ),
    path(
        "<str:code>/scan/monitors/<str:monitor_code>/<int:run_number>/docx/",
        monitors.monitor_report,
        name="monitor_report",
    ),
    path(
        "<str:code>/scan/monitors/<str:monitor_code>/<int:run_number>/board/",
        monitors.put_on_board,
        name="put_on_board",
    ),
    path("<str:code>/scan/corpora/<str:corpus_code>/start/", scans.start, name="start"),
    path("<str:code>/scan/runs/<str:scan_code>/", scans.scan, name="scan"),
    path("<str:code>/scan/runs/<str:scan_code>/do/", scans.scan_action, name="scan_action"),
    path("<str:code>/scan/corpora/<str:corpus_code>/formula/", policy.formula, name="formula"),
    path(
        "<str:code>/scan/corpora/<str:corpus_code>/backtest/", supervision.backtest_new, name="backtest_new"
    ),
    path("<str:code>/scan/backtests/<str:backtest_code>/", supervision.backtest, name="backtest"),
    path("<str:code>/scan/compare/", comparing.compare_runs, name="compare"),
    path("<str:code>/scan/supervision/", supervision.supervision, name="supervision"),
    path("<str:code>/scan/supervision/switch/", supervision.switch_method, name="switch_method"),
    path("<str:code>/scan/review-policy/", policy.policy, name="policy"),
    path("<str:code>/scan/groups/", groups.groups, name="groups"),
    path("<str:code>/scan/map/", topics.topic_map, name="map"),
    path("<str:code>/scan/map/download/", topics.map_download, name="map_download"),
    path("<str:code>/scan/topics/", topic_table.topic_table, name="topics"),
    path("<str:code>/scan/topics/download/", topic_table.topic_table_download, name="topics_download"),
    path("<str:code>/scan/map/<str:topic_code>/decide/", topics.topic_decide, name="topic_decide"),
    path("<str:code>/scan/board/", board.board, name="board"),
    path("<str:code>/scan/board/accept/", decisions.accept_chosen, name="accept_chosen"),
    path("<str:code>/scan/board/add/", decisions.add, name="add"),
    path("<str:code>/scan/board/promote/", decisions.promote_accepted, name="promote_accepted"),
    path("<str:code>/scan/board/<str:candidate_code>/", board.board, name="candidate"),
    path("<str:code>/scan/board/<str:candidate_code>/decide/", decisions.decide, name="decide"),
    path("<str:code>/scan/board/<str:candidate_code>/targets/", board.targets, name="targets"),
    path(
        "<str:code>/scan/board/<str:candidate_code>/suggestions/<str:suggestion_code>/",
        model.suggestion,
        name="suggestion",
    ),
    path("<str:code>/scan/model/", model.model, name="model"),
    path("<str:code>/scan/model/do/", model.model_action, name="model_action"),
    path("<str:code>/scan/reasons/<int:round_number>/", reason_summaries.summaries, name="summaries"),
    path(
        "<str:code>/scan/reasons/<int:round_number>/do/",
        reason_summaries.summaries_action,
        name="summaries_action",
    ),
    path(
        "<str:code>/scan/reasons/<int:round_number>/<str:summary_code>/",
        reason_summaries.summary,
        name="summary",
    ),
]
