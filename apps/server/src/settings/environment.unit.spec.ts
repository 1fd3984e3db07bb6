import * as E from 'fp-ts/Either';
import { settingsFromEnvironment } from './environment';

describe('settings from the environment', () => {
  it('without variables are the defaults', () => {
    const settings = settingsFromEnvironment({});
    expect(settings).toEqual(
      E.right({
        host: '127.0.0.1',
        port: 3_000,
        waitMs: 2_000,
        apiKeys: [],
        gateway: null,
        eventStore: 'sqlite:./data/afecto.db',
        readModels: './data/afecto.read-models.db',
        quarantine: './data/afecto.quarantine.db',
        checkpoints: { events: 10_000, seconds: 3_600 },
        now: expect.any(Function),
      }),
    );
  });

  it('an empty variable counts as not set', () => {
    expect(settingsFromEnvironment({ AFECTO_PORT: '', AFECTO_API_KEYS: '' })).toMatchObject({
      right: { port: 3_000, apiKeys: [] },
    });
  });

  it('are read from all variables', () => {
    const settings = settingsFromEnvironment({
      AFECTO_HOST: '::1',
      AFECTO_PORT: '0',
      AFECTO_EVENT_STORE: 'sqlite:/tmp/x.db',
      AFECTO_READ_MODELS: '/tmp/r.db',
      AFECTO_QUARANTINE: '/tmp/q.db',
      AFECTO_KEY_STORE: '/tmp/k.db',
      AFECTO_MASTER_KEY_FILE: '/tmp/master',
      AFECTO_PERSONAL_READS: '/tmp/reads.ndjson',
      AFECTO_SIGNING_KEY: '/tmp/sign.pem',
      AFECTO_CHECKPOINT_EVENTS: '500',
      AFECTO_CHECKPOINT_SECONDS: '60',
      AFECTO_CLOCK: '2026-01-02T03:04:05.678Z',
      AFECTO_WAIT_MS: '0',
      AFECTO_API_KEYS: 'abcdefghijklmnop:desk1:front_office+supervisor, qrstuvwxyz012345:bot',
      AFECTO_GATEWAY_PORT: '2113',
      AFECTO_GATEWAY_USERS: 'ops:changeit-1:$ops+$admins, reader:changeit-2',
      AFECTO_GATEWAY_TLS_CERT: '/tmp/cert.pem',
      AFECTO_GATEWAY_TLS_KEY: '/tmp/key.pem',
    });
    expect(settings).toMatchObject({
      right: {
        host: '::1',
        port: 0,
        gateway: {
          port: 2_113,
          users: [
            { name: 'ops', password: 'changeit-1', roles: ['$ops', '$admins'] },
            { name: 'reader', password: 'changeit-2', roles: [] },
          ],
          tls: { certificateFile: '/tmp/cert.pem', keyFile: '/tmp/key.pem' },
        },
        eventStore: 'sqlite:/tmp/x.db',
        readModels: '/tmp/r.db',
        quarantine: '/tmp/q.db',
        keyStore: '/tmp/k.db',
        masterKey: '/tmp/master',
        personalReads: '/tmp/reads.ndjson',
        signingKey: '/tmp/sign.pem',
        checkpoints: { events: 500, seconds: 60 },
        waitMs: 0,
        apiKeys: [
          { key: 'abcdefghijklmnop', actorId: 'desk1', roles: ['front_office', 'supervisor'] },
          { key: 'qrstuvwxyz012345', actorId: 'bot', roles: [] },
        ],
      },
    });
    expect(E.isRight(settings) && settings.right.now()).toBe(Date.parse('2026-01-02T03:04:05.678Z'));
  });

  it.each([
    ['AFECTO_PORT', '65536', 'AFECTO_PORT is "65536"; allowed is a whole number 0..65535'],
    ['AFECTO_PORT', '3e3', 'allowed is a whole number 0..65535'],
    ['AFECTO_PORT', '-1', 'allowed is a whole number 0..65535'],
    ['AFECTO_HOST', 'a b', 'AFECTO_HOST is "a b"; allowed is a host name or an IP address'],
    ['AFECTO_CLOCK', 'noon', 'AFECTO_CLOCK is "noon"; allowed is an RFC 3339 UTC instant'],
    ['AFECTO_CLOCK', '2026-02-29T00:00:00Z', 'allowed is an RFC 3339 UTC instant'],
    ['AFECTO_WAIT_MS', '1.5', 'AFECTO_WAIT_MS is "1.5"; allowed is a whole number 0..600000'],
    ['AFECTO_EVENT_STORE', 'postgres://x', 'AFECTO_EVENT_STORE is "postgres://x"'],
    ['AFECTO_CHECKPOINT_EVENTS', '0', 'AFECTO_CHECKPOINT_EVENTS is "0"; allowed is a whole number 1..100000000'],
    ['AFECTO_CHECKPOINT_SECONDS', '-1', 'allowed is a whole number 1..31536000'],
    ['AFECTO_READ_MODELS', '/tmp/', 'AFECTO_READ_MODELS is "/tmp/"; allowed is the path of a file'],
    ['AFECTO_GATEWAY_PORT', 'x', 'AFECTO_GATEWAY_PORT is "x"; allowed is a whole number 0..65535'],
    ['AFECTO_GATEWAY_USERS', 'ops:short', 'entry 1 has a password of 5 characters'],
    ['AFECTO_GATEWAY_USERS', 'o ps:changeit-1', 'entry 1 has no valid name'],
    ['AFECTO_GATEWAY_USERS', 'ops:changeit-1:a b', 'entry 1 has a role that is not a word'],
    ['AFECTO_GATEWAY_USERS', 'ops:changeit-1,ops:changeit-2', 'entry 2 repeats a name'],
    ['AFECTO_GATEWAY_USERS', 'ops:changeit-1', 'AFECTO_GATEWAY_PORT is not set'],
    ['AFECTO_GATEWAY_TLS_CERT', '/tmp/c.pem', 'TLS needs both'],
    ['AFECTO_GATEWAY_TLS_KEY', '/tmp/k.pem', 'TLS needs both'],
    ['AFECTO_API_KEYS', 'short:a:b', 'entry 1 has a key of 5 characters'],
    ['AFECTO_API_KEYS', 'abcdefghijklmnop:desk 1:b', 'entry 1 has no valid actor id'],
    ['AFECTO_API_KEYS', 'abcdefghijklmnop', 'entry 1 has no valid actor id'],
    ['AFECTO_API_KEYS', 'abcdefghijklmnop:a:B', 'entry 1 has a role that is not a word'],
    ['AFECTO_API_KEYS', 'abcdefghijklmnop:a:b:c', 'entry 1 has more than three parts'],
    ['AFECTO_API_KEYS', 'abcdefghijklmnop:a,abcdefghijklmnop:b', 'entry 2 repeats a key'],
  ])('%s=%s is refused', (name, value, message) => {
    const settings = settingsFromEnvironment({ [name]: value });
    expect(settings).toMatchObject({ left: [expect.stringContaining(message)] });
  });

  it('users of the gateway need TLS, without which their passwords would not arrive', () => {
    const settings = settingsFromEnvironment({
      AFECTO_GATEWAY_PORT: '0',
      AFECTO_GATEWAY_USERS: 'ops:my-secret-1:$ops',
    });
    expect(settings).toMatchObject({ left: [expect.stringContaining('clients send no password')] });
    expect(JSON.stringify(settings)).not.toContain('my-secret');
  });

  it('a wrong connection string is shown without the password of the event store', () => {
    const settings = settingsFromEnvironment({ AFECTO_EVENT_STORE: 'esdb://admin:my-secret@host:99999' });
    expect(settings).toMatchObject({
      left: [expect.stringContaining('AFECTO_EVENT_STORE is "esdb://host:99999": The event store "esdb://host:99999"')],
    });
    expect(JSON.stringify(settings)).not.toMatch(/admin|secret/);
  });

  it('every wrong variable has its line, and no key is ever shown', () => {
    const settings = settingsFromEnvironment({
      AFECTO_PORT: 'x',
      AFECTO_WAIT_MS: 'y',
      AFECTO_API_KEYS: 'my-secret-key-0001:a:B',
    });
    expect(E.isLeft(settings) && settings.left).toHaveLength(3);
    expect(JSON.stringify(settings)).not.toContain('my-secret');
  });
});
