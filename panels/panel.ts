import type { FaultlineState } from '../source/store/state.js';
import type { Tone } from '../source/terminal/theme.js';

/** A run of text with one meaning. Text may come from outside: it is sanitised where lines are fitted. */
export interface Span {
  readonly text: string;
  readonly tone?: Tone;
}

/** One line of the screen. */
export type Line = readonly Span[];

/** The room a panel has, and how a person looks at it. */
export interface View {
  /** Columns and rows inside the frame. */
  readonly width: number;
  readonly height: number;
  /** Opened alone: everything it knows may be shown. */
  readonly alone: boolean;
  /** Rows are shown only when they contain this text; empty for all. */
  readonly filter: string;
  /** Row under the cursor (first line of the view for text), or null where the panel starts by itself. */
  readonly cursor: number | null;
  /** Service that `r` restarts; the services panel marks it. */
  readonly restartTarget: string | null;
  /** A person has switched latent risks off. */
  readonly risksHidden?: boolean;
  /** How the logs are read: the line that was found, whether only such lines are shown, lines that came meanwhile. */
  readonly logs?: {
    readonly match: number | null;
    readonly only: boolean;
    /** Null while the panel follows. */
    readonly newer: number | null;
  };
}

/** What a panel shows. Only lines in view are asked for. */
export interface Content {
  /** Small text at the right end of the title. */
  readonly right?: string;
  /** Lines that stay while the rest scrolls. */
  readonly head?: readonly Line[];
  /** Lines that stay below the rest. */
  readonly foot?: readonly Line[];
  readonly count: number;
  line(index: number): Line;
  /** Where it stands until a person moves: the first row, or the last. */
  readonly from?: 'start' | 'end';
  /** The cursor marks a row; otherwise it scrolls the text. */
  readonly selectable?: boolean;
}

export type PanelId =
  | 'symptoms'
  | 'finding'
  | 'services'
  | 'dns'
  | 'matrix'
  | 'inside'
  | 'swarm'
  | 'sockets'
  | 'conntrack'
  | 'probes'
  | 'timeline'
  | 'logs'
  | 'recovery'
  | 'risks'
  | 'alerts';

/** One panel: a name, a key, and a pure function from state to lines. */
export interface Panel {
  readonly id: PanelId;
  readonly key: string;
  readonly title: string;
  readonly filterable: boolean;
  content(state: FaultlineState, view: View): Content;
}

/** A span. */
export const span = (text: string, tone?: Tone): Span => (tone ? { text, tone } : { text });

/** Content of ready-made lines. */
export function lines(all: readonly Line[], extra: Omit<Content, 'count' | 'line'> = {}): Content {
  return { count: all.length, line: (index) => all[index] ?? [], ...extra };
}
