import { expect, test } from 'vitest';
import { openSession, type Session, type SessionOptions } from '../helpers/pty.js';
import { stateFolder } from './traces.js';

/** A target that refuses at once, so that there is something red to draw. */
const REFUSED = ['--target', 'http://127.0.0.1:1/'];
const SICK = /Nothing listens at 127\.0\.0\.1:1/;
/** SGR parameters that set one of the 16 colours, an indexed or a true one (ECMA-48 8.3.117, and aixterm's 90 to 107). */
const COLOUR = /\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;\d+)*m/;

async function onHost(options: SessionOptions, look: (session: Session) => Promise<void>, args = REFUSED) {
  const state = stateFolder();
  const session = openSession(args, {
    ...options,
    env: { ...options.env, FAULTLINE_STATE_DIR: state.path },
  });
  try {
    await look(session);
  } finally {
    session.send('q');
    await session.ended().catch(() => session.pty.kill('SIGKILL'));
    state.remove();
  }
}

const quit = async (session: Session): Promise<void> => {
  session.send('q');
  expect(await session.ended()).toEqual({ exitCode: 0, settingsRestored: true });
};

test.concurrent('a terminal with colours gets colours', () =>
  onHost({}, async (session) => {
    await session.until(SICK);
    expect(session.bytes()).toMatch(COLOUR);
    await quit(session);
  }));

test.concurrent('NO_COLOR=1: no colour is set, words and symbols say it all', () =>
  onHost({ env: { NO_COLOR: '1' } }, async (session) => {
    const screen = await session.until(SICK);
    expect(screen).toMatch(/HTTP success.*✖ below 5 %: outage/);
    await quit(session);
    expect(session.bytes()).not.toMatch(COLOUR);
  }));

test.concurrent('CI=1 does not keep a real terminal from being painted', () =>
  onHost({ env: { CI: '1' } }, async (session) => {
    await session.until(SICK);
    expect(session.bytes()).toMatch(COLOUR);
    await quit(session);
  }));

test.concurrent('without a UTF-8 locale every byte is ASCII, frames and help included', () =>
  onHost({ env: { LANG: 'C', LC_ALL: 'C' }, columns: 80, rows: 24 }, async (session) => {
    const screen = await session.until(SICK);
    expect(screen.split('\n')[1]).toMatch(/^\+- .*-\+$/);
    expect(screen).toMatch(/HTTP success.*X below 5 %: outage/);
    session.send('?');
    await session.until('What changes things');
    session.send('\x1b');
    await session.until('1 Symptoms');
    await quit(session);
    expect(session.bytes()).toMatch(/^[\x00-\x7f]*$/);
  }));

test.concurrent('TERM=dumb: a sentence that says what to do, nothing drawn, exit code 3', () =>
  onHost({ env: { TERM: 'dumb' } }, async (session) => {
    expect(await session.ended()).toEqual({ exitCode: 3, settingsRestored: true });
    expect(session.text()).toMatch(/^faultline: TERM=dumb cannot place text/);
    expect(session.bytes()).not.toContain('\x1b');
  }));

test.concurrent('started in a terminal of 20×5 it says what it needs, grows with it, and quits', () =>
  onHost({ columns: 20, rows: 5 }, async (session) => {
    const card = await session.until('needs 40×12');
    expect(card).toContain('too small: 20×5');
    expect(card).toContain('q quits');
    await session.resize(40, 12);
    await session.until(/FAULTLINE/);
    await session.resize(80, 24);
    await session.until(SICK);
    await session.resize(20, 5);
    await session.until('too small: 20×5');
    await quit(session);
  }));

test.concurrent('a key that cannot work on a host says why', () =>
  onHost({ columns: 80, rows: 24 }, async (session) => {
    await session.until(/1 Symptoms/);
    session.send('s');
    await session.until('s does not work now: needs the lab');
    await quit(session);
  }));

test.concurrent('--read-only: a badge, and the reason for what is not done', () =>
  onHost(
    { columns: 80, rows: 24 },
    async (session) => {
      await session.until('READ-ONLY');
      session.send('v');
      await session.until(/v does not work now: it sends requests, and this console only looks/);
      await quit(session);
    },
    ['--read-only'],
  ));
