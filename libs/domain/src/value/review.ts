import type { FactData } from '../facts/catalogue';
import type { Configuration, SegmentDefinition } from '../policy/configuration';
import { toIso, type Instant } from '../time/calendar';
import { bySpend, heavyPrefix, type Spender } from './heavy-users';
import { compareRank, placesOf, type RankKey } from './pyramid';
import type { ReviewRow } from './review-row';
import { cutPoints } from './rfm';
import { segmentTable } from './segments';

type PortfolioReviewed = FactData['PortfolioReviewed'];

/** Kept gaps below which a cadence is mostly the default and says nothing about the portfolio. */
const steadyGaps = 2;

const ascending = (values: ReadonlyArray<number>): Float64Array => Float64Array.from(values).sort();

const medianOf = (values: ReadonlyArray<number>): number | null => {
  if (values.length === 0) return null;
  const sorted = ascending(values);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
  return (lower + upper) / 2;
};

const heavyCutOf = (spenders: Spender[], heavyShare: number): PortfolioReviewed['heavyCut'] => {
  spenders.sort(bySpend);
  const prefix = heavyPrefix(
    Float64Array.from(spenders, ({ spend365Minor }) => spend365Minor),
    heavyShare,
  );
  const last = spenders[prefix - 1];
  return last === undefined ? null : { m365Minor: last.spend365Minor, partyId: last.partyId };
};

/**
 * The portfolio review of a population: what one customer's judgements need to know about all the
 * others, frozen (`domain.md §1` cross-customer numbers, §6.1, §6.3, §6.5). The order of the rows does
 * not matter. Rows are read once; memory is two small records a customer.
 */
export const composeReview = (
  rows: Iterable<ReviewRow>,
  asOf: Instant,
  configuration: Configuration,
  segments: ReadonlyArray<SegmentDefinition> = configuration.segments,
): PortfolioReviewed => {
  const recencies: number[] = [];
  const frequencies: number[] = [];
  const spenders: Spender[] = [];
  const base: RankKey[] = [];
  const cadences: number[] = [];
  const table = segmentTable(segments);
  for (const row of rows) {
    if (row.excluded) continue;
    table.add(row);
    if (row.recencyDays === null) continue;
    recencies.push(row.recencyDays);
    frequencies.push(row.frequency365);
    spenders.push({ partyId: row.partyId, spend365Minor: row.spend365Minor });
    if (row.ipiDays !== null && row.keptGaps >= steadyGaps) cadences.push(row.ipiDays);
    if (row.inBase) base.push({ cm365Minor: row.cm365Minor, longevityDays: row.longevityDays, partyId: row.partyId });
  }
  base.sort(compareRank);
  const { platinumShare, goldShare } = configuration.value.tiers;
  return {
    asOf: toIso(asOf),
    baseSize: base.length,
    rfmCuts: {
      r: cutPoints(ascending(recencies)),
      f: cutPoints(ascending(frequencies)),
      m: cutPoints(ascending(spenders.map(({ spend365Minor }) => spend365Minor))),
    },
    tierCuts: {
      platinum: base[placesOf(platinumShare, base.length) - 1] ?? null,
      gold: base[placesOf(goldShare, base.length) - 1] ?? null,
    },
    heavyCut: heavyCutOf(spenders, configuration.value.heavyShare),
    medianIpiDays: medianOf(cadences),
    segmentStats: table.rows(),
  };
};
