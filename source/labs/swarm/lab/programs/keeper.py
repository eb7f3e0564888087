"""Removes a Swarm lab whose own process is gone: when standard input ends, or says nothing for too long.

Any line is a sign of life; `done` says that there is nothing left to do.
"""
import json
import os
import select
import sys
import time

from daemon_call import DaemonError, call

LAB_LABEL = "faultline.lab"
TASK_LABEL = "com.docker.swarm.task.id"
GATEWAY = "docker_gwbridge"
# A removed service's tasks hold its network until they are gone.
PATIENCE_S = 90
GONE = (404,)
IN_NO_SWARM = (404, 406, 503)


def is_told_done(ttl_s):
    while True:
        ready, _, _ = select.select([0], [], [], ttl_s)
        said = os.read(0, 4096) if ready else b""
        if not said:
            return False
        if b"done" in said:
            return True


def query(**filters):
    return json.dumps(filters).replace('"', "%22").replace(" ", "")


def remove_all(lab):
    """One round; returns whether nothing is left."""
    filters = query(label=[f"{LAB_LABEL}={lab}"])
    for service in call("GET", f"/services?filters={filters}", ok_status=IN_NO_SWARM) or []:
        if "ID" in service:
            call("DELETE", f"/services/{service['ID']}", ok_status=GONE)
    containers = call("GET", f"/containers/json?all=true&filters={filters}") or []
    for container in containers:
        if TASK_LABEL not in container["Labels"]:
            call("DELETE", f"/containers/{container['Id']}?force=true", ok_status=(404, 409))
    networks = call("GET", f"/networks?filters={filters}") or []
    for network in networks:
        call("DELETE", f"/networks/{network['Id']}", ok_status=(403, 404, 409, 500))
    return not containers and not networks


def end_swarm(lab, made):
    """Ends the swarm that was made for the lab, unless others use it; returns whether nothing is left to do."""
    swarm = call("GET", "/swarm", ok_status=IN_NO_SWARM) or {}
    if "Spec" in swarm:
        if (swarm["Spec"].get("Labels") or {}).get(LAB_LABEL) != lab:
            return True
        if call("GET", "/services"):
            return False
        call("POST", "/swarm/leave?force=true", ok_status=IN_NO_SWARM)
    if not made["gateway"]:
        call("DELETE", f"/networks/{GATEWAY}", ok_status=(403, 404))
    return True


def clear(order):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            lab, made = order["lab"], order["made"]
            if remove_all(lab) and (made is None or end_swarm(lab, made)):
                return
        except (DaemonError, OSError) as failure:
            print(failure, file=sys.stderr, flush=True)
        time.sleep(0.5)


def run(order_text):
    order = json.loads(order_text)
    if not is_told_done(order["ttlS"]):
        clear(order)
