import {
  type CommandActor,
  type Configuration,
  decodeCloudEvent,
  factForbidden,
  type Instant,
  latestOccurrence,
  type NewFact,
  toIso,
} from '@afecto/domain';
import * as E from 'fp-ts/Either';
import { COMMAND_SOURCE } from '../commands/executor';
import type { Rejection } from './quarantine';

/** What facts are judged by, that they do not say themselves. */
export interface Bench {
  readonly now: Instant;
  /** In force now. */
  readonly configuration: Configuration;
  readonly sender: CommandActor;
}

/** Clocks of sources differ: a fact may be dated a little ahead (`domain.md §15`, 5 minutes by default). */
const tooEarly = ({ occurredAt }: NewFact, bench: Bench): Rejection | null => {
  const latest = latestOccurrence(bench);
  if (occurredAt <= latest) return null;
  const message = `must not be later than ${toIso(latest)}; got ${toIso(occurredAt)}`;
  return { code: 'OccurredInFuture', errors: [{ path: '/time', message }] };
};

/** The shape of a fact as it came, and when it says that it happened; never a business rule. */
export const judged = (event: unknown, bench: Bench): E.Either<Rejection, NewFact> => {
  const decoded = decodeCloudEvent(event);
  if (E.isLeft(decoded)) return E.left({ code: 'ValidationFailed', errors: decoded.left });
  const early = tooEarly(decoded.right, bench);
  return early === null ? decoded : E.left(early);
};

/**
 * Why a sender may not tell this fact: telling it takes the permission of its command, and under our own
 * source, whose ids our own facts have, only the system tells anything new. Null: it may.
 */
export const forbidden = (fact: NewFact, { sender, configuration }: Bench): Rejection | null => {
  const refused = factForbidden(fact.type, { actor: sender, configuration });
  if (refused !== null) return { code: 'Forbidden', errors: [{ path: '/type', message: refused.message }] };
  if (fact.source !== COMMAND_SOURCE || sender.kind === 'system') return null;
  const message = `${COMMAND_SOURCE} is what this service decides itself; a new fact of it needs the role system`;
  return { code: 'Forbidden', errors: [{ path: '/source', message }] };
};
