"""The to-do list of the Container Networking Exhaustion document: a database connection for every request."""

import sys

import psycopg2
from flask import Flask, g, jsonify, request

import database
import visits
from hardening import bulkhead, rate_limit, switches
from stopped import Stopped

app = Flask(__name__)

MAX_TITLE = 200
LISTED = 100
# What the application asks nobody for.
FREE = {"/health"}


@app.before_request
def admit():
    if request.path in FREE:
        return None
    if switches.on("rate-limit") and not rate_limit.take():
        return jsonify(error="too many requests"), 429
    if switches.on("bulkhead"):
        g.slot = bulkhead.enter()
    return None


@app.teardown_request
def leave(_error):
    slot = g.pop("slot", None)
    if slot:
        slot.leave()


@app.get("/")
def index():
    return jsonify(service="todo-app", routes=["/todos", "/test-db", "/health"], **visits.count())


@app.get("/health")
def health():
    return jsonify(status="ok")


@app.get("/test-db")
def test_db():
    database.query("SELECT 1")
    return jsonify(status="Database connection successful")


@app.get("/todos")
def list_todos():
    return jsonify(database.query(f"SELECT id, title, done FROM todos ORDER BY id DESC LIMIT {LISTED}"))


@app.post("/todos")
def add_todo():
    body = request.get_json(silent=True)
    title = body.get("title") if isinstance(body, dict) else None
    if not isinstance(title, str) or not title.strip() or len(title) > MAX_TITLE or "\0" in title:
        return jsonify(error=f'"title" must be a text of at most {MAX_TITLE} characters'), 400
    rows = database.query("INSERT INTO todos (title) VALUES (%s) RETURNING id, title, done", (title.strip(),))
    return jsonify(rows[0]), 201


@app.errorhandler(psycopg2.Error)
def database_failed(error):
    return failed(error, 500)


@app.errorhandler(Stopped)
def stopped(error):
    return failed(error, 503)


def failed(error, status):
    """The driver's own words, in the log and in the answer."""
    text = " ".join(str(error).split())
    print(f"ERROR {request.method} {request.path}: {text}", file=sys.stderr, flush=True)
    return jsonify(error=text), status
