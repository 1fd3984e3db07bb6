import {
  activeBonds,
  activeMemberships,
  activeRoles,
  completeness,
  type CustomerState,
  fitOf,
  type Instant,
  isOpenComplaint,
  isReceived,
  settlementOf,
  type WorkItem,
} from '@afecto/domain';
import { type Criteria, criteriaOf } from '../criteria/criteria';
import { isoOrNull } from '../iso';
import { type LifecycleView, lifecycleOf } from '../lifecycle/lifecycle';
import { loyaltySummaryOf, type LoyaltySummaryView } from '../loyalty/loyalty';
import { type ItemView, itemViewOf } from '../queues/item-view';
import { type ValueProfile, valueOf } from '../value/value';

/** Contacts shown in the profile; the timeline has all. */
const LAST_CONTACTS = 5;

/** PR02: everything about one customer that any channel needs (`domain.md §16`). */
export interface Profile360 {
  readonly partyId: string;
  /** The parties that are this customer, the root first. */
  readonly members: ReadonlyArray<string>;
  readonly erased: boolean;
  readonly facts: number;
  readonly lastFactAt: string | null;
  readonly identity: {
    readonly kind: string | null;
    readonly displayName: string | null;
    readonly birthYear: number | null;
    readonly locale: string | null;
    readonly timeZone: string | null;
    readonly registeredAt: string | null;
    readonly identifiers: ReadonlyArray<{
      readonly scheme: string;
      readonly value: string;
      readonly verified: boolean;
      readonly preferred: boolean;
      readonly valid: boolean;
    }>;
  };
  readonly completeness: ReturnType<typeof completeness>;
  readonly roles: ReadonlyArray<{
    readonly role: string;
    readonly counterpartyId: string | null;
    readonly validTo: string | null;
  }>;
  readonly preferences: ReadonlyArray<{
    readonly preferenceId: string;
    readonly kind: string;
    readonly key: string;
    readonly value: string;
    readonly origin: string;
    readonly horizon: string;
  }>;
  readonly consents: ReadonlyArray<{
    readonly purpose: string;
    readonly channel: string;
    readonly granted: boolean;
    readonly at: string | null;
  }>;
  readonly memberships: ReadonlyArray<{ readonly membershipId: string; readonly programId: string | null }>;
  readonly bonds: ReadonlyArray<{ readonly bondType: string; readonly automatic: boolean }>;
  readonly lifecycle: LifecycleView;
  readonly criteria: Criteria;
  readonly fit: number | null;
  readonly value: ValueProfile;
  readonly loyalty: LoyaltySummaryView;
  /** Open and claimed items, the most urgent first. */
  readonly openItems: ReadonlyArray<ItemView>;
  /** The first visible item that can be worked on now; null when there is nothing to do. */
  readonly nextBestAction: ItemView | null;
  readonly openComplaints: ReadonlyArray<{
    readonly complaintId: string;
    readonly severity: number;
    readonly receivedAt: string | null;
  }>;
  readonly openRequests: ReadonlyArray<{ readonly requestId: string; readonly openedAt: string | null }>;
  readonly openPromises: ReadonlyArray<{
    readonly promiseId: string;
    readonly dueAt: string | null;
    readonly overdue: boolean;
  }>;
  readonly lastContacts: ReadonlyArray<{
    readonly interactionId: string;
    readonly at: string | null;
    readonly direction: string;
    readonly channel: string;
    readonly purpose: string;
    readonly outcome: string;
    readonly agentId: string | null;
  }>;
}

interface OpenItem {
  readonly item: WorkItem;
  readonly view: ItemView;
}

const openItemsOf = ({ evidence, standing, policy, asOf }: CustomerState): ReadonlyArray<OpenItem> =>
  standing.items
    .filter(({ state }) => state !== 'closed')
    .map((item) => ({ item, view: itemViewOf(evidence.partyId, item, policy.configuration, asOf) }))
    .sort(
      (a, b) =>
        b.view.priority - a.view.priority || a.item.dueAt - b.item.dueAt || (a.item.itemId < b.item.itemId ? -1 : 1),
    );

/** The first item that is visible and can be worked on now (`domain.md §4.6`); null when there is nothing to do. */
const firstActionable = (openItems: ReadonlyArray<OpenItem>, asOf: Instant): ItemView | null =>
  openItems.find(({ item }) => item.visibility === 'visible' && Math.max(item.notBefore, item.enteredAt) <= asOf)
    ?.view ?? null;

export const nextBestActionOf = (state: CustomerState): ItemView | null =>
  firstActionable(openItemsOf(state), state.asOf);

export const profileOf = (state: CustomerState): Profile360 => {
  const { evidence, policy, asOf } = state;
  const { person } = evidence;
  const openItems = openItemsOf(state);
  const open = <A>(entries: Iterable<A>, isOpen: (entry: A) => boolean): A[] => [...entries].filter(isOpen);
  return {
    partyId: evidence.partyId,
    members: [evidence.partyId, ...[...evidence.members].filter((member) => member !== evidence.partyId).sort()],
    erased: person.erasedAt !== null,
    facts: evidence.factCount,
    lastFactAt: isoOrNull(evidence.lastFactAt),
    identity: {
      kind: person.kind,
      // Empty: given once and erased since.
      displayName: person.displayName || null,
      birthYear: person.birthYear || null,
      locale: person.locale,
      timeZone: person.timeZone,
      registeredAt: isoOrNull(person.registeredAt),
      identifiers: person.identifiers.map(({ scheme, value, verified, preferred, valid }) => ({
        scheme,
        value,
        verified,
        preferred,
        valid,
      })),
    },
    completeness: completeness(evidence, policy, asOf),
    roles: activeRoles(evidence, asOf).map(({ role, counterpartyId, validTo }) => ({
      role,
      counterpartyId,
      validTo: isoOrNull(validTo),
    })),
    preferences: person.preferences.map(({ preferenceId, kind, key, value, origin, horizon }) => ({
      preferenceId,
      kind,
      key,
      value,
      origin,
      horizon,
    })),
    consents: person.consents.map(({ purpose, channel, granted, at }) => ({
      purpose,
      channel,
      granted,
      at: isoOrNull(at),
    })),
    memberships: activeMemberships(evidence, asOf).map(({ membershipId, programId }) => ({ membershipId, programId })),
    bonds: activeBonds(evidence, policy, asOf).map(({ bondType, automatic }) => ({ bondType, automatic })),
    lifecycle: lifecycleOf(state),
    criteria: criteriaOf(evidence, policy, asOf),
    fit: fitOf(evidence, policy, asOf),
    value: valueOf(state),
    loyalty: loyaltySummaryOf(state),
    openItems: openItems.map(({ view }) => view),
    nextBestAction: firstActionable(openItems, asOf),
    openComplaints: open(
      evidence.complaints.values(),
      (complaint) => isReceived(complaint) && isOpenComplaint(complaint, policy.configuration),
    ).map(({ complaintId, severity, receivedAt }) => ({ complaintId, severity, receivedAt: isoOrNull(receivedAt) })),
    openRequests: open(
      evidence.requests.values(),
      ({ openedAt, resolvedAt }) => openedAt !== null && resolvedAt === null,
    ).map(({ requestId, openedAt }) => ({ requestId, openedAt: isoOrNull(openedAt) })),
    openPromises: open(evidence.promises.values(), ({ madeAt }) => madeAt !== null).flatMap((promise) => {
      const { dueAt, settledAt } = settlementOf(promise, evidence, policy.configuration);
      if (settledAt !== null) return [];
      return [{ promiseId: promise.promiseId, dueAt: isoOrNull(dueAt), overdue: dueAt <= asOf }];
    }),
    lastContacts: evidence.interactions
      .slice(-LAST_CONTACTS)
      .reverse()
      .map(({ interactionId, at, direction, channel, purpose, outcome, agentId }) => ({
        interactionId,
        at: isoOrNull(at),
        direction,
        channel,
        purpose,
        outcome,
        agentId,
      })),
  };
};
