import type { Instant } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import type { TreeFile } from '../tree/tree-file';
import { originOf, readCheckpoint, signCheckpoint, type SignedCheckpoint } from './checkpoint';
import type { SigningKey } from './keys';
import type { BelievedCheckpoint } from './kept-checkpoints';

/** Nothing is signed that contradicts what was signed before. */
export interface ContradictsItself {
  readonly code: 'ContradictsCheckpoint';
  readonly message: string;
}

/** Why the tree cannot be what the newest checkpoint in the log says of it; null when it can. */
export const contradiction = (tree: TreeFile, last: BelievedCheckpoint | null): string | null => {
  if (last === null) return null;
  const { size, root, at } = last.signed.checkpoint;
  const said = `the checkpoint of ${new Date(at).toISOString()} in the log (event ${last.eventId})`;
  if (size > tree.size) return `${said} speaks of ${size} events, and there are ${tree.size}`;
  return tree.root(size) === root ? null : `the first ${size} events are not those of ${said}`;
};

/**
 * A signed checkpoint of the tree as it is. A log must not sign what contradicts an earlier checkpoint
 * (C2SP tlog-checkpoint), so the newest one that is kept is compared first: one of the same key,
 * because what others have written there is no word of this log's.
 */
export const takeCheckpoint = (
  tree: TreeFile,
  last: BelievedCheckpoint | null,
  key: SigningKey,
  at: Instant,
): E.Either<ContradictsItself, SignedCheckpoint> => {
  const wrong = contradiction(tree, last);
  if (wrong !== null)
    return E.left({ code: 'ContradictsCheckpoint', message: `no checkpoint was signed: ${wrong}; see: afecto verify` });
  const { size, position } = tree;
  const note = signCheckpoint({ origin: originOf(tree.origin), size, root: tree.root(), at, position }, key);
  const signed = readCheckpoint(note);
  if (E.isLeft(signed)) throw new Error(`A checkpoint of our own ${signed.left.message}`);
  return signed;
};
