import * as fc from 'fast-check';
import * as E from 'fp-ts/Either';
import type { AppendCall, Call, History, ReadCall } from './call';
import { check } from './check';
import { ModelHistory } from './testing/model-histories';
import type { ViolationKind } from './violation';

const seeds = fc.integer({ min: 0, max: 1_000_000 });
const steps = fc.integer({ min: 0, max: 60 });

const kindOf = (history: History): ViolationKind | null => {
  const verdict = check(history);
  return E.isLeft(verdict) ? verdict.left.kind : null;
};

const changed = <A extends Call>(history: History, call: A | undefined, change: (call: A) => Call): History =>
  history.map((each) => (each === call && call !== undefined ? change(call) : each));

const wholeRead = (history: History): ReadCall | undefined =>
  history.findLast(
    (call): call is ReadCall =>
      call.kind === 'read' &&
      call.complete &&
      'filter' in call.of &&
      call.direction === 'forwards' &&
      call.from === null &&
      call.limit === null &&
      call.of.filter.types === undefined &&
      call.of.filter.streamPrefixes === undefined,
  );

const accepted = (history: History): ReadonlyArray<AppendCall> =>
  history.filter(
    (call): call is AppendCall => call.kind === 'append' && call.answer.kind === 'ok' && !call.answer.duplicate,
  );

/** Histories of the model that end with a whole read of at least two events; a seed tells them apart. */
const onFull = (holds: (history: History, n: number) => void): void =>
  fc.assert(
    fc.property(seeds, fc.integer({ min: 20, max: 60 }), fc.nat(1_000), (seed, length, n) => {
      const history = ModelHistory.of(seed, length);
      fc.pre((wholeRead(history)?.shown.length ?? 0) > 2 && accepted(history).length > 0);
      holds(history, n);
    }),
    { numRuns: 40 },
  );

describe('the check', () => {
  it('accepts whatever a sequential log has answered, however the calls overlap', () => {
    fc.assert(
      fc.property(seeds, steps, (seed, length) => {
        const verdict = check(ModelHistory.of(seed, length));
        expect(E.isRight(verdict) ? null : verdict.left).toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  it('accepts any part of such a history: what nobody was asked proves nothing', () => {
    fc.assert(
      fc.property(seeds, steps, fc.infiniteStream(fc.boolean()), (seed, length, kept) => {
        // Appends stay: without them a read shows what nobody has asked for.
        const part = ModelHistory.of(seed, length).filter((call) => call.kind === 'append' || kept.next().value);
        expect(kindOf(part.filter(({ kind }) => kind !== 'projection'))).toBeNull();
      }),
      { numRuns: 100 },
    );
  });

  it('finds an acknowledged event that the last reads do not show', () => {
    onFull((history) => {
      const id = accepted(history).at(-1)?.events.at(-1)?.id ?? '';
      const without = history.flatMap((call): Call[] => {
        if (call.kind === 'read' && call === wholeRead(history))
          return [{ ...call, shown: call.shown.filter((event) => event.id !== id) }];
        return call.kind === 'append' ? [call] : [];
      });
      const read = wholeRead(history);
      const isKnown = read !== undefined && accepted(history).every(({ ended }) => (ended ?? Infinity) < read.invoked);
      if (isKnown) expect(['lost', 'torn']).toContain(kindOf(without));
    });
  });

  it('finds two events that one read shows the other way round', () => {
    onFull((history, n) => {
      const swapped = changed(history, wholeRead(history), (read) => {
        const at = n % (read.shown.length - 1);
        const [first, second] = read.shown.slice(at, at + 2);
        return first === undefined || second === undefined
          ? read
          : { ...read, shown: read.shown.toSpliced(at, 2, second, first) };
      });
      expect(['reordered', 'skipped']).toContain(kindOf(swapped));
    });
  });

  it('finds an event that a read shows twice', () => {
    onFull((history, n) => {
      const doubled = changed(history, wholeRead(history), (read) => {
        const at = n % read.shown.length;
        const event = read.shown[at];
        return event === undefined ? read : { ...read, shown: read.shown.toSpliced(at, 0, event) };
      });
      expect(kindOf(doubled)).toBe('doubled');
    });
  });

  it('finds an event that nobody has asked for', () => {
    onFull((history, n) => {
      const read = wholeRead(history);
      const id = read?.shown[n % read.shown.length]?.id;
      const orphaned = history.filter(
        (call) => call.kind !== 'append' || !call.events.some((event) => event.id === id),
      );
      expect(kindOf(orphaned)).toBe('invented');
    });
  });

  it('finds an event whose append was refused', () => {
    onFull((history) => {
      const [call] = accepted(history);
      const id = call?.events[0]?.id;
      const refused = history.flatMap((each): Call[] => {
        if (each === call) return [{ ...call, answer: { kind: 'failed', message: 'so it says' } }];
        return each.kind === 'append' && each.events.some((event) => event.id === id) ? [] : [each];
      });
      expect(kindOf(refused)).toBe('refusedButThere');
    });
  });

  it('finds a read that ends before what was acknowledged when it began', () => {
    onFull((history) => {
      const read = wholeRead(history);
      const before = accepted(history).filter(({ ended }) => (ended ?? Infinity) < (read?.invoked ?? 0));
      const last = Math.max(
        ...before.flatMap(({ answer }) => (answer.kind === 'ok' ? answer.places.map(({ position }) => position) : [])),
      );
      fc.pre(before.length > 0 && read !== undefined);
      const early = { ...read, call: 'early', shown: read.shown.filter(({ position }) => position < last) };
      expect(['stale', 'torn']).toContain(kindOf([...history, early]));
    });
  });
});
