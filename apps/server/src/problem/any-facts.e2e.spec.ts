/**
 * Whatever comes through the door of facts leaves everything else standing: facts that contradict one another and
 * themselves, at the edges of every codec, make no question fail, hold no customer back and stop no projection.
 * A review once failed for ever when amounts of safe integers summed to more than one.
 */
import * as fc from 'fast-check';
import { factTypes } from '@afecto/domain';
import { extremeCloudEvent } from '../../../../libs/domain/src/facts/arbitrary';
import { type GivenServer, givenServer } from '../testing/given-server';

const LATEST = '2026-03-10T12:00:00.000Z';
const FACTS = 120;
/** `interfaces.md`, Facts in: larger ones are refused as a whole. */
const MOST_BYTES = 60_000;
const PARTIES = ['p1', '__proto__', 'x'.repeat(64)];

interface Named {
  readonly name: string;
}

describe('facts at the edges of what is let in', () => {
  let server: GivenServer;
  afterEach(() => server.remove());

  /** Every route that asks, with every party and every name that it knows. */
  const questions = async (): Promise<ReadonlyArray<string>> => {
    const { paths } = (await server.get('/openapi.json')).body;
    const known = (await server.get('/v1/figures')).body;
    const [figures, views] = [known['figures'], known['views']] as [ReadonlyArray<Named>, ReadonlyArray<Named>];
    return Object.entries(Object(paths) as Record<string, object>).flatMap(([route, methods]) => {
      if (!('get' in methods) || !route.startsWith('/v1/') || route.endsWith('/stream')) return [];
      const parties = route.includes('{partyId}') ? PARTIES : [''];
      const names = (route.includes('{partyId}') ? views : figures).map(({ name }) => name);
      return parties.flatMap((partyId) =>
        (route.includes('{name}') || route.includes('{view}') ? names : ['']).map((name) =>
          route
            .replace('{partyId}', partyId)
            .replace(/\{(name|view)\}/, name)
            .replace('{activity}', 'retention')
            .replace(/\{\w+\}/g, 'email'),
        ),
      );
    });
  };

  const { error } = console;
  afterEach(() => {
    console.error = error;
  });

  it.each([1, 2])('all types together, as drawn by %d', async (seed) => {
    const reported: string[] = [];
    console.error = (...words) => void reported.push(words.join(' '));
    let now = Date.parse(LATEST);
    server = await givenServer({ now: () => now });
    const drawn = fc
      .sample(fc.oneof(...factTypes.map((type) => extremeCloudEvent(type, LATEST))), { numRuns: FACTS, seed })
      .filter((event) => Buffer.byteLength(JSON.stringify(event)) < MOST_BYTES);
    const sent = await server.facts(...drawn);
    expect(sent.status).toBe(200);
    expect(Number(sent.body['accepted'])).toBeGreaterThan(FACTS / 2);

    const arrived = await server.get(`/v1/parties?minPosition=${String(sent.body['position'])}`);
    expect(arrived.status).toBe(200);
    expect((await server.get('/v1/dead-letters')).body['items']).toEqual([]);
    const failed: string[] = [];
    for (const question of await questions()) {
      const { status } = await server.get(question);
      if (status >= 500) failed.push(`${status} ${question}`);
    }
    for (const partyId of PARTIES)
      for (const asOf of ['0000-06-01T00:00:00Z', '2026-06-01T00:00:00Z', '9999-12-31T23:59:59.999Z']) {
        const { status } = await server.get(`/v1/parties/${partyId}?asOf=${asOf}`);
        if (status >= 500) failed.push(`${status} ${partyId} as of ${asOf}`);
      }
    expect(failed).toEqual([]);

    // Among the facts may be a review as of the instant at which they came.
    now += 3_600_000;
    const reviewed = await server.post('/v1/commands/ReviewPortfolio', {});
    expect(reviewed.body).toMatchObject({ events: [{ type: 'PortfolioReviewed' }] });
    const after = await server.get(`/v1/parties/p1?minPosition=${String(reviewed.body['position'])}`);
    expect(after.status).toBeLessThan(500);
    expect(reported).toEqual([]);
  });
});
