import type { Standing, WorkItem } from '../customer/standing';
import { policyAt } from '../policy/fold-regime';
import type { Regime } from '../policy/regime';
import type { Announced, AnnouncedItem } from './announced';
import { type Notification, claimIdOf, type NotificationSubject } from './notification';

/** A customer as it was announced last. */
export interface Before {
  readonly announced: Announced;
  readonly items: ReadonlyArray<AnnouncedItem>;
  /** Claims that were told and taken back. */
  readonly takenBack: ReadonlyArray<string>;
}

export interface After {
  readonly partyId: string;
  /** Facts of the customer. */
  readonly facts: number;
  readonly announced: Announced;
  readonly standing: Standing;
}

/** Who is told, beside what the customer was and is. */
export interface Telling {
  /** Facts about policy and about who is who: they change what is decided, and are no facts of the customer. */
  readonly worldFacts: number;
  /** It was or may have been part of another customer: whatever is told of it may have been told before. */
  readonly mayBeKnown: boolean;
  /** A merge or a separation named it: everything is told, whatever was told before (`docs/services.md`). */
  readonly fromTheBeginning: boolean;
}

const PLAINLY: Telling = { worldFacts: 0, mayBeKnown: false, fromTheBeginning: false };

/** A notification before it is known what it stands for. */
type Draft = Omit<Notification, 'supersedes' | 'known' | 'again' | 'configVersion'>;
type Change = Omit<Notification, 'known' | 'again' | 'configVersion'>;

const nothing: Before = {
  announced: { zones: [], phases: [], tier: null, tiers: [], breaches: [], quadrants: [], inconsistencies: [] },
  items: [],
  takenBack: [],
};

/** Tells claims of one type apart as their ids do, without hashing. */
const placeOf = ({ key, at, cause }: NotificationSubject): string => `${key}|${at}|${cause}`;

const isSame = (before: ReadonlyArray<NotificationSubject>, after: ReadonlyArray<NotificationSubject>): boolean =>
  before.length === after.length &&
  before.every(({ key, at, cause }, index) => {
    const other = after[index];
    return other !== undefined && other.at === at && other.cause === cause && other.key === key;
  });

/**
 * What is new among the changes of one kind. Those that were announced and are not so any more are
 * superseded: each by the new one in its place, those that are left over by the last new one, and when
 * there is none by the last change that still stands, said again. When none of the kind stands,
 * `present` is said again: it always holds.
 */
const changed = (
  before: ReadonlyArray<NotificationSubject>,
  after: ReadonlyArray<Draft>,
  present: Draft | undefined,
): ReadonlyArray<Change> => {
  if (isSame(before, after)) return [];
  const was = new Set(before.map(placeOf));
  const is = new Set(after.map(placeOf));
  const fresh = after.filter((draft) => !was.has(placeOf(draft)));
  const wrong = before.filter((subject) => !is.has(placeOf(subject))).map(claimIdOf);
  if (fresh.length === 0) {
    const last = after.at(-1) ?? present;
    return wrong.length === 0 || last === undefined ? [] : [{ ...last, supersedes: wrong }];
  }
  return fresh.map((draft, index) => ({
    ...draft,
    supersedes: index === fresh.length - 1 ? wrong.slice(index) : wrong.slice(index, index + 1),
  }));
};

const zoneSubjects = (partyId: string, { zones }: Announced): ReadonlyArray<NotificationSubject> =>
  zones.flatMap(([zone, at, cause], index) =>
    // Nothing was known before, and nothing is now.
    index === 0 && zone === 'unclassified'
      ? []
      : [{ type: 'LoyaltyZoneChanged' as const, partyId, key: partyId, at, cause: `${zone}|${cause ?? ''}` }],
  );

const zoneChanges = ({ partyId, standing: { loyalty }, announced }: After): ReadonlyArray<Draft> => {
  const byInstant = new Map(loyalty.history.map((period, index) => [period.from, { period, index }]));
  return zoneSubjects(partyId, announced).flatMap((subject) => {
    const found = byInstant.get(subject.at);
    if (found === undefined) return [];
    const { zone, score, rules, causedBy } = found.period;
    const previousZone = loyalty.history[found.index - 1]?.zone ?? null;
    return [{ ...subject, data: { zone, previousZone, score, rules }, causedBy }];
  });
};

const phaseSubjects = (partyId: string, { phases }: Announced): ReadonlyArray<NotificationSubject> =>
  phases.map(([phase, at]) => ({ type: 'LifecyclePhaseChanged', partyId, key: partyId, at, cause: phase }));

const quadrantSubjects = (partyId: string, { quadrants = [] }: Announced): ReadonlyArray<NotificationSubject> =>
  quadrants.map(([quadrant, at, cause]) => ({
    type: 'LoyaltyQuadrantChanged',
    partyId,
    key: partyId,
    at,
    cause: `${quadrant ?? ''}|${cause ?? ''}`,
  }));

const quadrantChanges = ({ partyId, standing: { loyalty }, announced }: After): ReadonlyArray<Draft> =>
  quadrantSubjects(partyId, announced).map((subject, index) => ({
    ...subject,
    data: {
      quadrant: loyalty.quadrants[index]?.quadrant ?? null,
      previousQuadrant: loyalty.quadrants[index - 1]?.quadrant ?? null,
    },
    causedBy: loyalty.quadrants[index]?.causedBy ?? [],
  }));

const inconsistencySubjects = (
  partyId: string,
  { inconsistencies = [] }: Announced,
): ReadonlyArray<NotificationSubject> =>
  inconsistencies.map(({ rule, eventId, at, earlierEventId }) => ({
    type: 'ChannelInconsistencyDetected',
    partyId,
    key: eventId,
    at,
    cause: `${rule}|${earlierEventId ?? ''}`,
  }));

const inconsistencyChanges = ({ partyId, announced }: After): ReadonlyArray<Draft> =>
  inconsistencySubjects(partyId, announced).map((subject, index) => {
    const found = announced.inconsistencies?.[index];
    return {
      ...subject,
      data: {
        rule: found?.rule ?? null,
        channel: found?.channel ?? null,
        earlierChannel: found?.earlierChannel ?? null,
        about: found?.about ?? [],
      },
      causedBy: [found?.earlierEventId ?? null, subject.key].filter((eventId) => eventId !== null),
    };
  });

/** Two phases are told by a name of their own as well. */
const named = (phase: string): 'CustomerLost' | 'CustomerWonBack' | null =>
  phase === 'lost' ? 'CustomerLost' : phase === 'won_back' ? 'CustomerWonBack' : null;

const namedSubjects = (
  subjects: ReadonlyArray<NotificationSubject>,
  type: 'CustomerLost' | 'CustomerWonBack',
): ReadonlyArray<NotificationSubject> =>
  subjects.flatMap((subject) => (named(subject.cause) === type ? [{ ...subject, type }] : []));

const tierSubjects = (partyId: string, tiers: NonNullable<Announced['tiers']>): ReadonlyArray<NotificationSubject> =>
  tiers.map(([tier, at]) => ({ type: 'TierChanged', partyId, key: partyId, at, cause: tier ?? '' }));

/** What is told of these changes of the tier, the last of all. */
const tierChanges = (
  { partyId, standing: { value } }: After,
  tiers: NonNullable<Announced['tiers']>,
): ReadonlyArray<Draft> => {
  const from = value.tiers.length - tiers.length;
  return tierSubjects(partyId, tiers).map((subject, index) => ({
    ...subject,
    data: {
      tier: value.tiers[from + index]?.tier ?? null,
      previousTier: value.tiers[from + index - 1]?.tier ?? null,
    },
    causedBy: value.tiers[from + index]?.causedBy ?? [],
  }));
};

/** The tiers that were announced and those that are: where one alone was kept, its change alone is compared. */
const comparedTiers = (
  was: Announced,
  { tiers = [] }: Announced,
): Readonly<Record<'before' | 'after', NonNullable<Announced['tiers']>>> => {
  if (was.tiers !== undefined) return { before: was.tiers, after: tiers };
  const last = tiers.slice(-1);
  return { before: was.tier !== null && was.tier[1] === last[0]?.[1] ? [was.tier] : [], after: last };
};

const breachSubjects = (partyId: string, { breaches }: Announced): ReadonlyArray<NotificationSubject> =>
  breaches.map(([requestId, at]) => ({ type: 'ServiceLevelBreached', partyId, key: requestId, at, cause: 'overdue' }));

const openingOf = (partyId: string, { itemId, enteredAt }: AnnouncedItem): NotificationSubject => ({
  type: 'WorkItemOpened',
  partyId,
  key: itemId,
  at: enteredAt,
  cause: 'opened',
});

const closingOf = (
  partyId: string,
  { itemId, closedAt, closedBy, outcome }: AnnouncedItem,
): ReadonlyArray<NotificationSubject> =>
  closedAt === null
    ? []
    : [{ type: 'WorkItemClosed', partyId, key: itemId, at: closedAt, cause: `${closedBy ?? ''}|${outcome ?? ''}` }];

const openedDraft = (partyId: string, item: WorkItem): Draft => ({
  ...openingOf(partyId, item),
  data: { itemId: item.itemId, queue: item.queue, what: item.what, why: item.why, how: item.how },
  causedBy: item.causedBy,
});

const closedDrafts = (partyId: string, item: WorkItem): ReadonlyArray<Draft> =>
  closingOf(partyId, item).map((subject) => ({
    ...subject,
    data: { itemId: item.itemId, queue: item.queue, closedBy: item.closedBy, outcome: item.outcome },
    causedBy: item.closingFacts ?? [],
  }));

/**
 * That an item was told as undone, as it is kept among the claims taken back: when it opens after all, that stands
 * for it. A claim holds no blank.
 */
const undoneEntry = (itemId: string, claim: string): string => `${itemId} ${claim}`;

const undoneBefore = (takenBack: ReadonlyArray<string>, itemId: string): ReadonlyArray<string> => {
  const start = undoneEntry(itemId, '');
  return takenBack.flatMap((entry) => (entry.startsWith(start) ? [entry.slice(start.length)] : []));
};

/** One item at a time: what becomes of one says nothing about another. */
const itemChanges = (partyId: string, before: Before, items: ReadonlyArray<WorkItem>): ReadonlyArray<Change> => {
  const known = new Map(before.items.map((item) => [item.itemId, item]));
  const told: Change[] = [];
  for (const item of items) {
    const earlier = known.get(item.itemId);
    if (earlier?.enteredAt === item.enteredAt && earlier.closedAt === item.closedAt && earlier.outcome === item.outcome)
      continue;
    const [opened, closed] =
      earlier === undefined ? [[], []] : [[openingOf(partyId, earlier)], closingOf(partyId, earlier)];
    const open = openedDraft(partyId, item);
    const undone = earlier === undefined ? undoneBefore(before.takenBack, item.itemId) : [];
    const opening = changed(opened, [open], open);
    told.push(...(undone.length === 0 ? opening : opening.map((change) => ({ ...change, supersedes: undone }))));
    told.push(...changed(closed, closedDrafts(partyId, item), open));
  }
  return told;
};

const UNDONE = 'undone';

/** Items that a late fact has undone: told as closed when they opened, in the place of what was told of them. */
const undone = (partyId: string, before: Before, items: ReadonlyArray<WorkItem>): ReadonlyArray<Change> => {
  const still = new Set(items.map(({ itemId }) => itemId));
  return before.items.flatMap((item): ReadonlyArray<Change> => {
    if (still.has(item.itemId)) return [];
    const wrong = [openingOf(partyId, item), ...closingOf(partyId, item)].map((subject) => claimIdOf(subject));
    const { itemId, enteredAt } = item;
    return [
      {
        type: 'WorkItemClosed',
        partyId,
        key: itemId,
        at: enteredAt,
        cause: UNDONE,
        data: { itemId, queue: null, closedBy: UNDONE, outcome: null },
        causedBy: [],
        supersedes: wrong,
      },
    ];
  });
};

/** What is new and what is to be taken back of a customer that was announced as `was`. */
const changesSince = (was: Before, after: After): ReadonlyArray<Change> => {
  const { partyId, standing, announced } = after;
  const plain = (subject: NotificationSubject, data: Draft['data']): Draft => ({
    ...subject,
    data,
    causedBy: [],
  });
  const phasesWere = phaseSubjects(partyId, was.announced);
  const phasesAre = phaseSubjects(partyId, announced);
  const previousPhase = new Map(phasesAre.map(({ at }, index) => [at, phasesAre[index - 1]?.cause ?? null]));
  const phaseCauses = new Map(standing.lifecycle.history.map(({ from, causedBy }) => [from, causedBy]));
  const phaseDrafts = (subjects: ReadonlyArray<NotificationSubject>): ReadonlyArray<Draft> =>
    subjects.map((subject) => ({
      ...plain(subject, { phase: subject.cause, previousPhase: previousPhase.get(subject.at) ?? null }),
      causedBy: phaseCauses.get(subject.at) ?? [],
    }));
  const phases = phaseDrafts(phasesAre);
  const present = phases.at(-1);
  const tiers = comparedTiers(was.announced, announced);
  return [
    ...changed(zoneSubjects(partyId, was.announced), zoneChanges(after), present),
    ...changed(phasesWere, phases, present),
    ...(['CustomerLost', 'CustomerWonBack'] as const).flatMap((type) =>
      changed(namedSubjects(phasesWere, type), phaseDrafts(namedSubjects(phasesAre, type)), present),
    ),
    ...changed(tierSubjects(partyId, tiers.before), tierChanges(after, tiers.after), present),
    ...changed(
      breachSubjects(partyId, was.announced),
      breachSubjects(partyId, announced).map((subject) => plain(subject, { requestId: subject.key })),
      present,
    ),
    // A kind that was not told at all when `was` was announced is told from what changes next.
    ...(was.announced.quadrants === undefined
      ? []
      : changed(quadrantSubjects(partyId, was.announced), quadrantChanges(after), present)),
    ...(was.announced.inconsistencies === undefined
      ? []
      : changed(inconsistencySubjects(partyId, was.announced), inconsistencyChanges(after), present)),
    ...itemChanges(partyId, was, standing.items),
    ...undone(partyId, was, standing.items),
  ];
};

const claimsOf = (changes: ReadonlyArray<Change>): ReadonlySet<string> => new Set(changes.map(claimIdOf));

/**
 * What subscribers are told when a customer that was as `before` (null: not known) is decided to be as
 * `after`, in the order of the instants it is about (`domain.md §14.3`). The same two states give the
 * same notifications; equal states give none, unless it is told from the beginning.
 */
export const notificationsBetween = (
  before: Before | null,
  after: After,
  regime: Regime,
  { worldFacts, mayBeKnown, fromTheBeginning }: Telling = PLAINLY,
): ReadonlyArray<Notification> => {
  const was = before ?? nothing;
  const changes = changesSince(was, after);
  const told = fromTheBeginning ? claimsOf(changes) : null;
  const rest = told === null ? [] : changesSince(nothing, after).filter((change) => !told.has(claimIdOf(change)));
  return [...changes, ...rest]
    .sort((a, b) => a.at - b.at)
    .map((change) => ({
      ...change,
      // What was in force when it happened, not when it was noticed.
      configVersion: policyAt(regime, change.at).configuration.version,
      known: [after.facts, worldFacts],
      again: mayBeKnown || (was.takenBack.length > 0 && was.takenBack.includes(claimIdOf(change))),
    }));
};

const none: ReadonlyArray<string> = [];

/** The claims that are taken back after these notifications, to be known when one of them holds again, and what was told as undone. */
export const takenBackAfter = (
  before: ReadonlyArray<string>,
  told: ReadonlyArray<Notification>,
): ReadonlyArray<string> => {
  if (before.length === 0 && told.every(({ supersedes }) => supersedes.length === 0)) return none;
  const takenBack = new Set(before);
  for (const { key, supersedes } of told)
    for (const claim of supersedes) {
      takenBack.add(claim);
      takenBack.delete(undoneEntry(key, claim));
    }
  for (const notification of told) {
    const claim = claimIdOf(notification);
    takenBack.delete(claim);
    if (notification.cause === UNDONE) takenBack.add(undoneEntry(notification.key, claim));
  }
  return [...takenBack];
};
