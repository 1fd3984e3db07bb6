import { type AgentTraining, defaultConfiguration, type Fact, type FactData } from '@afecto/domain';
import fc from 'fast-check';
import { channelsFigures } from '../channels/figures';
import { built, followed, linesOf, logOf, paces } from '../engine/testing/given-log';
import { adoptionFigures } from '../recording/adoption';
import { contacted, givenCustomers, isoDaysAgo, said } from '../tally/given-customers';
import { trainingFigures } from './figures';
import { leverFigures } from './levers';

const dayAgo = (days: number): string => isoDaysAgo(days).slice(0, 10);
const trained = (agentId: string, topic: string, ago: number): AgentTraining[number] => ({
  agentId,
  topic,
  completedOn: dayAgo(ago),
});
const configured = (...agentTraining: AgentTraining): Fact =>
  said('ConfigurationActivated', 900, {
    version: 1,
    effectiveFrom: isoDaysAgo(900),
    config: { ...defaultConfiguration, version: 1, agentTraining },
  });

let made = 0;
const complaint = (ago: number, given: Partial<FactData['ComplaintReceived']> = {}): Fact => {
  made += 1;
  return said('ComplaintReceived', ago, {
    complaintId: `c${made}`,
    partyId: 'p1',
    channel: 'phone',
    category: 'staff_conduct',
    severity: 2,
    ...given,
  });
};
/** A contact with an agent, and a complaint about it on the day after. */
const rude = (agentId: string, ago: number, category = 'staff_conduct'): ReadonlyArray<Fact> => {
  const contact = contacted('p1', ago + 1, { agentId });
  return [contact, complaint(ago, { aboutEventId: contact.eventId, category })];
};
const request = (ago: number, by?: string): Fact => {
  const opened = said('ServiceRequestOpened', ago, {
    requestId: 'r1',
    partyId: 'p1',
    channel: 'phone',
    category: 'billing',
    class: 'deferred',
    openedAt: isoDaysAgo(ago),
    avoidableInPerson: false,
  });
  return by === undefined ? opened : { ...opened, actor: { kind: 'agent', id: by } };
};
const failure = (ago: number, causationId?: string, kind: 'conduct' | 'outage' = 'conduct'): Fact => {
  made += 1;
  return {
    ...said('ServiceFailureDetected', ago, {
      failureId: `x${made}`,
      partyIds: ['p1'],
      kind,
      severity: 2,
      detectedBy: 'us',
    }),
    ...(causationId === undefined ? {} : { causationId }),
  };
};

describe('levers against defection (domain.md §9.1)', () => {
  const surveyed = (partyId: string, empathy: number): Fact =>
    said('SurveyAnswered', 5, {
      surveyId: `s-${partyId}`,
      partyId,
      instrument: 'csat_transactional',
      score: 4,
      scaleMin: 1,
      scaleMax: 5,
      items: { empathy },
    });
  const history = [
    configured(
      trained('ada', 'staff_conduct', 400),
      trained('ada', 'billing', 10),
      // In the middle of the window, but of nobody who worked in it.
      trained('eve', 'billing', 20),
      // Planned for a day that is still to come.
      trained('bob', 'billing', -5),
    ),
    contacted('p1', 12, { agentId: 'ada', waitSeconds: 10, answerCode: 'yes' }),
    contacted('p1', 11, { agentId: 'bob', waitSeconds: 20, answerCode: 'no' }),
    contacted('p2', 10, { agentId: 'ada', waitSeconds: 30, answerCode: 'yes', channel: 'chat' }),
    contacted('p3', 9, { waitSeconds: 1_000, answerCode: 'yes', channel: 'chat' }),
    complaint(8),
    complaint(8, { category: 'billing' }),
    surveyed('p1', 5),
    surveyed('p2', 2),
  ];

  // coverage: 103
  it('are five measures: right answers, empathy, conduct, training and waits', async () => {
    const { figures } = await givenCustomers(history);
    expect(await figures(leverFigures, { from: 30 })).toEqual({
      accuracy: { hits: 1, wrongAnswerRate: 1 / 4 },
      empathy: { answers: 2, mean: 3.5 },
      conduct: { complaints: 1, contacts: 4, perThousandContacts: 250 },
      culture: { activeAgents: 2, trained: 1, trainedShare: 1 / 2, completed: 2 },
      waiting: {
        months: { from: '2025-12', to: '2026-01' },
        contacts: 4,
        meanSeconds: 265,
        p50Seconds: 20,
        p90Seconds: 1_000,
      },
    });
  });

  it('are those that the single reports show', async () => {
    const { figures } = await givenCustomers(history);
    const { accuracy, culture } = await figures(leverFigures);
    expect(await figures(channelsFigures)).toMatchObject({ consistency: { CX2: accuracy } });
    expect(await figures(adoptionFigures)).toMatchObject({ training: culture });
  });

  it('without anything behind them are not zero', async () => {
    const { figures } = await givenCustomers([
      said('PartyRegistered', 9, { partyId: 'p1', kind: 'person', displayName: 'Ana', source: 's' }),
    ]);
    expect(await figures(leverFigures)).toMatchObject({
      accuracy: { hits: 0, wrongAnswerRate: null },
      empathy: { answers: 0, mean: null },
      conduct: { perThousandContacts: null },
      culture: { activeAgents: 0, trainedShare: null, completed: 0 },
      waiting: { contacts: 0, p50Seconds: null, p90Seconds: null },
    });
  });

  it('a training counts from its day on: as far as the window reaches', async () => {
    const { figures } = await givenCustomers(history);
    const cultureAt = async (to: number) => (await figures(leverFigures, { from: 500, to }))['culture'];
    expect(await cultureAt(11)).toMatchObject({ activeAgents: 2, trained: 1, completed: 2 });
    expect(await cultureAt(10)).toMatchObject({ completed: 3 });
    expect(await cultureAt(401)).toEqual({ activeAgents: 0, trained: 0, trainedShare: null, completed: 0 });
  });
});

describe('training for conduct (domain.md §18, 105)', () => {
  // coverage: 105
  it('lists each agent whom complaints of conduct name: to train, unless trained after the newest', async () => {
    const { figures } = await givenCustomers([
      configured(
        trained('ada', 'staff_conduct', 35),
        trained('ada', 'billing', 2),
        trained('bob', 'staff_conduct', 5),
        // On the day of the complaint, which may have come after it.
        trained('cid', 'staff_conduct', 30),
      ),
      ...rude('ada', 40),
      ...rude('ada', 20),
      ...rude('bob', 10),
      ...rude('cid', 30),
      ...rude('dan', 8, 'billing'),
      failure(6, undefined),
      complaint(7),
      // Before the window.
      ...rude('eve', 200),
    ]);
    expect((await figures(trainingFigures, { from: 90 }))['conduct']).toEqual({
      all: 6,
      withoutAgent: 2,
      toTrain: 2,
      agents: [
        {
          agentId: 'ada',
          complaints: 2,
          failures: 0,
          since: dayAgo(40),
          newest: dayAgo(20),
          lastTrainedOn: dayAgo(35),
          trainedSince: [],
          toTrain: true,
        },
        expect.objectContaining({ agentId: 'cid', complaints: 1, lastTrainedOn: dayAgo(30), toTrain: true }),
        expect.objectContaining({ agentId: 'bob', trainedSince: [dayAgo(5)], toTrain: false }),
      ],
    });
  });

  const contact = contacted('p1', 30, { agentId: 'ada' });
  const later = contacted('p1', 20, { agentId: 'bob', links: { requestId: 'r1' } });
  const solved = said(
    'ServiceRequestResolved',
    15,
    { requestId: 'r1', resolutionCode: 'done', byTier: 'front_office', resolvedAt: isoDaysAgo(15) },
    'p1',
  );
  const itemId = '1'.repeat(32);
  const finished = said('WorkItemCompleted', 12, { itemId, agentId: 'cid', outcome: 'recovered' }, 'p1');
  const opened = request(25, 'eve');
  const byNobody = request(25);
  const unrelated = contacted('p2', 30, { agentId: 'zoe' });
  const ofContact = failure(25, contact.eventId);
  it.each<[string, ReadonlyArray<Fact>, string | null]>([
    ['a contact', [contact, complaint(10, { aboutEventId: contact.eventId })], 'ada'],
    ['a contact that is told of after it', [complaint(10, { aboutEventId: contact.eventId }), contact], 'ada'],
    ['work on an item', [finished, complaint(10, { aboutEventId: finished.eventId })], 'cid'],
    ['a request: who spoke about it last', [opened, later, complaint(10, { requestId: 'r1' })], 'bob'],
    ['a request: who opened it', [opened, complaint(10, { requestId: 'r1' })], 'eve'],
    ['a request before anybody else spoke', [opened, later, complaint(22, { requestId: 'r1' })], 'eve'],
    ['the opening of a request', [opened, later, complaint(10, { aboutEventId: opened.eventId })], 'bob'],
    ['the solution of a request', [opened, solved, complaint(10, { aboutEventId: solved.eventId })], 'eve'],
    [
      'a request, heard by another agent',
      [
        opened,
        contacted('p1', 11, { agentId: 'gus', purpose: 'complaint', links: { requestId: 'r1' } }),
        complaint(10, { requestId: 'r1' }),
      ],
      'eve',
    ],
    [
      'a request, whatever the contact in which it came',
      [
        opened,
        contacted('p1', 11, { agentId: 'gus', links: { requestId: 'r1', complaintId: 'heard' } }),
        complaint(10, { requestId: 'r1', complaintId: 'heard' }),
      ],
      'eve',
    ],
    [
      'an event that says nothing, and a request',
      [opened, complaint(10, { aboutEventId: 'gone', requestId: 'r1' })],
      'eve',
    ],
    [
      'a failure that a contact caused',
      [contact, ofContact, complaint(10, { aboutEventId: ofContact.eventId })],
      'ada',
    ],
    ['a request that no agent opened', [byNobody, complaint(10, { requestId: 'r1' })], null],
    ['a contact of another customer', [unrelated, complaint(10, { aboutEventId: unrelated.eventId })], null],
    ['nothing', [contact, complaint(10)], null],
  ])('a complaint names the agent by %s', async (_, facts, agentId) => {
    const { figures } = await givenCustomers(facts);
    expect((await figures(trainingFigures))['conduct']).toMatchObject({
      all: 1,
      withoutAgent: agentId === null ? 1 : 0,
      agents: agentId === null ? [] : [{ agentId, toTrain: true }],
    });
  });

  it('a failure of conduct counts by the contact that caused it; one that is complained of counts once', async () => {
    const complained = complaint(20, { aboutEventId: contact.eventId });
    const { figures } = await givenCustomers([
      contact,
      complained,
      failure(19, complained.eventId),
      ofContact,
      failure(18, contact.eventId, 'outage'),
    ]);
    expect((await figures(trainingFigures))['conduct']).toMatchObject({
      all: 2,
      withoutAgent: 0,
      agents: [{ agentId: 'ada', complaints: 1, failures: 1, since: dayAgo(25), newest: dayAgo(20) }],
    });
  });
});

describe('training of each agent (domain.md §18, 105)', () => {
  const answered = (agentId: string, ago: number, answerCode: string, topicCode = 'returns'): Fact =>
    contacted('p1', ago, { agentId, answerCode, topicCode });
  const history = [
    configured(
      trained('ada', 'staff_conduct', 25),
      trained('ada', 'late_delivery', 300),
      trained('ada', 'staff_conduct', 200),
      trained('bob', 'returns', 1),
    ),
    ...rude('ada', 40),
    ...rude('ada', 20, 'late_delivery'),
    ...rude('ada', 19, 'late_delivery'),
    ...rude('ada', 24),
    answered('bob', 12, 'yes'),
    answered('ada', 10, 'no'),
    answered('bob', 9, 'yes'),
    complaint(3, { category: 'late_delivery' }),
  ];

  // coverage: 105
  it('says of each agent what it was trained in, and where it is worst since', async () => {
    const { figures } = await givenCustomers(history);
    const none = { complaints: 0, failures: 0, wrongAnswers: 0 };
    expect((await figures(trainingFigures, { from: 90 }))['agents']).toEqual([
      {
        agentId: 'ada',
        isActive: true,
        trainings: 3,
        completed: 1,
        trainedIn: [
          { topic: 'late_delivery', lastTrainedOn: dayAgo(300) },
          { topic: 'staff_conduct', lastTrainedOn: dayAgo(25) },
        ],
        needs: [
          { topic: 'late_delivery', ...none, complaints: 2, lastTrainedOn: dayAgo(300) },
          { topic: 'returns', ...none, wrongAnswers: 1, lastTrainedOn: null },
          // Of two complaints the one after the training.
          { topic: 'staff_conduct', ...none, complaints: 1, lastTrainedOn: dayAgo(25) },
        ],
      },
      {
        agentId: 'bob',
        isActive: true,
        trainings: 1,
        completed: 1,
        trainedIn: [{ topic: 'returns', lastTrainedOn: dayAgo(1) }],
        needs: [],
      },
    ]);
  });

  it('sums trainings and what happened by topic, whoever it leads to', async () => {
    const { figures } = await givenCustomers(history);
    expect((await figures(trainingFigures, { from: 90 }))['topics']).toEqual([
      {
        topic: 'late_delivery',
        agentsTrained: 1,
        completed: 0,
        complaints: 3,
        failures: 0,
        wrongAnswers: 0,
        withoutAgent: 1,
      },
      {
        topic: 'returns',
        agentsTrained: 1,
        completed: 1,
        complaints: 0,
        failures: 0,
        wrongAnswers: 2,
        withoutAgent: 0,
      },
      {
        topic: 'staff_conduct',
        agentsTrained: 1,
        completed: 1,
        complaints: 2,
        failures: 0,
        wrongAnswers: 0,
        withoutAgent: 0,
      },
    ]);
  });

  it('is the same live as rebuilt, in whatever order contacts, complaints and failures arrive', async () => {
    const contact = contacted('p1', 50, { agentId: 'zoe' });
    const found = failure(30, contact.eventId);
    const facts = [...history.slice(0, 7), contact, found, complaint(29, { aboutEventId: found.eventId })];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(facts, { minLength: facts.length }), paces, async (shuffled, pace) => {
        const store = await logOf(shuffled);
        const [live, rebuilt] = [await followed(store, pace), await built(store)];
        expect(await live.tallySums('training|')).toContainEqual(['training|complaint|staff_conduct|zoe', 1]);
        expect(await linesOf(live)).toEqual(await linesOf(rebuilt));
        for (const { close } of [store, live, rebuilt]) await close();
      }),
      { numRuns: 15 },
    );
  });
});
