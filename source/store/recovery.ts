/** What the answers to a recovery check have to be. */
export type Expectation =
  /** A status of success (RFC 9110, section 15.3). */
  | { readonly kind: 'success' }
  /** And JSON in which a field says this; `word` is looked for in any case. */
  | { readonly kind: 'says'; readonly field: string; readonly word: string }
  /** And JSON that is a list, or holds one under its name. */
  | { readonly kind: 'list'; readonly of: string }
  /** A record with a text of its own in this field is written with POST, and stands in the list afterwards. */
  | { readonly kind: 'read back'; readonly field: string; readonly of: string };

/** One step of a recovery verification as data: whom to ask, and what to expect. */
export interface RecoveryCheck {
  /** `GET /todos`. */
  readonly name: string;
  readonly url: string;
  readonly expect: Expectation;
}

/** How a system shows that it is well again. */
export interface Recovery {
  readonly checks: readonly RecoveryCheck[];
  /** What a customer would ask for, by the name that its probe has: rated and timed once the checks have passed. */
  readonly customer?: { readonly name: string; readonly url: string };
}
