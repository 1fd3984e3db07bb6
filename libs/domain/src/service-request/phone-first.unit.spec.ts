import { evolve } from '../customer/evolve';
import { fact, isoOnDay } from '../customer/fact-builder';
import { emptyEvidence } from '../customer/mutable-evidence';
import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';
import { defaultConfiguration } from '../policy/configuration';
import { DAY_MS, HOUR_MS } from '../time/calendar';
import { keptInformed } from './keep-informed';
import { isAvoidableVisit, isRemoteFailure, matterContactsOf } from './phone-first';

const hour = HOUR_MS / DAY_MS;
const ms = 1 / DAY_MS;

const opened = (days: number, requestId: string, given: Partial<FactData['ServiceRequestOpened']> = {}): Fact =>
  fact('ServiceRequestOpened', days, {
    requestId,
    partyId: 'p1',
    channel: 'phone',
    category: 'billing',
    class: 'deferred',
    openedAt: isoOnDay(days),
    ...given,
  });

let contacts = 0;
const contact = (days: number, given: Partial<FactData['InteractionRecorded']> = {}): Fact =>
  fact('InteractionRecorded', days, {
    interactionId: `i${contacts++}`,
    partyId: 'p1',
    direction: 'inbound',
    channel: 'phone',
    purpose: 'service',
    topicCode: 'billing',
    startedAt: isoOnDay(days),
    outcome: 'answered',
    reAskedFields: [],
    links: {},
    ...given,
  });

const resolved = (days: number): Fact =>
  fact('ServiceRequestResolved', days, {
    requestId: 'r1',
    resolutionCode: 'done',
    byTier: 'back_office',
    resolvedAt: isoOnDay(days),
  });

const folded = (facts: ReadonlyArray<Fact>) => {
  const evidence = emptyEvidence('p1', ['p1'], defaultConfiguration);
  for (const one of [...facts].sort((a, b) => a.occurredAt - b.occurredAt)) evolve(evidence, one);
  const request = evidence.requests.get('r1');
  if (request === undefined) throw new Error('r1 is opened in every history');
  return { evidence, request };
};

const visit = { channel: 'in_person' } as const;

describe('phone before in person (domain.md §10.6)', () => {
  // coverage: 123
  it.each<[string, ReadonlyArray<Fact>, boolean]>([
    ['nobody called before', [opened(10, 'r1', visit)], true],
    ['a call exactly 24 h before', [contact(9), opened(10, 'r1', visit)], false],
    ['a call 1 ms earlier', [contact(9 - ms), opened(10, 'r1', visit)], true],
    ['a call about something else', [contact(9.5, { topicCode: 'delivery' }), opened(10, 'r1', visit)], true],
    ['a call of ours', [contact(9.5, { direction: 'outbound' }), opened(10, 'r1', visit)], true],
    ['a request by chat before', [opened(9.5, 'r0', { channel: 'chat' }), opened(10, 'r1', visit)], false],
    ['what was told with the opening', [opened(10, 'r1', { ...visit, avoidableInPerson: false })], false],
    ['it was not in person', [opened(10, 'r1')], false],
  ])('avoidable: %s', (_, facts, expected) => {
    const { evidence, request } = folded(facts);
    expect(isAvoidableVisit(request, matterContactsOf(evidence), defaultConfiguration)).toBe(expected);
  });

  it('a category that needs a visit is no avoidable one', () => {
    const { evidence, request } = folded([opened(10, 'r1', visit)]);
    const service = { ...defaultConfiguration.service, inPersonExceptions: ['billing'] };
    expect(isAvoidableVisit(request, matterContactsOf(evidence), { service })).toBe(false);
  });

  // coverage: 123
  it.each<[string, ReadonlyArray<Fact>, boolean]>([
    ['nobody came', [opened(10, 'r1')], false],
    ['the customer came exactly 7 d later', [opened(10, 'r1'), contact(17, visit)], true],
    ['the customer came 1 ms later than that', [opened(10, 'r1'), contact(17 + ms, visit)], false],
    ['about something else', [opened(10, 'r1'), contact(12, { ...visit, topicCode: 'delivery' })], false],
    [
      'about something else, but naming the request',
      [opened(10, 'r1'), contact(12, { ...visit, topicCode: 'delivery', links: { requestId: 'r1' } })],
      true,
    ],
    ['a request in person on the category', [opened(10, 'r1'), opened(13, 'r2', visit)], true],
    ['it was in person from the start', [opened(10, 'r1', visit), contact(11, visit)], false],
  ])('remote failure: %s', (_, facts, expected) => {
    const { evidence, request } = folded(facts);
    expect(isRemoteFailure(request, matterContactsOf(evidence), defaultConfiguration)).toBe(expected);
  });
});

// coverage: 139
describe('keep informed (domain.md §10.5)', () => {
  const told = { direction: 'outbound' } as const;

  it.each<[string, ReadonlyArray<Fact>, number]>([
    ['solved after exactly 24 h', [opened(10, 'r1'), resolved(11)], 0],
    ['solved 1 ms later', [opened(10, 'r1'), resolved(11 + ms)], 1],
    ['told in between', [opened(10, 'r1'), contact(10.9, told), resolved(11.5)], 0],
    ['told too late', [opened(10, 'r1'), contact(12, told), resolved(12.5)], 1],
    ['two silences', [opened(10, 'r1'), contact(12, told), resolved(14)], 2],
    [
      'called without being reached',
      [opened(10, 'r1'), contact(10.9, { ...told, outcome: 'no_answer' }), resolved(11.5)],
      1,
    ],
    [
      'told about another request',
      [opened(10, 'r1'), contact(10.9, { ...told, links: { requestId: 'r2' } }), resolved(11.5)],
      1,
    ],
    [
      'told about this one while something was sold',
      [opened(10, 'r1'), contact(10.9, { ...told, purpose: 'sales', links: { requestId: 'r1' } }), resolved(11.5)],
      0,
    ],
    ['sold something', [opened(10, 'r1'), contact(10.9, { ...told, purpose: 'sales' }), resolved(11.5)], 1],
    [
      'asked, and waited for',
      [
        opened(10, 'r1'),
        fact('ServiceRequestPaused', 10.9, { requestId: 'r1', reason: 'waiting_customer' }),
        resolved(11.5),
      ],
      0,
    ],
    [
      'the time between solution and reopening is no silence',
      [
        opened(10, 'r1'),
        resolved(10.5),
        fact('ServiceRequestReopened', 15, { requestId: 'r1', reason: 'again' }),
        resolved(15.5),
      ],
      0,
    ],
  ])('%s', (_, facts, violations) => {
    const { evidence, request } = folded(facts);
    expect(keptInformed(request, evidence, defaultConfiguration)).toEqual({ violations, silentSince: null });
  });

  it('an open request has been silent since the customer last heard of it', () => {
    const { evidence, request } = folded([opened(10, 'r1'), contact(10 + hour, told)]);
    expect(keptInformed(request, evidence, defaultConfiguration)).toEqual({
      violations: 0,
      silentSince: request.openedAt === null ? null : request.openedAt + HOUR_MS,
    });
  });
});

describe('what informs a customer (domain.md §10.5)', () => {
  it.each<[string, Partial<FactData['InteractionRecorded']>, number]>([
    ['a call that was answered', {}, 0],
    ['a message left', { outcome: 'voicemail' }, 0],
    ['a call of the customer does not', { direction: 'inbound' }, 1],
    ['a call that nobody answered does not', { outcome: 'no_answer' }, 1],
    ['a letter that came back does not', { outcome: 'bounced' }, 1],
  ])('%s', (_, given, violations) => {
    const told = contact(10.9, { direction: 'outbound', links: { requestId: 'r1' }, ...given });
    const { evidence, request } = folded([opened(10, 'r1'), told, resolved(11.5)]);
    expect(keptInformed(request, evidence, defaultConfiguration).violations).toBe(violations);
  });
});
