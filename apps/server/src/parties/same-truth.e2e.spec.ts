import { fact, registered } from '../testing/arbitrary-facts';
import { type GivenServer, givenServer } from '../testing/given-server';

describe('CX5, the same truth (domain.md §4.4)', () => {
  let server: GivenServer;
  beforeAll(async () => {
    server = await givenServer();
  });
  afterAll(() => server.remove());

  /** The very bytes that a reader is sent. */
  const bytes = async (path: string, headers: Readonly<Record<string, string>>): Promise<string> => {
    const response = await fetch(`${server.url}${path}`, { headers });
    expect(response.status).toBe(200);
    return Buffer.from(await response.arrayBuffer()).toString('hex');
  };

  // coverage: 13, 28
  it('a profile at one position is the same to the last byte, whoever reads it, and after a restart', async () => {
    const contact = (interactionId: string, channel: string) =>
      fact(
        'InteractionRecorded',
        {
          interactionId,
          partyId: 'p1',
          direction: 'inbound',
          channel,
          purpose: 'service',
          topicCode: 'billing',
          startedAt: '2026-03-01T00:00:00Z',
          outcome: 'answered',
          reAskedFields: [],
          links: {},
        },
        {},
      );
    const { body } = await server.facts(registered('p1'), contact('i1', 'phone'), contact('i2', 'web'));
    const path = `/v1/parties/p1?minPosition=${String(body['position'])}`;
    const readers = [
      { 'user-agent': 'contact-centre', 'afecto-actor': 'agent:ana' },
      { 'user-agent': 'web-shop', 'afecto-actor': 'customer:p1' },
      { 'user-agent': 'kiosk', 'accept-language': 'es' },
    ];
    const read = async (): Promise<ReadonlyArray<string>> => Promise.all(readers.map((reader) => bytes(path, reader)));
    const positionIn = (answer: string): string | undefined =>
      /"position":"(\d+)"/.exec(Buffer.from(answer, 'hex').toString())?.[1];
    // What is announced of the customer goes into the log as well: answers are compared at one position.
    let answers = await read();
    while (new Set(answers.map(positionIn)).size > 1) answers = await read();
    const [first = ''] = answers;
    expect(Buffer.from(first, 'hex').toString()).toContain('"partyId":"p1"');
    expect(new Set(answers)).toEqual(new Set([first]));
    await server.close();
    server = await givenServer({}, server.folder);
    const again = await bytes(path, {});
    const moved = Buffer.from(first, 'hex')
      .toString()
      .replace(/"position":"\d+"/, `"position":"${positionIn(again)}"`);
    expect(Buffer.from(again, 'hex').toString()).toBe(moved);
  });
});
