/**
 * Facts of one instant fold by their source and id. A pause that was said to have happened at the very instant at
 * which another source opened the request was put before the opening: it was accepted, stood in the log, paused
 * nothing, and could not be ended.
 */
import { registered } from '../testing/arbitrary-facts';
import { type GivenServer, givenServer, NOW } from '../testing/given-server';

const at = (offsetMs: number): string => new Date(NOW - 3_600_000 + offsetMs).toISOString();

describe('a command that says it happened at the instant of what it goes on from', () => {
  let server: GivenServer;
  beforeAll(async () => {
    server = await givenServer();
    await server.facts(registered('ana'), {
      specversion: '1.0',
      id: 'opened',
      source: 'crm',
      type: 'ServiceRequestOpened',
      time: at(0),
      data: {
        requestId: 'r1',
        partyId: 'ana',
        channel: 'phone',
        category: 'repair',
        class: 'deferred',
        openedAt: at(0),
      },
    });
  });
  afterAll(() => server.remove());

  it('is refused when it would fold before it, and is taken a millisecond later', async () => {
    const pause = (occurredAt: string) =>
      server.post(
        '/v1/commands/PauseServiceRequest',
        { requestId: 'r1', occurredAt },
        { 'Idempotency-Key': occurredAt },
      );
    expect((await pause(at(0))).body).toMatchObject({ code: 'InvalidInterval', errors: [{ path: '/occurredAt' }] });
    expect((await pause(at(1))).body).toMatchObject({ events: [{ type: 'ServiceRequestPaused' }] });
    expect((await server.post('/v1/commands/ResumeServiceRequest', { requestId: 'r1' })).status).toBe(200);
  });
});
