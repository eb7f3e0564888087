import { describe, expect, it } from 'vitest';
import { allModes } from '../../../scenarios/index.js';
import { startError } from '../../../source/diagnosis/facts/start-error.js';
import type { ContainerFacts, ServiceSample, WorkloadEvent } from '../../../source/probes/samples.js';
import type { Finding } from '../../../source/store/finding.js';
import { containerServices, event, eventsAt, fine, gone } from '../../helpers/container-world.js';
import { START, type World, watch } from '../../helpers/history.js';
import { ERROR_500, everyTarget } from '../../helpers/samples.js';

const HOUR = 3600;

type Over = Partial<Omit<ServiceSample, 'container'>> & { readonly container?: Partial<ContainerFacts> };

interface Told {
  readonly store?: Over;
  readonly events?: readonly WorkloadEvent[];
  readonly failing?: boolean;
  readonly seconds?: number;
}

/** What is named of a store that is like this from the first look on; its targets fail where that is said. */
function named({ store = {}, events = [], failing = false, seconds = 6 }: Told): Finding[] {
  const world = (t: number): World => ({
    ...fine(t),
    ...(failing && t % 2 === 0 ? everyTarget(ERROR_500, 500) : {}),
    services: containerServices({ store }),
    ...eventsAt(t, []),
    events: { events: events.filter(({ at }) => at <= START + t * 1000), lost: 0 },
  });
  const last = watch(seconds, world, allModes()).at(-1);
  return (last?.findings ?? []).filter(({ state }) => state === 'firing');
}

const roots = (findings: readonly Finding[]): string[] =>
  findings.filter(({ explainedBy }) => explainedBy === null).map(({ id }) => id);
const rows = ({ evidence }: Finding): string => evidence.map(({ value }) => value).join('\n');
const commands = ({ fix }: Finding): string => fix.flatMap(({ command }) => command ?? []).join('\n');

const crashed = (container: Partial<ContainerFacts> = {}): Over => ({
  ...gone(1, 'failed with exit code 1'),
  lastExit: { code: 1, signal: null, at: START - 20_000, meaning: 'failed with exit code 1' },
  container: { status: 'exited', ...container },
});

describe('what ended before the start', () => {
  const killed = [event(-20, 'store', 'kill', 'signal 9'), event(-20, 'store', 'die', 'exit code 137')];

  it('is named in the first look, with who did it', () => {
    const [first] = named({ store: gone(137, 'killed (SIGKILL)'), events: killed, failing: true });
    expect(first).toMatchObject({ id: 'container-kill', severity: 'critical' });
    expect(first?.title).toBe('store was killed (docker kill, SIGKILL) and is not back');
  });

  it('is named by its exit code where no event is known, without saying who', () => {
    const store = {
      ...gone(137, 'killed (SIGKILL)'),
      container: { status: 'exited', restartPolicy: 'always' },
    };
    const [first] = named({ store, failing: true });
    expect(first).toMatchObject({ id: 'container-kill' });
    expect(first?.title).toBe('store was killed (SIGKILL) and is not back');
    expect(rows(first as Finding)).not.toContain('no oom event');
    expect(first?.ruledOut.map(({ id }) => id)).not.toContain('service-restarted');
  });

  it.each([
    ['a job that is done', { ...gone(0, 'ended in order') }],
    [
      'one that ended in error weeks ago',
      {
        ...gone(1, 'failed'),
        lastExit: { code: 1, signal: null, at: START - 500 * HOUR * 1000, meaning: 'failed' },
      },
    ],
    [
      'one that was killed yesterday',
      {
        ...gone(137, 'killed'),
        lastExit: { code: 137, signal: null, at: START - 24 * HOUR * 1000, meaning: 'killed' },
      },
    ],
    [
      'one that was stopped last week',
      {
        ...gone(143, 'ended'),
        lastExit: { code: 143, signal: null, at: START - 170 * HOUR * 1000, meaning: 'ended' },
      },
    ],
    [
      'one whose network shares nothing',
      {
        ...gone(1, 'failed'),
        lastExit: { code: 1, signal: null, at: START - 2 * HOUR * 1000, meaning: 'failed' },
        container: { networks: [{ name: 'other', address: null }] },
      },
    ],
  ] as const)('is nobody’s trouble: %s', (_, store) => {
    expect(roots(named({ store, failing: true })).filter((id) => id.startsWith('container'))).toEqual([]);
  });

  it('stays named after two minutes while it is missed', () => {
    const found = named({ store: gone(137, 'killed'), events: killed, failing: true, seconds: 400 });
    expect(roots(found)).toEqual(['container-kill']);
  });
});

describe('what ends by itself', () => {
  const die = [event(-20, 'store', 'die', 'exit code 1')];

  it('quotes the line that it said last', () => {
    const store = crashed({ lastWords: 'FATAL: /etc/store.conf: no such file', restartPolicy: 'on-failure' });
    const [first] = named({ store, events: die });
    expect(rows(first as Finding)).toContain('it said last: FATAL: /etc/store.conf: no such file');
    expect(first?.fix[0]?.command).toBe('docker logs --tail 50 store');
  });

  it.each([
    ['nobody misses it and nothing expects it to stay', {}, 'notice'],
    ['it has a restart policy', { restartPolicy: 'on-failure:3' }, 'warning'],
    [
      'it publishes a port',
      { publishedPorts: [{ protocol: 'tcp', port: 80, hostAddress: null, hostPort: 80 }] },
      'warning',
    ],
    ['it is a task of compose', { restartPolicy: 'on-failure:3', isTask: true }, 'notice'],
  ] as const)('is as grave as it is missed: %s', (_, container, severity) => {
    const [first] = named({ store: crashed(container), events: die });
    expect(first).toMatchObject({ id: 'container-kill', severity });
  });

  it('is critical where its users fail', () => {
    expect(named({ store: crashed(), events: die, failing: true })[0]).toMatchObject({
      severity: 'critical',
    });
  });

  it('as a task is not to be started again, to restart by itself, or to be made twice', () => {
    const [first] = named({ store: crashed({ isTask: true }), events: die });
    expect(first?.title).toBe('the task store ended by itself with exit code 1');
    expect(commands(first as Finding)).toBe('docker logs --tail 50 store');
    expect(first?.fix).toHaveLength(1);
    expect([...(first?.explanation ?? []), rows(first as Finding)].join()).not.toMatch(
      /back|start it|replica/,
    );
  });

  it.each([
    ['that ended in order', gone(0, 'ended in order'), false],
    ['that failed', gone(3, 'failed with exit code 3'), true],
    ['whose command was not found', gone(127, 'command not found'), true],
    ['whose command may not be executed', gone(126, 'command may not be executed'), true],
    ['that was interrupted', gone(130, 'SIGINT'), true],
    ['that aborted', gone(134, 'SIGABRT'), true],
  ])('as a task %s is a notice at most, and none when it did its work', (_, ending, told) => {
    const store: Over = { ...ending, container: { status: 'exited', restartPolicy: 'no', isTask: true } };
    const code = (ending as { lastExit?: { code?: number } }).lastExit?.code;
    const found = named({ store, events: code === 0 ? [] : die });
    expect(found.map(({ severity }) => severity)).toEqual(told ? ['notice'] : []);
    expect(found.flatMap(({ fix }) => fix.map(({ command }) => command)).join()).not.toMatch(/start|update/);
  });
});

describe('a container that its daemon restarts again and again', () => {
  const waiting: Over = {
    ...crashed({ status: 'restarting', restartPolicy: 'always', lastWords: 'panic: no queue' }),
    state: 'starting',
    restarts: 38,
  };

  it('is a loop by its count of restarts alone', () => {
    const [first] = named({ store: waiting });
    expect(first).toMatchObject({ id: 'container-kill', severity: 'critical' });
    expect(first?.title).toMatch(/^store ends again and again: 38 times/);
    expect(rows(first as Finding)).toMatch(
      /is restarting: no process until its next try, 38 restarts so far/,
    );
    expect(rows(first as Finding)).toContain('panic: no queue');
  });

  it('needs no start, and no restart policy', () => {
    const [first] = named({ store: waiting, failing: true });
    expect(commands(first as Finding)).not.toMatch(/docker (start|restart|update)/);
  });

  it('is none when it failed once or twice', () => {
    const [first] = named({ store: { ...waiting, restarts: 1 } });
    expect(first?.title).not.toContain('again and again');
  });
});

describe('what is told from a kill', () => {
  it('the removal of a container, which begins as one', () => {
    const events = [event(5, 'store', 'kill', 'signal 9'), event(5, 'store', 'die', 'exit code 137')];
    expect(named({ store: gone(137, 'killed'), events, seconds: 5 })).toEqual([]);
    const removing = { ...gone(137, 'killed'), state: 'stopping' as const };
    expect(named({ store: removing, events, seconds: 10 })).toEqual([]);
  });

  it.each([
    [
      'Podman, which tells no signal',
      [event(-9, 'store', 'kill'), event(-9, 'store', 'die', 'exit code 137')],
      'container-kill',
    ],
    [
      'Podman asked to end',
      [event(-9, 'store', 'kill'), event(-9, 'store', 'die', 'exit code 143')],
      'service-restarted',
    ],
    [
      'Podman, whose policy restarts it',
      [event(-9, 'store', 'die', 'exit code 3'), event(-9, 'store', 'restart')],
      'container-kill',
    ],
    ['SIGTERM from outside', [event(-9, 'store', 'die', 'exit code 143')], 'service-restarted'],
    [
      'a message before a crash',
      [event(-99, 'store', 'kill', 'signal 1'), event(-9, 'store', 'die', 'exit code 2')],
      'container-kill',
    ],
    [
      'a stop',
      [
        event(-9, 'store', 'kill', 'signal 15'),
        event(-9, 'store', 'die', 'exit code 0'),
        event(-9, 'store', 'stop'),
      ],
      'service-restarted',
    ],
  ] as const)('%s', (_, events, id) => {
    expect(roots(named({ store: gone(1, 'ended'), events, failing: true }))).toEqual([id]);
  });

  it('a stop that nobody misses is a notice', () => {
    const events = [
      event(-9, 'store', 'kill', 'signal 15'),
      event(-9, 'store', 'die', 'exit code 0'),
      event(-9, 'store', 'stop'),
    ];
    expect(named({ store: gone(0, 'ended'), events })[0]).toMatchObject({
      id: 'service-restarted',
      severity: 'notice',
    });
  });
});

describe('a paused container', () => {
  const paused: Over = { state: 'paused', processState: 'D', container: { status: 'paused' } };

  it('is named at once, since when, with what ends it, and what it brings about below it', () => {
    const found = named({ store: paused, events: [event(-30, 'store', 'pause')], failing: true });
    expect(roots(found)).toEqual(['container-paused']);
    expect(found[0]).toMatchObject({ severity: 'critical', subject: { kind: 'workload', id: 'store' } });
    expect(found[0]?.title).toMatch(/^store is paused \(docker pause, 36\.0 s ago\)/);
    expect(commands(found[0] as Finding)).toBe('docker unpause store');
  });

  it('that nobody feels is a warning, and stays one as long as it is paused', () => {
    expect(named({ store: paused, seconds: 200 })).toMatchObject([
      { id: 'container-paused', severity: 'warning' },
    ]);
  });
});

describe('a container that fails its health check', () => {
  const check = { streak: 3, since: START - 60_000, exitCode: 1, output: 'connection refused' };
  const unhealthy = (over: Partial<ContainerFacts> = {}): Over => ({
    container: { health: 'unhealthy', check, ...over },
  });

  it('is named with what the check said, and since when', () => {
    const [first] = named({ store: unhealthy() });
    expect(first).toMatchObject({ id: 'container-unhealthy', severity: 'warning' });
    expect(first?.title).toBe('store fails its health check, for 1 min 6 s: connection refused');
    expect(rows(first as Finding)).toContain('unhealthy: 3 checks in a row failed');
  });

  it.each([
    ['connection refused', 1, 'connection refused'],
    ['curl: (22) The requested URL returned error: 503', 22, 'returned error: 503'],
    ['Health check exceeded timeout (30s)', -1, 'exceeded timeout (30s)'],
    ['OCI runtime exec failed: exec: "wget": executable file not found in $PATH', 126, '"wget"'],
    ['\u001b[31mredis: LOADING\u001b[0m', 1, 'LOADING'],
    ['', 1, 'fails its health check'],
  ])('%j is quoted, and its exit code', (output, exitCode, quoted) => {
    const [first] = named({ store: unhealthy({ check: { ...check, output, exitCode } }) });
    expect(first?.title).toContain(quoted);
    expect(rows(first as Finding)).toMatch(exitCode === -1 ? /time|-1/ : new RegExp(`exit code ${exitCode}`));
    expect(commands(first as Finding)).toContain('.Config.Healthcheck');
  });

  it('is named where nothing is known of the check', () => {
    const [first] = named({ store: { container: { health: 'unhealthy' } } });
    expect(first?.title).toBe('store fails its health check');
  });

  it('follows from the pause of what it needs', () => {
    const world = (t: number): World => ({
      ...fine(t),
      ...(t % 2 === 0 ? everyTarget(ERROR_500, 500) : {}),
      services: containerServices({
        front: unhealthy(),
        store: { state: 'paused', container: { status: 'paused' } },
      }),
      ...eventsAt(t, []),
    });
    expect(
      roots((watch(8, world, allModes()).at(-1)?.findings ?? []).filter(({ state }) => state === 'firing')),
    ).toContain('container-paused');
  });

  it.each(['none', 'starting', 'healthy'] as const)('is not one that is %s', (health) => {
    expect(named({ store: { container: { health } } })).toEqual([]);
  });
});

describe('a container that cannot be started', () => {
  const created = (startError: string, ago = 60, more: Partial<ContainerFacts> = {}): Over => ({
    ...gone(127, `could not be started: ${startError}`),
    container: { status: 'created', createdAt: START - ago * 1000, startError, ...more },
  });
  const WORDS =
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/x": stat /x: no such file or directory: unknown';

  it('is named with the reason at the core of the daemon’s words, and is no crash', () => {
    const found = named({ store: created(WORDS) });
    expect(found).toMatchObject([{ id: 'container-cannot-start', severity: 'warning' }]);
    expect(found[0]?.title).toBe(
      'store could not be started: exec: "/x": stat /x: no such file or directory',
    );
    expect(rows(found[0] as Finding)).toContain(WORDS);
  });

  it('is nobody’s trouble long after, and a notice as a task', () => {
    expect(named({ store: created(WORDS, 3 * HOUR) })).toEqual([]);
    expect(named({ store: created(WORDS, 9, { isTask: true }) })).toMatchObject([{ severity: 'notice' }]);
  });

  it.each([
    [
      'driver failed programming external connectivity on endpoint web (c615b9ca5ef5): Error starting userland proxy: listen tcp4 0.0.0.0:9100: bind: address already in use',
      'Error starting userland proxy: listen tcp4 0.0.0.0:9100: bind: address already in use',
      "ss -lntup 'sport = :9100'   # names who has it",
    ],
    [
      'driver failed programming external connectivity on endpoint web (c615b9ca5ef5): Bind for 0.0.0.0:80 failed: port is already allocated',
      'Bind for 0.0.0.0:80 failed: port is already allocated',
      "ss -lntup 'sport = :80'   # names who has it",
    ],
    [
      'OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "nope": executable file not found in $PATH: unknown',
      'exec: "nope": executable file not found in $PATH',
      "docker inspect -f '{{.Path}} {{.Args}} {{.Config.Image}}' web",
    ],
    [
      'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting "/a" to rootfs at "/b": not a directory: unknown',
      'error mounting "/a" to rootfs at "/b": not a directory',
      "docker inspect -f '{{json .Mounts}} {{json .HostConfig.Binds}}' web",
    ],
    [
      'network 0123abcd not found',
      'network 0123abcd not found',
      "docker inspect -f '{{json .NetworkSettings.Networks}}' web",
    ],
    ['something new', 'something new', "docker inspect -f '{{.State.Error}}' web"],
  ])('says what to look at: %s', (words, reason, command) => {
    expect(startError(words, 'web')).toMatchObject({ reason, command });
  });
});

it('speaks of Podman where Podman has the containers', () => {
  const world = (t: number): World => ({
    ...fine(t),
    services: { ...containerServices({ store: gone(137, 'killed') }), engine: 'Podman' },
    ...eventsAt(t, [event(1, 'store', 'kill', 'signal 9'), event(1, 'store', 'die', 'exit code 137')]),
  });
  const [first] = watch(8, world, allModes()).at(-1)?.findings ?? [];
  expect(first?.title).toBe('store was killed (podman kill, SIGKILL) and is not back');
  expect(commands(first as Finding)).toMatch(/^podman start store$/m);
  // Its restart policy cannot be changed later.
  expect(commands(first as Finding)).not.toContain('update');
});
