"""Does the steps of a plan, one at a time."""

import signal
import subprocess

import daemon_call
from dns_answer import DnsAnswer
from packet_queue import PacketQueue

RUN_PATIENCE_S = 15


class StepError(Exception):
    """A step that failed, with what it was and why."""


def _free_signals():
    """Programs are started with no signal held back, whatever the agent holds back for itself."""
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _run(step):
    command = step['command']
    shown = ' '.join(command)[:200]
    try:
        done = subprocess.run(
            command,
            input=step.get('stdin', '').encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=RUN_PATIENCE_S,
            preexec_fn=_free_signals,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise StepError(f'{shown}: not done within {RUN_PATIENCE_S} s') from None
    except OSError as error:
        raise StepError(f'{shown}: {error}') from None
    if done.returncode not in (0, *step.get('okCodes', ())):
        said = done.stdout.decode('utf-8', 'replace').strip()[:400]
        raise StepError(f'{shown}: exit code {done.returncode}: {said}')


class Steps:
    """Queues and DNS servers that steps open are held here until `close`."""

    def __init__(self, target):
        self.target = target
        self.held = []

    def do(self, step):
        """Does one step. Raises StepError."""
        kind = step['do']
        try:
            if kind == 'run':
                _run(step)
            elif kind == 'docker':
                daemon_call.call(step['method'], step['path'], step.get('body'), step.get('okStatus', ()))
            elif kind == 'exec':
                daemon_call.execute(self.target, step['command'], step.get('user'), step.get('okStatus', ()))
            elif kind == 'queue':
                numbers = (step['number'], step['delayMs'], step['jitterMs'], step['lossPercent'])
                self.held.append(PacketQueue(*numbers))
            elif kind == 'answer':
                self.held.append(DnsAnswer(step['port'], step['rcode']))
            else:
                raise StepError(f'no such step: {kind}')
        except (OSError, daemon_call.DaemonError) as error:
            raise StepError(f'{kind}: {error}') from None

    def close(self):
        for one in reversed(self.held):
            one.close()
        self.held.clear()
