#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Opens a report of `ward report` in a headless Chromium and clicks through it.

    browse.py REPORT FOLDER

Writes FOLDER/{findings,race,ring,order,guards}.png, and prints the texts that it found. Exits with 1 if the page logged something on the console,
loaded another resource, or did not show what is expected.
"""
import base64
import json
import pathlib
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request


class Browser:
    def __init__(self):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.driver.stdout:
            if port := re.search(r"started successfully on port (\d+)", line):
                break
        else:
            sys.exit("chromedriver did not start")
        self.base = f"http://127.0.0.1:{port[1]}"
        options = {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1300,800", "--disable-dev-shm-usage"]}
        capabilities = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        self.base += "/session/" + self.post("/session", {"capabilities": {"alwaysMatch": capabilities}})["sessionId"]

    def ask(self, request):
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def post(self, path, body):
        return self.ask(urllib.request.Request(self.base + path, json.dumps(body).encode(), {"Content-Type": "application/json"}))

    def find(self, selector):
        return next(iter(self.post("/element", {"using": "css selector", "value": selector}).values()))

    def soon(self, act):
        """The result of ACT, repeated until it succeeds: the page handles a click asynchronously."""
        end = time.monotonic() + 30
        while True:
            try:
                return act()
            except (urllib.error.HTTPError, AssertionError):
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def text(self, selector, holds=""):
        def read():
            text = self.ask(f"{self.base}/element/{self.find(selector)}/text")
            assert text and holds in text, f"expected {holds!r} in {selector}:\n{text}"
            return text

        return self.soon(read)

    def click(self, selector):
        self.soon(lambda: self.post(f"/element/{self.find(selector)}/click", {}))

    def press(self, selector, keys):
        self.soon(lambda: self.post(f"/element/{self.find(selector)}/value", {"text": keys}))

    def run(self, script):
        return self.post("/execute/sync", {"script": script, "args": []})

    def picture(self, path):
        path.write_bytes(base64.b64decode(self.ask(self.base + "/screenshot")))

    def close(self):
        self.ask(urllib.request.Request(self.base, method="DELETE"))
        self.driver.terminate()


def main():
    report, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    browser = Browser()
    browser.post("/url", {"url": report.as_uri()})
    print("summary:", browser.text("#summary"))

    browser.click("#finding-0")
    print("finding:", browser.text("#detail h2", "ward-"))
    browser.picture(folder / "findings.png")
    browser.click("#by-file")
    browser.text("#view summary", "src/")
    browser.press("#filter", "no such thing")
    browser.text("#view", "No finding matches")
    browser.run("document.getElementById('filter').value = ''")

    # A data race as two columns, a deadlock as a ring, the places of one defect as one entry.
    browser.click("#by-severity")
    print("severities:", browser.run("return [...document.querySelectorAll('#view summary')].map((s) => s.textContent).join('; ')"))
    browser.run("location.hash = '#findings/' + data.findings.findIndex((f) => f.race)")
    browser.text("#detail .thread h3", "Thread A")
    print("threads:", browser.run("return [...document.querySelectorAll('.thread h3')].map((h) => h.textContent).join('; ')"))
    print("leads:", browser.run("return [...document.querySelectorAll('#detail h3, .accesses li, .callers li')].map((l) => l.textContent).filter((t) => !t.startsWith('Thread')).join('; ')"))
    browser.picture(folder / "race.png")
    browser.run("location.hash = '#findings/' + data.findings.findIndex((f) => f.check === 'ward-lock-order')")
    browser.text("#detail .ring .lock", "m")
    print("ring:", browser.run("return document.querySelector('.ring').getAttribute('aria-label')"))
    browser.picture(folder / "ring.png")
    print("entries:", browser.run("return document.querySelectorAll('.finding').length + ' of ' + data.findings.length"))

    browser.click("#tab-order")
    browser.text("#view", "An arrow points")
    print("cycles:", browser.run("return [...document.querySelectorAll('.edge.cyclic title')].map((t) => t.textContent).join('; ')"))
    browser.run("document.querySelector('.edge.cyclic').dispatchEvent(new MouseEvent('click'))")
    browser.text("#detail h2", "\u2192")
    browser.text("#detail", "while holding")
    browser.picture(folder / "order.png")
    browser.click("#lock-0")
    print("lock:", browser.text("#detail", "Acquired while it is held").splitlines()[0])

    browser.click("#tab-guards")
    browser.click(".access.unheld")
    print("access:", browser.text("#detail p + p", "without the lock"))
    browser.picture(folder / "guards.png")

    logged = browser.post("/se/log", {"type": "browser"})
    loaded = browser.run("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    browser.close()
    for line in logged:
        print("console:", line["level"], line["message"])
    for name in loaded:
        print("loaded:", name)
    return 1 if logged or loaded else 0


if __name__ == "__main__":
    sys.exit(main())
