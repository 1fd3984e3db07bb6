import * as E from 'fp-ts/Either';
import type { WorkItem } from '../customer/standing';
import { fact, onDay } from '../customer/fact-builder';
import { foldCustomer } from '../customer/fold';
import type { FactOf } from '../facts/envelope';
import { type Configuration, defaultConfiguration } from '../policy/configuration';
import { regimeOf } from '../policy/fold-regime';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/calendar';
import { workItem } from './arbitrary-item';
import { chooseClaim, type Claimant } from './claim';
import { type AgentLoad, type LoadOf, noLoad } from './named-agent';

const now = 200 * HOUR_MS;
const other: Claimant = { agentId: 'other', skills: [], wip: 0, claimSequence: 1, now };

/** Entered now, due in a day; its customer knows ada. */
const adas = (parts: Partial<WorkItem> = {}): WorkItem =>
  workItem({ itemId: 'adas', enteredAt: now, weight: 1, namedAgents: ['ada'], ...parts });
const anyones = workItem({ itemId: 'anyones', enteredAt: now, weight: 0.2 });

const loads =
  (given: Readonly<Record<string, Partial<AgentLoad>>>): LoadOf =>
  (agentId) => ({ ...noLoad, ...given[agentId] });

const given = (
  items: ReadonlyArray<WorkItem>,
  claimant: Partial<Claimant> = {},
  load: LoadOf = loads({}),
  configuration: Configuration = defaultConfiguration,
): string | null => {
  const choice = chooseClaim(items, { ...other, ...claimant }, configuration, load);
  return E.isRight(choice) ? (choice.right?.item.itemId ?? null) : null;
};

const full = { held: 5, lastClaimAt: now - HOUR_MS };
const minutes = (count: number) => count * MINUTE_MS;

describe('work of a customer who knows an agent (domain.md §11.6)', () => {
  // coverage: 143
  it('goes to that agent first, and to nobody else while the agent is free', () => {
    expect(given([adas(), anyones])).toBe('anyones');
    expect(given([adas()])).toBeNull();
    expect(given([adas(), anyones], { agentId: 'ada' })).toBe('adas');
  });

  // coverage: 143
  test.each<[string, Partial<AgentLoad>, boolean]>([
    ['holds nothing', {}, true],
    ['holds one less than the limit', { ...full, held: 4, firstLeaseEnd: now + HOUR_MS }, true],
    ['is full until in 15 minutes', { ...full, firstLeaseEnd: now + minutes(15) }, true],
    ['is full a millisecond longer', { ...full, firstLeaseEnd: now + minutes(15) + 1 }, false],
  ])('waits for an agent who %s: %j', (_, load, waits) => {
    expect(given([adas()], {}, loads({ ada: load }))).toBe(waits ? null : 'adas');
  });

  test.each<[string, Partial<WorkItem>, boolean]>([
    ['not quite 15 minutes after it entered', { enteredAt: now - minutes(15) + 1 }, true],
    ['15 minutes after it entered', { enteredAt: now - minutes(15) }, false],
    ['soon after it came back', { enteredAt: now - HOUR_MS, startedAt: now - 1 }, true],
    ['soon after its moment came', { enteredAt: now - HOUR_MS, notBefore: now - 1 }, true],
    ['when it is due in little more than 15 minutes', { dueAt: now + minutes(15) + 1 }, true],
    ['when it is due in 15 minutes', { dueAt: now + minutes(15) }, false],
  ])('%s: is it kept?', (_, parts, isKept) => {
    expect(given([adas(parts)])).toBe(isKept ? null : 'adas');
  });

  it('that needs a skill is for anyone who has it', () => {
    expect(given([adas({ skill: 'supervisor' })], { skills: ['supervisor'] })).toBe('adas');
  });

  it('is for anyone in the slot of the oldest, so that nothing waits longer than it would', () => {
    expect(given([adas({ enteredAt: now - 1 }), anyones], { claimSequence: 5 })).toBe('adas');
  });

  // coverage: 143
  test.each<[string, Record<string, Partial<AgentLoad>>, string]>([
    ['who holds less', { ada: { held: 2, lastClaimAt: 1 }, bob: { held: 1, lastClaimAt: 9 } }, 'bob'],
    ['who has been idle longer', { ada: { held: 1, lastClaimAt: 9 }, bob: { held: 1, lastClaimAt: 1 } }, 'bob'],
    ['who never held any', { ada: { held: 0 }, bob: { held: 0, lastClaimAt: 1 } }, 'ada'],
    ['with the lower id', {}, 'ada'],
    ['who is free at all', { ada: { ...full, firstLeaseEnd: now + HOUR_MS } }, 'bob'],
  ])('of two whom the customer knows goes to the one %s', (_, load, agentId) => {
    const items = [adas({ namedAgents: ['bob', 'ada'] })];
    const takers = ['ada', 'bob', 'other'].filter((one) => given(items, { agentId: one }, loads(load)) !== null);
    expect(takers).toEqual([agentId]);
  });

  it('waits as long as the configuration says', () => {
    const configuration = { ...defaultConfiguration, queues: { ...defaultConfiguration.queues, namedAgentMinutes: 0 } };
    expect(given([adas()], {}, loads({}), configuration)).toBe('adas');
  });
});

describe('the agents whom a customer knows', () => {
  const contact = (day: number, agentId: string): FactOf<'InteractionRecorded'> =>
    fact('InteractionRecorded', day, {
      interactionId: `i${day}`,
      partyId: 'p1',
      direction: 'inbound',
      channel: 'phone',
      purpose: 'service',
      topicCode: 't',
      startedAt: new Date(onDay(day)).toISOString(),
      outcome: 'answered',
      reAskedFields: [],
      links: {},
      agentId,
    });
  const complaint = fact('ComplaintReceived', 10, {
    complaintId: 'c1',
    partyId: 'p1',
    channel: 'phone',
    category: 'x',
    severity: 2,
  });
  const bond = fact('BondEstablished', 1, {
    partyId: 'p1',
    bondType: 'social',
    subtype: 'named_agent',
    counterpartyId: 'bob',
    validFrom: new Date(onDay(1)).toISOString(),
    validTo: new Date(onDay(10) + DAY_MS / 2).toISOString(),
  });
  const itemsAt = (at: number, ...facts: ReadonlyArray<Parameters<typeof foldCustomer>[0]['facts'][number]>) =>
    foldCustomer({ partyId: 'p1', members: ['p1'], facts, referredOrders: [] }, regimeOf([]), at).standing.items.map(
      ({ namedAgents = [] }) => namedAgents,
    );

  // coverage: 143
  it('stand with the work: who had three of the last five contacts, and who is named by a bond in force', () => {
    const three = [contact(5, 'ada'), contact(6, 'eva'), contact(7, 'ada'), contact(8, 'ada')];
    expect(itemsAt(onDay(10), ...three, complaint)).toEqual([['ada']]);
    expect(itemsAt(onDay(10), ...three.slice(1), complaint)).toEqual([[]]);
    expect(itemsAt(onDay(10), bond, ...three, complaint)).toEqual([['bob', 'ada']]);
    expect(itemsAt(onDay(10.6), bond, ...three, complaint)).toEqual([['ada']]);
  });
});
