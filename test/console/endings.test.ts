import { describe, expect, test } from 'vitest';
import { openSession, type Session } from '../helpers/pty.js';
import { leftAfter, readTraces, stateFolder, sweep, type Traces } from './traces.js';

const CRASH = { NODE_OPTIONS: `--import=${new URL('./crash.mjs', import.meta.url).href}` };

const signal =
  (name: NodeJS.Signals) =>
  (session: Session): void => {
    process.kill(session.pid(), name);
  };

describe('on a host the terminal is given back', () => {
  test.concurrent.each([
    { how: 'q', end: (session: Session) => session.send('q'), exitCode: 0 },
    { how: 'ctrl-c', end: (session: Session) => session.send('\x03'), exitCode: 0 },
    { how: 'SIGTERM', end: signal('SIGTERM'), exitCode: 143 },
    { how: 'SIGHUP', end: signal('SIGHUP'), exitCode: 129 },
    { how: 'SIGINT', end: signal('SIGINT'), exitCode: 130 },
    { how: 'a crash', end: signal('SIGUSR2'), exitCode: 1 },
  ])('after $how', async ({ how, end, exitCode }) => {
    const state = stateFolder();
    const session = openSession([], { env: { ...CRASH, FAULTLINE_STATE_DIR: state.path } });
    try {
      await session.until(/1 Symptoms/);
      expect(session.modes()).toMatchObject({ alternateScreen: true, cursorHidden: true });
      end(session);
      expect(await session.ended()).toEqual({ exitCode, settingsRestored: true });
      expect(session.modes()).toEqual({
        alternateScreen: false,
        cursorHidden: false,
        mouse: 'none',
        paste: false,
      });
      expect(session.text()).not.toMatch(/[╭│╰]/);
      // What broke is said where it can be read: on the screen that the person is left with.
      expect(session.text().includes('thrown by the test')).toBe(how === 'a crash');
    } finally {
      session.pty.kill('SIGKILL');
      state.remove();
    }
  });
});

describe('an error that nothing caught, and that is no reason to end', () => {
  test.concurrent.each([
    { way: 'stray', text: 'thrown by the test' },
    { way: 'rejection', text: 'rejected by the test' },
  ])('$way: is shown as a failing source, and the console goes on', async ({ way, text }) => {
    const state = stateFolder();
    const env = { ...CRASH, FAULTLINE_TEST_CRASH: way, FAULTLINE_STATE_DIR: state.path };
    const session = openSession([], { columns: 120, rows: 50, env });
    try {
      await session.until(/1 Symptoms/);
      process.kill(session.pid(), 'SIGUSR2');
      await session.until(new RegExp(`the program.*${text.slice(0, 10)}`));
      session.send('7');
      await session.until('▸ 7 Probes');
      session.send('\r');
      process.kill(session.pid(), 'SIGUSR2');
      await session.until(`${text} (2 times)`);
      session.send('q');
      expect(await session.ended()).toEqual({ exitCode: 0, settingsRestored: true });
      expect(session.text()).toContain(`went on after 2 errors in the program: ${text}`);
    } finally {
      session.pty.kill('SIGKILL');
      state.remove();
    }
  });

  test.concurrent('a loop of them ends it as a crash does', async () => {
    const state = stateFolder();
    const env = { ...CRASH, FAULTLINE_TEST_CRASH: 'storm', FAULTLINE_STATE_DIR: state.path };
    const session = openSession([], { env });
    try {
      await session.until(/1 Symptoms/);
      process.kill(session.pid(), 'SIGUSR2');
      expect(await session.ended()).toEqual({ exitCode: 1, settingsRestored: true });
      expect(session.modes()).toMatchObject({ alternateScreen: false, cursorHidden: false });
      expect(session.text()).toContain('thrown by the test again and again');
    } finally {
      session.pty.kill('SIGKILL');
      state.remove();
    }
  });
});

/** One after the other: four labs that start at once make each other late. */
describe('nothing of the lab is left', () => {
  const onLab = async (
    env: Record<string, string>,
    end: (session: Session, traces: Traces, state: string) => Promise<void>,
  ): Promise<void> => {
    const state = stateFolder();
    const session = openSession(['demo'], { env: { ...env, FAULTLINE_STATE_DIR: state.path } });
    let traces: Traces | undefined;
    try {
      await session.until(/visitors +\S+ up/);
      traces = readTraces(session.pid(), state.path);
      expect(traces.processes.map(({ name }) => name)).toContain('postgres');
      expect(traces.ports.length).toBeGreaterThanOrEqual(3);
      expect(traces.folders).toHaveLength(1);
      await end(session, traces, state.path);
    } finally {
      if (traces) sweep(traces);
      session.pty.kill('SIGKILL');
      state.remove();
    }
  };

  test.concurrent('after SIGTERM', () =>
    onLab({}, async (session, traces, state) => {
      process.kill(session.pid(), 'SIGTERM');
      expect(await session.ended()).toEqual({ exitCode: 143, settingsRestored: true });
      expect(await leftAfter(traces, state, 0)).toEqual([]);
    }));

  test.concurrent('after the terminal has hung up', () =>
    onLab({}, async (session, traces, state) => {
      session.hangUp();
      expect(await leftAfter(traces, state)).toEqual([]);
    }));

  test.concurrent('after a crash', () =>
    onLab(CRASH, async (session, traces, state) => {
      process.kill(session.pid(), 'SIGUSR2');
      expect(await session.ended()).toEqual({ exitCode: 1, settingsRestored: true });
      expect(session.modes()).toMatchObject({ alternateScreen: false, cursorHidden: false });
      expect(session.text()).toContain('thrown by the test');
      expect(await leftAfter(traces, state, 0)).toEqual([]);
    }));

  test.concurrent('after kill -9 of the console', () =>
    onLab({}, async (session, traces, state) => {
      process.kill(session.pid(), 'SIGKILL');
      expect(await leftAfter(traces, state)).toEqual([]);
    }));
});
