import { Metadata, status } from '@grpc/grpc-js';
import * as E from 'fp-ts/Either';
import type { AccessControl, StreamStatus, WireRecord } from '../log/wire-log';
import { accessTo, type Access, type Caller } from './access';

const NO_ACL: AccessControl = { read: null, write: null, delete: null, metaRead: null, metaWrite: null };

const USERS = [
  { name: 'admin', password: 'changeit', roles: ['$admins'] },
  { name: 'ops', password: 'changeit', roles: ['$ops'] },
  { name: 'anna', password: 'pässword:with:colons', roles: ['sales'] },
];

const givenAccess = (acls: Readonly<Record<string, Partial<AccessControl>>> = {}, settings?: unknown): Access => {
  const statusOf = (streamId: string): StreamStatus => ({
    lastEventNumber: streamId === '$settings' && settings !== undefined ? 0n : -1n,
    deleted: 'no',
    metadata: { maxCount: null, maxAge: null, truncateBefore: null, acl: { ...NO_ACL, ...acls[streamId] } },
  });
  const settingsRecord: WireRecord = {
    id: '6b1f5c1e-9f0a-4c2b-8d1e-0123456789ab',
    type: '$settings',
    streamId: '$settings',
    eventNumber: 0n,
    position: 1n,
    recordedAt: 0,
    isJson: true,
    data: Buffer.from(typeof settings === 'string' ? settings : JSON.stringify(settings ?? null)),
    metadata: new Uint8Array(),
  };
  return accessTo({ status: statusOf, eventAt: () => settingsRecord }, USERS);
};

const withHeader = (authorization?: string): Metadata => {
  const metadata = new Metadata();
  if (authorization !== undefined) metadata.set('authorization', authorization);
  return metadata;
};

const basic = (name: string, password: string): string =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;

const ADMIN: Caller = { name: 'admin', roles: ['$admins'], isAuthenticated: true };
const ANNA: Caller = { name: 'anna', roles: ['sales'], isAuthenticated: true };
const OPS: Caller = { name: 'ops', roles: ['$ops'], isAuthenticated: true };
const ANONYMOUS: Caller = { name: 'anonymous', roles: [], isAuthenticated: false };

describe('who calls', () => {
  it('the right password names the user, colons and accents included', () => {
    const { callerOf } = givenAccess();
    expect(callerOf(withHeader(basic('anna', 'pässword:with:colons')))).toEqual(E.right(ANNA));
    expect(callerOf(withHeader(basic('admin', 'changeit').replace('Basic', 'basic')))).toEqual(E.right(ADMIN));
  });

  it.each([
    ['a wrong password', basic('anna', 'wrong')],
    ['an unknown user', basic('bert', 'changeit')],
    ['another scheme', 'Bearer token'],
    ['no colon', `Basic ${Buffer.from('anna').toString('base64')}`],
  ])('%s is UNAUTHENTICATED', (_, header) => {
    expect(givenAccess().callerOf(withHeader(header))).toMatchObject(E.left({ code: status.UNAUTHENTICATED }));
  });

  it('no credentials are the anonymous caller when users are configured', () => {
    expect(givenAccess().callerOf(withHeader())).toEqual(E.right(ANONYMOUS));
  });

  it('without users everybody is an administrator, whatever the header says', () => {
    const access = accessTo(
      {
        status: () => {
          throw new Error('asked');
        },
        eventAt: () => null,
      },
      [],
    );
    const caller = access.callerOf(withHeader(basic('nobody', 'nothing')));
    if (E.isLeft(caller)) throw new Error('refused');
    expect(access.mayRead(caller.right, '$all')).toBe(true);
  });
});

describe('who may do what', () => {
  it.each<[string, Caller, boolean, boolean]>([
    ['an administrator', ADMIN, true, true],
    ['a user', ANNA, true, false],
    ['the anonymous caller', ANONYMOUS, true, false],
    ['an operator', OPS, true, false],
  ])('by default %s reads user streams %p and system streams %p', (_, caller, user, system) => {
    const access = givenAccess();
    expect(access.mayRead(caller, 'order-1')).toBe(user);
    expect(access.mayWrite(caller, 'order-1')).toBe(user);
    expect(access.mayDelete(caller, 'order-1')).toBe(user);
    expect(access.mayRead(caller, '$ce-order')).toBe(system);
    expect(access.mayRead(caller, '$all')).toBe(system);
  });

  it('an access list admits by user name and by role, and nobody else but administrators', () => {
    const access = givenAccess({ 'order-1': { read: ['anna'], write: ['sales'], delete: [] } });
    expect(access.mayRead(ANNA, 'order-1')).toBe(true);
    expect(access.mayWrite(ANNA, 'order-1')).toBe(true);
    expect(access.mayDelete(ANNA, 'order-1')).toBe(false);
    expect(access.mayRead(OPS, 'order-1')).toBe(false);
    expect(access.mayDelete(ADMIN, 'order-1')).toBe(true);
  });

  it('a metadata stream asks the lists for metadata of its stream', () => {
    const access = givenAccess({ 'order-1': { metaRead: ['anna'], metaWrite: ['$ops'], read: [], write: [] } });
    expect(access.mayRead(ANNA, '$$order-1')).toBe(true);
    expect(access.mayWrite(ANNA, '$$order-1')).toBe(false);
    expect(access.mayWrite(OPS, '$$order-1')).toBe(true);
    expect(access.mayDelete(ADMIN, '$$order-1')).toBe(false);
  });

  it('nobody writes or deletes $all', () => {
    const access = givenAccess();
    expect(access.mayWrite(ADMIN, '$all')).toBe(false);
    expect(access.mayDelete(ADMIN, '$all')).toBe(false);
  });

  it.each(['derived-p1', 'afecto-checkpoints', 'afecto-key-store'])(
    'a stream of the system, %s, is read by all and written by administrators, whatever an access list says',
    (streamId) => {
      const everybody = { read: null, write: ['$all'], delete: ['$all'], metaRead: null, metaWrite: ['$all'] };
      const access = givenAccess({ [streamId]: everybody }, { $userStreamAcl: { $w: '$all', $mw: '$all' } });
      for (const caller of [ANNA, OPS, ANONYMOUS]) {
        expect(access.mayRead(caller, streamId)).toBe(true);
        expect(access.mayWrite(caller, streamId)).toBe(false);
        expect(access.mayDelete(caller, streamId)).toBe(false);
        expect(access.mayWrite(caller, `$$${streamId}`)).toBe(false);
      }
      expect([access.mayWrite(ADMIN, streamId), access.mayWrite(ADMIN, `$$${streamId}`)]).toEqual([true, true]);
    },
  );

  it('$settings overrides the defaults list by list', () => {
    const access = givenAccess(
      {},
      {
        $userStreamAcl: { $r: 'sales', $w: ['$ops'] },
        $systemStreamAcl: { $r: '$all' },
      },
    );
    expect(access.mayRead(ANNA, 'order-1')).toBe(true);
    expect(access.mayRead(ANONYMOUS, 'order-1')).toBe(false);
    expect(access.mayWrite(ANNA, 'order-1')).toBe(false);
    expect(access.mayDelete(ANNA, 'order-1')).toBe(true);
    expect(access.mayRead(ANONYMOUS, '$all')).toBe(true);
    expect(access.mayWrite(ANNA, '$ce-order')).toBe(false);
  });

  it.each([['not json'], [{ $userStreamAcl: { $r: 7 } }]])('malformed settings count as none: %j', (settings) => {
    expect(givenAccess({}, settings).mayRead(ANONYMOUS, 'order-1')).toBe(true);
  });

  it('operators and administrators manage groups, authenticated users see them', () => {
    const access = givenAccess();
    expect([ADMIN, OPS, ANNA, ANONYMOUS].map(access.mayManageGroups)).toEqual([true, true, false, false]);
    expect([ADMIN, OPS, ANNA, ANONYMOUS].map(access.maySeeGroups)).toEqual([true, true, true, false]);
  });
});
