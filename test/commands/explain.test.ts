import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { failureModes } from '../../scenarios/index.js';
import { parseGlossary } from '../../source/commands/explain/glossary.js';
import { lookUp, nearestNames, squash } from '../../source/commands/explain/look-up.js';

const cli = fileURLToPath(
  new URL(`../../${process.env.FAULTLINE_DIST ?? 'dist'}/source/cli.js`, import.meta.url),
);
const page = readFileSync(new URL('../../docs/glossary.md', import.meta.url), 'utf8');
const terms = parseGlossary(page);
const all = { modes: failureModes, terms };

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function explain(...argv: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [cli, 'explain', ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((done) => child.on('close', (code) => done({ code, out, err })));
}

describe('the glossary', () => {
  it('is read whole: every list line of the page is an entry', () => {
    expect(terms).toHaveLength(page.split('\n').filter((line) => line.startsWith('- ')).length);
    expect(terms.length).toBeGreaterThan(100);
  });

  it('is in the order of the alphabet', () => {
    const words = terms.map(({ word }) => squash(word));
    expect(words).toEqual([...words].sort());
  });

  it('has one name for one thing', () => {
    const names = terms.flatMap(({ word, aliases }) => [word, ...aliases]).map(squash);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    for (const { id } of failureModes) expect(lookUp(id, all)?.mode?.id).toBe(id);
  });

  it('says of each word in one sentence what it is', () => {
    const oneSentence = ({ sentence }: { sentence: string }) =>
      /^[A-Z“"].*[A-Za-z0-9)"”…]\.$/.test(sentence) &&
      !/[.?!]["”)]? [A-Z]/.test(sentence.slice(0, -1)) &&
      sentence.length <= 240;
    expect(terms.filter((term) => !oneSentence(term))).toEqual([]);
  });
});

describe('looking up', () => {
  it.each([
    ['CLOSE-WAIT', 'CLOSE-WAIT'],
    ['close wait', 'CLOSE-WAIT'],
    ['Close_Wait', 'CLOSE-WAIT'],
    ['eai_again', 'EAI_AGAIN'],
    ['EAI AGAIN', 'EAI_AGAIN'],
    ['asker', 'client'],
    ['keeper', 'fault agent'],
    ['who reaches whom', 'connectivity'],
    ['oomkill', 'OOM kill'],
  ])('%s is %s', (typed, word) => {
    expect(lookUp(typed, all)?.term?.word).toBe(word);
  });

  it.each([
    ['CLOES-WAIT', 'CLOSE-WAIT'],
    ['retransmited', 'retransmitted'],
    ['queue', 'listen queue'],
    ['packt-loss', 'packet-loss'],
    ['syn', 'SYN-RECV'],
  ])('%s may be %s', (typed, meant) => {
    expect(lookUp(typed, all)).toBeUndefined();
    expect(nearestNames(typed, all)).toContain(meant);
  });
});

describe('faultline explain', () => {
  it('says what a failure mode is, and where it stands whole', async () => {
    const { code, out, err } = await explain('memory-limit');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const mode = failureModes.find(({ id }) => id === 'memory-limit');
    expect(out).toContain(`${mode?.title}  (memory-limit, ${mode?.severity})`);
    for (const heading of ['What it looks like', 'How it is told apart', 'Fix'])
      expect(out).toContain(`\n${heading}\n`);
    expect(out).toContain('faultline scenarios memory-limit prints it whole.');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('says what a word is, of several words without quotes', async () => {
    const { code, out } = await explain('Early', 'drop');
    expect(code).toBe(0);
    expect(out.replace(/\n +/g, ' ')).toContain(
      terms.find(({ word }) => word === 'early drop')?.sentence ?? '?',
    );
  });

  it('says both where a word is both', async () => {
    const { out } = await explain('partition');
    expect(out).toContain('(partition, critical)');
    expect(out).toContain('\npartition  (network partition)\n');
  });

  it('lists everything when nothing is asked for', async () => {
    const { code, out } = await explain();
    expect(code).toBe(0);
    const flat = out.replace(/\s+/g, ' ');
    for (const { word } of terms) expect(flat).toContain(word);
    for (const { id } of failureModes) expect(flat).toContain(id);
  });

  it('is JSON when asked', async () => {
    const word = JSON.parse((await explain('MTTR', '--json')).out);
    expect(word).toEqual({
      schema: 'faultline/explain/1',
      mode: null,
      word: terms.find((term) => term.word === 'MTTR'),
    });
    const mode = JSON.parse((await explain('latency', '--json')).out);
    expect(mode).toMatchObject({ mode: { id: 'latency', severity: 'critical' }, word: null });
    const list = JSON.parse((await explain('--json')).out);
    expect(list.schema).toBe('faultline/glossary/1');
    expect(list.words).toEqual(terms);
    expect(list.modes.map((one: { id: string }) => one.id)).toEqual(failureModes.map(({ id }) => id));
  });

  it.each([
    [['xyzzy'], 'nothing is known by the name xyzzy: faultline explain lists them'],
    [['retransmited'], 'did you mean retransmitted'],
    [['lisen', 'queue'], 'did you mean listen queue'],
  ])('%j is answered in one line, with 2', async (argv, line) => {
    const { code, out, err } = await explain(...argv);
    expect(err).toContain(line);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(out).toBe('');
    expect(code).toBe(2);
  });
});
