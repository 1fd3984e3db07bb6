import * as E from 'fp-ts/Either';
import type { AppendRequest, EventStore, NewEvent, Position } from '../port';
import { accepted, anAppend, anEvent, appendTo, events, freshPrefix, idsOf, type Outcome, streamOf } from './given';
import type { ConformanceCase } from './subject';
import { promise, same } from './verdict';

const AREA = 'many streams at once';

/** Streams of each kind. */
const OF_EACH = 8;

/** A stream as it was before, and what is asked of it in the crowd. */
interface Known {
  readonly streamId: string;
  /** Three events, appended together. */
  readonly before: ReadonlyArray<NewEvent>;
  readonly places: ReadonlyArray<{ readonly id: string; readonly revision: number; readonly position: Position }>;
}

interface Kind {
  readonly name: string;
  readonly ask: (known: Known) => AppendRequest;
  /** What is to be answered; a fact about a new place is checked by its revision. */
  readonly answered: (known: Known, asked: AppendRequest) => unknown;
  /** Events in the stream afterwards. */
  readonly size: number;
}

/** An answer without the positions of what is new: those only have to lie behind `head`. */
const shownOf = (outcome: Outcome, head: Position): unknown =>
  E.isLeft(outcome)
    ? outcome.left
    : {
        duplicate: outcome.right.duplicate,
        events: outcome.right.events.map(({ id, revision, position }) =>
          position > head ? { id, revision } : { id, revision, position },
        ),
      };

const repeated = ({ places }: Known, from: number, to: number): unknown => ({
  duplicate: true,
  events: places.slice(from, to),
});

const added = (asked: AppendRequest, revision: number): unknown => ({
  duplicate: false,
  events: asked.events.map(({ id }, index) => ({ id, revision: revision + index })),
});

const conflict = ({ streamId, places }: Known, index: number): unknown => ({
  code: 'EventIdConflict',
  streamId,
  eventId: places[index]?.id,
  position: places[index]?.position,
});

const wrong = (streamId: string, expected: AppendRequest['expectedRevision'], actual: number | null): unknown => ({
  code: 'WrongExpectedRevision',
  streamId,
  expected,
  actual,
});

const opening = (
  name: string,
  expected: AppendRequest['expectedRevision'],
  count: number,
  answered: Kind['answered'],
): Kind => ({
  name,
  ask: ({ streamId }) => anAppend(`${streamId}/new`, events(count), expected),
  answered,
  size: 3,
});

const KINDS: ReadonlyArray<Kind> = [
  opening('opened, expecting anything', 'any', 1, (_, asked) => added(asked, 0)),
  opening('opened, expecting no stream', 'noStream', 3, (_, asked) => added(asked, 0)),
  opening('not there, expecting one', 'streamExists', 1, (_, asked) => wrong(asked.streamId, 'streamExists', null)),
  opening('not there, expecting a revision', 2, 1, (_, asked) => wrong(asked.streamId, 2, null)),
  {
    name: 'repeated whole',
    ask: ({ streamId, before }) => anAppend(streamId, before),
    answered: (known) => repeated(known, 0, 3),
    size: 3,
  },
  {
    name: 'repeated whole, expecting no stream',
    ask: ({ streamId, before }) => anAppend(streamId, before, 'noStream'),
    answered: (known) => repeated(known, 0, 3),
    size: 3,
  },
  {
    name: 'of which the first event is repeated',
    ask: ({ streamId, before }) => anAppend(streamId, before.slice(0, 1)),
    answered: (known) => repeated(known, 0, 1),
    size: 3,
  },
  {
    name: 'of which the last two events are repeated',
    ask: ({ streamId, before }) => anAppend(streamId, before.slice(1)),
    answered: (known) => repeated(known, 1, 3),
    size: 3,
  },
  {
    name: 'repeated with other data',
    ask: ({ streamId, before: [first, ...rest] }) =>
      anAppend(streamId, [...(first === undefined ? [] : [{ ...first, data: { other: true } }]), ...rest]),
    answered: (known) => conflict(known, 0),
    size: 3,
  },
  {
    name: 'of which the first event is repeated with other metadata',
    ask: ({ streamId, before }) =>
      anAppend(
        streamId,
        before.slice(0, 1).map((event) => ({ ...event, metadata: { other: true } })),
        'noStream',
      ),
    answered: (known) => conflict(known, 0),
    size: 3,
  },
  {
    name: 'repeated with an event more',
    ask: ({ streamId, before }) => anAppend(streamId, [...before, anEvent()]),
    answered: (known) => conflict(known, 0),
    size: 3,
  },
  {
    name: 'that grow, expecting anything',
    ask: ({ streamId }) => anAppend(streamId, events(2)),
    answered: (_, asked) => added(asked, 3),
    size: 5,
  },
  {
    name: 'that grow, expecting their revision',
    ask: ({ streamId }) => anAppend(streamId, events(1), 2),
    answered: (_, asked) => added(asked, 3),
    size: 4,
  },
  {
    name: 'that are there, expecting no stream',
    ask: ({ streamId }) => anAppend(streamId, events(1), 'noStream'),
    answered: ({ streamId }) => wrong(streamId, 'noStream', 2),
    size: 3,
  },
];

const written = async (store: EventStore, streamId: string): Promise<Known> => {
  const before = events(3);
  const { events: places } = await appendTo(store, streamId, before);
  return { streamId, before, places };
};

const inCrowd = (reopened: boolean): ConformanceCase =>
  promise(
    AREA,
    `of every kind${reopened ? ', after opening again' : ''}: each is answered as it would be alone`,
    async (subject) => {
      let store = await subject.store();
      const prefix = freshPrefix();
      const names = KINDS.flatMap((kind, index) =>
        Array.from({ length: OF_EACH }, (_, n) => ({ kind, streamId: `${prefix}/${index}-${n}` })),
      );
      const given = await Promise.all(
        names.map(async ({ kind, streamId }) => ({ kind, known: await written(store, streamId) })),
      );
      if (reopened) store = await subject.reopen();
      const head = await store.head();
      // Kinds by turns, so that those that are refused stand among those that are not.
      const asked = given
        .map((one, index) => ({ ...one, asked: one.kind.ask(one.known), turn: index % OF_EACH }))
        .sort((a, b) => a.turn - b.turn);
      const answers = await store.appendMany(asked.map((one) => one.asked));
      for (const [index, one] of asked.entries()) {
        const answer = answers[index];
        if (answer === undefined) continue;
        same(`streams ${one.kind.name}`, shownOf(answer, head), one.kind.answered(one.known, one.asked));
        const stored = await streamOf(store, one.known.streamId);
        same(`events in streams ${one.kind.name}`, stored.length, one.kind.size);
      }
      const again = await store.appendMany(asked.map((one) => one.asked));
      for (const [index, one] of asked.entries()) {
        const [first, second] = [answers[index], again[index]];
        if (first === undefined || second === undefined) continue;
        const expected = E.isLeft(first) ? first : E.right({ ...first.right, duplicate: true });
        same(`streams ${one.kind.name}, once more`, second, expected);
      }
    },
    ...(reopened ? (['reopens'] as const) : []),
  );

/** What many callers ask of many streams at the same time is answered as if each had asked alone. */
export const crowdCases: ReadonlyArray<ConformanceCase> = [
  inCrowd(false),
  inCrowd(true),
  promise(AREA, 'opened by several callers each, with the same ids: one event', async (subject) => {
    const store = await subject.store();
    const prefix = freshPrefix();
    const twins = Array.from({ length: 24 }, (_, n) => anAppend(`${prefix}/${n}`, events(1 + (n % 3)), 'any'));
    const answers = (await store.appendMany([...twins, ...twins, ...twins])).map(accepted);
    for (const [index, { streamId, events: given }] of twins.entries()) {
      const own = [index, index + 24, index + 48].map((at) => answers[at]);
      same('first writers', own.filter((answer) => answer?.duplicate === false).length, 1);
      for (const answer of own) same('places', answer?.events, own[0]?.events);
      same('the stream', idsOf(await streamOf(store, streamId)), idsOf(given));
    }
  }),
];
