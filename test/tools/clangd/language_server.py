# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A minimal language client for the tests, connected to a language server by pipes.

Each wait has a deadline, only so that a server that hangs fails the test; no test depends on its speed.
"""
import json
import os
import queue
import subprocess
import threading
import time

DEADLINE = 120  # seconds


class ServerFailed(Exception):
    """The server exited or did not answer."""


def uri(path):
    return f"file://{path}"


class Server:
    """`with Server([clangd, ...], folder) as server`: started in FOLDER, shut down at the end."""

    def __init__(self, command, folder, environment=None):
        self.log_path = os.path.join(folder, "server.log")
        self._log = open(self.log_path, "w")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, cwd=folder,
                                        env={**os.environ, **(environment or {})})
        self._messages = queue.Queue()
        self._early = []  # notifications that arrived while waiting for another message
        self._last_id = 0
        self._versions = {}
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self):
        self.capabilities = self.request("initialize", {
            "processId": os.getpid(), "rootUri": None,
            "capabilities": {"textDocument": {
                "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}},
                "publishDiagnostics": {"relatedInformation": True, "codeActionsInline": False}}}})["capabilities"]
        self.notify("initialized", {})
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self.request("shutdown", None)
            self.notify("exit", None)
            status = self.process.wait(timeout=DEADLINE)
            if status != 0:
                raise ServerFailed(f"the server exited with status {status}; {self.log_path}:\n{open(self.log_path).read()[-4000:]}")
        else:
            self.process.kill()
            self.process.wait()
        self._reader.join()
        for each in (self.process.stdin, self.process.stdout, self._log):
            each.close()

    # The pipe.

    def _read(self):
        out = self.process.stdout
        while True:
            length = None
            while (line := out.readline().strip()) != b"":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if length is None:
                self._messages.put(None)
                return
            self._messages.put((time.perf_counter(), json.loads(out.read(length))))

    def _send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _next(self, deadline):
        try:
            message = self._messages.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            message = None
        if message is None:
            raise ServerFailed(f"no answer; {self.log_path}:\n{open(self.log_path).read()[-4000:]}")
        return message

    def _wait_for(self, wanted):
        """The first message that satisfies WANTED, with its time of arrival."""
        for at, early in enumerate(self._early):
            if wanted(early[1]):
                return self._early.pop(at)
        deadline = time.monotonic() + DEADLINE
        while True:
            message = self._next(deadline)
            if wanted(message[1]):
                return message
            if "method" in message[1]:
                self._early.append(message)

    def notify(self, method, parameters):
        self._send({"method": method, "params": parameters})

    def request(self, method, parameters):
        self._last_id += 1
        wanted = self._last_id
        self._send({"id": wanted, "method": method, "params": parameters})
        _, answer = self._wait_for(lambda m: m.get("id") == wanted and "method" not in m)
        if "error" in answer:
            raise ServerFailed(f"{method}: {answer['error']}")
        return answer["result"]

    # The editor's actions.

    def open(self, path, text, language="cpp"):
        self._versions[path] = 1
        self.notify("textDocument/didOpen", {"textDocument": {"uri": uri(path), "languageId": language, "version": 1, "text": text}})

    def edit(self, path, text):
        self._versions[path] += 1
        self.notify("textDocument/didChange", {"textDocument": {"uri": uri(path), "version": self._versions[path]},
                                               "contentChanges": [{"text": text}]})

    def close(self, path):
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri(path)}})

    def diagnostics(self, path):
        """The server's diagnostics for the current version of PATH; waits for them."""
        return self.timed_diagnostics(path)[1]

    def timed_diagnostics(self, path):
        version = self._versions[path]
        at, message = self._wait_for(lambda m: m.get("method") == "textDocument/publishDiagnostics"
                                     and m["params"]["uri"] == uri(path) and m["params"].get("version") == version)
        return at, message["params"]["diagnostics"]

    def fixes(self, path, diagnostic):
        """The quick fixes for DIAGNOSTIC: (title, edits of PATH)."""
        actions = self.request("textDocument/codeAction", {
            "textDocument": {"uri": uri(path)}, "range": diagnostic["range"],
            "context": {"diagnostics": [diagnostic], "only": ["quickfix"]}})
        return [(a["title"], a["edit"]["changes"][uri(path)]) for a in actions if "edit" in a]


def apply(text, edits):
    """TEXT, which is ASCII, after the protocol's EDITS."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def offset(position):
        return starts[position["line"]] + position["character"]

    for edit in sorted(edits, key=lambda e: offset(e["range"]["start"]), reverse=True):
        text = text[:offset(edit["range"]["start"])] + edit["newText"] + text[offset(edit["range"]["end"]):]
    return text
