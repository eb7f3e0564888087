import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const text = (path: string): string => readFileSync(join(root, path), 'utf8');

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const commands = [...text('source/cli.ts').matchAll(/^ {4}name: '(.*)',$/gm)].map(([, name]) => name);
const scripts = Object.keys(JSON.parse(text('package.json')).scripts);

/** What stands in backticks or in an indented or fenced block: where files and commands are named. */
function codeIn(page: string): string[] {
  const fenced = [...page.matchAll(/^```.*\n([\s\S]*?)^```/gm)].map(([, block]) => block ?? '');
  const rest = page.replace(/^```.*\n[\s\S]*?^```/gm, '');
  const indented = rest.split('\n').filter((line) => line.startsWith('    '));
  return [...fenced, ...indented, ...[...rest.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '')];
}

/** Paths of this repository; `<id>` and `*` stand for any name, `{a,b}` for either. */
const pathsIn = (page: string): string[] =>
  codeIn(page)
    .flatMap(
      (code) =>
        code.match(/(?<![\w./-])(?:source|panels|scenarios|test|scripts|docs)\/[\w./<>{},*-]*/g) ?? [],
    )
    .map((path) => path.replace(/[.,]$/, ''));

function isThere(path: string): boolean {
  const alternatives = expand(path.replace(/<[^>]*>/g, '*'));
  return alternatives.every((one) => globSync(one.replace(/\/$/, ''), { cwd: root }).length > 0);
}

function expand(path: string): string[] {
  const [all, inner] = /\{([^}]*)\}/.exec(path) ?? [];
  if (all === undefined || inner === undefined) return [path];
  return inner.split(',').flatMap((part) => expand(path.replace(all, part)));
}

describe.each(pages)('%s', (name) => {
  const page = text(name);

  it('links to what is there', () => {
    const links = [...page.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, link]) => link ?? '');
    const own = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(own.filter((link) => !existsSync(join(root, dirname(name), link)))).toEqual([]);
  });

  it('names files that are there', () => {
    expect(pathsIn(page).filter((path) => !isThere(path))).toEqual([]);
  });

  it('names npm scripts and commands that are there', () => {
    const code = codeIn(page).join('\n');
    const run = [...code.matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, script]) => script);
    expect(run.filter((script) => !scripts.includes(script as string))).toEqual([]);
    const typed = [...code.matchAll(/(?:^|[`\s])faultline (?:-- )?([a-z]+)/gm)].map(([, command]) => command);
    expect(typed.filter((command) => !commands.includes(command))).toEqual([]);
  });
});

describe('README', () => {
  it('has a row for each command, and for nothing else', () => {
    const rows = [...text('README.md').matchAll(/^\| `faultline(?: ([a-z]+))?/gm)].map(
      ([, name]) => name ?? '',
    );
    expect(commands.length).toBeGreaterThan(8);
    expect([...new Set(rows)].sort()).toEqual([...commands].sort());
  });
});
