import { type Configuration, defaultConfiguration, type Fact, type FactData } from '@afecto/domain';
import { givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { propositionFigures } from './figures';

const configured = (version: number, ago: number, propositions: Configuration['propositions']): Fact =>
  said('ConfigurationActivated', ago, {
    version,
    effectiveFrom: isoDaysAgo(ago),
    config: { ...defaultConfiguration, version, segments: [{ segmentId: 'all', name: 'All' }], propositions },
  });
const leaving = (
  partyId: string,
  ago: number,
  ...reasonCodes: FactData['DefectionNoticeReceived']['reasonCodes']
): ReadonlyArray<Fact> => [
  ordered(partyId, ago + 20, `o-${partyId}`),
  said('DefectionNoticeReceived', ago, {
    partyId,
    effectiveAt: isoDaysAgo(ago),
    reasonCodes,
    channel: 'phone',
  }),
];
const complaint = (complaintId: string, ago: number, rootCause: string): ReadonlyArray<Fact> => [
  said('ComplaintReceived', ago, { complaintId, partyId: 'p1', channel: 'phone', category: 'billing', severity: 2 }),
  said(
    'ComplaintResolved',
    ago - 0.5,
    { complaintId, decision: 'upheld', rootCause, immediate: false, resolvedAt: isoDaysAgo(ago - 0.5) },
    'p1',
  ),
];
const fast = { propositionId: 'fast', segmentId: 'all', statement: 'Fast' };
const cheap = { propositionId: 'cheap', segmentId: 'all', statement: 'Cheap' };

const history: ReadonlyArray<Fact> = [
  configured(1, 600, [fast]),
  ...leaving('p1', 300, 'pricing'),
  ...leaving('p2', 290, 'pricing'),
  ...complaint('c1', 280, 'slow delivery'),
  ...complaint('c2', 278, 'slow delivery'),
  ...complaint('c3', 276, 'wrong invoice'),
  // Version 2 changes nothing that is proposed, version 3 does.
  configured(2, 250, [fast]),
  configured(3, 200, [{ ...fast, statement: 'Next day' }, cheap]),
  ...leaving('p3', 100, 'inconvenience'),
  ...complaint('c4', 90, 'wrong invoice'),
  configured(4, 50, [cheap]),
];

describe('from reasons to propositions', () => {
  // coverage: 150
  it('each version that changed a proposition is traced to the reasons counted before it, and to those since', async () => {
    const { figures } = await givenCustomers(history);
    const told = await figures(propositionFigures);
    expect(told).toMatchObject({
      propositions: [{ propositionId: 'cheap', statement: 'Cheap', version: 3, since: isoDaysAgo(200), versions: 1 }],
      versions: [
        {
          version: 3,
          effectiveFrom: isoDaysAgo(200),
          propositions: [
            { propositionId: 'cheap', change: 'added', before: null, after: { statement: 'Cheap' } },
            {
              propositionId: 'fast',
              change: 'changed',
              before: { statement: 'Fast' },
              after: { statement: 'Next day' },
            },
          ],
          before: {
            defection: [{ reason: 'pricing', count: 2, share: 1 }],
            complaints: [
              { rootCause: 'slow delivery', complaints: 2 },
              { rootCause: 'wrong invoice', complaints: 1 },
            ],
          },
          since: {
            defection: [{ reason: 'inconvenience', count: 1, share: 1 }],
            complaints: [{ rootCause: 'wrong invoice', complaints: 1 }],
          },
        },
        { version: 4, propositions: [{ propositionId: 'fast', change: 'removed', after: null }] },
      ],
    });
    const { versions } = told;
    expect(Array.isArray(versions) ? versions.length : null).toBe(2);
  });

  // coverage: 150
  it('counts the answers in words before a version and since, by what they say of us', async () => {
    const answered = (partyId: string, ago: number, score: number, words: { readonly verbatim?: string }): Fact =>
      said('SurveyAnswered', ago, {
        surveyId: `s-${partyId}`,
        partyId,
        instrument: 'nps',
        score,
        scaleMin: 0,
        scaleMax: 10,
        ...words,
      });
    const { figures } = await givenCustomers([
      ...history,
      answered('p1', 280, 2, { verbatim: 'Too slow' }),
      answered('p2', 270, 10, { verbatim: 'Cheap enough' }),
      answered('p3', 260, 3, {}),
      answered('p4', 150, 8, { verbatim: 'Better' }),
    ]);
    const told = await figures(propositionFigures);
    const words = { instrument: 'nps', verbatims: 1, best: 0, good: 0, rest: 0 };
    expect(told['versions']).toMatchObject([
      {
        version: 3,
        before: { verbatims: [{ ...words, verbatims: 2, best: 1, rest: 1 }] },
        since: { verbatims: [{ ...words, good: 1 }] },
      },
      { version: 4, since: { verbatims: [] } },
    ]);
  });

  it('shows only versions that came into force in the window', async () => {
    const { figures } = await givenCustomers(history);
    expect(await figures(propositionFigures, { from: 60, to: 0 })).toMatchObject({ versions: [{ version: 4 }] });
    expect(await figures(propositionFigures, { from: 260, to: 210 })).toMatchObject({ versions: [] });
  });
});
