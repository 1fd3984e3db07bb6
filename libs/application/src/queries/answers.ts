import {
  calendarOf,
  compareFacts,
  consentNeededFor,
  type ContactRefusal,
  type IdentifierScheme,
  type CustomerState,
  type Instant,
  membersOf,
  NEVER,
  normaliseIdentifier,
  type Phase,
  policyAt,
  rootOf,
} from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import {
  DEFAULT_WINDOW_DAYS,
  type Figures,
  type FiguresQuestion,
  foldFromFacts,
  historyOf,
  type JsonObject,
  ledgerSource,
  loyaltyOf,
  type LoyaltyView,
  type Model,
  placedFact,
  type PlacedFact,
  channelOf,
  purposeOf,
  countGroups,
  grouped,
  type PartyView,
  type Profile360,
  profileOf,
  readOnce,
  reportOf,
  type ProjectionEngine,
  type TimelineEntry,
  timelineEntryOf,
  type World,
  zoneHistoryOf,
  type ZonePeriodView,
} from '@afecto/projections';
import { type CustomerFilter, type CustomerRow, type ReadModels, searchOf, soughtText } from '@afecto/read-models';
import type { OpenWork } from '../commands/open-work';
import { decodeCursor, encodeCursor } from './cursor';
import { aboutCustomers, pastFigures } from './past-figures';
import { customersAt } from './population';
import { presentStanding } from './present-standing';
import { createProvenance, type Provenance } from './provenance';
import { createQueueAnswers, type QueueAnswers } from './queue-answers';
import { dayAsked, type Window } from './window';

/** The instants of a question; each defaults to the clock's now. */
export interface When {
  /** What had happened by then. */
  readonly asOf?: Instant;
  /** What we had been told by then. */
  readonly knownAt?: Instant;
}

export interface TimelineQuestion extends When {
  readonly channel?: string;
  readonly type?: string;
  readonly purpose?: string;
  /** The customer was in this phase of the lifecycle when it happened. */
  readonly phase?: Phase;
  readonly from?: Instant;
  readonly to?: Instant;
  readonly limit: number;
  /** Cursor of the page before. */
  readonly after?: string;
}

export interface Page<A> {
  readonly items: ReadonlyArray<A>;
  /** Cursor of the next page; null at the end. */
  readonly next: string | null;
}

export type GroupBy = 'zone' | 'quadrant' | 'tier' | 'phase' | 'extreme';

export interface GroupCount {
  readonly group: Readonly<Record<string, string | null>>;
  readonly count: number;
  /** Fraction of all customers counted. */
  readonly share: number;
}

/** Questions about customers. Null: nothing is known of that party by then. */
export interface Answers extends QueueAnswers {
  /** Whether answers about everybody of that instant are folded from the log: rows are of the horizon, which follows the clock. */
  readonly isFolded: (asOf: Instant) => boolean;
  /** What `view` makes of a customer, at once: what it is given is folded further as soon as it has returned. */
  readonly seen: <A>(
    partyId: string,
    when: When,
    view: (customer: CustomerState) => A,
  ) => Promise<{ readonly view: A; readonly asOf: Instant } | null>;
  readonly profile: (partyId: string, when?: When) => Promise<Profile360 | null>;
  readonly loyalty: (partyId: string, when?: When) => Promise<LoyaltyView | null>;
  readonly zoneHistory: (partyId: string, when?: When) => Promise<ReadonlyArray<ZonePeriodView> | null>;
  readonly timeline: (partyId: string, question: TimelineQuestion) => Promise<Page<TimelineEntry> | null>;
  readonly parties: (
    filter: CustomerFilter,
    page: { readonly limit: number; readonly after?: string },
    when?: Pick<When, 'asOf'>,
  ) => Promise<Page<CustomerRow>>;
  readonly zones: (groupBy: ReadonlyArray<GroupBy>, when?: Pick<When, 'asOf'>) => Promise<ReadonlyArray<GroupCount>>;
  /** Figures about all customers (`figures` of the projections), over days of the tenant; default the last 365. */
  readonly figures: (figures: Figures, window?: Window) => Promise<JsonObject>;
  /** A framework of `domain.md §12`, each step with the figures that fulfil it. */
  readonly report: (model: Model, window?: Window) => Promise<JsonObject>;
  readonly view: (
    view: PartyView,
    partyId: string,
    when?: When,
  ) => Promise<{ readonly view: JsonObject; readonly asOf: Instant } | null>;
  /** Where each field of a profile comes from. */
  readonly provenance: Provenance;
  /** Root parties that hold this identifier; the value is normalised first. */
  readonly byIdentifier: (scheme: IdentifierScheme, value: string) => Promise<ReadonlyArray<string>>;
}

export interface AnswersOptions {
  readonly engine: ProjectionEngine;
  readonly readModels: ReadModels;
  readonly store: EventStore;
  readonly openWork: OpenWork;
  readonly now: () => Instant;
}

const NO_LIMIT = Number.MAX_SAFE_INTEGER;

export const createAnswers = ({ engine, readModels, store, openWork, now }: AnswersOptions): Answers => {
  const source = ledgerSource(readModels, store);
  const standingOf = presentStanding();
  const worldAt = ({ asOf, knownAt }: When): World =>
    asOf === undefined && knownAt === undefined ? engine.world : engine.world.asOf(asOf ?? now(), knownAt ?? NO_LIMIT);

  const seen: Answers['seen'] = async (partyId, when, view) => {
    const asOf = when.asOf ?? now();
    const world = worldAt(when);
    const root = rootOf(world.links, partyId);
    if (when.asOf === undefined && when.knownAt === undefined) {
      const fold = await engine.foldOf(root);
      if (fold === null) return null;
      // From here to what `view` gives there is no await: the fold is the engine's, which goes on with it.
      const at = Math.max(asOf, engine.at.horizon);
      const { regime } = engine.world;
      const { standing } = standingOf(fold, regime, at);
      return { asOf: at, view: view({ evidence: fold.evidence, standing, policy: policyAt(regime, at), asOf: at }) };
    }
    const limits = when.knownAt === undefined ? { until: asOf } : { until: asOf, knownAt: when.knownAt };
    const folded = await foldFromFacts(root, world, source, limits);
    if (folded === null) return null;
    const { fold, standing } = folded;
    return { asOf, view: view({ evidence: fold.evidence, standing, policy: policyAt(world.regime, asOf), asOf }) };
  };

  const of =
    <A>(view: (customer: CustomerState) => A) =>
    async (partyId: string, when: When = {}): Promise<A | null> =>
      (await seen(partyId, when, view))?.view ?? null;

  /** What is before the rows, or after the clock, is folded. */
  const past = (asOf: Instant | undefined): asOf is Instant =>
    asOf !== undefined && (asOf < engine.at.horizon || asOf > Math.max(now(), engine.at.horizon));
  const population = (asOf: Instant) => customersAt(readModels, store, engine.world.asOf(asOf, NO_LIMIT), asOf);

  /** Folding the past takes long, and reads little but what never changes again. */
  const ofOneMoment = <A>(asOf: Instant | undefined, read: () => Promise<A>): Promise<A> =>
    past(asOf) ? read() : engine.atOnce(read);

  const parties: Answers['parties'] = async (filter, page, when = {}) => {
    const after = page.after === undefined ? undefined : String(decodeCursor(page.after)[0]);
    const rows: CustomerRow[] = [];
    if (past(when.asOf)) {
      const text = filter.text === undefined ? undefined : soughtText(filter.text);
      for await (const { row } of population(when.asOf)) {
        if (after !== undefined && row.partyId <= after) continue;
        if (filter.zone !== undefined && row.zone !== filter.zone) continue;
        if (filter.tier !== undefined && row.tier !== filter.tier) continue;
        if (filter.phase !== undefined && row.phase !== filter.phase) continue;
        if (text !== undefined && !searchOf(row).includes(text)) continue;
        rows.push(row);
        if (rows.length > page.limit) break;
      }
    } else {
      rows.push(
        ...(await readModels.customers(filter, { limit: page.limit + 1, ...(after === undefined ? {} : { after }) })),
      );
    }
    const items = rows.slice(0, page.limit);
    const last = items.at(-1);
    return { items, next: rows.length > page.limit && last !== undefined ? encodeCursor([last.partyId]) : null };
  };

  const zones: Answers['zones'] = async (groupBy, when = {}) => {
    let counted: ReadonlyArray<Omit<GroupCount, 'share'>>;
    if (past(when.asOf)) {
      const places: (readonly [Readonly<Record<string, string | null>>, number])[] = [];
      for await (const { row } of population(when.asOf))
        places.push([Object.fromEntries(groupBy.map((column) => [column, row[column]])), 1]);
      counted = grouped(places, groupBy);
    } else counted = await countGroups(readModels, groupBy);
    const total = counted.reduce((sum, { count }) => sum + count, 0);
    return counted.map((entry) => ({ ...entry, share: total === 0 ? 0 : entry.count / total }));
  };

  const queues = createQueueAnswers({ engine, readModels, openWork, now, isPast: past, population });
  const question = ({ from, to }: Window = {}): FiguresQuestion => {
    const asOf = Math.max(now(), engine.at.horizon);
    const { regime } = engine.world;
    const policy = policyAt(regime, asOf);
    const { dayNumber } = calendarOf(policy.configuration.tenant.timeZone);
    const until = dayAsked(to ?? asOf, dayNumber);
    const first = from === undefined ? until - DEFAULT_WINDOW_DAYS + 1 : dayAsked(from, dayNumber);
    const days = { from: first, to: until };
    return { readModels: readOnce(readModels), policy, regime, asOf, days };
  };

  /** Whether anything had happened by then of what was known by then. */
  const isKnown = async (members: ReadonlyArray<string>, asOf: Instant, knownAt: Instant): Promise<boolean> => {
    const places = await readModels.factsOf(members, asOf);
    const events = await store.eventsAt(places.map(({ position }) => position));
    return events.some((event) => (placedFact(event)?.fact.recordedAt ?? NEVER) <= knownAt);
  };

  /** The contacts among these facts that were not permitted, and why. Only those that a permission can concern are asked for. */
  const violationsAmong = async (
    facts: ReadonlyArray<PlacedFact>,
    partyId: string,
    when: When,
  ): Promise<ReadonlyMap<string, ContactRefusal>> => {
    if (!facts.some(({ fact }) => fact.type === 'InteractionRecorded' && consentNeededFor(fact.data) !== null))
      return new Map();
    const found = await seen(partyId, when, ({ evidence }) => [...evidence.policyViolations]);
    return new Map((found?.view ?? []).map(({ eventId, reason }) => [eventId, reason]));
  };

  return {
    isFolded: past,
    seen,
    profile: of(profileOf),
    loyalty: of(loyaltyOf),
    zoneHistory: of(zoneHistoryOf),
    timeline: async (partyId, { limit, after, asOf, knownAt = NEVER, from, to, channel, type, purpose, phase }) => {
      const when = { ...(asOf === undefined ? {} : { asOf }), ...(knownAt === NEVER ? {} : { knownAt }) };
      const world = worldAt(when);
      const members = membersOf(world.links, rootOf(world.links, partyId));
      if ((await readModels.countFacts(members)) === 0) return null;
      const [at, eventSource, id] = after === undefined ? [NO_LIMIT, '', ''] : decodeCursor(after);
      const cursor = { occurredAt: Number(at), source: String(eventSource), id: String(id) };
      const last = Math.min(to ?? NO_LIMIT, asOf ?? now(), cursor.occurredAt);
      const phases =
        phase === undefined
          ? []
          : ((await seen(partyId, when, (state) => state.standing.lifecycle.history))?.view ?? []);
      const isWanted = ({ fact }: PlacedFact): boolean =>
        (after === undefined || compareFacts(fact, cursor) < 0) &&
        fact.recordedAt <= knownAt &&
        (type === undefined || fact.type === type) &&
        (channel === undefined || channelOf(fact) === channel) &&
        (purpose === undefined || purposeOf(fact) === purpose) &&
        (phase === undefined || phases.findLast((period) => period.from <= fact.occurredAt)?.phase === phase);
      // Facts of one instant are ordered by source and id: more are looked at until the last instant is whole.
      for (let size = limit + 1; ; size *= 2) {
        const places = await readModels.newestFacts(members, { from: from ?? -NO_LIMIT, to: last, limit: size });
        const complete = places.length < size;
        const oldest = places.at(-1)?.occurredAt;
        const entries = (await store.eventsAt(places.map(({ position }) => position)))
          .map(placedFact)
          .flatMap((entry) => (entry !== null && isWanted(entry) ? [entry] : []))
          .filter((entry) => complete || entry.fact.occurredAt !== oldest)
          .sort((a, b) => compareFacts(b.fact, a.fact));
        if (!complete && entries.length < limit) continue;
        const items = entries.slice(0, limit);
        const shown = items.at(-1)?.fact;
        const more = entries.length > limit || !complete;
        if (items.length === 0 && after === undefined && !(await isKnown(members, asOf ?? now(), knownAt))) return null;
        const violations = await violationsAmong(items, partyId, {
          ...(asOf === undefined ? {} : { asOf }),
          ...(knownAt === NEVER ? {} : { knownAt }),
        });
        return {
          items: items.map((item) => timelineEntryOf(item, violations)),
          next: more && shown !== undefined ? encodeCursor([shown.occurredAt, shown.source, shown.id]) : null,
        };
      }
    },
    parties,
    zones,
    queueKpis: (when) => ofOneMoment(when?.asOf, () => queues.queueKpis(when)),
    queue: (queue, asked) => ofOneMoment(asked.asOf, () => queues.queue(queue, asked)),
    figures: ({ read }, window) => engine.atOnce(() => read(question(window))),
    report: (model, window) => engine.atOnce(() => reportOf(model, question(window))),
    view: async ({ read }, partyId, when = {}) => {
      const isPast = when.asOf !== undefined || when.knownAt !== undefined;
      const past = (until: Instant) => async () => {
        const world = worldAt(when);
        const root = rootOf(world.links, partyId);
        const limits = when.knownAt === undefined ? {} : { knownAt: when.knownAt };
        const history = await historyOf(root, world, source, { until, ...limits });
        return {
          history: history ?? { partyId: root, members: [root], facts: [], referredOrders: [] },
          regime: world.regime,
        };
      };
      const stateThen = of((customer) => customer);
      const found = await seen(partyId, when, (customer) => {
        const asked = isPast
          ? pastFigures(readModels, source, (other) => stateThen(other, when), customer.asOf, when.knownAt)
          : readModels;
        return read(customer, aboutCustomers(asked, worldAt(when).links), past(customer.asOf));
      });
      return found === null ? null : { view: await found.view, asOf: found.asOf };
    },
    provenance: createProvenance(readModels, store),
    byIdentifier: async (scheme, value) => {
      const owners = await readModels.ownersOf(scheme, normaliseIdentifier({ scheme, value }).value);
      return [...new Set(owners.map(({ partyId }) => rootOf(engine.world.links, partyId)))].sort();
    },
  };
};
