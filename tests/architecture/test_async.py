"""Nothing that runs on the event loop touches the database: it would hold a connection for as long as a stream lives."""

import ast
from pathlib import Path

import pytest

from tests.architecture.test_guards import ROOT, sources

# Names that are the database, or load from it at a look.
FORBIDDEN_NAMES = frozenset({"connection", "connections", "transaction", "get_user", "sync_to_async"})
FORBIDDEN_PARTS = frozenset(
    {"objects", "user", "auser", "session", "_default_manager", "aget", "afirst", "alast", "acount", "aexists", "asave"}
    | {"acreate", "aupdate", "adelete", "aiterator", "aget_or_create", "aupdate_or_create", "abulk_create", "ain_bulk"}
)
# Calls into these drawers read rows; handed over uncalled (to `off_loop`) they run in a thread.
DRAWERS = frozenset({"models", "queries", "services", "missed", "publish", "gate", "quota", "pages"})
READERS = frozenset({"admit", "out_of_standing"})


def _of_drawers(tree: ast.AST) -> set[str]:
    """Names that a module imports from drawers that read rows, and those drawers themselves."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            whole = (node.module or "").rpartition(".")[2] in DRAWERS
            found |= {
                part.asname or part.name for part in node.names if whole or part.name in DRAWERS or part.name in READERS
            }
    return found - {part for part in found if part.isupper()}


def _runs_on_the_loop(function: ast.AsyncFunctionDef) -> list[ast.AST]:
    """Every node of the function but those inside a lambda or an inner function: these are handed to a thread."""
    found: list[ast.AST] = []
    todo: list[ast.AST] = list(function.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        found.append(node)
        todo += ast.iter_child_nodes(node)
    return found


def rows_on_the_loop(text: str) -> list[int]:
    """Lines of async functions that reach for the database."""
    tree = ast.parse(text)
    readers = _of_drawers(tree)
    found = set()
    for function in ast.walk(tree):
        if not isinstance(function, ast.AsyncFunctionDef):
            continue
        for node in _runs_on_the_loop(function):
            named = isinstance(node, ast.Name) and node.id in FORBIDDEN_NAMES
            part = isinstance(node, ast.Attribute) and node.attr in FORBIDDEN_PARTS
            called = isinstance(node, ast.Call) and (
                (isinstance(node.func, ast.Name) and node.func.id in readers)
                or (
                    isinstance(node.func, ast.Attribute)
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id in readers
                )
            )
            if named or part or called:
                found.add(node.lineno)
    return sorted(found)


def test_nothing_on_the_loop_reads_rows() -> None:
    # The file response has a body for ASGI servers too; it reads files, in threads of its own.
    found = {path: lines for path, text in sources(ROOT) if (lines := rows_on_the_loop(text))}
    assert {path: lines for path, lines in found.items() if Path(path) != Path("portal/storage/ranges.py")} == {}


@pytest.mark.parametrize(
    "breach",
    [
        "    Clip.objects.all()",
        "    await Clip.objects.afirst()",
        "    with transaction.atomic(): pass",
        "    connection.ensure_connection()",
        "    await sync_to_async(look)()",
        "    request.user.name",
        "    await request.auser()",
        "    unread_count(actor)",
        "    services.cancel(row)",
        "    yield unread_count(actor)",
    ],
)
def test_row_on_the_loop_is_caught(breach: str) -> None:
    head = "from .queries import unread_count\nfrom . import services\nasync def view(request):\n"
    assert rows_on_the_loop(head + breach) == [4]


@pytest.mark.parametrize(
    "good",
    ["    await off_loop(lambda: unread_count(actor))", "    await off_loop(unread_count)", "    self.subjects = {}"],
)
def test_reading_in_a_thread_is_no_breach(good: str) -> None:
    assert rows_on_the_loop("from .queries import unread_count\nasync def view(request):\n" + good) == []
