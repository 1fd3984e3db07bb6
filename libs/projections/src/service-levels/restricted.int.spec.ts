import type { Fact, FactData } from '@afecto/domain';
import { channelsFigures } from '../channels/figures';
import { givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { serviceLevelFigures } from './figures';

const asked = (kind: FactData['DataSubjectRequestReceived']['kind']): Fact =>
  said('DataSubjectRequestReceived', 60, {
    partyId: 'p1',
    dsrId: 'd1',
    kind,
    receivedAt: isoDaysAgo(60),
    dueAt: isoDaysAgo(30),
  });

/*
 * Whose data are only kept has no zone and no work, and these alone knew when a service level is missed: a request
 * that nobody solved was running for ever in the figures, until any other fact of its customer came.
 */
describe('a request of a customer who asked for restriction', () => {
  test.each<[string, ReadonlyArray<Fact>]>([
    ['asked for restriction', [asked('restriction')]],
    ['objects', [asked('objection')]],
    ['does neither', []],
  ])('is missed when its time is up, as of one who %s', async (_, facts) => {
    const { figures } = await givenCustomers([
      ordered('p1', 100, 'o1'),
      ...facts,
      said('ServiceRequestOpened', 50, {
        requestId: 'r1',
        partyId: 'p1',
        channel: 'phone',
        category: 'delivery',
        class: 'deferred',
        openedAt: isoDaysAgo(50),
      }),
    ]);
    expect(await figures(serviceLevelFigures)).toMatchObject({ all: { met: 0, missed: 1, running: 0 } });
    expect(await figures(serviceLevelFigures, { from: 400, to: 60 })).toMatchObject({ all: { requests: 0 } });
    const { channels } = await figures(channelsFigures);
    expect(channels).toMatchObject([{ channel: 'phone', requests: { missed: 1 } }]);
  });
});
