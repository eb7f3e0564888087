import { describe, expect, it } from 'vitest';
import { failureModes } from '../../scenarios/index.js';
import { examineTerminal } from '../../source/commands/doctor/terminal.js';
import { doctorText } from '../../source/commands/doctor/text.js';
import { missingRows } from '../../source/commands/text/missing.js';
import { modeJson, modeList, modeText } from '../../source/commands/text/modes.js';
import { signalRows } from '../../source/commands/text/signals.js';
import { indent, section, table } from '../../source/commands/text/table.js';
import { undoText } from '../../source/commands/undo/report.js';
import type { ProbeHealth } from '../../source/store/state.js';
import { NOON, report, state } from './states.js';

describe('tables', () => {
  it('line up all columns but the last', () => {
    expect(table([['a', 'bb', 'c'], ['aaa', 'b', 'cc'], ['x']])).toBe('a    bb  c\naaa  b   cc\nx');
  });

  it('indent lines, not what is between them', () => {
    expect(indent('a\n\nb')).toBe('  a\n\n  b');
    expect(section('Empty', [])).toEqual([]);
    expect(section('Full', ['x'])).toEqual(['', 'Full', '  x']);
  });
});

describe('failure modes', () => {
  it('are listed one a line', () => {
    const lines = modeList(failureModes).split('\n');
    for (const mode of failureModes) expect(lines.some((line) => line.startsWith(mode.id))).toBe(true);
  });

  it.each(failureModes.map((mode) => [mode.id, mode] as const))('%s is told in full', (_, mode) => {
    const text = modeText(mode);
    const said = [
      ...mode.symptoms,
      ...mode.rootCause,
      ...mode.fix,
      ...mode.prevention,
      ...mode.recovery,
      ...mode.investigation.flatMap((one) => [one.step, one.command, one.expect]),
      ...mode.confusedWith.map((other) => other.tellApart),
      ...mode.alerts.map((alert) => alert.condition),
    ];
    for (const line of said) expect(text).toContain(line);
    if (mode.notCaused !== undefined) expect(text).toContain(`Why no lab causes it\n  ${mode.notCaused}`);
    else expect(text).toContain('How it is caused on the Docker lab');
    expect(JSON.parse(JSON.stringify(modeJson(mode)))).toEqual(modeJson(mode));
  });
});

describe('signals', () => {
  const dns = {
    at: NOON,
    stale: false,
    sample: {
      search: [],
      ndots: 1,
      names: [
        {
          name: 'db.internal',
          resolver: '127.0.0.1:53',
          patienceMs: 2000,
          steps: [{ qname: 'db.internal', qtype: 'A', outcome: 'timeout', ms: 2000, addresses: [] }],
          resolved: false,
          totalMs: 2000,
          late: [{ qname: 'db.internal', qtype: 'A', outcome: 'NOERROR', ms: 5100 }],
        },
      ],
    },
  } as const;
  const postgres = {
    at: NOON,
    stale: true,
    sample: {
      address: '127.0.0.1:5432',
      selectOneMs: 2,
      connectMs: 5,
      connections: 1,
      maxConnections: 100,
      reserved: 3,
      holders: [],
      failure: null,
    },
  };

  it('say what was measured, and how old it is when it is old', () => {
    const base = state();
    const redis = {
      at: NOON,
      stale: false,
      sample: { address: '127.0.0.1:6379', connectMs: 1, pingMs: 3, failure: null },
    };
    const latest = { ...base.latest, dns, postgres, redis };
    const rows = Object.fromEntries(signalRows(state({ latest })));
    expect(rows['HTTP GET /todos']).toBe('000 in 5.0 s, no first byte after 5.0 s');
    expect(rows['DNS db.internal']).toBe('timeout in 2.0 s by 127.0.0.1:53; 1 answers came too late');
    expect(rows['PostgreSQL 127.0.0.1:5432']).toBe('SELECT 1 in 2 ms, 1 of 100 connections (stale)');
    expect(rows['Redis 127.0.0.1:6379']).toBe('PING in 3 ms');
  });

  it('tell a server that refuses a question from a port that nobody serves', () => {
    const [name] = dns.sample.names;
    const step = { qname: 'db.internal', qtype: 'A', ms: 1, addresses: [] } as const;
    const steps = [
      { ...step, outcome: 'refused' as const },
      { ...step, qtype: 'AAAA' as const, outcome: 'REFUSED' as const },
    ];
    const sick = {
      ...dns,
      sample: { ...dns.sample, names: [{ ...name, steps, late: [], resolved: false }] },
    };
    const rows = Object.fromEntries(signalRows(state({ latest: { ...state().latest, dns: sick as never } })));
    expect(rows['DNS db.internal']).toMatch(/^nobody at its port, REFUSED in /);
  });

  it('leave out sources that were never read: unknown is not zero', () => {
    expect(signalRows(state()).map(([name]) => name)).toEqual(['HTTP GET /todos']);
  });
});

describe('what is missing', () => {
  const conntrack = state().probes.conntrack as ProbeHealth;

  it('is named with the command that grants it', () => {
    expect(missingRows([conntrack], report().capabilities)).toEqual([
      ['Connection tracking', 'nf_conntrack is not loaded', '$ modprobe nf_conntrack'],
      ['Docker', 'no socket', '$ start dockerd'],
    ]);
  });

  it('is not what nobody asked for, nor what is well', () => {
    const idle = { ...conntrack, kind: 'not-configured' } as const;
    const well = { ...conntrack, state: 'ok', kind: null } as const;
    expect(missingRows([idle, well], [])).toEqual([]);
  });
});

describe('doctor', () => {
  const host = { hostname: 'box', system: 'linux 6.18 x64', user: 'me' };
  const base = { schema: 's', faultline: '0.1.0', node: '24.0.0', host };

  it('puts what works first, then what is missing with its mend', () => {
    const text = doctorText({ ...base, capabilities: report().capabilities });
    expect(text).toMatch(/ok\s+Socket census\s+sock_diag/);
    expect(text).toMatch(/Docker: no socket\n\s+\$ start dockerd/);
    const all = report().capabilities.filter((capability) => capability.state === 'yes');
    expect(doctorText({ ...base, capabilities: all })).toContain('Nothing is missing.');
  });

  it.each([
    [120, 40, 'yes'],
    [80, 24, 'yes'],
    [79, 24, 'partly'],
    [39, 12, 'no'],
  ])('judges a terminal of %i by %i', (columns, rows, verdict) => {
    const tty = { isTTY: true, columns, rows };
    const [screen] = examineTerminal({ TERM: 'xterm', LANG: 'C.UTF-8' }, tty, tty);
    expect(screen?.state).toBe(verdict);
  });

  it('says when there is no terminal, no Unicode, no colour', () => {
    const [screen, symbols, colours] = examineTerminal({ LANG: 'C', NO_COLOR: '1' }, {}, {});
    expect(screen?.state).toBe('no');
    expect(symbols).toMatchObject({ state: 'partly', means: 'ASCII' });
    expect(colours?.means).toContain('NO_COLOR');
  });
});

describe('undo', () => {
  it('says what was done and what is left', () => {
    expect(undoText({ done: [], residue: [], notes: [] })).toBe('Nothing to undo: nothing was left behind.');
    expect(undoText({ done: ['lab a ended'], residue: [], notes: [] })).toBe(
      'Everything is rolled back.\n\nDone\n  lab a ended',
    );
    expect(undoText({ done: [], residue: ['process 7'], notes: [] })).toMatch(
      /^Not everything .*\n\nLeft\n {2}process 7$/,
    );
  });
});
