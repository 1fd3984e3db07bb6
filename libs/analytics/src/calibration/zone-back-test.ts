import { DAY_MS, type Instant, type OrderDay, toIso, type Zone, type ZonePeriod } from '@afecto/domain';
import { clusteredRate, type Rate } from './clustered-rate';

/** From the most to the least likely to stay, and last what nobody knows yet. */
const ZONES: ReadonlyArray<Zone> = ['affection', 'indifference', 'defection', 'unclassified'];

export interface BackTestTerms {
  /** The end of what is known. */
  readonly end: Instant;
  /** Days after an instant within which a customer is to buy again, > 0. */
  readonly withinDays: number;
  /** Days between the instants of the grid, > 0. */
  readonly everyDays: number;
}

/** The zone in force at an instant; null before the first. */
export const zoneAt = (history: ReadonlyArray<ZonePeriod>, at: Instant): Zone | null =>
  history.findLast(({ from, to }) => from <= at && (to === null || at < to))?.zone ?? null;

export interface ZoneRow {
  readonly zone: Zone;
  /** Null: nobody was ever seen in it. */
  readonly repurchase: Rate | null;
}

/** The same among customers who had ordered on as many days by then: frequent buyers buy again in any zone. */
export interface ZoneStratum {
  readonly fromOrderDays: number;
  /** Null: and more. */
  readonly toOrderDays: number | null;
  readonly zones: ReadonlyArray<ZoneRow>;
}

/** Order days by the instant from which the strata begin. */
const STRATA: ReadonlyArray<number> = [1, 2, 4, 7];

export interface ZoneBackTest {
  readonly withinDays: number;
  readonly everyDays: number;
  readonly from: string | null;
  readonly to: string;
  readonly instants: number;
  readonly zones: ReadonlyArray<ZoneRow>;
  readonly strata: ReadonlyArray<ZoneStratum>;
  readonly all: Rate | null;
}

/** Rates by zone, over customers. */
const zoneRates = () => {
  const rates = new Map(ZONES.map((zone) => [zone, clusteredRate()]));
  return {
    add: (ofCustomer: ReadonlyMap<Zone, Seen>): void => {
      for (const [zone, seen] of ofCustomer) rates.get(zone)?.add(seen);
    },
    rows: (): ReadonlyArray<ZoneRow> => ZONES.map((zone) => ({ zone, repurchase: rates.get(zone)?.rate() ?? null })),
  };
};

interface Seen {
  readonly observations: number;
  readonly hits: number;
}

const counted = (seen: Map<Zone, Seen>, zone: Zone, bought: boolean): void => {
  const { observations, hits } = seen.get(zone) ?? { observations: 0, hits: 0 };
  seen.set(zone, { observations: observations + 1, hits: hits + (bought ? 1 : 0) });
};

/**
 * Back-test of the zones: in which zone a customer was at each instant of a grid, and whether an order
 * followed within `withinDays`. The zone is that of the history, decided from what had happened by
 * then. The last instant lies `withinDays` before the end, so that every answer is known. Memory: a
 * few numbers a zone.
 */
export const zoneBackTest = ({ end, withinDays, everyDays }: BackTestTerms) => {
  const last = end - withinDays * DAY_MS;
  const ofZone = zoneRates();
  const ofStratum = STRATA.map(zoneRates);
  const all = clusteredRate();
  let earliest = Infinity;
  return {
    /** Takes a customer: its zones, and its order days ascending, as known at the end. */
    add: (history: ReadonlyArray<ZonePeriod>, days: ReadonlyArray<Pick<OrderDay, 'lastAt'>>): void => {
      const first = days[0];
      if (first === undefined) return;
      const seen = new Map<Zone, Seen>();
      const seenInStratum = STRATA.map(() => new Map<Zone, Seen>());
      let before = days.length;
      for (let at = last; at >= first.lastAt; at -= everyDays * DAY_MS) {
        while ((days[before - 1]?.lastAt ?? -Infinity) > at) before -= 1;
        const next = days[before]?.lastAt ?? Infinity;
        const zone = zoneAt(history, at);
        if (zone === null) continue;
        earliest = Math.min(earliest, at);
        const bought = next <= at + withinDays * DAY_MS;
        const stratum = seenInStratum[STRATA.findLastIndex((from) => from <= before)];
        if (stratum !== undefined) counted(stratum, zone, bought);
        counted(seen, zone, bought);
      }
      ofZone.add(seen);
      for (const [index, rates] of ofStratum.entries()) rates.add(seenInStratum[index] ?? new Map());
      let [observations, hits] = [0, 0];
      for (const ofOne of seen.values()) {
        observations += ofOne.observations;
        hits += ofOne.hits;
      }
      all.add({ observations, hits });
    },
    result: (): ZoneBackTest => ({
      withinDays,
      everyDays,
      from: earliest === Infinity ? null : toIso(earliest),
      to: toIso(last),
      instants: earliest === Infinity ? 0 : Math.round((last - earliest) / (everyDays * DAY_MS)) + 1,
      zones: ofZone.rows(),
      strata: STRATA.map((fromOrderDays, index) => {
        const next = STRATA[index + 1];
        return {
          fromOrderDays,
          toOrderDays: next === undefined ? null : next - 1,
          zones: ofStratum[index]?.rows() ?? [],
        };
      }),
      all: all.rate(),
    }),
  };
};
