import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { join } from 'node:path';
import { openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { fact, registered, surveyAnswered } from '../testing/arbitrary-facts';
import { type GivenServer, givenServer, isOnServer, NOW, temporaryFolder } from '../testing/given-server';
import { dataOf, readStream } from '../testing/read-stream';

/** An event of another program in the same log. */
const appendForeign = async (folder: string): Promise<void> => {
  const opened = openSqliteEventStore({ file: join(folder, 'log.db'), clock: () => NOW });
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  await opened.right.append({
    streamId: 'foreign-1',
    expectedRevision: 'any',
    events: [{ id: randomUUID(), type: 'SomethingElse', data: {}, metadata: {} }],
  });
  await opened.right.close();
};

/** A position of the log; one on a server begins with the name of its key store. */
const place = (position: number): string => String(isOnServer ? position + 1 : position);

/** More than one page holds, each with ten thousand characters. */
const LARGE_FACTS = 450;

describe('events out', () => {
  let server: GivenServer;
  beforeAll(async () => {
    const folder = temporaryFolder();
    await appendForeign(folder);
    server = await givenServer({ heartbeatMs: 50 }, folder);
    await server.facts(registered('ana'), registered('bea'), surveyAnswered('ana', 9), surveyAnswered('bea', 3));
  });
  afterAll(() => server.remove());

  const eventsOf = (body: Record<string, unknown>) => body['events'] as Record<string, unknown>[];

  it('pages give the whole log in order, without what is not ours', async () => {
    const seen: unknown[] = [];
    let after = '0';
    for (;;) {
      const { body } = await server.get(`/v1/events?limit=2&after=${after}`);
      seen.push(...eventsOf(body).map(({ sequence, type }) => [sequence, type]));
      after = String(body['next']);
      if (body['next'] === body['position']) break;
    }
    expect(seen).toEqual([
      [place(2), 'PartyRegistered'],
      [place(3), 'PartyRegistered'],
      [place(4), 'SurveyAnswered'],
      [place(5), 'SurveyAnswered'],
    ]);
  });

  it('what comes out can be sent in again and is a duplicate', async () => {
    const { body } = await server.get('/v1/events');
    expect((await server.facts(...eventsOf(body))).body).toMatchObject({ accepted: 0, duplicates: 4, rejected: [] });
  });

  it('a page can be of some types and of one party', async () => {
    const { body } = await server.get('/v1/events?types=SurveyAnswered,OrderPlaced&subject=bea&derived=false');
    expect(eventsOf(body)).toMatchObject([{ type: 'SurveyAnswered', subject: 'bea', sequence: place(5) }]);
    expect(body['next']).toBe(body['position']);
  });

  it('a place beyond the end is answered with the end, where all is read', async () => {
    const { body } = await server.get('/v1/events?after=1000');
    expect(body).toMatchObject({ events: [], next: body['position'] });
  });

  it('a stream starts at the beginning, goes on live and shows that it lives', async () => {
    let sent = false;
    const events = await readStream(`${server.url}/v1/events/stream?subject=cleo`, (seen) => {
      if (!sent && seen.some(({ comment }) => comment === 'heartbeat')) {
        sent = true;
        void server.facts(registered('cleo'));
      }
      return dataOf(seen).length === 1;
    });
    expect(dataOf(events)).toMatchObject([{ type: 'PartyRegistered', subject: 'cleo' }]);
    // What the filter left out still moves the subscriber's place.
    const last = events.find(({ id, data }) => id !== null && data === null)?.id;
    expect(Number(last)).toBeGreaterThanOrEqual(5);
  });

  it('Last-Event-ID resumes without gap or double', async () => {
    const first = await readStream(`${server.url}/v1/events/stream`, (seen) => dataOf(seen).length >= 2);
    const last = first.filter(({ data }) => data !== null)[1]?.id ?? '';
    const rest = await readStream(
      `${server.url}/v1/events/stream?after=0`,
      (seen) => dataOf(seen).some(({ sequence }) => sequence === place(5)),
      { 'Last-Event-ID': last },
    );
    expect(
      dataOf(rest)
        .map(({ sequence }) => sequence)
        .slice(0, 2),
    ).toEqual([place(4), place(5)]);
  });

  it('a Last-Event-ID that is none is a 400', async () => {
    const answer = await server.get('/v1/events/stream', { 'Last-Event-ID': 'abc' });
    expect(answer.body).toMatchObject({ status: 400, errors: [{ path: '/header/last-event-id' }] });
  });

  it('a subscriber that reads slowly gets every event, in order', async () => {
    const facts = Array.from({ length: LARGE_FACTS }, (_, index) =>
      fact('EnquiryReceived', {
        enquiryId: `e${index}`,
        partyId: 'slow',
        channel: 'web',
        productLine: 'books',
        text: 'v'.repeat(10_000),
      }),
    );
    for (let from = 0; from < LARGE_FACTS; from += 150)
      expect((await server.facts(...facts.slice(from, from + 150))).body).toMatchObject({ accepted: 150 });
    const sequences = await new Promise<ReadonlyArray<number>>((resolve, reject) => {
      const call = request(`${server.url}/v1/events/stream?subject=slow`, (response) => {
        const found: number[] = [];
        let rest = '';
        response.setEncoding('utf8');
        // Nothing is read for a while: the pipe fills and the server has to wait.
        setTimeout(() => {
          response.on('data', (chunk: string) => {
            const lines = (rest + chunk).split('\n');
            rest = lines.pop() ?? '';
            for (const line of lines)
              for (const [, sequence] of line.matchAll(/"sequence":"(\d+)"/g)) found.push(Number(sequence));
            if (found.length === LARGE_FACTS) {
              call.destroy();
              resolve(found);
            }
          });
        }, 300);
      });
      call.on('error', reject);
      call.end();
    });
    expect(new Set(sequences).size).toBe(LARGE_FACTS);
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
  });

  it('a page of large facts ends early, and next goes on from there', async () => {
    const first = await server.get('/v1/events?subject=slow&limit=1000');
    const sequences = eventsOf(first.body).map(({ sequence }) => sequence);
    expect(sequences.length).toBeLessThan(LARGE_FACTS);
    expect(JSON.stringify(first.body).length).toBeLessThan(4.2 * 1_024 * 1_024);
    const second = await server.get(`/v1/events?subject=slow&limit=1000&after=${String(first.body['next'])}`);
    sequences.push(...eventsOf(second.body).map(({ sequence }) => sequence));
    expect(new Set(sequences).size).toBe(LARGE_FACTS);
  });

  it('closing the server ends open streams', async () => {
    const other = await givenServer();
    const { promise: open, resolve: begun } = Promise.withResolvers<void>();
    const ended = readStream(`${other.url}/v1/events/stream`, () => {
      begun();
      return false;
    });
    await open;
    await other.remove();
    await expect(ended).resolves.toBeDefined();
  });
});
