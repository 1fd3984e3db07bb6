import { defaultConfiguration, type FactData, type Fact } from '@afecto/domain';
import { givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { voiceFigures } from './figures';
import { voiceView } from './view';

let made = 0;
const answered = (
  partyId: string,
  ago: number,
  instrument: FactData['SurveyAnswered']['instrument'],
  score: number,
  given: Partial<FactData['SurveyAnswered']> = {},
): Fact => {
  const [scaleMin, scaleMax] = instrument === 'nps' ? [0, 10] : instrument === 'ces' ? [1, 7] : [1, 5];
  made += 1;
  return said('SurveyAnswered', ago, {
    surveyId: `s${made}`,
    partyId,
    instrument,
    score,
    scaleMin,
    scaleMax,
    ...given,
  });
};
const asked = (partyId: string, ago: number, given: Partial<FactData['InteractionRecorded']> = {}): Fact => {
  made += 1;
  return said('InteractionRecorded', ago, {
    interactionId: `i${made}`,
    partyId,
    direction: 'outbound',
    channel: 'email',
    purpose: 'survey',
    topicCode: 'survey',
    startedAt: isoDaysAgo(ago),
    outcome: 'completed',
    reAskedFields: [],
    links: {},
    ...given,
  });
};
const roleOf = (partyId: string, role: FactData['PartyRoleAssigned']['role'], ago: number, until?: number): Fact =>
  said('PartyRoleAssigned', ago, {
    partyId,
    role,
    validFrom: isoDaysAgo(ago),
    ...(until === undefined ? {} : { validTo: isoDaysAgo(until) }),
  });

/** So many promoters, passives and detractors, one answer each. */
const base = (promoters: number, passives: number, detractors: number): ReadonlyArray<Fact> =>
  [9, 7, 0].flatMap((score, kind) =>
    Array.from({ length: [promoters, passives, detractors][kind] ?? 0 }, (_, index) =>
      answered(`b${kind}-${index}`, 40, 'nps', score),
    ),
  );

describe('the voice of all customers (PR12)', () => {
  // coverage: 113, 131
  it('NPS of 50, 30 and 20 is 30.00 ± 15.31', async () => {
    const { figures } = await givenCustomers(base(50, 30, 20));
    const { instruments } = await figures(voiceFigures);
    expect(instruments).toMatchObject([
      { instrument: 'nps', answers: 100, nps: 30, byTier: [{ tier: 'none', answers: 100 }], bySegment: [] },
    ]);
    expect(JSON.stringify(instruments)).toContain('"margin":15.3');
  });

  it('of several answers of one party only the latest in the window counts, per instrument', async () => {
    const { figures } = await givenCustomers([
      answered('p1', 300, 'nps', 10),
      answered('p1', 200, 'nps', 3),
      answered('p1', 100, 'ces', 6),
      answered('p2', 400, 'nps', 8),
      answered('p2', 20, 'nps', 9),
    ]);
    const now = await figures(voiceFigures);
    expect(now['instruments']).toMatchObject([
      { instrument: 'ces', answers: 1, easy: 1, easyShare: 'n<30' },
      { instrument: 'nps', answers: 2, promoters: 1, detractors: 1, answered: 3, nps: 'n<30' },
    ]);
    const then = await figures(voiceFigures, { from: 450, to: 250 });
    expect(then['instruments']).toMatchObject([{ instrument: 'nps', answers: 2, promoters: 1, passives: 1 }]);
  });

  // The answer that follows is known by its month, and by its day only for windows that end within that month.
  it('an answer counts until the day before the next one, whatever day of a month the window ends on', async () => {
    const segments = [{ segmentId: 'all', name: 'All' }];
    const { figures } = await givenCustomers([
      said('ConfigurationActivated', 500, {
        version: 1,
        effectiveFrom: isoDaysAgo(500),
        config: { ...defaultConfiguration, version: 1, segments },
      }),
      answered('p1', 55, 'nps', 9),
      answered('p1', 25, 'nps', 8),
      answered('p1', 5, 'nps', 0),
      answered('p1', 5, 'nps', 1),
    ]);
    const counted = async (from: number, to: number) => {
      const { instruments } = await figures(voiceFigures, { from, to });
      return instruments;
    };
    const only = (answers: { promoters: number; passives: number; detractors: number }) => [
      { answers: 1, ...answers, byTier: [{ tier: 'none', ...answers }], bySegment: [{ segmentId: 'all', ...answers }] },
    ];
    const promoter = only({ promoters: 1, passives: 0, detractors: 0 });
    const passive = only({ promoters: 0, passives: 1, detractors: 0 });
    const detractor = only({ promoters: 0, passives: 0, detractors: 1 });
    for (const to of [55, 33, 26]) expect(await counted(60, to)).toMatchObject(promoter);
    for (const to of [25, 6]) expect(await counted(60, to)).toMatchObject(passive);
    for (const to of [5, 1]) expect(await counted(60, to)).toMatchObject(detractor);
    expect(await counted(54, 26)).toEqual([]);
  });

  it('of a month the latest answer of the month counts in the trend', async () => {
    const { figures } = await givenCustomers([
      answered('p1', 12, 'csat_relationship', 1),
      answered('p1', 5, 'csat_relationship', 5),
      answered('p1', 40, 'csat_relationship', 4),
    ]);
    const { instruments } = await figures(voiceFigures);
    expect(instruments).toMatchObject([
      {
        answers: 1,
        topBox: 1,
        byMonth: [
          { month: '2025-11', answers: 1, topTwo: 1, topBox: 0 },
          { month: '2025-12', answers: 1, topTwo: 1, topBox: 1 },
        ],
      },
    ]);
  });

  // coverage: 70
  it('answers of employees and competitors are left out, those given before or after are not (§3)', async () => {
    const { figures } = await givenCustomers([
      roleOf('p1', 'employee', 100, 50),
      answered('p1', 75, 'nps', 10),
      answered('p1', 25, 'nps', 2),
      roleOf('p2', 'competitor', 100),
      answered('p2', 30, 'nps', 0),
    ]);
    const { instruments } = await figures(voiceFigures);
    expect(instruments).toMatchObject([{ instrument: 'nps', answers: 1, detractors: 1, answered: 1 }]);
  });

  /** `domain.md §16` promises verbatims (PR12): only the history of propositions told how many there are. */
  it('answers in words are counted by instrument and by what they say of us', async () => {
    const { figures } = await givenCustomers([
      answered('p1', 29, 'nps', 9, { verbatim: 'Splendid' }),
      answered('p2', 28, 'nps', 2, { verbatim: 'Late again' }),
      answered('p3', 27, 'nps', 2),
      answered('p1', 400, 'nps', 8, { verbatim: 'Before the window' }),
    ]);
    expect((await figures(voiceFigures))['verbatims']).toEqual([
      { instrument: 'nps', verbatims: 2, best: 1, good: 0, rest: 1 },
    ]);
  });

  // coverage: 74
  it('response, empathy and word of mouth', async () => {
    const word = (partyId: string, polarity: number, reach: 'private' | 'public'): Fact =>
      said('WordOfMouthObserved', 30, { partyId, polarity, reach, platform: 'forum', verified: true });
    const { figures } = await givenCustomers([
      asked('p1', 30, { instrument: 'nps' }),
      asked('p2', 30, { instrument: 'nps' }),
      asked('p3', 30),
      asked('p3', 30, { direction: 'inbound' }),
      answered('p1', 29, 'nps', 9, { items: { empathy: 4 } }),
      answered('p3', 29, 'csat_relationship', 4, { items: { empathy: 5 } }),
      word('p1', 0.5, 'public'),
      word('p2', -1, 'private'),
    ]);
    const told = await figures(voiceFigures);
    expect(told['response']).toEqual({ asked: 3, answered: 2, rate: 2 / 3 });
    expect(told['empathy']).toEqual({ answers: 2, mean: 4.5 });
    expect(told['wordOfMouth']).toEqual({
      observed: 2,
      positive: 1,
      neutral: 0,
      negative: 1,
      verified: 2,
      public: 1,
      meanPolarity: -0.25,
    });
    expect(told['instruments']).toContainEqual(expect.objectContaining({ instrument: 'nps', responseRate: 0.5 }));
  });

  it('segments of the configuration are told apart, by what the customer is now', async () => {
    const segments = [
      { segmentId: 'buyers', name: 'Buyers', phases: ['new'] },
      { segmentId: 'all', name: 'All' },
    ];
    const { figures } = await givenCustomers([
      said('ConfigurationActivated', 500, {
        version: 1,
        effectiveFrom: isoDaysAgo(500),
        config: { ...defaultConfiguration, version: 1, segments },
      }),
      ordered('p1', 50, 'o1'),
      answered('p1', 40, 'nps', 9),
      answered('p2', 40, 'nps', 0),
    ]);
    const { instruments } = await figures(voiceFigures);
    expect(instruments).toMatchObject([
      {
        answers: 2,
        bySegment: [
          { segmentId: 'all', answers: 2, promoters: 1 },
          { segmentId: 'buyers', answers: 1, promoters: 1 },
        ],
      },
    ]);
  });

  it('without any answers there is nothing but zeros', async () => {
    const { figures } = await givenCustomers([ordered('p1', 50, 'o1')]);
    expect(await figures(voiceFigures)).toMatchObject({
      instruments: [],
      response: { asked: 0, answered: 0, rate: null },
      empathy: { answers: 0, mean: null },
    });
  });
});

describe('the voice of one customer', () => {
  it('has its answers, newest first, on their scale, and not the words', async () => {
    const { view } = await givenCustomers([
      answered('p1', 50, 'csat_relationship', 10, { scaleMin: 0, scaleMax: 10, verbatim: 'slow but kind' }),
      answered('p1', 40, 'nps', 3),
    ]);
    const told = await view(voiceView, 'p1');
    expect(told['answers']).toMatchObject([
      { instrument: 'nps', score: 3, onScale: 3, verbatim: false },
      { instrument: 'csat_relationship', score: 10, onScale: 5, verbatim: true, countsForFigures: true },
    ]);
    expect(JSON.stringify(told)).not.toContain('slow');
  });
});
