// Takes the README's picture from the running program: starts the demo in a pseudo-terminal, pulls the trigger,
// waits until the failure has a name, and draws the terminal's cells as SVG. Nothing in the picture is made up.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [columns, rows] = [120, 40];
const [cellWidth, cellHeight] = [8.4, 17];

const PALETTE = [
  '#3b4252',
  '#e06c75',
  '#98c379',
  '#e5c07b',
  '#61afef',
  '#c678dd',
  '#56b6c2',
  '#d8dee9',
  '#7f8796',
  '#ff7b86',
  '#b5e08c',
  '#ffd68a',
  '#82c4ff',
  '#dd9aec',
  '#7fd6e0',
  '#ffffff',
];
const FOREGROUND = '#d8dee9';
const BACKGROUND = '#1e222a';

const escapeXml = (text) => text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);

function colourOf(cell) {
  const inverse = cell.isInverse();
  const fg = cell.isFgPalette() ? (PALETTE[cell.getFgColor()] ?? FOREGROUND) : FOREGROUND;
  const bg = cell.isBgPalette() ? (PALETTE[cell.getBgColor()] ?? BACKGROUND) : BACKGROUND;
  return inverse ? { fg: bg, bg: fg } : { fg, bg };
}

/** The terminal's visible cells as SVG; neighbouring cells of one style are one text element. */
function draw(terminal) {
  const out = [];
  const buffer = terminal.buffer.active;
  for (let y = 0; y < rows; y++) {
    const line = buffer.getLine(buffer.baseY + y);
    let run;
    const flush = () => {
      if (!run) return;
      const x = run.from * cellWidth;
      const width = (run.to - run.from) * cellWidth;
      if (run.bg !== BACKGROUND)
        out.push(
          `<rect x="${x.toFixed(1)}" y="${y * cellHeight}" width="${width.toFixed(1)}" height="${cellHeight}" fill="${run.bg}"/>`,
        );
      if (run.text.trim() !== '')
        out.push(
          `<text x="${x.toFixed(1)}" y="${(y + 0.77) * cellHeight}" fill="${run.fg}"${run.bold ? ' font-weight="bold"' : ''} textLength="${width.toFixed(1)}" xml:space="preserve">${escapeXml(run.text)}</text>`,
        );
      run = undefined;
    };
    for (let x = 0; x < columns; x++) {
      const cell = line?.getCell(x);
      if (!cell || cell.getWidth() === 0) continue;
      const style = { ...colourOf(cell), bold: Boolean(cell.isBold()) };
      if (!run || run.fg !== style.fg || run.bg !== style.bg || run.bold !== style.bold) {
        flush();
        run = { ...style, from: x, to: x, text: '' };
      }
      run.text += cell.getChars() || ' ';
      run.to = x + cell.getWidth();
    }
    flush();
  }
  const [width, height] = [columns * cellWidth, rows * cellHeight];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-12 -12 ${width + 24} ${height + 24}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14"><rect x="-12" y="-12" width="${width + 24}" height="${height + 24}" rx="8" fill="${BACKGROUND}"/>${out.join('')}</svg>\n`;
}

const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
const env = { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', FORCE_COLOR: '1' };
delete env.NO_COLOR;
delete env.CI;
const pty = spawn(process.execPath, [join(root, 'dist/source/cli.js'), 'demo'], { cols: columns, rows, env });
pty.onData((data) => terminal.write(data));
const ended = new Promise((done) => pty.onExit(done));

const screen = () => {
  const buffer = terminal.buffer.active;
  return Array.from(
    { length: rows },
    (_, y) => buffer.getLine(buffer.baseY + y)?.translateToString(true) ?? '',
  ).join('\n');
};
async function until(pattern, seconds) {
  for (let i = 0; i < seconds * 10; i++) {
    if (pattern.test(screen())) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`not on the screen within ${seconds} s: ${pattern}\n${screen()}`);
}
const rest = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

mkdirSync(join(root, 'docs'), { recursive: true });
try {
  await until(/quit/, 30);
  await rest(12);
  pty.write('s');
  await until(/saturated/, 40);
  await rest(14);
  writeFileSync(join(root, 'docs/incident.svg'), draw(terminal));
  pty.write('r');
  await until(/MTTR|recovered/i, 60);
  await rest(4);
  writeFileSync(join(root, 'docs/recovered.svg'), draw(terminal));
} finally {
  pty.write('q');
  await Promise.race([ended, rest(10)]);
}
process.exit(0);
