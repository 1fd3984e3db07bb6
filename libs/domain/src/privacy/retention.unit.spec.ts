import fc from 'fast-check';
import { given, iso } from '../command/given-when-then';
import { fact, isoOnDay, onDay, orderPlaced } from '../customer/fact-builder';
import { evolve } from '../customer/evolve';
import { emptyEvidence } from '../customer/mutable-evidence';
import { compareFacts, type Fact } from '../facts/envelope';
import { arbitraryFactOf } from '../facts/arbitrary';
import { activateConfiguration } from '../policy/activate-configuration';
import { type Configuration, defaultConfiguration } from '../policy/configuration';
import { DAY_MS, NEVER } from '../time/calendar';
import { expiredAt, nextExpiry, retentionEnds } from './retention';
import type { RetentionPeriods } from './retention-periods';

const officer = { actor: { kind: 'agent', id: 'officer', roles: ['revenue_officer'] } } as const;
const withPrivacy = <P>(privacy: P) => ({ ...defaultConfiguration, version: 1, privacy });
const keeping = (retention: RetentionPeriods, legalHolds: ReadonlyArray<string> = []): Configuration =>
  withPrivacy({ legalHolds, retention });

const registered = (days: number) =>
  fact('PartyRegistered', days, { partyId: 'p1', kind: 'person', displayName: 'Ana', source: 'web' });
const survey = (days: number, verbatim?: string) =>
  fact('SurveyAnswered', days, {
    surveyId: `s${days}`,
    partyId: 'p1',
    instrument: 'nps',
    score: 9,
    scaleMin: 0,
    scaleMax: 10,
    ...(verbatim === undefined ? {} : { verbatim }),
  });
const complaint = (days: number) =>
  fact('ComplaintReceived', days, {
    complaintId: 'c1',
    partyId: 'p1',
    channel: 'web',
    category: 'delivery',
    severity: 2,
    text: 'wet',
  });
const resolved = (days: number) =>
  fact('ComplaintResolved', days, {
    complaintId: 'c1',
    decision: 'upheld',
    rootCause: 'carrier',
    immediate: false,
    resolvedAt: isoOnDay(days),
  });
const agreed = (days: number) => [
  fact('ServiceRequestOpened', days, {
    requestId: 'r1',
    partyId: 'p1',
    channel: 'phone',
    category: 'billing',
    class: 'deferred',
    openedAt: isoOnDay(days),
    agreedDueAt: isoOnDay(days + 2),
  }),
  fact('PromiseMade', days, {
    promiseId: 'm1',
    partyId: 'p1',
    madeBy: 'a1',
    relatedTo: 'r1',
    dueAt: isoOnDay(days + 2),
  }),
];
const solved = (days: number) =>
  fact('ServiceRequestResolved', days, {
    requestId: 'r1',
    resolutionCode: 'done',
    byTier: 'back_office',
    resolvedAt: isoOnDay(days),
  });
const recovered = (days: number) => fact('ComplaintFollowedUp', days, { complaintId: 'c1', verdict: 5, attempt: 1 });
const offer = (days: number) =>
  fact('OfferMade', days, {
    offerId: 'f1',
    partyId: 'p1',
    kind: 'new',
    skus: ['sku'],
    netMinor: 1,
    listMinor: 1,
    validUntil: isoOnDay(days + 30),
    channel: 'email',
    propositionId: 'care',
    appliedPreferenceIds: [],
  });
const contact = (days: number, direction: 'inbound' | 'outbound', notes?: string) =>
  fact('InteractionRecorded', days, {
    interactionId: `i${days}`,
    partyId: 'p1',
    direction,
    channel: 'phone',
    purpose: 'service',
    topicCode: 'delivery',
    startedAt: isoOnDay(days),
    outcome: 'completed',
    reAskedFields: [],
    links: {},
    ...(notes === undefined ? {} : { notes }),
  });
const erased = (days: number, classes?: ReadonlyArray<'identity' | 'content'>) =>
  fact('PersonalDataErased', days, {
    partyId: 'p1',
    keyIds: ['k1'],
    basis: 'retention_period',
    ...(classes === undefined ? {} : { classes }),
  });

const folded = (facts: ReadonlyArray<Fact>, members: ReadonlyArray<string> = []) => {
  const evidence = emptyEvidence('p1', members, defaultConfiguration);
  for (const one of [...facts].sort(compareFacts)) evolve(evidence, one);
  return evidence;
};
const endsOf = (facts: ReadonlyArray<Fact>, configuration: Configuration) => {
  const { content, identity } = retentionEnds(folded(facts), configuration);
  const day = (at: number) => (at === NEVER ? null : (at - onDay(0)) / DAY_MS);
  return { content: day(content), identity: day(identity) };
};

describe('retention periods in a configuration', () => {
  it.each([
    [undefined, null],
    [{}, null],
    [{ contentDays: 365 }, null],
    [{ identityDays: 1 }, null],
    [{ contentDays: 36_500, identityDays: 36_500 }, null],
    [{ contentDays: 0 }, '/config/privacy/retention/contentDays'],
    [{ contentDays: 36_501 }, '/config/privacy/retention/contentDays'],
    [{ identityDays: 1.5 }, '/config/privacy/retention/identityDays'],
    [{ contentDays: '30' }, '/config/privacy/retention/contentDays'],
    [{ contentDays: 31, identityDays: 30 }, '/config/privacy/retention/contentDays'],
    [{ nameDays: 30 }, '/config/privacy/retention/nameDays'],
  ])('%j', (retention, fault) => {
    const config = withPrivacy({ legalHolds: [], ...(retention === undefined ? {} : { retention }) });
    const outcome = given().when(activateConfiguration, { version: 1, effectiveFrom: iso(), config }, officer);
    if (fault === null) outcome.thenAccepted();
    else outcome.thenRefused(fault.endsWith('nameDays') ? 'ValidationFailed' : 'ConfigInvalid', { path: fault });
  });

  it('name the field, the value and what is allowed when free text would outlive names', () => {
    given()
      .when(
        activateConfiguration,
        { version: 1, effectiveFrom: iso(), config: keeping({ contentDays: 31, identityDays: 30 }) },
        officer,
      )
      .thenRefused('ConfigInvalid', {
        details: {
          errors: [
            {
              path: '/config/privacy/retention/contentDays',
              message: 'must be at most identityDays, which is 30; got 31',
            },
          ],
        },
      });
  });
});

describe('personal data end', () => {
  const both = keeping({ contentDays: 30, identityDays: 100 });
  it.each<readonly [string, ReadonlyArray<Fact>, Configuration, number | null, number | null]>([
    ['never without periods', [registered(1), survey(2, 'wet')], defaultConfiguration, null, null],
    ['so many days after the last that was heard', [registered(1), survey(2, 'wet')], both, 32, 102],
    ['of free text not where there is none', [registered(1), survey(2)], both, null, 102],
    ['of a name not where none was given', [survey(2, 'wet')], both, 32, null],
    ['never of whom nothing personal is known', [survey(2)], both, null, null],
    [
      'with the name where free text has no period',
      [registered(1), survey(2, 'a')],
      keeping({ identityDays: 9 }),
      11,
      11,
    ],
    [
      'of free text alone where names have none',
      [registered(1), survey(2, 'a')],
      keeping({ contentDays: 9 }),
      11,
      null,
    ],
    ['later with an order', [registered(1), survey(2, 'wet'), orderPlaced(5, 'o1'), delivered(5)], both, 35, 105],
    [
      'no later with what we do alone',
      [registered(1), survey(2, 'wet'), offer(9), contact(9, 'outbound')],
      both,
      32,
      102,
    ],
    ['later with a call of theirs', [registered(1), survey(2, 'wet'), contact(9, 'inbound')], both, 39, 109],
    ['later with what we note down about them', [registered(1), contact(9, 'outbound', 'moved')], both, 39, 109],
    ['not while a complaint is open', [registered(1), complaint(2)], both, null, null],
    ['after its follow-up closed it, whoever resolved it', [registered(1), complaint(2), recovered(4)], both, 34, 104],
    ['after it is settled', [registered(1), complaint(2), resolved(4)], both, 34, 104],
    // The solution settles the promise of the agreed time that the opening recorded; it stood against every erasure.
    ['not while an agreed time is owed', [registered(1), ...agreed(2)], both, null, null],
    ['after its solution kept an agreed time', [registered(1), ...agreed(2), solved(3)], both, null, 103],
    ['not under legal hold', [registered(1), survey(2, 'wet')], keeping({ contentDays: 30 }, ['p1']), null, null],
    ['of free text once', [registered(1), survey(2, 'wet'), erased(32, ['content'])], both, null, 102],
    ['of what is said afterwards too', [survey(2, 'a'), erased(32, ['content']), survey(50, 'b')], both, 80, null],
    ['of nothing after all is erased', [registered(1), survey(2, 'wet'), erased(102)], both, null, null],
    ['of nothing when identity is', [registered(1), survey(2, 'a'), erased(9, ['identity'])], both, null, null],
  ])('%s', (_, facts, configuration, content, identity) => {
    expect(endsOf(facts, configuration)).toEqual({ content, identity });
  });

  it('at their instant, names with all that is left', () => {
    const ends = { content: 30, identity: 100 };
    expect([29, 30, 99, 100].map((at) => expiredAt(ends, at))).toEqual([null, 'content', 'content', 'identity']);
    expect(nextExpiry(ends)).toBe(30);
  });

  it('never of free text before its period nor of names before free text, whatever happened', () => {
    const days = fc.integer({ min: 1, max: 3_000 });
    const facts = fc.uniqueArray(arbitraryFactOf(), { selector: ({ eventId }) => eventId, maxLength: 40 });
    fc.assert(
      fc.property(facts, days, days, (history, one, other) => {
        const [contentDays, identityDays] = [Math.min(one, other), Math.max(one, other)];
        const evidence = folded(history, ['p2']);
        const ends = retentionEnds(evidence, keeping({ contentDays, identityDays }));
        const { activityAt } = evidence.person.keeping;
        if (ends.content !== NEVER) expect(ends.content).toBe((activityAt ?? NaN) + contentDays * DAY_MS);
        if (ends.content !== NEVER) expect(ends.identity).toBeGreaterThanOrEqual(ends.content);
        for (const { occurredAt, type, data } of history)
          if (type === 'SurveyAnswered' && data.verbatim !== undefined && evidence.members.has(data.partyId))
            expect(ends.content === NEVER || ends.content >= occurredAt + contentDays * DAY_MS).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

function delivered(days: number): Fact {
  return fact('OrderFulfilled', days, { orderId: 'o1', deliveredAt: isoOnDay(days), complete: true });
}
