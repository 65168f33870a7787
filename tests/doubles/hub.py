"""A model hub on loopback: the addresses and headers that huggingface_hub asks for, over real HTTP."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit


def sha1_of(data: bytes) -> str:
    return hashlib.sha1(f"blob {len(data)}\0".encode() + data, usedforsecurity=False).hexdigest()


@dataclass
class Hub:
    """One repository at one revision. `spoilt` names files whose bytes arrive altered."""

    repo: str
    revision: str
    files: dict[str, bytes]
    spoilt: set[str] = field(default_factory=set)
    served: list[str] = field(default_factory=list)

    def row(self, name: str) -> dict[str, Any]:
        data = self.files[name]
        row: dict[str, Any] = {"rfilename": name, "size": len(data), "blobId": sha1_of(data)}
        if name.endswith(".safetensors"):
            row["lfs"] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 134}
        return row

    def tree(self) -> list[dict[str, Any]]:
        rows = []
        for name in self.files:
            row = self.row(name)
            entry = {"type": "file", "path": name, "size": row["size"], "oid": row["blobId"]}
            if "lfs" in row:
                entry["lfs"] = {"oid": row["lfs"]["sha256"], "size": row["size"], "pointerSize": 134}
            rows.append(entry)
        return rows

    def answer(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        api = f"/api/models/{self.repo}/"
        plain = {"Content-Type": "application/json"}
        if path == f"{api}revision/{self.revision}":
            told = {"id": self.repo, "sha": self.revision, "siblings": [self.row(name) for name in self.files]}
            return 200, json.dumps(told | {"private": False, "tags": [], "downloads": 0}).encode(), plain
        if path == f"{api}tree/{self.revision}":
            return 200, json.dumps(self.tree()).encode(), plain
        name = path.removeprefix(f"/{self.repo}/resolve/{self.revision}/")
        if name in self.files:
            data, row = self.files[name], self.row(name)
            tag = row["lfs"]["sha256"] if "lfs" in row else row["blobId"]
            sent = bytes([data[0] ^ 1]) + data[1:] if name in self.spoilt else data
            return 200, sent, {"ETag": f'"{tag}"', "X-Repo-Commit": self.revision}
        missing = "RevisionNotFound" if path.startswith(api) else "EntryNotFound"
        return 404, b"{}", plain | {"X-Error-Code": missing, "X-Repo-Commit": self.revision}


@contextmanager
def open_hub(hub: Hub) -> Iterator[str]:
    """The address at which `hub` answers."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            status, body, headers = hub.answer(path)
            if self.command == "GET":
                hub.served.append(path)
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815 - the server's own name

        def log_message(self, *args: Any) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
