import type {
  AppendAnswer,
  AppendCall,
  AskedEvent,
  Call,
  History,
  LogFilter,
  Message,
  ReadCall,
  ShownEvent,
} from '../call';
import { matchesFilter } from '../call';
import { digestAfter, EMPTY_DIGEST } from '../digest';
import { Random } from '../random';

const TYPES = ['Opened', 'Closed'];
const STREAMS = ['even-0', 'odd-1', 'even-2'];

/** The simplest log there is: one list, one call after the other. */
class ModelLog {
  readonly events: ShownEvent[] = [];

  revisionOf(streamId: string): number {
    return this.events.filter((event) => event.streamId === streamId).length - 1;
  }

  append({ streamId, expected, events }: Pick<AppendCall, 'streamId' | 'expected' | 'events'>): AppendAnswer {
    const known = events.map(({ id }) => this.events.find((event) => event.id === id));
    const there = known.filter((event) => event !== undefined);
    const places = (found: ReadonlyArray<ShownEvent>) =>
      found.map(({ id, revision, position }) => ({ id, revision, position }));
    if (there.length > 0) {
      const different = there.find(
        (event) =>
          event.streamId !== streamId ||
          !events.some(({ id, content }) => id === event.id && content === event.content),
      );
      const [first] = there;
      const culprit = different ?? (there.length < events.length ? first : undefined);
      return culprit === undefined
        ? { kind: 'ok', duplicate: true, places: places(there) }
        : { kind: 'conflict', eventId: culprit.id, position: culprit.position };
    }
    const last = this.revisionOf(streamId);
    const accepts =
      expected === 'any' ||
      (expected === 'noStream' ? last === -1 : expected === 'streamExists' ? last >= 0 : expected === last);
    if (!accepts) return { kind: 'wrongRevision', actual: last === -1 ? null : last };
    const added = events.map((event, n): ShownEvent => ({
      ...event,
      streamId,
      revision: last + 1 + n,
      position: this.events.length + 1 + n,
      recordedAt: this.events.length,
    }));
    // All events of one append become known together.
    this.events.push(...added);
    return { kind: 'ok', duplicate: false, places: places(added) };
  }
}

const someFilter = (random: Random): LogFilter =>
  random.of<LogFilter>([{}, { types: [random.of(TYPES)] }, { streamPrefixes: [random.of(['even-', 'odd-'])] }]);

const someEvents = (random: Random): ReadonlyArray<AskedEvent> =>
  Array.from({ length: 1 + random.below(3) }, () => ({
    id: random.uuid(),
    type: random.of(TYPES),
    content: `${random.below(1_000)}`,
  }));

/** A moment of the model lasts so long in the history, so that calls around it overlap with others. */
const STRETCH = 40;
const MOMENT = 10;

/** A history that a sequential log has answered, with calls that overlap at random around the moment of their effect. */
export class ModelHistory {
  readonly log = new ModelLog();
  readonly calls: Call[] = [];
  readonly #asked: Pick<AppendCall, 'kind' | 'streamId' | 'expected' | 'events'>[] = [];
  readonly #random: Random;
  #moment = STRETCH;

  private constructor(seed: number) {
    this.#random = new Random(seed, 'model');
  }

  /** @param steps calls of the model; the whole log is read at the end */
  static of(seed: number, steps: number): History {
    const model = new ModelHistory(seed);
    const random = model.#random;
    const step = [
      () => model.#append(),
      () => model.#append(),
      () => model.#append(),
      () => model.#read(),
      () => model.#read(),
      () => model.#look(),
    ];
    for (let n = 0; n < steps; n++) random.of(step)();
    model.#subscriptions();
    model.#projection();
    model.calls.push(model.#readOf({ filter: {} }, 'forwards', null, null, 0));
    return model.calls.toSorted((a, b) => a.invoked - b.invoked);
  }

  /** Moments are unequal, as the entries of a record are: the fraction is the call's number. */
  #timed() {
    this.#moment += MOMENT;
    const number = this.calls.length + 1;
    return {
      call: `m.${number}`,
      process: 'model',
      invoked: this.#moment - this.#random.below(STRETCH) + number / 1e6,
      ended: this.#moment + 1 + this.#random.below(STRETCH) + number / 1e6,
    };
  }

  #append(): void {
    const random = this.#random;
    const streamId = random.of(STREAMS);
    const fresh = {
      kind: 'append',
      streamId,
      expected: random.of(['any', 'noStream', 'streamExists', this.log.revisionOf(streamId), random.below(5)] as const),
      events: someEvents(random),
    } as const;
    const isExact = fresh.expected === -1;
    const asked =
      random.chance(0.2) && this.#asked.length > 0
        ? random.of(this.#asked)
        : isExact
          ? { ...fresh, expected: 'noStream' as const }
          : fresh;
    this.#asked.push(asked);
    const timed = this.#timed();
    const fate = random.below(10);
    if (fate === 0) {
      // Never came to the store.
      this.calls.push({ ...timed, ...asked, ended: null, answer: { kind: 'unknown', message: 'no answer' } });
      return;
    }
    if (fate === 1) {
      this.calls.push({ ...timed, ...asked, answer: { kind: 'failed', message: 'disk full' } });
      return;
    }
    const answer = this.log.append(asked);
    if (fate === 2)
      this.calls.push({
        ...timed,
        ...asked,
        ended: random.chance(0.5) ? null : timed.ended,
        answer: { kind: 'unknown', message: 'no answer' },
      });
    else this.calls.push({ ...timed, ...asked, answer });
  }

  #readOf(
    of: ReadCall['of'],
    direction: ReadCall['direction'],
    from: number | null,
    limit: number | null,
    breaksOff: number,
  ): ReadCall {
    const forwards = direction === 'forwards';
    const inStream = 'streamId' in of;
    const all = this.log.events.filter((event) =>
      inStream ? event.streamId === of.streamId : matchesFilter(of.filter, event),
    );
    const place = ({ revision, position }: ShownEvent): number => (inStream ? revision : position);
    const within = all.filter((event) => {
      if (from === null) return true;
      if (inStream) return forwards ? place(event) >= from : place(event) <= from;
      return forwards ? place(event) > from : place(event) < from;
    });
    const ordered = forwards ? within : within.toReversed();
    const broken = this.#random.chance(breaksOff);
    const shown = ordered.slice(0, limit ?? ordered.length);
    return {
      ...this.#timed(),
      kind: 'read',
      of,
      direction,
      from,
      limit,
      shown: broken ? shown.slice(0, this.#random.below(shown.length + 1)) : shown,
      complete: !broken,
    };
  }

  #read(): void {
    const random = this.#random;
    const of = random.chance(0.5) ? { streamId: random.of(STREAMS) } : { filter: someFilter(random) };
    const from = random.chance(0.4) ? random.below(this.log.events.length + 2) : null;
    const limit = random.chance(0.3) ? 1 + random.below(5) : null;
    this.calls.push(this.#readOf(of, random.of(['forwards', 'backwards'] as const), from, limit, 0.1));
  }

  #look(): void {
    const random = this.#random;
    const timed = this.#timed();
    const eventId = this.#asked.length === 0 ? random.uuid() : (random.of(this.#asked).events[0]?.id ?? '');
    if (random.chance(0.5)) {
      const found = this.log.events.find(({ id }) => id === eventId) ?? null;
      this.calls.push({ ...timed, kind: 'lookup', eventId, found });
    } else this.calls.push({ ...timed, kind: 'head', position: this.log.events.length });
  }

  /** Subscribers who follow at the end: their pages are of any size. */
  #subscriptions(): void {
    const random = this.#random;
    for (let n = 0; n < 3; n++) {
      const timed = this.#timed();
      const filter = someFilter(random);
      const after = random.below(this.log.events.length + 1);
      const due = this.log.events.filter((event) => event.position > after && matchesFilter(filter, event));
      const messages: Message[] = [];
      for (let from = 0, size = 0; from < due.length; from += size) {
        size = 1 + random.below(4);
        this.#moment += MOMENT;
        messages.push({ at: this.#moment + 0.5, shown: due.slice(from, from + size), caughtUp: null });
      }
      this.#moment += MOMENT;
      const head = this.log.events.length;
      if (random.chance(0.5)) messages.push({ at: this.#moment + 0.5, shown: [], caughtUp: Math.max(head, after) });
      this.calls.push({
        ...timed,
        ended: this.#moment + 1,
        kind: 'subscription',
        filter,
        after,
        messages,
        awaited: head,
      });
    }
  }

  #projection(): void {
    const timed = this.#timed();
    let digest = EMPTY_DIGEST;
    const states = this.log.events.map(({ id, position }, n) => {
      digest = digestAfter(digest, id);
      this.#moment += 1;
      return { at: this.#moment + 0.5, position, count: n + 1, digest };
    });
    this.calls.push({ ...timed, ended: this.#moment + 1, kind: 'projection', name: 'model', states, awaited: null });
  }
}
