import {
  type CustomerHistory,
  type CustomerState,
  DAY_MS,
  eventIdOf,
  type Fact,
  type FactData,
  type FactOf,
  type FactType,
  foldCustomer,
  globalFactTypes,
  type Instant,
  linksOf,
  membersOf,
  policyAt,
  type ReferredOrder,
  regimeOf,
  streamOf,
  subjectsOf,
  toIso,
} from '@afecto/domain';
import type { ReadModels } from '@afecto/read-models';
import { build } from '../engine/build';
import { inMemory, logOf, NOW, right } from '../engine/testing/given-log';
import {
  dayOf,
  DEFAULT_WINDOW_DAYS,
  type Figures,
  type FiguresQuestion,
  type PartyView,
  type Past,
} from '../figures/definition';

/** The instant so many days (with a fraction) before the end of every test history. */
export const daysAgo = (days: number): Instant => NOW - Math.round(days * DAY_MS);
export const isoDaysAgo = (days: number): string => toIso(daysAgo(days));

let made = 0;

/** A fact of a test history, so many days before its end; its subjects are the parties that the payload names. */
export const said = <T extends FactType>(
  type: T,
  ago: number,
  data: FactData[T],
  subject?: string,
): FactOf<T> & { readonly type: T } => {
  made += 1;
  const id = `f${String(made).padStart(8, '0')}`;
  return {
    eventId: eventIdOf('test', id),
    type,
    schemaVersion: 1,
    streamId: streamOf(type, data, id),
    occurredAt: daysAgo(ago),
    recordedAt: daysAgo(ago),
    source: 'test',
    id,
    subjects: right(subjectsOf(type, data, subject)),
    actor: { kind: 'system', id: 'test' },
    data,
  };
};

/** An order of one line, in minor units of the reporting currency; a cost makes its contribution exact. */
export const ordered = (
  partyId: string,
  ago: number,
  orderId: string,
  {
    netMinor = 10_000,
    costMinor,
    ...rest
  }: { readonly netMinor?: number; readonly costMinor?: number } & Partial<FactData['OrderPlaced']> = {},
): FactOf<'OrderPlaced'> => {
  const cost = costMinor === undefined ? {} : { costMinor };
  return said('OrderPlaced', ago, {
    orderId,
    partyId,
    channel: 'web',
    lines: [{ sku: 'sku', productLine: 'books', qty: 1, listMinor: netMinor, netMinor, ...cost }],
    totalNetMinor: netMinor,
    currency: 'GBP',
    appliedPreferenceIds: [],
    ...rest,
  });
};

/** An answered call about service, inbound, one a party and instant. */
export const contacted = (
  partyId: string,
  ago: number,
  rest: Partial<FactData['InteractionRecorded']> = {},
): FactOf<'InteractionRecorded'> =>
  said('InteractionRecorded', ago, {
    interactionId: `i-${partyId}-${ago}`,
    partyId,
    direction: 'inbound',
    channel: 'phone',
    purpose: 'service',
    topicCode: 'billing',
    startedAt: isoDaysAgo(ago),
    outcome: 'answered',
    reAskedFields: [],
    links: {},
    ...rest,
  });

/** A review in which who earns 1 000 minor units and more is gold. */
export const reviewed = (ago: number): FactOf<'PortfolioReviewed'> =>
  said('PortfolioReviewed', ago, {
    asOf: isoDaysAgo(ago),
    baseSize: 20,
    rfmCuts: { r: null, f: null, m: null },
    tierCuts: { platinum: null, gold: { cm365Minor: 1_000, longevityDays: 0, partyId: 'a' } },
    heavyCut: null,
    medianIpiDays: null,
    segmentStats: [],
  });

export interface GivenCustomers {
  readonly readModels: ReadModels;
  /** What the figures are at the end of the history, over a window that ends so many days before it. */
  readonly figures: (
    figures: Figures,
    window?: { readonly from?: number; readonly to?: number },
  ) => ReturnType<Figures['read']>;
  /** The question that they answer. */
  readonly question: (window?: { readonly from?: number; readonly to?: number }) => FiguresQuestion;
  readonly customer: (partyId: string) => CustomerState;
  /** What that state was folded from. */
  readonly past: (partyId: string) => Past;
  readonly view: (view: PartyView, partyId: string) => ReturnType<PartyView['read']>;
}

/** The facts of several parties in read models of their own, built as a log is built, as of `NOW`. */
export const givenCustomers = async (facts: ReadonlyArray<Fact>): Promise<GivenCustomers> => {
  const readModels = inMemory();
  await build(await logOf(facts), readModels, { now: NOW });
  const regime = regimeOf(facts.filter(({ type }) => globalFactTypes.has(type)));
  const links = linksOf(facts, NOW);
  const policy = policyAt(regime, NOW);
  const historyOf = (partyId: string): CustomerHistory => {
    const members = membersOf(links, partyId);
    const referredOrders = facts.flatMap((fact): ReadonlyArray<ReferredOrder> =>
      fact.type === 'OrderPlaced'
        ? [{ referredId: fact.data.partyId, orderId: fact.data.orderId, at: fact.occurredAt }]
        : [],
    );
    const own = facts.filter(({ subjects }) => subjects.some((subject) => members.includes(subject)));
    return { partyId: members[0] ?? partyId, members, facts: own, referredOrders };
  };
  const customer = (partyId: string): CustomerState => {
    const { fold, standing } = foldCustomer(historyOf(partyId), regime, NOW);
    return { evidence: fold.evidence, standing, policy, asOf: NOW };
  };
  const past = (partyId: string): Past => ({ history: historyOf(partyId), regime });
  const question: GivenCustomers['question'] = ({ from, to = 0 } = {}) => {
    const until = dayOf(daysAgo(to), policy);
    const first = from === undefined ? until - DEFAULT_WINDOW_DAYS + 1 : dayOf(daysAgo(from), policy);
    return { readModels, policy, regime, asOf: NOW, days: { from: first, to: until } };
  };
  return {
    readModels,
    figures: ({ read }, window) => read(question(window)),
    question,
    customer,
    past,
    view: ({ read }, partyId) => read(customer(partyId), readModels, async () => past(partyId)),
  };
};
