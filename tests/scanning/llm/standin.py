"""A stand-in for a model's server on this machine. It plays a script, one act a request, and can misbehave."""

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def completion(content, tokens=(120, 40), **choice) -> bytes:
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    message = {"role": "assistant", "content": text}
    usage = {"prompt_tokens": tokens[0], "completion_tokens": tokens[1]}
    return json.dumps(
        {"choices": [{"message": message, "finish_reason": "stop"} | choice], "usage": usage}
    ).encode()


def answer(content, **more):
    """An act: a proper completion with this text or JSON; a function is given the data that were sent."""

    def act(handler):
        given = content(handler.data()) if callable(content) else content
        handler.reply(200, completion(given, **more))

    return act


def raw(status=200, body=b"", headers=(), length=None):
    return lambda handler: handler.reply(status, body, dict(headers), length)


def drop(handler):
    """Hang up in the middle of the headers."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-")
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)


def trickle(handler):
    """A byte now and then: no read ever times out."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _each in range(200):
        try:
            handler.wfile.write(b" ")
            handler.wfile.flush()
        except OSError:
            return
        if handler.server.over.wait(0.02):
            return


def flood(handler):
    """Far more than any answer needs, without a length."""
    handler.send_response(200)
    handler.end_headers()
    try:
        for _each in range(400):
            handler.wfile.write(b"x" * 65536)
    except OSError:
        handler.server.cut_off = True


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def do_POST(self):
        self.body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server = self.server
        with server.lock:
            server.requests.append((self.path, dict(self.headers), self.body))
            act = server.script.pop(0) if server.script else server.otherwise
        act(self)

    do_GET = do_POST

    def data(self) -> dict:
        return json.loads(self.body["messages"][1]["content"])

    def reply(self, status, body, headers=None, length=None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class StandIn(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock, self.over = threading.Lock(), threading.Event()
        self.requests, self.script, self.cut_off = [], [], False
        self.otherwise = raw(500)

    def handle_error(self, request, client_address):
        pass

    @property
    def port(self) -> int:
        return self.server_address[1]

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def bodies(self) -> list[dict]:
        return [body for _path, _headers, body in self.requests]

    def __enter__(self):
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.over.set()
        self.shutdown()
        self.server_close()
        self.thread.join()


def until(condition, seconds=5.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not condition():
        time.sleep(0.01)
    return condition()
