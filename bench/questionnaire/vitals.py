"""What a person feels: the first page's largest paint, its shifts and the delay of presses, on a slow processor."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from bench.questionnaire.server import served
from bench.questionnaire.weight import paths
from bench.questionnaire.world import make_world

SLOWER = 4
WATCH = """
window.vitals = {lcp: 0, cls: 0, inp: 0};
new PerformanceObserver(list => { for (const e of list.getEntries()) vitals.lcp = e.startTime; })
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) vitals.cls += e.value; })
  .observe({type: "layout-shift", buffered: true});
new PerformanceObserver(list => { for (const e of list.getEntries())
  if (e.interactionId) vitals.inp = Math.max(vitals.inp, e.duration); })
  .observe({type: "event", durationThreshold: 16, buffered: true});
"""


def run() -> None:
    from django.core.management import call_command
    from django.db import connection

    from foundation.preparation import collect_static

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    collect_static(lambda line: None)
    world = make_world(members=12, technologies=20)
    connection.close()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("no Chromium on this machine")
        return
    print(f"processor slowed {SLOWER} times; bars: LCP 2500 ms, CLS 0.1, INP 200 ms")
    print(f"{'page':<12}{'width':>7}{'LCP ms':>9}{'CLS':>8}{'INP ms':>9}{'presses':>9}")
    with tempfile.TemporaryDirectory() as folder, served({}, Path(folder) / "web.log") as server:
        _measure(chromium, f"http://127.0.0.1:{server.port}", world)


def _measure(chromium: str, base: str, world) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, path in _addresses(world).items():
            for width in (360, 1280):
                context = browser.new_context(viewport={"width": width, "height": 800})
                pairs = (part.split("=", 1) for part in world.browsers[0].cookie.split("; "))
                context.add_cookies([{"name": n, "value": v, "url": base} for n, v in pairs])
                page = context.new_page()
                page.add_init_script(WATCH)
                context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
                page.goto(base + path)
                page.wait_for_load_state("networkidle")
                presses = _press(page)
                page.wait_for_timeout(1500)
                told = page.evaluate("vitals")
                print(
                    f"{name:<12}{width:>7}{told['lcp']:>9.0f}{told['cls']:>8.3f}{told['inp']:>9.0f}{presses:>9}",
                    flush=True,
                )
                context.close()
        browser.close()


def _addresses(world) -> dict[str, str]:
    import os

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    return paths(world)


def _press(page) -> int:
    """Rate what there is to rate, or follow the tabs: presses as people make them."""
    presses = 0
    for label in page.locator("label.rating-point").all()[:24:3]:
        label.click()
        presses += 1
    for cell in page.locator("select.cell-input").all()[:8]:
        cell.focus()
        page.keyboard.press("5")
        presses += 1
    return presses
