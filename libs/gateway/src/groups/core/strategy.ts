import type { ResolvedRecord } from '../../log/wire-log';
import { BUCKETS, bucketOf, correlationOf, sourceStreamOf, spreadBuckets } from './pinning';

/** What a strategy knows of a consumer. */
export interface Candidate {
  readonly id: string;
  /** False: as many messages are in flight as it asked for. */
  readonly hasSlot: () => boolean;
}

/** Picks who gets the next message. */
export interface Strategy {
  /** Called whenever a consumer has come or gone. */
  readonly consumersChanged: (consumers: ReadonlyArray<Candidate>) => void;
  /** Null: nobody takes this message now. */
  readonly choose: (record: ResolvedRecord) => Candidate | null;
  /** True: when nobody takes a message, a later one may still go to somebody. */
  readonly skipsOver: boolean;
}

export const STRATEGIES = ['RoundRobin', 'DispatchToSingle', 'Pinned', 'PinnedByCorrelation'] as const;
export type StrategyName = (typeof STRATEGIES)[number];

/** Starts at `from` and goes once around. */
const firstWithSlot = (consumers: ReadonlyArray<Candidate>, from: number): number => {
  for (let step = 0; step < consumers.length; step += 1) {
    const index = (from + step) % consumers.length;
    if (consumers[index]?.hasSlot() === true) return index;
  }
  return -1;
};

/** `advance`: how far beyond the chosen consumer the next search begins. */
const inTurn = (advance: 0 | 1): Strategy => {
  let consumers: ReadonlyArray<Candidate> = [];
  let next = 0;
  return {
    skipsOver: false,
    consumersChanged: (now) => {
      // The turn follows the consumer and not the index, or a disconnect would hand it to another.
      const nextId = consumers[next % Math.max(1, consumers.length)]?.id;
      consumers = now;
      next = Math.max(
        0,
        now.findIndex(({ id }) => id === nextId),
      );
    },
    choose: () => {
      const index = firstWithSlot(consumers, next);
      if (index < 0) return null;
      next = index + advance;
      return consumers[index] ?? null;
    },
  };
};

const pinned = (pinnedBy: (record: ResolvedRecord) => string): Strategy => {
  let owners: ReadonlyArray<string | null> = Array.from({ length: BUCKETS }, () => null);
  let consumers = new Map<string, Candidate>();
  return {
    skipsOver: true,
    consumersChanged: (now) => {
      consumers = new Map(now.map((consumer) => [consumer.id, consumer]));
      owners = spreadBuckets(
        owners,
        now.map(({ id }) => id),
      );
    },
    choose: (record) => {
      const owner = consumers.get(owners[bucketOf(pinnedBy(record))] ?? '');
      return owner?.hasSlot() === true ? owner : null;
    },
  };
};

/** The four strategies (`eventstoredb-protocol` 3.6, "Strategies"). */
export const strategyNamed = (name: StrategyName): Strategy => {
  switch (name) {
    case 'RoundRobin':
      return inTurn(1);
    case 'DispatchToSingle':
      return inTurn(0);
    case 'Pinned':
      return pinned(sourceStreamOf);
    case 'PinnedByCorrelation':
      return pinned(correlationOf);
  }
};
