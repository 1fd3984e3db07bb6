import type { Fact, FactData } from '@afecto/domain';
import { contacted, givenCustomers, isoDaysAgo, said } from '../tally/given-customers';
import { confirmationFigures } from './figures';
import { confirmationView } from './view';

const resolved = (
  requestId: string,
  ago: number,
  rest: Partial<FactData['ServiceRequestResolved']> = {},
): ReturnType<typeof said<'ServiceRequestResolved'>> =>
  said(
    'ServiceRequestResolved',
    ago,
    { requestId, resolutionCode: 'done', byTier: 'front_office', resolvedAt: isoDaysAgo(ago), ...rest },
    'p1',
  );
const opened = (requestId: string, ago: number): Fact =>
  said('ServiceRequestOpened', ago, {
    requestId,
    partyId: 'p1',
    channel: 'phone',
    category: 'billing',
    class: 'deferred',
    openedAt: isoDaysAgo(ago),
  });
const survey = (aboutEventId: string, ago: number): Fact =>
  said('SurveyAnswered', ago, {
    surveyId: `s-${ago}`,
    partyId: 'p1',
    instrument: 'ces',
    score: 6,
    scaleMin: 1,
    scaleMax: 7,
    aboutEventId,
  });
const complaint = (complaintId: string, ago: number, verdicts: ReadonlyArray<number | null>): ReadonlyArray<Fact> => [
  said('ComplaintReceived', ago, { complaintId, partyId: 'p1', channel: 'web', category: 'c', severity: 1 }),
  said(
    'ComplaintResolved',
    ago - 0.5,
    { complaintId, decision: 'upheld', rootCause: 'late', immediate: false, resolvedAt: isoDaysAgo(ago - 0.5) },
    'p1',
  ),
  ...verdicts.map((verdict, index) =>
    said(
      'ComplaintFollowedUp',
      ago - 1 - index,
      { complaintId, attempt: index + 1, ...(verdict === null ? { unreachable: true } : { verdict }) },
      'p1',
    ),
  ),
];

describe('the confirmation of resolutions (domain.md §10.5)', () => {
  const asked = resolved('answered', 29);
  const facts: ReadonlyArray<Fact> = [
    opened('explicit', 40),
    resolved('explicit', 39, { confirmedByCustomer: true }),
    opened('refused', 38),
    resolved('refused', 37, { confirmedByCustomer: false }),
    opened('answered', 30),
    asked,
    survey(asked.eventId, 28),
    opened('asked', 25),
    resolved('asked', 24),
    contacted('p1', 23, { direction: 'outbound', purpose: 'survey', links: { requestId: 'asked' } }),
    opened('reopened', 20),
    resolved('reopened', 19, { confirmedByCustomer: true }),
    said('ServiceRequestReopened', 18, { requestId: 'reopened', reason: 'again' }, 'p1'),
    opened('open', 10),
    // Asked before there was anything to confirm.
    contacted('p1', 9.5, { direction: 'outbound', purpose: 'follow_up', links: { requestId: 'open' } }),
    resolved('open', 9),
    // The customer called by itself: nobody has asked it.
    contacted('p1', 8, { direction: 'inbound', purpose: 'follow_up', links: { requestId: 'open' } }),
    opened('unsolved', 5),
    ...complaint('content', 60, [4]),
    ...complaint('tried', 55, [null]),
    ...complaint('gone', 50, [null, null]),
    ...complaint('again', 45, [1]),
  ];

  // coverage: 140
  it('is asked for by every resolution, given or denied by word, survey, verdict or reopening; its rate is of all of them', async () => {
    const { figures } = await givenCustomers(facts);
    const answer = await figures(confirmationFigures);
    expect(answer['requests']).toEqual({
      resolutions: 6,
      confirmed: 1,
      answered: 1,
      denied: 2,
      asked: 1,
      unreachable: 0,
      open: 1,
      askedRate: 5 / 6,
      confirmationRate: 4 / 6,
      confirmedRate: 2 / 4,
    });
    expect(answer).toMatchObject({
      all: { resolutions: 10, confirmationRate: 6 / 10 },
      complaints: { resolutions: 4, confirmed: 1, denied: 1, asked: 1, unreachable: 1, confirmationRate: 2 / 4 },
    });
  });

  it('is null while nothing was resolved', async () => {
    const { figures } = await givenCustomers([opened('open', 10)]);
    expect(await figures(confirmationFigures)).toMatchObject({ all: { resolutions: 0, confirmationRate: null } });
  });

  it('is asked for by a contact at the very instant of the resolution', async () => {
    const { figures } = await givenCustomers([
      opened('r1', 10),
      resolved('r1', 9),
      contacted('p1', 9, { direction: 'outbound', purpose: 'follow_up', links: { requestId: 'r1' } }),
    ]);
    expect(await figures(confirmationFigures)).toMatchObject({ requests: { resolutions: 1, asked: 1, open: 0 } });
  });

  it('is awaited until it is given, the newest resolution first', async () => {
    const { view } = await givenCustomers(facts);
    const { resolutions } = await view(confirmationView, 'p1');
    expect(resolutions).toMatchObject([
      { id: 'open', confirmation: 'open', awaited: true },
      { id: 'reopened', confirmation: 'denied', awaited: false },
      { id: 'asked', confirmation: 'asked', awaited: true },
      { id: 'answered', confirmation: 'answered', awaited: false },
      { id: 'refused', confirmation: 'denied', awaited: false },
      { id: 'explicit', confirmation: 'confirmed', awaited: false },
      { id: 'again', matter: 'complaint', resolvedAt: isoDaysAgo(44.5), confirmation: 'denied', awaited: false },
      { id: 'gone', matter: 'complaint', confirmation: 'unreachable', awaited: false },
      { id: 'tried', matter: 'complaint', confirmation: 'asked', awaited: true },
      { id: 'content', matter: 'complaint', confirmation: 'confirmed', awaited: false },
    ]);
  });
});
