import {
  addShownEvent,
  type OpenFailure,
  openReadModels,
  openReadOnlyStore,
  openStore,
  sendOutgoing,
  type Shown,
} from '@afecto/application';
import type { EventStore } from '@afecto/event-store';
import { isRecord, type Links } from '@afecto/domain';
import {
  type DeadLetterExplanation,
  deadLettersAbout,
  deadLetterView,
  explainDeadLetter,
  ProjectionEngine,
  type Replayed,
} from '@afecto/projections';
import { type DeadLetter, openSqliteReadModels, type ReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { colours } from '../terminal/colours';
import { counted } from '../terminal/numbers';
import { table } from '../terminal/table';
import { openToAsk } from './asking';
import { denied, done, failed, interrupted, json, type Outcome, refused, showing } from './outcome';
import { presentOf } from './present';
import { project } from './project';
import { existingStore } from './store-file';

interface Opened {
  readonly readModels: ReadModels;
  readonly store: EventStore;
  readonly links: Links;
}

const notOpened = ({ code, message }: OpenFailure): Outcome =>
  code === 'Interrupted' ? interrupted(message) : failed(message);

/** Asks read models that are brought up to the log first, or kept so by a server beside us. */
const asking = async (
  settings: CommandSettings,
  signal: AbortSignal,
  ask: (opened: Opened) => Promise<Outcome>,
): Promise<Outcome> => {
  const prepared = await openToAsk(settings, signal);
  if (E.isLeft(prepared)) return notOpened(prepared.left);
  await prepared.right.close();
  const store = await openReadOnlyStore(settings);
  if (E.isLeft(store)) return failed(store.left.message);
  const models = openSqliteReadModels(settings.readModels);
  try {
    if (E.isLeft(models)) return failed(models.left.message);
    const { links } = (await ProjectionEngine.over(models.right, store.right)).world;
    return await ask({ readModels: models.right, store: store.right, links });
  } finally {
    if (E.isRight(models)) await models.right.close();
    await store.right.close();
  }
};

const row = ({ partyId, type, eventId, position, reason, attempts, error }: DeadLetter): ReadonlyArray<string> => [
  `  ${partyId ?? colours.dim('nobody')}`,
  type,
  `${eventId} at ${position}`,
  reason,
  attempts.toString(),
  error,
];

const listStory = (letters: ReadonlyArray<DeadLetter>): string =>
  table(
    [
      ['  held back', 'type', 'event', 'reason', 'tried', 'error'].map((title) => colours.dim(title)),
      ...letters.map(row),
    ],
    [4],
  );

export const listDeadLetters = (settings: CommandSettings, signal: AbortSignal): Promise<Outcome> =>
  asking(settings, signal, async ({ readModels }) => {
    const letters = await readModels.deadLetters();
    if (settings.json) return done(json(letters.map(deadLetterView)));
    if (letters.length === 0) return done('  no dead letters: the projections have taken in every fact');
    const hint = colours.dim('  why, and what to do: afecto dead-letters explain PARTY|EVENT');
    return done(`${listStory(letters)}\n\n${hint}`);
  });

const subjectsIn = (metadata: unknown): unknown => (isRecord(metadata) ? metadata['subjects'] : []);

const explanationStory = (letter: DeadLetterExplanation): string => {
  const { event, waiting } = letter;
  const held =
    waiting === null
      ? 'nobody; the event alone is passed over'
      : `${waiting.members.join(', ')}: ${counted(waiting.facts, 'later fact waits', 'later facts wait')} since ${waiting.since}`;
  return [
    table([
      ['  event', `${letter.type} ${letter.eventId}`],
      [
        '  lies at',
        `position ${letter.position}, revision ${event.revision} of ${event.streamId}, recorded ${event.recordedAt}`,
      ],
      [
        '  reason',
        `${letter.reason}, tried ${counted(letter.attempts, 'time')} by projections of version ${letter.projectionsVersion}`,
      ],
      ['  error', letter.error],
      ['  holds back', held],
      ['  what to do', letter.advice],
      ['  data', JSON.stringify(event.data)],
      ['  metadata', JSON.stringify(event.metadata)],
    ]),
  ].join('\n');
};

export const explainDeadLetters = (about: string, settings: CommandSettings, signal: AbortSignal): Promise<Outcome> =>
  asking(settings, signal, async ({ readModels, store, links }) => {
    const letters = await deadLettersAbout(about, links, readModels);
    if (letters.length === 0) return denied(`There is no dead letter of a party or an event "${about}".`);
    const explained: DeadLetterExplanation[] = [];
    for (const letter of letters) explained.push(await explainDeadLetter(letter, links, readModels, store));
    const shown: Shown = new Map();
    for (const { type, event } of explained)
      addShownEvent(shown, { type, data: event.data, subjects: subjectsIn(event.metadata) });
    return showing(shown, done(settings.json ? json(explained) : explained.map(explanationStory).join('\n\n')));
  });

/** Replays, sends what that has to tell, and takes in what was sent. */
const replayIn = async (
  partyId: string | null,
  settings: CommandSettings,
): Promise<E.Either<OpenFailure, Replayed>> => {
  const store = await openStore(settings);
  if (E.isLeft(store)) return store;
  try {
    const models = await openReadModels(settings.readModels, store.right);
    if (E.isLeft(models)) return models;
    try {
      const now = await presentOf(settings, store.right);
      const engine = await ProjectionEngine.over(models.right, store.right);
      const replayed = await engine.replay(partyId, now);
      await sendOutgoing(store.right, models.right);
      for await (const events of store.right.readAll({ after: engine.at.position })) await engine.apply(events, now);
      return E.right(replayed);
    } finally {
      await models.right.close();
    }
  } finally {
    await store.right.close();
  }
};

const heldByServer = (partyId: string | null, { message }: OpenFailure): Outcome =>
  failed(
    `${message}\nIt replays dead letters itself: POST /v1/dead-letters${partyId === null ? '' : `/${partyId}`}/replay`,
  );

/** Tries dead letters again with this program: those of a party, or all. Exit 1 when some are left. */
export const replayDeadLetters = async (
  partyId: string | null,
  settings: CommandSettings,
  signal: AbortSignal,
): Promise<Outcome> => {
  const existing = existingStore(settings);
  if (E.isLeft(existing)) return failed(existing.left.message);
  const projected = await project(settings, { shown: !settings.json, signal });
  if (signal.aborted) return interrupted('Interrupted; the dead letters are as they were.');
  const outcome = E.isLeft(projected) ? projected : await replayIn(partyId, settings);
  if (E.isLeft(outcome))
    return outcome.left.code === 'StoreHeld' ? heldByServer(partyId, outcome.left) : failed(outcome.left.message);
  const { tried, left } = outcome.right;
  if (tried.length === 0 && partyId !== null) return denied(`There is no dead letter of party "${partyId}".`);
  const end = left.length === 0 ? done : refused;
  if (settings.json) return end(json({ tried: tried.length, left: left.map(deadLetterView) }));
  const story = `  ${counted(tried.length, 'dead letter')} tried again, ${left.length === 0 ? 'none is left' : `${left.length} left`}`;
  return end(left.length === 0 ? story : `${story}\n\n${listStory(left)}`);
};
