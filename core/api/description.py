"""What REST framework doesn't say of itself: which errors each operation may answer with."""

from typing import Any

Schema = dict[str, Any]
SHARED = {
    400: "A value can't be used; `problems` says which.",
    401: "No token, or one that is unknown, revoked or expired.",
    403: "You may not do this; the message says who can.",
    404: "There is nothing here, or nothing that you may see.",
    409: "It changed meanwhile, or what was sent means several rows.",
    413: "The body is too large.",
    415: "The body is no JSON.",
    422: "The Idempotency-Key named another body before.",
    429: "Too many requests; `Retry-After` says in how many seconds to go on.",
}
READING = (400, 401, 403, 429)
WRITING = (*READING, 409, 413, 415, 422)
METHODS = ("get", "post", "put", "patch", "delete")


def with_errors(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """Add the errors to each operation, all of one shape: a hook of drf-spectacular."""
    result["components"].setdefault("schemas", {})["Error"] = _error_schema()
    for path, operations in result["paths"].items():
        for method in METHODS:
            if operation := operations.get(method):
                _add(operation, path, method)
    _drop(result, "x-spec-enum-id")
    return result


def _drop(node: Any, key: str) -> None:
    """Take out what only drf-spectacular's own hooks read."""
    if isinstance(node, dict):
        node.pop(key, None)
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _drop(child, key)


def _add(operation: Schema, path: str, method: str) -> None:
    statuses = set(READING if method == "get" else WRITING)
    if "{" in path:
        statuses.add(404)
    for status in sorted(statuses):
        operation["responses"].setdefault(str(status), _response(status))


def _response(status: int) -> Schema:
    reference = {"$ref": "#/components/schemas/Error"}
    response: Schema = {
        "description": SHARED[status],
        "content": {"application/json": {"schema": reference}},
    }
    header = {401: "WWW-Authenticate", 429: "Retry-After"}.get(status)
    if header:
        response["headers"] = {header: {"schema": {"type": "string"}}}
    return response


def _error_schema() -> Schema:
    text = {"type": "string"}
    problem = _object({"where": text, "message": text})
    problems = {"type": "array", "items": problem}
    return _object({"error": _object({"code": text, "message": text, "problems": problems})})


def _object(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
