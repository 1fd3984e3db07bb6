import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/Either';
import type { WireFilter, WireLog } from '../../log/wire-log';
import type { GroupInfo } from './group-info';
import { openGroups } from './open-groups';
import { eventually } from '../testing/official-clients';
import {
  appendNumbered,
  left,
  openFile,
  readAllOf,
  right,
  SETTINGS,
  TestConsumer,
  textOf,
  type OpenedGroups,
} from '../testing/given-groups';
import { temporaryFolder } from '../testing/served-store';

const key = { streamId: 'orders', group: 'g' };
const folders: Array<() => void> = [];
let opened: OpenedGroups;
let file: string;

beforeEach(async () => {
  const folder = temporaryFolder();
  folders.push(folder.remove);
  ({ file } = folder);
  opened = await openFile(file);
});
afterEach(() => opened.close());
afterAll(() => {
  for (const remove of folders) remove();
});
const noop = (): void => {};
const reopen = async (): Promise<void> => {
  await opened.close();
  opened = await openFile(file);
};
const info = async (): Promise<GroupInfo> => right(await opened.groups.info(key));
const outstanding = async (): Promise<number> => (await info()).outstanding;

describe('what groups leave in the log', () => {
  it('the configuration is one event with all groups, of which the last two are kept', async () => {
    const { groups, log } = opened;
    right(await groups.create(key, SETTINGS, null, 'ops'));
    right(await groups.create({ streamId: '$all', group: 'everything' }, SETTINGS, null, 'ops'));
    const events = await readAllOf(log, '$persistentSubscriptionConfig');
    expect(events.map(({ type }) => type)).toEqual(['$PersistentConfig', '$PersistentConfig']);
    expect(JSON.parse(textOf(events[1]?.data ?? new Uint8Array()))).toMatchObject({
      version: '2',
      updatedBy: 'ops',
      entries: [
        { stream: 'orders', group: 'g', namedConsumerStrategy: 'RoundRobin' },
        { stream: '$all', group: 'everything' },
      ],
    });
    expect(log.status('$persistentSubscriptionConfig').metadata.maxCount).toBe(2);
  });

  it.each([
    [key, '"2"'],
    [{ streamId: '$all', group: 'g' }, /^"C:(\d+)\/P:\1"$/],
  ])('a checkpoint of %j is a JSON string', async (group, expected) => {
    const { groups, log } = opened;
    await appendNumbered(log, 'orders', 3);
    right(await groups.create(group, { ...SETTINGS, checkPointUpperBound: 3 }, null, 'ops'));
    await new TestConsumer().connect(groups, group);
    const stream = `$persistentsubscription-${group.streamId}::g-checkpoint`;
    await eventually(async () => (await readAllOf(log, stream)).length > 0);
    const [checkpoint] = await readAllOf(log, stream);
    expect(checkpoint?.type).toBe('$SubscriptionCheckpoint');
    expect(textOf(checkpoint?.data ?? new Uint8Array())).toMatch(expected);
    await eventually(() => log.status(stream).metadata.maxCount === 2);
  });

  it('a parked message is a link with its reason', async () => {
    const { groups, log } = opened;
    await appendNumbered(log, 'orders', 1);
    right(await groups.create(key, SETTINGS, null, 'ops'));
    await new TestConsumer(() => 'park').connect(groups, key);
    const stream = '$persistentsubscription-orders::g-parked';
    await eventually(() => log.status(stream).lastEventNumber === 0n);
    const parked = log.eventAt(stream, 0n);
    expect(parked).toMatchObject({ type: '$>', isJson: false });
    expect(textOf(parked?.data ?? new Uint8Array())).toBe('0@orders');
    expect(JSON.parse(textOf(parked?.metadata ?? new Uint8Array()))).toMatchObject({
      reason: "Client explicitly NAK'ed message.\nbecause",
      subscriptionEventNumber: 0,
      added: expect.stringMatching(/^\d{4}-/),
    });
  });
});

describe('a restart', () => {
  it('goes on after what was handled, with the same settings', async () => {
    await appendNumbered(opened.log, 'orders', 5);
    right(await opened.groups.create(key, { ...SETTINGS, maxRetryCount: 3 }, null, 'ops'));
    const before = new TestConsumer((message) => (message.record.event?.eventNumber === 3n ? null : 'ack'));
    await before.connect(opened.groups, key);
    await eventually(async () => before.messages.length === 5 && (await outstanding()) === 1);
    await reopen();
    expect(before.drops).toEqual(['closing']);
    const after = await new TestConsumer().connect(opened.groups, key);
    await eventually(() => after.messages.length === 2);
    expect(after.eventNumbers).toEqual([3, 4]);
    expect((await info()).definition.settings.maxRetryCount).toBe(3);
  });

  it('a group that starts from the end remembers where that was', async () => {
    await appendNumbered(opened.log, 'orders', 2);
    right(await opened.groups.create(key, { ...SETTINGS, startFrom: 'end' }, null, 'ops'));
    await appendNumbered(opened.log, 'orders', 2, 2);
    await reopen();
    const consumer = await new TestConsumer().connect(opened.groups, key);
    await eventually(() => consumer.messages.length === 2);
    expect(consumer.eventNumbers).toEqual([2, 3]);
  });

  it('the filter of a group to $all is kept', async () => {
    const filtered = { streamId: '$all', group: 'filtered' };
    const filter = { by: 'streamName', regex: /^ord[a-z]+$/, prefixes: [] } as const;
    right(await opened.groups.create(filtered, SETTINGS, filter, 'ops'));
    await reopen();
    await appendNumbered(opened.log, 'others', 1);
    await appendNumbered(opened.log, 'orders', 1);
    const consumer = await new TestConsumer().connect(opened.groups, filtered);
    await eventually(() => consumer.messages.length === 1);
    expect(consumer.messages[0]?.record.event?.streamId).toBe('orders');
  });

  it('a replayed message that was not handled is replayed again', async () => {
    await appendNumbered(opened.log, 'orders', 3);
    right(await opened.groups.create(key, SETTINGS, null, 'ops'));
    await new TestConsumer(() => 'park').connect(opened.groups, key);
    await eventually(async () => (await info()).parked === 3n);
    await reopen();

    const first = new TestConsumer(({ record }) => (record.event?.eventNumber === 1n ? null : 'ack'));
    await first.connect(opened.groups, key);
    right(await opened.groups.replayParked(key, null));
    await eventually(async () => first.messages.length === 3 && (await outstanding()) === 1);
    await reopen();

    expect((await info()).parked).toBe(2n);
    const second = await new TestConsumer().connect(opened.groups, key);
    right(await opened.groups.replayParked(key, null));
    await eventually(async () => (await info()).parked === 0n);
    expect(second.eventNumbers).toEqual([1, 2]);
  });
});

describe('a group with a full buffer', () => {
  it('holds no more new events than its settings say, and goes on when there is room', async () => {
    await appendNumbered(opened.log, 'orders', 900);
    const settings = { ...SETTINGS, historyBufferSize: 50, liveBufferSize: 30, readBatchSize: 10 };
    right(await opened.groups.create(key, settings, null, 'ops'));
    await eventually(async () => (await info()).waitingHistory === 50);
    expect((await info()).status).toBe('Behind');
    const consumer = await new TestConsumer().connect(opened.groups, key, 5);
    await eventually(() => consumer.messages.length === 900);
    expect(consumer.eventNumbers).toEqual(Array.from({ length: 900 }, (_, number) => number));
    await eventually(async () => (await info()).status === 'Live');
  });
});

describe('a group on a category', () => {
  const category = { streamId: '$ce-orders', group: 'g' };

  it('takes the events of all its streams, parks and replays them, and goes on after a restart', async () => {
    for (const stream of ['orders-1', 'orders-2', 'others-1']) await appendNumbered(opened.log, stream, 2);
    right(await opened.groups.create(category, { ...SETTINGS, resolveLinks: true }, null, 'ops'));
    const streamsOf = ({ messages }: TestConsumer): ReadonlyArray<string> =>
      messages.map(({ record }) => `${record.event?.eventNumber}@${record.event?.streamId}`);
    const parking = await new TestConsumer(({ record }) => (record.link?.eventNumber === 1n ? 'park' : 'ack')).connect(
      opened.groups,
      category,
    );
    await eventually(async () => right(await opened.groups.info(category)).parked === 1n);
    expect(streamsOf(parking)).toEqual(['0@orders-1', '1@orders-1', '0@orders-2', '1@orders-2']);
    await reopen();

    await appendNumbered(opened.log, 'orders-3', 1);
    right(await opened.groups.replayParked(category, null));
    const consumer = await new TestConsumer().connect(opened.groups, category);
    await eventually(() => consumer.messages.length === 2);
    expect([...streamsOf(consumer)].sort()).toEqual(['0@orders-3', '1@orders-1']);
  });
});

describe('a log that refuses what a group must remember', () => {
  const refusing = (suffix: string): WireLog => ({
    ...opened.log,
    append: async (request) =>
      request.streamId.endsWith(suffix)
        ? E.left({ code: 'InvalidArgument', message: 'refused' })
        : opened.log.append(request),
  });

  it('is not asked for ever to take a checkpoint, which then is none, and it is told once', async () => {
    const told: unknown[] = [];
    let asked = 0;
    const log: WireLog = refusing('-checkpoint');
    const counting: WireLog = {
      ...log,
      append: (request) => {
        if (request.streamId.endsWith('-checkpoint')) asked += 1;
        return log.append(request);
      },
    };
    const groups = await openGroups(counting, { clock: Date.now, tickEvery: 2, onFault: (fault) => told.push(fault) });
    await appendNumbered(opened.log, 'orders', 2);
    right(await groups.create(key, { ...SETTINGS, checkPointUpperBound: 1 }, null, 'ops'));
    const consumer = await new TestConsumer().connect(groups, key);
    await eventually(() => consumer.messages.length === 2 && asked > 0);
    const before = asked;
    await pause(30);
    expect(asked - before).toBeLessThan(3);
    expect(right(await groups.info(key)).lastCheckpoint).toBeNull();
    expect(told).toEqual([expect.objectContaining({ message: expect.stringContaining('orders::g cannot store') })]);
    await groups.close();
  });

  it('gets a message that it does not park again at the next look, and not at once', async () => {
    const groups = await openGroups(refusing('-parked'), { clock: Date.now, tickEvery: 40 });
    await appendNumbered(opened.log, 'orders', 1);
    right(await groups.create(key, SETTINGS, null, 'ops'));
    const consumer = await new TestConsumer(() => 'park').connect(groups, key);
    await eventually(() => consumer.messages.length > 1);
    await pause(100);
    expect(consumer.messages.length).toBeLessThan(8);
    await groups.close();
  });
});

it('a group measures its timeouts by real time, also when the clock of the log stands still', async () => {
  const groups = await openGroups(opened.log, { clock: () => 0, tickEvery: 5 });
  await appendNumbered(opened.log, 'orders', 1);
  right(await groups.create(key, { ...SETTINGS, messageTimeout: 10 }, null, 'ops'));
  const consumer = await new TestConsumer(({ retryCount }) => (retryCount > 0 ? 'ack' : null)).connect(groups, key);
  await eventually(() => consumer.messages.length === 2);
  await groups.close();
});

describe('changes of groups', () => {
  it('an update keeps the checkpoint and what was in flight comes again', async () => {
    await appendNumbered(opened.log, 'orders', 3);
    right(await opened.groups.create(key, SETTINGS, null, 'ops'));
    const before = new TestConsumer(({ record }) => (record.event?.eventNumber === 0n ? 'ack' : null));
    await before.connect(opened.groups, key);
    await eventually(async () => before.messages.length === 3 && (await outstanding()) === 2);
    right(await opened.groups.update(key, { ...SETTINGS, startFrom: 'end' }, 'ops'));
    expect(before.drops).toEqual(['dropped']);
    const after = await new TestConsumer().connect(opened.groups, key);
    await eventually(() => after.messages.length === 2);
    expect(after.eventNumbers).toEqual([1, 2]);
  });

  // Its consumers got neither event nor error, and the group said that it was live.
  it('a filter that a name takes too long to match ends the calls of the consumers, and says why from then on', async () => {
    const { groups, log } = opened;
    const all = { streamId: '$all', group: 'g' };
    const filter: WireFilter = { by: 'streamName', regex: /^(x+)+$/, prefixes: [] };
    right(await groups.create(all, SETTINGS, filter, 'ops'));
    const consumer = new TestConsumer();
    await consumer.connect(groups, all);
    await appendNumbered(log, `${'x'.repeat(40)}y`, 1);
    await eventually(() => consumer.drops.length > 0);
    const failed = expect.stringContaining('takes longer than');
    expect(consumer.drops).toEqual([{ failed }]);
    expect(right(await groups.info(all))).toMatchObject({ status: expect.stringMatching(/^Failed: .*takes longer/) });
    await expect(new TestConsumer().connect(groups, all)).rejects.toThrow('GroupFailed');
  });

  it('a dropped consumer that comes back at once finds its group', async () => {
    right(await opened.groups.create(key, SETTINGS, null, 'ops'));
    const comingBack = new Promise<unknown>((resolve) => {
      const consumer = { bufferSize: 1, from: '', userName: '', connectionName: '', confirm: noop, deliver: noop };
      const drop = (): void => resolve(opened.groups.connect(key, { ...consumer, drop: noop }));
      void opened.groups.connect(key, { ...consumer, drop }).then(() => opened.groups.restart());
    });
    expect(await comingBack).toMatchObject({ _tag: 'Right' });
    expect((await info()).connections).toHaveLength(1);
  });

  it('a tombstoned source ends the events and not the group', async () => {
    await appendNumbered(opened.log, 'orders', 1);
    right(await opened.groups.create(key, SETTINGS, null, 'ops'));
    const consumer = await new TestConsumer().connect(opened.groups, key);
    await eventually(() => consumer.messages.length === 1);
    right(await opened.log.tombstoneStream('orders', 'any'));
    await eventually(() => consumer.messages.length === 2);
    expect(consumer.messages[1]?.record.event?.type).toBe('$streamDeleted');
    await reopen();
    expect(right(await opened.groups.list(null))).toHaveLength(1);
  });

  it.each([
    ['empty group name', { streamId: 'orders', group: '' }, 'group name'],
    ['empty stream name', { streamId: '', group: 'g' }, 'stream name'],
  ])('%s is refused', async (_, wrong, reason) => {
    const failed = left(await opened.groups.create(wrong, SETTINGS, null, 'ops'));
    expect(failed).toMatchObject({ code: 'GroupFailed', reason: expect.stringContaining(reason) });
  });

  it.each([
    ['orders', 467],
    ['$all', 469],
  ])('a group name on %s that leaves no room for the names of its streams is refused', async (streamId, most) => {
    const long = { streamId, group: 'g'.repeat(most + 1) };
    const refused = left(await opened.groups.create(long, SETTINGS, null, 'ops'));
    expect(refused).toMatchObject({ code: 'InvalidArgument', message: expect.stringContaining(`1 to ${most} `) });
    const longest = { streamId, group: 'g'.repeat(most) };
    right(await opened.groups.create(longest, SETTINGS, null, 'ops'));
    right(await opened.groups.delete(longest, 'ops'));
    const nul = { streamId, group: 'a\0b' };
    expect(left(await opened.groups.create(nul, SETTINGS, null, 'ops'))).toMatchObject({ code: 'InvalidArgument' });
  });

  it('a stream name that leaves no room for any group is what is refused', async () => {
    const refused = left(await opened.groups.create({ streamId: 's'.repeat(485), group: 'g' }, SETTINGS, null, 'ops'));
    expect(refused).toEqual({
      code: 'InvalidArgument',
      message: 'The stream name has 485 characters; with a group it must have 472 at most.',
    });
    const longest = { streamId: 's'.repeat(472), group: 'g' };
    right(await opened.groups.create(longest, SETTINGS, null, 'ops'));
    right(await opened.groups.delete(longest, 'ops'));
  });

  // `a::b` of a stream was opened as `b` of the stream `…::a`, whose right to read was asked instead.
  it('a group answers to its own stream and name only, though another pair makes the same id', async () => {
    right(await opened.groups.create({ streamId: 'vault', group: 'team::a' }, SETTINGS, null, 'ops'));
    const alike = { streamId: 'vault::team', group: 'a' };
    const consumer = { bufferSize: 1, from: '', userName: '', connectionName: '', confirm: noop, deliver: noop };
    for (const answer of [
      await opened.groups.connect(alike, { ...consumer, drop: noop }),
      await opened.groups.info(alike),
      await opened.groups.update(alike, SETTINGS, 'ops'),
      await opened.groups.delete(alike, 'ops'),
    ])
      expect(answer).toMatchObject({ left: { code: 'GroupNotFound', ...alike } });
    expect(left(await opened.groups.create(alike, SETTINGS, null, 'ops'))).toMatchObject({ code: 'GroupExists' });
  });

  it('nothing changes while the groups close', async () => {
    await opened.groups.close();
    expect(left(await opened.groups.create(key, SETTINGS, null, 'ops'))).toMatchObject({ code: 'Unavailable' });
  });

  it('many changes at once are all kept', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `group-${index}`);
    const created = await Promise.all(
      names.map((group) => opened.groups.create({ streamId: 'orders', group }, SETTINGS, null, 'ops')),
    );
    created.forEach(right);
    await reopen();
    expect(right(await opened.groups.list('orders')).map(({ definition }) => definition.group)).toEqual(names);
  });
});
