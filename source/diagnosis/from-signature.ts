import { rivalOf } from './facts/rivals.js';
import type { Mode } from './mode.js';
import { ANYWHERE } from './places.js';
import type { Signature } from './signature.js';

/** A mode of a signature that judges the whole history at once and has not been taken apart by place yet. */
export const fromSignature = (signature: Signature): Mode => ({
  ...signature,
  called: rivalOf(signature.id)?.title ?? signature.id,
  scope: 'host',
  inputs: [],
  minSamples: 1,
  base: 0,
  thresholds: {},
  rivals: [],
  clears: (history) => rivalOf(signature.id)?.clear(history),
  detect(history) {
    const said = signature.assess(history);
    if (!said) return [];
    const { reaches, seenAt, idle, inherent } = said.reach ?? {};
    return [
      {
        ...said,
        subject: { kind: 'host', id: signature.id },
        radius: idle ? [] : (reaches ?? [ANYWHERE]),
        seenAt: seenAt && seenAt.length > 0 ? seenAt : [ANYWHERE],
        inherent: inherent ?? false,
      },
    ];
  },
});
