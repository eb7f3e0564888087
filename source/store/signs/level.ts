/** How a figure is judged wherever it is drawn. `unknown` is neither healthy nor sick. */
export type Level = 'critical' | 'warning' | 'notice' | 'unknown' | 'ok';

/** A level, and the word that stands beside its symbol. */
export interface Judged {
  readonly level: Level;
  readonly word: string;
}

/** True for what is drawn as sick: while anything is, nobody says that all is well. A notice is worth a look, no more. */
export const isGrave = (level: Level): level is 'critical' | 'warning' =>
  level === 'critical' || level === 'warning';
