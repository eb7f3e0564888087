"""
Causes a fault, holds it for its time and rolls it back, whether or not anyone listens.

Started by the Docker daemon beside the target with a plan: does `apply`, waits until the plan's time is over or SIGTERM
comes, does `undo`, and exits with 0, or with 1 when something of it failed. SIGUSR1 does `renew` and starts the time
anew. Each state is one JSON object on a line of standard output:
    {"state": "applied" | "failed" | "renewed" | "not renewed" | "undone" | "left", "errors": [...]}
With no `apply` and no time it only undoes.

With a name of its own (`self`, and the daemon's socket) it is started again by the daemon when it was killed or when the
daemon itself was restarted: then it causes nothing anew and undoes at once. It removes its own container in the end.
"""

import json
import signal
import sys
import time

import daemon_call
from steps import StepError, Steps

HEARD = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1}
# An undo that failed (a daemon that is just busy) is tried again after these pauses, in seconds.
RETRIES_S = (0.5, 2, 5)
# A daemon brings its containers back before it answers.
DAEMON_STARTS_S = 120


def tell(state, errors=()):
    try:
        print(json.dumps({'state': state, 'errors': list(errors)}), flush=True)
    except (OSError, ValueError):
        # Nobody reads; what is to be done is done all the same.
        pass


def now():
    # Runs on while the machine sleeps.
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def do_all(steps, wanted):
    """Does each step whether or not the ones before it failed; the errors of those that did, and their steps."""
    failed = []
    for step in wanted:
        try:
            steps.do(step)
        except StepError as error:
            failed.append((step, str(error)))
    return failed


def undo(steps, wanted):
    """Undoes all, and what fails again after a pause; the errors that are left."""
    failed = do_all(steps, wanted)
    for pause in RETRIES_S:
        if not failed:
            break
        time.sleep(pause)
        failed = do_all(steps, [step for step, _ in failed])
    steps.close()
    return [error for _, error in failed]


def apply(steps, plan):
    """Applies until a step fails; its error, or None."""
    for step in plan['apply']:
        try:
            steps.do(step)
        except StepError as error:
            return str(error)
    return None


def hold(steps, plan):
    """Waits until the time is over or a signal ends it."""
    seconds = plan['ttlMs'] / 1000
    end = now() + seconds
    while (left := end - now()) > 0:
        # The wait's own clock stands still while the machine sleeps, hence short waits.
        heard = signal.sigtimedwait(HEARD, min(left, 5))
        if heard is None:
            continue
        if heard.si_signo != signal.SIGUSR1:
            return
        failed = do_all(steps, plan['renew'])
        if failed:
            tell('not renewed', [error for _, error in failed])
        else:
            end = now() + seconds
            tell('renewed')


def ran_before(name):
    """Whether this container has ended before. A daemon that is just starting answers only after a while."""
    end = now() + DAEMON_STARTS_S
    while True:
        try:
            return not daemon_call.call('GET', f'/containers/{name}/json')['State']['FinishedAt'].startswith('0001')
        except OSError:
            if now() > end:
                raise
            time.sleep(0.2)


def keep(plan, steps):
    name = plan.get('self')
    if name and ran_before(name):
        left = undo(steps, plan['undo'])
        tell('left' if left else 'undone', left)
        return 1 if left else 0
    error = apply(steps, plan)
    if error is not None:
        left = do_all(steps, plan['undo'])
        steps.close()
        tell('failed', [error, *(text for _, text in left)])
        return 1 if left else 0
    if plan['apply']:
        tell('applied')
        hold(steps, plan)
    left = undo(steps, plan['undo'])
    tell('left' if left else 'undone', left)
    return 1 if left else 0


def run(text):
    signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
    plan = json.loads(text)
    code = keep(plan, Steps(plan['target']['id']))
    if plan.get('self') and code == 0:
        try:
            daemon_call.call('DELETE', f'/containers/{plan["self"]}?force=1')
        except (OSError, daemon_call.DaemonError):
            # Whoever looks after its fault removes it.
            pass
    sys.exit(code)
