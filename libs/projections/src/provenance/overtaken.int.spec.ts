import * as E from 'fp-ts/Either';
import { NOW } from '../engine/testing/given-log';
import { isoDaysAgo, ordered } from '../tally/given-customers';
import { provenanceOf } from './provenance';
import { givenHistory, placedIn } from './testing/given-history';

/*
 * What moves between two judgements was found by looking at both ends and halving where they differ. Two items age at
 * different paces up to the cap of their lateness: a call that is due in three days overtakes a delivery that was due
 * after a hundred when it is capped, and falls behind again when the delivery is. Both ends were alike, and in between
 * the next best action was told as it was not.
 */
it('a next best action that overtakes another and falls behind again while nothing happens is told both times', async () => {
  const late = ordered('p1', 325, 'o1', { netMinor: 0, promisedAt: isoDaysAgo(215) });
  const history = await givenHistory(placedIn([late]), 'p1', { until: NOW });
  if (history === null) throw new Error('no history');
  const found = await provenanceOf(history, 'nextBestAction');
  if (found === null || E.isLeft(found)) throw new Error(JSON.stringify(found));
  const told = found.right.history.map(({ value, since }) => [value, since]);
  expect(told.slice(-4)).toMatchObject([
    [{ queue: 'Q7', triggerKey: 'rr:o1' }, '2025-08-21T16:21:26.214Z'],
    [{ queue: 'Q6' }, '2025-11-27T00:00:00.000Z'],
    [{ queue: 'Q7', triggerKey: expect.stringMatching(/^zone:/) }, '2025-12-05T07:34:52.711Z'],
    // 213.4 of the 220 days that cap it: 300 + 270 + 1940 is as much as 300 + 210 + 2000.
    [{ queue: 'Q6' }, '2025-12-30T09:36:00.000Z'],
  ]);
});
