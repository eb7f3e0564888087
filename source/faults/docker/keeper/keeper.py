"""
Causes a fault, holds it for its time and takes it back, whether or not anyone listens.

Started by the Docker daemon beside the target with a plan: does `apply`, waits until the plan's time is over or SIGTERM
comes, does `undo`, and exits with 0, or with 1 when something of it failed. SIGUSR1 does `renew` and starts the time
anew. Each state is one JSON object on a line of standard output:
    {"state": "applied" | "failed" | "renewed" | "not renewed" | "undone" | "left", "errors": [...]}
With no `apply` and no time it only takes back.
"""

import json
import signal
import sys
import time

from steps import StepError, Steps

HEARD = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1}
# An undo that failed (a daemon that is just busy) is tried again after these pauses, in seconds.
RETRIES_S = (0.5, 2, 5)


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


def main(plan):
    signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
    steps = Steps(plan['target']['id'])
    error = apply(steps, plan)
    if error is not None:
        left = do_all(steps, plan['undo'])
        steps.close()
        tell('failed', [error, *(text for _, text in left)])
        return 1
    if plan['apply']:
        tell('applied')
        hold(steps, plan)
    left = undo(steps, plan['undo'])
    tell('left' if left else 'undone', left)
    return 1 if left else 0


def run(text):
    sys.exit(main(json.loads(text)))
