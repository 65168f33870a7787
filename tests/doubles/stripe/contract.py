"""Stripe's API as the installed SDK states it: a validator of requests (TypedDicts) and of answers and events (StripeObjects).

Stricter than the types where the fake is read by no one but us: open lists of words ("Literal[...] | str") count as closed ones, and an answer
may have no field that the SDK does not know. A name that cannot be resolved raises, so nothing passes unseen.
"""

import collections.abc
import dis
import importlib
import inspect
import types
from functools import cache
from importlib.abc import InspectLoader
from itertools import pairwise
from typing import Any, ClassVar, ForwardRef, Literal, Union, cast, get_args

import stripe
import typing_extensions as te
from stripe._request_options import RequestOptions
from stripe._stripe_object import StripeObject, UntypedStripeObject

UNIONS = (Union, types.UnionType)
LISTS = (list, collections.abc.Sequence)
MAPS = (dict, collections.abc.Mapping)
WRAPPERS = (te.NotRequired, te.Required, te.Annotated, ClassVar)
OPTIONS = frozenset(RequestOptions.__annotations__)


class Malformed(Exception):
    """A request that Stripe answers with 400 before it begins to work on it."""

    def __init__(self, param: str, code: str, words: str) -> None:
        super().__init__(words)
        self.param, self.code, self.words = param, code, words


class _Names(dict[str, Any]):
    """The names of a module, and those it imports for type checkers only.

    Read from bytecode: two threads that build syntax trees at once break each other on CPython 3.11 (its issue 106905).
    """

    def __init__(self, module: str) -> None:
        loaded = importlib.import_module(module)
        super().__init__(vars(loaded))
        self.imports: dict[str, tuple[str, str]] = {}
        code = cast(InspectLoader, loaded.__loader__).get_code(module)
        assert code is not None, f"{module} has no source"
        source = ""
        for at, following in pairwise(dis.get_instructions(code)):
            if at.opname == "IMPORT_NAME":
                source = at.argval
            elif at.opname == "IMPORT_FROM":
                self.imports[following.argval] = (source, at.argval)

    def __missing__(self, name: str) -> Any:
        module, own = self.imports[name]
        return getattr(importlib.import_module(module), own)


names_in = cache(_Names)


def resolved(shape: Any, module: str) -> Any:
    """The type that an annotation means."""
    if isinstance(shape, ForwardRef):
        shape = shape.__forward_arg__
    if isinstance(shape, str):
        shape = eval(shape, {}, names_in(module))
    if te.get_origin(shape) in WRAPPERS:
        return resolved(get_args(shape)[0], module)
    return shape


# --- requests


def read_request(shape: Any, sent: dict[str, Any], *, form: bool, at: str = "") -> dict[str, Any]:
    """What a request says, with text read as numbers and truth values where it came as a form. Raises Malformed."""
    known = {name: part for name, part in shape.__annotations__.items() if at or name not in OPTIONS}
    for name in sent:
        if name not in known:
            raise Malformed(at + name, "parameter_unknown", f"Received unknown parameter: {at + name}")
    for name in shape.__required_keys__:
        if name in known and name not in sent:
            raise Malformed(at + name, "parameter_missing", f"Missing required param: {at + name}.")
    return {name: _read(known[name], value, shape.__module__, at + name, form) for name, value in sent.items()}


def _read(shape: Any, value: Any, module: str, at: str, form: bool) -> Any:
    shape = resolved(shape, module)
    origin, parts = te.get_origin(shape), get_args(shape)
    if shape is Any:
        return value
    if te.is_typeddict(shape):
        if not isinstance(value, dict):
            raise Malformed(at, "parameter_invalid_object", f"Invalid object: {at}")
        return read_request(shape, value, form=form, at=f"{at}.")
    if origin in UNIONS:
        return _read_one_of(shape, value, module, at, form)
    if origin is Literal:
        if value not in parts:
            raise Malformed(at, "parameter_invalid", f"Invalid {at}: must be one of {', '.join(map(str, parts))}")
        return value
    if origin in LISTS or origin in MAPS:
        return _read_many(shape, value, module, at, form)
    return _read_plain(shape, value, at, form)


def _read_many(shape: Any, value: Any, module: str, at: str, form: bool) -> Any:
    part = get_args(shape)[-1]
    if te.get_origin(shape) in LISTS:
        if not isinstance(value, list):
            raise Malformed(at, "parameter_invalid_array", f"Invalid array: {at}")
        return [_read(part, item, module, f"{at}[{n}]", form) for n, item in enumerate(value)]
    if not isinstance(value, dict):
        raise Malformed(at, "parameter_invalid_hash", f"Invalid hash: {at}")
    return {key: _read(part, item, module, f"{at}[{key}]", form) for key, item in value.items()}


def _read_one_of(shape: Any, value: Any, module: str, at: str, form: bool) -> Any:
    parts = [resolved(part, module) for part in get_args(shape)]
    words = [word for part in parts if te.get_origin(part) is Literal for word in get_args(part)]
    if str in parts and any(words):
        parts.remove(str)
    faults = []
    for part in parts:
        try:
            return _read(part, value, module, at, form)
        except Malformed as fault:
            faults.append(fault)
    raise max(faults, key=lambda fault: len(fault.param))


def _read_plain(shape: Any, value: Any, at: str, form: bool) -> Any:
    if form and shape is int and isinstance(value, str) and value.lstrip("-").isdecimal():
        return int(value)
    if form and shape is bool and value in ("true", "false"):
        return value == "true"
    if shape in (int, str, bool) and type(value) is shape:
        return value
    name = {int: "integer", bool: "boolean", str: "string"}.get(shape, "value")
    raise Malformed(at, f"parameter_invalid_{name}", f"Invalid {name}: {at}")


# --- answers and events


@cache
def fields_of(shape: type[StripeObject]) -> dict[str, tuple[Any, str]]:
    """Field -> (annotation, module), of a class of the SDK and those it builds on."""
    found = {}
    for base in reversed(shape.__mro__):
        if issubclass(base, StripeObject) and base is not StripeObject:
            for name, part in inspect.get_annotations(base).items():
                if not name.startswith("_") and te.get_origin(part) is not ClassVar:
                    found[name] = (part, base.__module__)
    return found


def faults_of(shape: type[StripeObject], told: Any, at: str = "") -> list[str]:
    """What is wrong with an answer, in words; nothing: it is as Stripe would say it."""
    at = at or shape.__name__
    if not isinstance(told, dict):
        return [f"{at}: an object wanted, {told!r}"]
    fields = fields_of(shape)
    found = [f"{at}.{name}: unknown to the SDK" for name in told if name not in fields]
    for name, (part, module) in fields.items():
        if name in told:
            found += _faults(part, told[name], module, f"{at}.{name}")
        elif not _may_be_empty(part, module):
            found.append(f"{at}.{name}: missing")
    return found


def list_faults(shape: type[StripeObject], told: dict[str, Any], *, v2: bool) -> list[str]:
    """The same of a page of a list."""
    wanted = {"data", "next_page_url"} if v2 else {"object", "url", "has_more", "data"}
    found = [] if set(told) == wanted else [f"list of {shape.__name__}: has {sorted(told)}"]
    return found + [fault for item in told["data"] for fault in faults_of(shape, item)]


def _may_be_empty(part: Any, module: str) -> bool:
    shape = resolved(part, module)
    return te.get_origin(shape) in UNIONS and type(None) in get_args(shape)


def _faults(part: Any, value: Any, module: str, at: str) -> list[str]:
    shape = resolved(part, module)
    origin, parts = te.get_origin(shape), get_args(shape)
    if shape is Any:
        return []
    if origin in UNIONS:
        options = [resolved(option, module) for option in parts]
        closed = [o for o in options if te.get_origin(o) is Literal]
        options = [o for o in options if not (closed and o is str)]
        tried = [_faults(option, value, module, at) for option in options]
        return min(tried, key=len)
    if origin is Literal:
        return [] if value in parts else [f"{at}: one of {parts}, {value!r}"]
    if origin is stripe.ListObject:
        return (
            list_faults(resolved(parts[0], module), value, v2=False)
            if isinstance(value, dict)
            else [f"{at}: {value!r}"]
        )
    if origin in LISTS and isinstance(value, list):
        return [fault for n, item in enumerate(value) for fault in _faults(parts[0], item, module, f"{at}[{n}]")]
    if origin is UntypedStripeObject or (origin in MAPS and isinstance(value, dict)):
        return [fault for key, item in value.items() for fault in _faults(parts[-1], item, module, f"{at}[{key}]")]
    if isinstance(shape, type) and issubclass(shape, StripeObject):
        return faults_of(shape, value, at)
    if shape is float and type(value) in (int, float):
        return []
    if origin is None and type(value) is shape:
        return []
    return [f"{at}: {shape} wanted, {value!r}"]
