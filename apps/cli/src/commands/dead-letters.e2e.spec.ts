import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openStore } from '@afecto/application';
import { catalogueEntry, eventIdOf, type FactType, type Json, toNewEvent, type NewFact } from '@afecto/domain';
import { openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { compiledWorkspace } from '../../../../libs/gateway/src/testing/gateway-process';
import { givenLogs } from '../testing/given-logs';
import { givenProgram } from '../testing/given-program';

const CLOCK = '2026-03-10T12:00:00.000Z';
const program = givenProgram();
const logs = givenLogs(program);
afterAll(async () => {
  await logs.close();
  program.remove();
});

const right = <L, A>(either: E.Either<L, A>): A => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left));
  return either.right;
};

/** A contact of a party as another program may write it into the log. */
const contact = (
  id: string,
  partyId: string,
  day: number,
): ReturnType<typeof toNewEvent> & { readonly streamId: string } => {
  const occurredAt = Date.parse(`2026-03-0${day}T10:00:00.000Z`);
  const fact: NewFact = {
    eventId: eventIdOf('other', id),
    type: 'InteractionRecorded',
    schemaVersion: catalogueEntry('InteractionRecorded').schemaVersion,
    streamId: `interaction-${id}`,
    occurredAt,
    source: 'other',
    id,
    subjects: [partyId],
    actor: { kind: 'integration', id: 'other' },
    data: {
      interactionId: id,
      partyId,
      direction: 'inbound',
      channel: 'phone',
      purpose: 'service',
      topicCode: 'billing',
      startedAt: new Date(occurredAt).toISOString(),
      outcome: 'answered',
      reAskedFields: [],
      links: {},
    },
  };
  return { streamId: fact.streamId, ...toNewEvent(fact) };
};

type Written = ReturnType<typeof contact>;
const ofVersion = (event: Written, schemaVersion: number): Written => ({
  ...event,
  metadata: { ...event.metadata, schemaVersion },
});

const now = (): number => Date.parse(CLOCK);

/** Into the file, before anybody serves it. */
const write = async (name: string, events: ReadonlyArray<Written>): Promise<void> => {
  const log = right(openSqliteEventStore({ file: program.path(`${name}.db`), clock: now }));
  for (const { streamId, ...event } of events)
    right(await log.append({ streamId, expectedRevision: 'any', events: [event] }));
  await log.close();
};

const on = (name: string, ...args: ReadonlyArray<string>): Promise<ReadonlyArray<string>> =>
  logs.on(name, CLOCK, '--json', ...args);
const answer = async (
  name: string,
  ...args: ReadonlyArray<string>
): Promise<{ readonly code: number | null; readonly body: Json }> => {
  const { stdout, code } = await program.ask(await on(name, ...args));
  return { code, body: JSON.parse(stdout) };
};

const of = (type: FactType, version: number): string => `version ${version} of ${type} is not known; allowed are 1..1`;

/** The program of a later day, which knows a second version of `InteractionRecorded`. */
const laterProgram = (): ((name: string, ...args: ReadonlyArray<string>) => Promise<Json>) => {
  const folder = program.path('later');
  cpSync(compiledWorkspace().folder, folder, { recursive: true, verbatimSymlinks: true });
  const fileOf = (source: string): string => join(folder, source.replace(/\.ts$/, '.js'));
  const change = (source: string, from: string, to: string): void => {
    const file = fileOf(source);
    const text = readFileSync(file, 'utf8');
    expect(text.split(from)).toHaveLength(2);
    writeFileSync(file, text.replace(from, to));
  };
  change(
    'libs/domain/src/facts/catalogue.ts',
    'InteractionRecorded, interaction, opens)',
    'InteractionRecorded, interaction, { ...opens, schemaVersion: 2 })',
  );
  change(
    'libs/domain/src/facts/upcasting.ts',
    'const chains = {',
    'const chains = { InteractionRecorded: { 1: (data) => data },',
  );
  return async (name, ...args) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', fileOf('apps/cli/src/main.ts'), ...(await on(name, ...args))],
      { cwd: program.folder, env: { PATH: process.env['PATH'], CI: 'true', ...compiledWorkspace().environment } },
    );
    return JSON.parse(stdout);
  };
};

describe('a log with a fact of a version that this program does not know', () => {
  const poison = ofVersion(contact('i2', 'p1', 2), 2);
  beforeAll(() =>
    write('shop', [
      contact('i1', 'p1', 1),
      poison,
      contact('i3', 'p1', 3),
      contact('i4', 'p1', 4),
      contact('i5', 'p2', 4),
    ]),
  );

  it('is exported without it, and the export says so', async () => {
    expect(await answer('shop', 'export', 'readable.ndjson')).toEqual({
      code: 1,
      body: { facts: 4, unreadable: 1, file: 'readable.ndjson' },
    });
    expect(await program.ask((await on('shop', 'export')).filter((arg) => arg !== '--json'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        '1 event left out, because this program cannot read it; see: afecto dead-letters',
      ),
    });
  });

  it('holds back its party from there on, and nobody else', async () => {
    expect(await answer('shop', 'profile', 'p1')).toMatchObject({ code: 0, body: { facts: 1 } });
    expect(await answer('shop', 'profile', 'p2')).toMatchObject({ code: 0, body: { facts: 1 } });
    expect(await answer('shop', 'verify')).toMatchObject({
      code: 1,
      body: {
        findings: [
          { check: 'log file', ok: true },
          { check: 'log', ok: true },
          { check: 'checkpoints', ok: true },
          { check: 'facts', ok: false },
          { check: 'read models', ok: true },
        ],
      },
    });
  });

  it('is listed and explained, to people and to machines', async () => {
    const listed = { position: '2', partyId: 'p1', eventId: poison.id, reason: 'unreadable', attempts: 1 };
    expect(await answer('shop', 'dead-letters')).toMatchObject({
      code: 0,
      body: [{ ...listed, error: expect.stringContaining(of('InteractionRecorded', 2)) }],
    });
    for (const about of ['p1', poison.id])
      expect(await answer('shop', 'dead-letters', 'explain', about)).toMatchObject({
        code: 0,
        body: [
          {
            ...listed,
            event: { streamId: 'interaction-i2', revision: 0, recordedAt: CLOCK, data: poison.data },
            waiting: { members: ['p1'], facts: 2, since: CLOCK },
          },
        ],
      });
    expect(await answer('shop', 'dead-letters', 'explain', 'p2')).toMatchObject({ code: 1 });
    const { stdout } = await program.ask(
      (await on('shop', 'dead-letters', 'explain', 'p1')).filter((arg) => arg !== '--json'),
    );
    expect(stdout).toContain('p1: 2 later facts wait since');
    expect(stdout).toContain('afecto dead-letters replay p1');
  });

  it('is tried again in vain, which is counted', async () => {
    expect(await answer('shop', 'dead-letters', 'replay', 'p1')).toMatchObject({
      code: 1,
      body: { tried: 1, left: [{ partyId: 'p1', attempts: 2 }] },
    });
    expect(await answer('shop', 'dead-letters', 'replay', 'p2')).toMatchObject({ code: 1 });
  });

  it('says whom to ask while another process projects the log', async () => {
    const url = await logs.urlOf('shop');
    const eventStore = url.replace('sqlite:', `sqlite:${program.folder}/`);
    const log = right(await openStore({ eventStore, readModels: program.path('shop.read-models.db'), now }));
    const { body, code } = await answer('shop', 'dead-letters', 'replay', 'p1');
    expect({ code, body: JSON.stringify(body) }).toEqual({
      code: 2,
      body: expect.stringContaining('POST /v1/dead-letters/p1/replay'),
    });
    expect(await answer('shop', 'dead-letters')).toMatchObject({ code: 0, body: [{ partyId: 'p1' }] });
    await log.close();
  });

  it('is taken in with all that waited when a program replays it that has learned the version', async () => {
    const later = laterProgram();
    expect(await later('shop', 'dead-letters')).toMatchObject([{ partyId: 'p1' }]);
    expect(await later('shop', 'dead-letters', 'replay')).toEqual({ tried: 1, left: [] });
    expect(await later('shop', 'dead-letters')).toEqual([]);
    expect(await later('shop', 'profile', 'p1')).toMatchObject({ facts: 4 });
    expect(await later('shop', 'verify')).toMatchObject({ ok: true });
  });
});
