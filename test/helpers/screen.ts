import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import xterm from '@xterm/headless';
import { render } from 'ink';
import type { ReactElement } from 'react';

/** An Ink element on a real terminal emulator: what a person would see, cell by cell. */

export interface EmulatedScreen {
  /** The lines of the screen, blanks at their ends included. */
  lines(): string[];
  /** The screen as text, blanks at line ends left out. */
  text(): string;
  type(input: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Resolves when what was drawn so far is on the screen. */
  settle(): Promise<void>;
  bytes(): number;
  /** Redraw as the console asks for it. */
  clear(): void;
  close(): void;
}

class FakeInput extends EventEmitter {
  isTTY = true;
  private queue: string[] = [];
  read = (): string | null => this.queue.shift() ?? null;
  write(text: string): void {
    this.queue.push(text);
    this.emit('readable');
  }
  setEncoding(): void {}
  setRawMode(): void {}
  ref(): void {}
  unref(): void {}
  resume(): void {}
  pause(): void {}
}

class FakeOutput extends EventEmitter {
  isTTY = true;
  written = 0;
  constructor(
    private readonly terminal: xterm.Terminal,
    public columns: number,
    public rows: number,
  ) {
    super();
  }
  write(chunk: string, done?: unknown): boolean {
    this.written += Buffer.byteLength(chunk);
    this.terminal.write(chunk, typeof done === 'function' ? (done as () => void) : undefined);
    return true;
  }
}

/** Turns of the event loop after which nothing that a key began is under way any more. */
const TURNS = 12;

/** Draws an element as the console does (alternate screen, incremental), on a terminal of this size. */
export async function openScreen(
  element: ReactElement,
  columns: number,
  rows: number,
): Promise<EmulatedScreen> {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  const stdout = new FakeOutput(terminal, columns, rows);
  const stdin = new FakeInput();
  const instance = render(element, {
    stdout: stdout as unknown as NodeJS.WriteStream,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stderr: stdout as unknown as NodeJS.WriteStream,
    alternateScreen: true,
    incrementalRendering: true,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  const settle = async () => {
    // Keys, store and React work in turns of the event loop; Ink then says when it has drawn what came of them.
    for (let turn = 0; turn < TURNS; turn++) await setImmediate();
    await instance.waitUntilRenderFlush();
    await new Promise<void>((resolve) => terminal.write('', resolve));
  };
  const lines = () =>
    Array.from({ length: terminal.rows }, (_, row) => {
      const line = terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row);
      return line?.translateToString(false, 0, terminal.cols) ?? '';
    });
  await settle();
  return {
    lines,
    text: () =>
      lines()
        .map((line) => line.trimEnd())
        .join('\n'),
    async type(input) {
      stdin.write(input);
      await settle();
    },
    async resize(nextColumns, nextRows) {
      terminal.resize(nextColumns, nextRows);
      stdout.columns = nextColumns;
      stdout.rows = nextRows;
      stdout.emit('resize');
      await settle();
    },
    settle,
    bytes: () => stdout.written,
    clear: () => instance.clear(),
    close() {
      instance.unmount();
      terminal.dispose();
    },
  };
}

/** A vertical border on every line of every box, and boxes closed: the complaints, empty when all is well. */
export function brokenBorders(lines: readonly string[]): string[] {
  const out: string[] = [];
  const open = new Map<number, number>();
  lines.forEach((line, row) => {
    const cells = [...line];
    for (const [column, started] of open)
      if (!'│╰╯'.includes(cells[column] ?? ''))
        out.push(`row ${row}: no border in column ${column} (box of row ${started})`);
    cells.forEach((cell, column) => {
      if (cell === '╭' || cell === '╮') open.set(column, row);
      if (cell === '╰' || cell === '╯') {
        if (!open.has(column)) out.push(`row ${row}: a corner in column ${column} closes nothing`);
        open.delete(column);
      }
    });
  });
  for (const [column, started] of open)
    out.push(`the box of row ${started} in column ${column} is never closed`);
  return out;
}
