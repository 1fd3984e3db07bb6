import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  arbitraryEvent,
  collect,
  deliveredNumbers,
  expectRight,
  givenLog,
  numbersOf,
  setMetadata,
  takeUntil,
  written,
} from '../testing/given-log';
import { type WireLog, wireLogOver } from '../index';

const given = givenLog();
const { log } = given;
afterAll(() => given.close());

const links = async (reader: WireLog, streamId: string, resolveLinks = false) => {
  const read = reader.readStream({ streamId, direction: 'forwards', from: 'start', limit: Infinity, resolveLinks });
  return collect(expectRight(read));
};

const targets = async (reader: WireLog, streamId: string): Promise<ReadonlyArray<string>> =>
  (await links(reader, streamId)).map(({ event }) => Buffer.from(event?.data ?? []).toString());

describe('a category stream', () => {
  it('links to the events of all its streams, in the order of the log', async () => {
    await written(log, 'cat-1', 2);
    await written(log, 'cat-2-b', 1);
    await written(log, 'cats-1', 1);
    await written(log, 'cat', 1);
    await written(log, '-cat', 1);
    await written(log, '$cat-1', 1);
    await written(log, 'cat-1', 1);
    expect(await targets(log, '$ce-cat')).toEqual(['0@cat-1', '1@cat-1', '0@cat-2-b', '2@cat-1']);
    expect(await numbersOf(log, '$ce-')).toBe('StreamNotFound');
    expect(await numbersOf(log, '$ce-nobody')).toBe('StreamNotFound');
  });

  it('has links as the server writes them, with ids that never change', async () => {
    const [first] = await links(log, '$ce-cat');
    const [source] = await links(log, 'cat-1');
    expect(first?.event).toMatchObject({
      type: '$>',
      isJson: false,
      streamId: '$ce-cat',
      eventNumber: 0n,
      position: source?.event?.position,
    });
    expect(JSON.parse(Buffer.from(first?.event?.metadata ?? []).toString())).toEqual({
      $v: expect.any(String),
      $c: Number(source?.event?.position),
      $p: Number(source?.event?.position),
      $o: 'cat-1',
      $causedBy: source?.event?.id,
    });
    expect((await links(log, '$ce-cat')).map(({ event }) => event?.id)).toEqual(
      (await links(wireLogOver(given.store.encoded, { clock: Date.now }), '$ce-cat')).map(({ event }) => event?.id),
    );
  });

  it('is read backwards, from the middle, one by one and resolved', async () => {
    const read = log.readStream({
      streamId: '$ce-cat',
      direction: 'backwards',
      from: 2n,
      limit: 2,
      resolveLinks: true,
    });
    const found = await collect(expectRight(read));
    expect(found.map(({ event, link }) => [link?.eventNumber, event?.streamId, event?.eventNumber])).toEqual([
      [2n, 'cat-2-b', 0n],
      [1n, 'cat-1', 1n],
    ]);
    expect(log.eventAt('$ce-cat', 3n)?.eventNumber).toBe(3n);
    expect(log.eventAt('$ce-cat', 4n)).toBeNull();
    expect(log.status('$ce-cat')).toMatchObject({ lastEventNumber: 3n, deleted: 'no' });
  });

  it('passes links through to their target', async () => {
    const link = arbitraryEvent({ type: '$>', isJson: false, data: Buffer.from('1@cat-1') });
    expectRight(await log.append({ streamId: 'pointers-1', expected: 'any', events: [link] }));
    expect(await targets(log, '$ce-pointers')).toEqual(['1@cat-1']);
    const [resolved] = await links(log, '$ce-pointers', true);
    expect(resolved?.event).toMatchObject({ streamId: 'cat-1', eventNumber: 1n });
  });

  it('marks the deletion of a stream, soft or for ever', async () => {
    await written(log, 'del-1', 1);
    await written(log, 'del-2', 1);
    await log.deleteStream('del-1', 'any');
    await log.tombstoneStream('del-2', 'any');
    const found = await links(log, '$ce-del');
    const marks = found.map(({ event }) => [
      Buffer.from(event?.data ?? []).toString(),
      JSON.parse(Buffer.from(event?.metadata ?? []).toString()).$deleted,
    ]);
    expect(marks).toEqual([
      ['0@del-1', undefined],
      ['0@del-2', undefined],
      ['0@$$del-1', -1],
      ['9223372036854775807@del-2', -1],
    ]);
    expect((await links(log, '$ce-del', true)).map(({ event }) => event?.streamId ?? null)).toEqual([
      null,
      null,
      '$$del-1',
      null,
    ]);
    expect(await targets(log, '$et-$deleted')).toEqual(['0@$$del-1', '9223372036854775807@del-2']);
  });

  it('has metadata like other streams', async () => {
    await setMetadata(log, '$ce-cat', '{"$maxCount":1,"$acl":{"$r":"ops"}}');
    expect(await numbersOf(log, '$ce-cat')).toEqual([3n]);
    expect(log.status('$ce-cat').metadata.acl.read).toEqual(['ops']);
  });
});

describe('a stream of one event type', () => {
  it('links to every event of the type but links, those of the system too', async () => {
    expect(await targets(log, '$et-$metadata')).toEqual(['0@$$$ce-cat']);
    expect(await targets(log, '$et-Noted')).toHaveLength(10);
    expect(await numbersOf(log, '$et-$>')).toBe('StreamNotFound');
  });
});

describe('a subscription to a computed stream', () => {
  it('delivers history and then what is appended, each once', async () => {
    await written(log, 'live-1', 3);
    const taking = takeUntil(
      expectRight(
        log.subscribeStream({
          streamId: '$ce-live',
          after: 0n,
          resolveLinks: true,
          signal: new AbortController().signal,
        }),
      ),
      (steps) => deliveredNumbers(steps).length >= 7,
    );
    for (let n = 0; n < 5; n++) await Promise.all([written(log, `live-${n}`, 1), written(log, 'other', 1)]);
    expect(deliveredNumbers(await taking)).toEqual([1n, 2n, 3n, 4n, 5n, 6n, 7n]);
  });
});

describe('the index of links', () => {
  const indexed = (file: string): number => {
    const database = new DatabaseSync(file, { readOnly: true });
    const row = database.prepare('SELECT position FROM checkpoint').get();
    database.close();
    return Number(row?.['position']);
  };

  it('is kept beside the log, and built anew when it is missing, damaged, of another version or another log', async () => {
    const file = join(given.folder, 'log.db.links.db');
    const whole = await targets(log, '$et-Noted');
    const open = (): WireLog => wireLogOver(given.store.encoded, { clock: Date.now, linksFile: file });
    expect(await targets(open(), '$et-Noted')).toEqual(whole);
    expect(indexed(file)).toBe(Number(log.head()));

    for (const spoil of [
      'UPDATE checkpoint SET event_id = 0; DELETE FROM links',
      'PRAGMA user_version = 99; DELETE FROM links',
      'UPDATE checkpoint SET position = 99999999; DELETE FROM links',
    ]) {
      const database = new DatabaseSync(file);
      database.exec(spoil);
      database.close();
      expect(await targets(open(), '$et-Noted')).toEqual(whole);
    }
    writeFileSync(file, 'no database');
    expect(await targets(open(), '$et-Noted')).toEqual(whole);
  });

  it('may be followed by two gateways over one log', async () => {
    const file = join(given.folder, 'shared.links.db');
    const [one, two] = [1, 2].map(() => wireLogOver(given.store.encoded, { clock: Date.now, linksFile: file }));
    if (one === undefined || two === undefined) return;
    for (let n = 0; n < 6; n++) {
      await written(log, 'shared-1', 1);
      expect(await targets(n % 2 === 0 ? one : two, '$ce-shared')).toHaveLength(n + 1);
    }
    expect(await targets(one, '$ce-shared')).toEqual(await targets(two, '$ce-shared'));
  });

  it('follows in the background when nobody reads', async () => {
    const file = join(given.folder, 'background.links.db');
    wireLogOver(given.store.encoded, { clock: Date.now, linksFile: file });
    await written(log, 'background-1', 3);
    for (let n = 0; n < 40 && indexed(file) < Number(log.head()); n++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(indexed(file)).toBe(Number(log.head()));
  });
});
