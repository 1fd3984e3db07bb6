import { type CustomerState, explain, type ExplainedEvidence, type WorkItem } from '@afecto/domain';
import { nextBestActionOf, type Profile360 } from '../profile/profile';

/** An event that the rules themselves name as a reason. */
export interface Citation {
  readonly eventId: string;
  readonly as: string;
}

/** What makes a field of the profile what it is. */
export interface Rule {
  /** Of `domain.md`. */
  readonly section: string;
  readonly says: string;
  /** Members that measure the distance to the instant asked; they are no part of the field's own value. */
  readonly passing?: ReadonlyArray<string>;
  /** `key`: of the one entry of a list that is asked about; null for the whole field. */
  readonly cites?: (customer: CustomerState, key: string | null) => ReadonlyArray<Citation>;
}

/** A list: an entry is the same one as long as its key is. */
export interface ListRule<Entry> extends Rule {
  readonly key: (entry: Entry) => string;
}

type RuleFor<Value> = [Value] extends [ReadonlyArray<infer Entry>]
  ? ListRule<Entry>
  : [Value] extends [object]
    ? RulesOver<Value>
    : Rule;

/** A rule for every field: one that is missing does not compile, nor one too many. */
export type RulesOver<Group> = { readonly [Field in keyof Group]-?: RuleFor<Group[Field]> };

const rule = (section: string, says: string, more: Omit<Rule, 'section' | 'says'> = {}): Rule => ({
  section,
  says,
  ...more,
});
const list = <Entry>(
  section: string,
  says: string,
  key: (entry: Entry) => string,
  more: Omit<Rule, 'section' | 'says'> = {},
): ListRule<Entry> => ({ ...rule(section, says, more), key });

const itself = (entry: string): string => entry;

const familyNames: Readonly<Record<ExplainedEvidence['family'], string>> = {
  A: 'attitude',
  B: 'experience',
  C: 'behaviour',
  D: 'ties and advocacy',
};

const pointsOf = (customer: CustomerState): ReadonlyArray<Citation> =>
  explain(customer.evidence, customer.standing.loyalty, customer.policy, customer.asOf).evidence.map(
    ({ eventId, family, points, note }) => ({
      eventId,
      as: `${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(2)} points of ${familyNames[family]}: ${note}`,
    }),
  );

const zoneEntry = ({ standing }: CustomerState): ReadonlyArray<Citation> =>
  (standing.loyalty.history.at(-1)?.causedBy ?? []).map((eventId) => ({
    eventId,
    as: 'the present zone began with it',
  }));

const cited = { cites: pointsOf };
const zoneCited = { cites: (customer: CustomerState) => [...zoneEntry(customer), ...pointsOf(customer)] };

const reviewed = {
  cites: ({ standing: { value } }: CustomerState): ReadonlyArray<Citation> =>
    value.reviewed === null ? [] : [{ eventId: value.reviewed.eventId, as: 'the last review that it was part of' }],
};

const openedBy = ({
  causedBy,
  queue,
  itemId,
}: Pick<WorkItem, 'causedBy' | 'queue' | 'itemId'>): ReadonlyArray<Citation> =>
  causedBy.map((eventId) => ({ eventId, as: `it opened the ${queue} item ${itemId}` }));

/** What time alone moves in an item (`domain.md §11.5`). */
const passing = ['priority'];

const itemsCited = {
  passing,
  cites: ({ standing }: CustomerState, key: string | null): ReadonlyArray<Citation> =>
    standing.items
      .filter(({ state, itemId }) => state !== 'closed' && (key === null || itemId === key))
      .flatMap(openedBy),
};

const actionCited = {
  passing,
  cites: (customer: CustomerState): ReadonlyArray<Citation> => {
    const action = nextBestActionOf(customer);
    return action === null ? [] : openedBy(action);
  },
};

/** The rule of every field of PR02, by section of `domain.md`. */
export const profileRules: RulesOver<Profile360> = {
  partyId: rule('§3', 'the root of the parties that are one customer'),
  members: list('§3', 'the parties that merges, less separations, make one customer', itself),
  erased: rule('§17.3', 'personal data were erased'),
  facts: rule('§1', 'how many facts are about the customer'),
  lastFactAt: rule('§1', 'when the last of its facts happened'),
  identity: {
    kind: rule('§14', 'as registered: a person or an organization'),
    displayName: rule('§14', 'as registered last; of merged parties, the root speaks first'),
    birthYear: rule('§14', 'as registered last'),
    locale: rule('§14', 'as registered last'),
    timeZone: rule('§14', 'as registered last'),
    registeredAt: rule('§14', 'when the party was registered'),
    identifiers: list(
      '§3',
      'the latest statement about each identifier',
      ({ scheme, value }) => `${scheme} ${JSON.stringify(value)}`,
    ),
  },
  completeness: {
    share: rule('§16 PR02', 'filled fields of the twelve key fields'),
    filled: list('§16 PR02', 'which of the twelve key fields are filled', itself),
    missing: list('§16 PR02', 'which of the twelve key fields are not filled', itself),
  },
  roles: list('§3', 'roles in force', ({ role, counterpartyId }) => `${role} ${counterpartyId ?? ''}`),
  preferences: list('§14', 'the latest statement of each preference', ({ preferenceId }) => preferenceId),
  consents: list(
    '§17.5',
    'the latest decision for each purpose and channel',
    ({ purpose, channel }) => `${purpose} ${channel}`,
  ),
  memberships: list('§8.2', 'active memberships', ({ membershipId }) => membershipId),
  bonds: list('§8.1', 'active bonds, stated or automatic', ({ bondType }) => bondType),
  lifecycle: {
    phase: rule('§4.1', 'the first phase, from the top, whose condition holds'),
    since: rule('§4.1', 'when the phase was entered'),
    strategy: rule('§4.1', 'the strategy that the configuration attaches to the phase'),
    owner: rule('§4.1', 'the owner that the configuration attaches to the phase'),
    lostSince: rule('§4.1', 'the start of the present lost period'),
    wonBackAt: rule('§4.1', 'the order that ended the last lost period'),
    history: list('§4.1', 'the phases in order of entry', ({ from }) => from ?? ''),
  },
  criteria: {
    longevityDays: rule('§5', 'length of the union of the activity windows after each order day'),
    scope: {
      lines365: rule('§5', 'product lines with net spend above zero in the trailing 365 days'),
      lifetime: rule('§5', 'product lines with net spend above zero, ever'),
    },
    depth: {
      value: rule('§5', 'the latest share of wallet, at most 365 days old'),
      origin: rule('§5', 'whether the share of wallet was reported or estimated'),
      eventId: rule('§5', 'the report that the share of wallet rests on'),
    },
    referral: {
      nps: rule('§5', 'the latest NPS answer, at most 365 days old'),
      made: rule('§5', 'referrals made in the trailing 365 days'),
      converted: rule('§5', 'referrals converted in the trailing 365 days'),
    },
    mode: rule('§3', 'the first relationship mode whose condition holds'),
  },
  fit: rule('§6.6', 'stated needs that the configured capabilities meet, of all stated needs'),
  value: {
    cm365Minor: rule('§6.5', 'contribution margin of the trailing 365 days'),
    spend365Minor: rule('§6.1', 'net spend of the trailing 365 days'),
    frequency365: rule('§6.1', 'order days in the trailing 365 days'),
    discountShare: rule('§6.5', 'discounts of list value in the trailing 365 days'),
    consumptionClass: rule('§6.2', 'class by order days, recency ratio and share of wallet'),
    tier: rule('§6.5', 'tier by the cut-offs of the last portfolio review', reviewed),
    rfm: rule('§6.1', 'quintiles of the last portfolio review', reviewed),
    heavyUser: rule('§6.3', 'heavy users of the last portfolio review', reviewed),
    tierSince: rule('§6.5', 'when the tier was entered', reviewed),
    tierStale: rule('§6.5', 'kept from an earlier review: no order in 365 days', reviewed),
    pendingDemotion: rule('§6.5', 'a lower tier not yet confirmed by a second review', reviewed),
    orderDays: rule('§4.1', 'days with an order that is not fully reversed'),
    firstOrderAt: rule('§4.1', 'the first order'),
    lastOrderAt: rule('§4.1', 'the last order'),
    ipiDays: rule('§7.3 C', 'own cadence: the mean of the last kept gaps between order days'),
    recencyRatio: rule('§7.3 C', 'days since the last order against the own cadence'),
    regularity: rule('§13.5', 'how much the last kept gaps between order days vary against their mean'),
    nextOrderDueAt: rule('§13.5', 'the last order and the own cadence later'),
    reviewedAsOf: rule('§6.5', 'the instant of the last review that it was part of', reviewed),
    pAlive: rule('§13.1', 'by the model of buying that the last review carries', reviewed),
    expectedOrders: rule('§13.1', 'order days of the next 52 weeks by the model of the last review', reviewed),
    lifetimeValueMinor: rule(
      '§13.3',
      'expected orders, discounted, at the value and margin expected of each',
      reviewed,
    ),
  },
  loyalty: {
    zone: rule(
      '§7.4',
      'hard rules first, then cut-offs with hysteresis, gates and the speed of upward moves',
      zoneCited,
    ),
    previousZone: rule('§7.4', 'the zone before the present one', zoneCited),
    since: rule('§7.4', 'when the zone was entered', zoneCited),
    score: rule('§7.2', '50 plus the points of all evidence', cited),
    S: rule('§7.5', 'the axis of satisfaction: attitude and experience', cited),
    L: rule('§7.5', 'the axis of loyal conduct: behaviour and ties', cited),
    quadrant: rule('§7.5', 'by satisfaction and loyal conduct', cited),
    subtype: rule(
      '§7.5',
      'whether a barrier or a structural bond holds who is loyal without liking it, or habit alone',
      cited,
    ),
    extreme: rule('§7.4', 'the ends of the scale: who speaks against us, and who speaks for us or nearly does', cited),
    coverage: rule('§7.2', 'how much of the evidence is there', cited),
    confidence: rule('§7.2', 'by coverage', cited),
    heldBy: rule('§7.4', 'what holds an upward move back', zoneCited),
    rules: list('§7.4', 'hard rules that fired and gates that failed', itself, zoneCited),
    configVersion: rule('§1', 'the configuration under which loyalty is computed'),
  },
  openItems: list(
    '§11.3',
    'work items that are open, by the rules of their queues',
    ({ itemId }) => itemId,
    itemsCited,
  ),
  nextBestAction: rule('§4.6', 'the most urgent item that is visible and can be worked on now', actionCited),
  openComplaints: list('§9.3', 'complaints received and not resolved', ({ complaintId }) => complaintId),
  openRequests: list('§10.1', 'requests opened and not resolved', ({ requestId }) => requestId),
  openPromises: list('§10.9', 'promises made and not settled', ({ promiseId }) => promiseId),
  lastContacts: list('§4.2', 'the latest contacts, newest first', ({ interactionId }) => interactionId),
};
