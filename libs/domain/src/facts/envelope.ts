import type { Instant } from '../time/calendar';
import type { FactData, FactType } from './catalogue';

export type ActorKind = 'agent' | 'customer' | 'system' | 'integration';

export interface Actor {
  readonly kind: ActorKind;
  readonly id: string;
}

/**
 * One fact as the domain sees it (`domain.md §1`, event envelope). `data` has the shape of the
 * catalogue's codec: instants inside it stay RFC 3339 strings, money stays integer minor units.
 */
export interface FactOf<T extends FactType> {
  /** UUID, unique over the whole log. */
  readonly eventId: string;
  readonly type: T;
  readonly schemaVersion: number;
  readonly streamId: string;
  /** When it happened (valid time). */
  readonly occurredAt: Instant;
  /** When it was appended (known time). */
  readonly recordedAt: Instant;
  /** Provenance: with `id` it identifies the fact at its source and breaks ties of `occurredAt`. */
  readonly source: string;
  readonly id: string;
  /** Party ids the fact is about, 1..8; empty only for facts of the policy and of campaigns. */
  readonly subjects: ReadonlyArray<string>;
  readonly actor: Actor;
  readonly channel?: string;
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly commandId?: string;
  readonly data: FactData[T];
}

/** Any fact of the catalogue, discriminated by `type`. */
export type Fact = { [T in FactType]: FactOf<T> }[FactType];

/**
 * The order in which facts fold (`domain.md §1`): by when they happened, ties by a key of their own
 * content (source, then id), never by arrival. Strings compare by UTF-16 code unit.
 */
export const compareFacts = (
  a: Pick<Fact, 'occurredAt' | 'source' | 'id'>,
  b: Pick<Fact, 'occurredAt' | 'source' | 'id'>,
): number =>
  a.occurredAt - b.occurredAt ||
  (a.source < b.source ? -1 : a.source > b.source ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
