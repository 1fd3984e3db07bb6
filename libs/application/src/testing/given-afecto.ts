import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS, type Instant, isFactType, toIso } from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { type Afecto, openAfecto } from '../system/open';
import { besideLog, type Settings } from '../system/settings';

/** Day 0 of test histories. */
export const START: Instant = Date.parse('2026-01-01T00:00:00.000Z');
export const onDay = (days: number): Instant => START + Math.round(days * DAY_MS);

export const right = <L, A>(either: E.Either<L, A>): A => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left));
  return either.right;
};

export const OPERATOR = {
  kind: 'agent',
  id: 'ada',
  roles: ['supervisor', 'revenue_officer', 'relationship_manager', 'analyst'],
} as const;

/** How many facts a log holds: notifications come into it by themselves. */
export const factsIn = async (store: EventStore): Promise<number> => {
  let facts = 0;
  for await (const page of store.readAll()) facts += page.filter(({ type }) => isFactType(type)).length;
  return facts;
};

let made = 0;

/** A CloudEvent of a test history, `days` after `START`. */
export const cloudEvent = (type: string, days: number, subject: string, data: object, id?: string): object => ({
  specversion: '1.0',
  id: id ?? `e${String(++made).padStart(6, '0')}`,
  source: 'test',
  type,
  time: toIso(onDay(days)),
  subject,
  data,
});

export const order = (orderId: string, days: number, partyId: string, netMinor = 10_000): object =>
  cloudEvent('OrderPlaced', days, partyId, {
    orderId,
    partyId,
    channel: 'web',
    lines: [{ sku: 'sku-1', productLine: 'books', qty: 1, listMinor: netMinor, netMinor }],
    totalNetMinor: netMinor,
    currency: 'GBP',
  });

export interface GivenAfecto {
  readonly settings: Settings;
  /** Moves the clock to a day after `START`. */
  readonly clock: (days: number) => void;
  readonly open: () => Promise<Afecto>;
  readonly accept: (afecto: Afecto, events: ReadonlyArray<object>) => Promise<void>;
  readonly remove: () => void;
}

/** A store in a folder of its own with a clock that the test moves. */
export const givenAfecto = (days: number): GivenAfecto => {
  const folder = mkdtempSync(join(tmpdir(), 'afecto-application-'));
  const eventStore = `sqlite:${join(folder, 'afecto.db')}`;
  let now = onDay(days);
  const settings: Settings = {
    eventStore,
    readModels: besideLog(eventStore, 'read-models'),
    quarantine: besideLog(eventStore, 'quarantine'),
    now: () => now,
  };
  return {
    settings,
    clock: (later) => {
      now = onDay(later);
    },
    open: async () => right(await openAfecto(settings)),
    accept: async (afecto, events) => {
      const result = right(await afecto.intake.accept(events));
      if (result.rejected.length > 0) throw new Error(JSON.stringify(result.rejected));
      await afecto.projections.waitFor(result.position, 10_000);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
