import { type CheckedClaim, type Difference, type HeldFile, type PublicKey, toBase64 } from '@afecto/audit';
import { count } from '../terminal/numbers';
import type { Finding } from './verify-finding';

/** What an auditor brings along. */
export interface Held {
  readonly checkpoints: ReadonlyArray<HeldFile>;
  readonly keys: ReadonlyArray<PublicKey>;
}

/** For machines: what `verify` says of the log itself. */
export interface LogReport {
  readonly findings: ReadonlyArray<Finding>;
  readonly log: {
    readonly events: number;
    /** Base64. */
    readonly root: string;
    /** The first event that differs; null: none does. */
    readonly first: Difference | null;
    /** Of a store that holds a part of a log: whose, and how many of its events are proved to be in the log. */
    readonly part?: { readonly members: ReadonlyArray<string>; readonly of: number; readonly proved: number };
  } | null;
  readonly checkpoints: ReadonlyArray<object>;
}

/** Which event, as a person counts: from 1. */
export const named = ({ index, last, eventId, position, explanation }: Difference): string => {
  if (last !== null && last !== index)
    return `the first event that differs is among events ${count(index + 1)} to ${count(last + 1)}: they ${explanation}`;
  const which = eventId === null ? '' : ` (${eventId}${position === null ? '' : ` at position ${position}`})`;
  return `the first event that differs is number ${count(index + 1)}${which}: it ${explanation}`;
};

/** A checkpoint and what became of it, for machines. */
export const reported = ({ source, signed, keyId, mistrust, verdict }: CheckedClaim): object => ({
  ...(source.kind === 'log' ? { eventId: source.eventId, position: source.position } : { file: source.file }),
  ...(signed === null
    ? {}
    : {
        size: signed.checkpoint.size,
        root: toBase64(signed.checkpoint.root),
        at: new Date(signed.checkpoint.at).toISOString(),
      }),
  keyId,
  verdict,
  ...(mistrust === null ? {} : { mistrust }),
});
