import {
  advance,
  type ContactPermission,
  contactPermission,
  type CustomerFold,
  type Fact,
  factFromStored,
  hasRole,
  type IdentifierHolder,
  type Instant,
  isFactType,
  isRemote,
  itemIdOf,
  latestNotice,
  type Knowledge,
  membersOf,
  mergeOf,
  type Needs,
  NEVER,
  noKnowledge,
  openObligations,
  type OfferReceiver,
  orderPointsOf,
  type PartyKnowledge,
  policyAt,
  type PricedOffer,
  rootOf,
  settlementOf,
  workItemStream,
} from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import { foldFromFacts, ledgerSource, type ProjectionEngine } from '@afecto/projections';
import type { ReadModels } from '@afecto/read-models';
import { factsIn } from './facts-in';
import type { OpenWork } from './open-work';

/** Answers what a command must know beyond its stream; `about` are further parties found in its facts. */
export type KnowledgeLoader = (needs: Needs, about: ReadonlyArray<string>, at: Instant) => Promise<Knowledge>;

export interface KnowledgeSources {
  readonly engine: ProjectionEngine;
  readonly readModels: ReadModels;
  readonly openWork: OpenWork;
  readonly store: EventStore;
  /** Ids of the keys that a party has or had. */
  readonly keyIdsOf: (partyId: string) => ReadonlyArray<string>;
  /** Resolves when the projections contain everything that is in the log now. */
  readonly upToDate: () => Promise<void>;
}

export const createKnowledge = ({
  engine,
  readModels,
  openWork,
  store,
  keyIdsOf,
  upToDate,
}: KnowledgeSources): KnowledgeLoader => {
  const foldOf = (partyId: string): Promise<CustomerFold | null> => engine.foldOf(rootOf(engine.world.links, partyId));

  const isHeld = (partyIds: ReadonlyArray<string>, at: Instant): boolean => {
    const { legalHolds } = policyAt(engine.world.regime, at).configuration.privacy;
    return partyIds.some((partyId) => legalHolds.includes(partyId));
  };

  const partyKnowledge = async (partyId: string, at: Instant): Promise<PartyKnowledge> => {
    const { links } = engine.world;
    const fold = await foldOf(partyId);
    if (fold === null) return { status: 'unknown' };
    const { person } = fold.evidence;
    const root = rootOf(links, partyId);
    const members = membersOf(links, root);
    const legalHold = isHeld(members, at);
    const absorbed =
      root === partyId ? null : { rootId: root, link: mergeOf(engine.world.linkFacts, partyId, at), legalHold };
    if (person.erasedAt !== null || person.erasedMembers.has(partyId))
      return { status: 'erased', legalHold, ...absorbed };
    return absorbed === null
      ? { status: 'live', kind: person.kind, legalHold, members }
      : { status: 'absorbed', kind: person.kind, ...absorbed };
  };

  const partiesOf = async (partyIds: Iterable<string>, at: Instant): Promise<Map<string, PartyKnowledge>> => {
    const parties = new Map<string, PartyKnowledge>();
    for (const partyId of partyIds)
      for (const id of [partyId, rootOf(engine.world.links, partyId)])
        if (!parties.has(id)) parties.set(id, await partyKnowledge(id, at));
    return parties;
  };

  const holdersOf = async (
    identifiers: Needs['identifiers'],
    at: Instant,
  ): Promise<ReadonlyArray<IdentifierHolder>> => {
    const holders: IdentifierHolder[] = [];
    for (const { scheme, value } of identifiers)
      for (const { partyId, verified } of await readModels.ownersOf(scheme, value)) {
        const root = rootOf(engine.world.links, partyId);
        const known = await partyKnowledge(root, at);
        if (known.status === 'live') holders.push({ scheme, value, partyId: root, verified });
      }
    return holders;
  };

  const remoteContactAt = async ({
    partyId,
    category,
    before,
  }: NonNullable<Needs['remoteContact']>): Promise<Instant | null> => {
    const fold = await foldOf(partyId);
    let latest: Instant | null = null;
    const see = (at: Instant | null, channel: string | null): void => {
      if (at !== null && channel !== null && isRemote(channel) && at <= before && (latest === null || at > latest))
        latest = at;
    };
    for (const request of fold?.evidence.requests.values() ?? [])
      if (request.category === category) see(request.openedAt, request.channel);
    for (const { at, channel, direction, topicCode } of fold?.evidence.interactions ?? [])
      if (direction === 'inbound' && topicCode === category) see(at, channel);
    return latest;
  };

  /** As it stood at an instant: what happened since permits and forbids nothing that took place then. */
  const foldAt = async (partyId: string, at: Instant): Promise<CustomerFold | null> => {
    const fold = await foldOf(partyId);
    if (fold === null || fold.evidence.lastFactAt <= at) return fold;
    const { world } = engine;
    const source = ledgerSource(readModels, store);
    return (await foldFromFacts(rootOf(world.links, partyId), world, source, { until: at }))?.fold ?? null;
  };

  const contactOf = async (question: NonNullable<Needs['contact']>): Promise<ContactPermission | null> => {
    const { partyId, purpose, channel, at, overrides = null } = question;
    const fold = await foldAt(partyId, at);
    if (fold === null) return null;
    return contactPermission(fold.evidence, purpose, policyAt(engine.world.regime, at), at, channel, overrides);
  };

  /** Since a merge an item has another id, and no row under that of before: who claimed it then said whose it is. */
  const partyOfItem = async (itemId: string): Promise<string | null> => {
    const row = await readModels.item(itemId);
    if (row !== null) return row.partyId;
    const { facts } = await factsIn(store, workItemStream(itemId));
    return facts.find((fact) => fact.type === 'WorkItemClaimed')?.data.partyId ?? null;
  };

  const workItemOf = async (itemId: string, at: Instant): Promise<Knowledge['workItem']> => {
    const partyId = await partyOfItem(itemId);
    const fold = partyId === null ? null : await foldOf(partyId);
    if (fold === null) return null;
    const { standing } = advance(fold, engine.world.regime, Math.max(at, engine.at.horizon));
    const members = [...fold.evidence.members];
    const item =
      standing.items.find((candidate) => candidate.itemId === itemId) ??
      standing.items.find(({ queue, triggerKey }) =>
        members.some((member) => itemIdOf(queue, member, triggerKey) === itemId),
      );
    return item === undefined ? null : { partyId: fold.evidence.partyId, item };
  };

  const eventsOf = async (eventIds: ReadonlyArray<string>): Promise<Map<string, Fact>> => {
    const events = new Map<string, Fact>();
    for (const eventId of eventIds) {
      const event = await store.findById(eventId);
      if (event !== null && isFactType(event.type)) events.set(eventId, factFromStored(event));
    }
    return events;
  };

  const customersAmong = async (partyIds: ReadonlyArray<string>, at: Instant): Promise<ReadonlySet<string>> => {
    const customers = new Set<string>();
    for (const partyId of partyIds)
      if (((await foldAt(partyId, at))?.evidence.orderDays.length ?? 0) > 0) customers.add(partyId);
    return customers;
  };

  const noticeStands = async (partyId: string, at: Instant): Promise<boolean> => {
    const fold = await foldAt(partyId, at);
    return fold !== null && latestNotice(fold.evidence, at) !== null;
  };

  const promiseDueAt = async (
    promiseId: string,
    partyIds: ReadonlyArray<string>,
    at: Instant,
  ): Promise<Instant | null> => {
    for (const partyId of partyIds) {
      const evidence = (await foldOf(partyId))?.evidence;
      const promise = evidence?.promises.get(promiseId);
      if (evidence !== undefined && promise !== undefined)
        return settlementOf(promise, evidence, policyAt(engine.world.regime, at).configuration).dueAt;
    }
    return null;
  };

  const reportingCurrencyAt = (at: Instant): string | null => {
    const { version, tenant } = policyAt(engine.world.regime, at).configuration;
    return version > 0 ? tenant.reportingCurrency : null;
  };

  /** Of the time from an instant on: who enrols as of an earlier day is no second member of what began since. */
  const membershipsOf = async (
    { partyId, until }: NonNullable<Needs['membershipsOf']>,
    at: Instant,
  ): Promise<Knowledge['activeMemberships']> => {
    const fold = await foldOf(partyId);
    if (fold === null) return [];
    return [...fold.evidence.memberships.values()].flatMap(({ membershipId, programId, enrolledAt, validTo }) =>
      programId !== null && enrolledAt !== null && enrolledAt < until && at < (validTo ?? NEVER)
        ? [{ membershipId, programId }]
        : [],
    );
  };

  const offersBetween = async (
    { evidence: { offers } }: CustomerFold,
    from: Instant,
    until: Instant,
  ): Promise<ReadonlyArray<PricedOffer>> => {
    const standing = [...offers.values()].flatMap(({ eventId, madeAt, validUntil }) =>
      eventId !== null && madeAt !== null && validUntil !== null && madeAt < until && from < validUntil
        ? [{ eventId, madeAt, validUntil }]
        : [],
    );
    // Prices and goods are no part of the fold: few offers stand at one time, and the log has them.
    const facts = await eventsOf(standing.map(({ eventId }) => eventId));
    return standing.flatMap(({ eventId, madeAt, validUntil }) => {
      const fact = facts.get(eventId);
      if (fact?.type !== 'OfferMade') return [];
      const { offerId, skus, netMinor } = fact.data;
      return [{ offerId, skus, netMinor, madeAt, validUntil }];
    });
  };

  const receiverOf = async ({ partyId, at, until }: NonNullable<Needs['offerTo']>): Promise<OfferReceiver | null> => {
    const fold = await foldOf(partyId);
    if (fold === null) return null;
    const { evidence } = fold;
    const { standing } = advance(fold, engine.world.regime, Math.max(at, engine.at.horizon));
    const openEnquiryIds = [...evidence.enquiries.values()]
      .filter(({ receivedAt, closedAt }) => receivedAt !== null && receivedAt <= at && closedAt === null)
      .map(({ enquiryId }) => enquiryId);
    return {
      outsideBase: (['competitor', 'employee'] as const).filter((role) => hasRole(evidence, role, at)),
      openEnquiryIds,
      dissatisfactionItemIds: standing.items
        .filter(({ queue, state }) => queue === 'Q1' && state !== 'closed')
        .map(({ itemId }) => itemId),
      offers: await offersBetween(fold, at, until),
    };
  };

  const erasureOf = async (partyId: string, at: Instant): Promise<Knowledge['erasure']> => {
    const fold = await foldOf(partyId);
    if (fold === null) return null;
    const members = membersOf(engine.world.links, partyId);
    const { erasedMembers } = fold.evidence.person;
    return {
      members: members
        .filter((member) => !erasedMembers.has(member))
        .map((member) => ({ partyId: member, keyIds: keyIdsOf(member) })),
      legalHold: isHeld(members, at),
      openObligations: openObligations(fold.evidence, policyAt(engine.world.regime, at).configuration),
    };
  };

  const payersOf = async (
    orderIds: ReadonlyArray<string>,
    partyIds: ReadonlyArray<string>,
  ): Promise<ReadonlyMap<string, string>> => {
    const payers = new Map<string, string>();
    for (const partyId of orderIds.length === 0 ? [] : partyIds) {
      const fold = await foldOf(partyId);
      for (const orderId of orderIds) {
        const order = fold?.evidence.orders.get(orderId);
        if (order?.payer) payers.set(orderId, rootOf(engine.world.links, partyId));
      }
    }
    return payers;
  };

  const orderPointsOfAll = async (partyIds: ReadonlyArray<string>): Promise<Knowledge['orderPoints']> => {
    const movements: Knowledge['orderPoints'][number][] = [];
    for (const partyId of partyIds) {
      const fold = await foldOf(partyId);
      if (fold !== null) movements.push(...orderPointsOf(fold.evidence));
    }
    return movements;
  };

  return async (needs, about, at) => {
    await upToDate();
    const workItem = needs.workItemId === null ? null : await workItemOf(needs.workItemId, at);
    const ofItem = workItem === null ? [] : [workItem.partyId];
    const asked = [...needs.parties, ...needs.possibleParties, ...needs.customers, ...ofItem, ...about];
    return {
      ...noKnowledge,
      parties: await partiesOf(asked, at),
      identifierHolders: await holdersOf(needs.identifiers, at),
      remoteContactAt: needs.remoteContact === null ? null : await remoteContactAt(needs.remoteContact),
      contact: needs.contact === null ? null : await contactOf(needs.contact),
      workItem,
      agentWip: needs.agentId === null ? 0 : await openWork.heldBy(needs.agentId, at),
      events: await eventsOf(needs.eventIds),
      customers: await customersAmong(needs.customers, at),
      reportingCurrency: reportingCurrencyAt(at),
      noticeStands: needs.noticeOf === null ? null : await noticeStands(needs.noticeOf, at),
      promiseDueAt: needs.promiseId === null ? null : await promiseDueAt(needs.promiseId, about, at),
      activeMemberships: needs.membershipsOf === null ? [] : await membershipsOf(needs.membershipsOf, at),
      offerTo: needs.offerTo === null ? null : await receiverOf(needs.offerTo),
      orderPayers: await payersOf(needs.orderIds, about),
      orderPoints: needs.orderPoints ? await orderPointsOfAll(about) : [],
      erasure: needs.erasureOf === null ? null : await erasureOf(needs.erasureOf, at),
      segmentStats: needs.segmentStats ? (policyAt(engine.world.regime, at).review?.segmentStats ?? []) : [],
    };
  };
};
