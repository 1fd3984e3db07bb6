import type { Position, StoredEvent } from '../port';
import { BoundedCache } from '../bounded-cache';
import { isUuid } from '../sqlite/event-row';
import { StoreDamagedError } from '../store-errors';
import { IdIndex } from './id-index';
import type { LogReading } from './log-reading';
import { readAllRequest } from './read-request';
import { visibleEvent } from './recorded-event';

/** Reads of single positions under way at once. */
const READS_AT_ONCE = 16;

/** Positions in a row that are asked for in one read. */
const LONGEST_RUN = 500;

/** Ids seen lately whose positions are kept. */
const RECENT_IDS = 20_000;

/** Events by position and by id. */
export class Lookups {
  readonly #recent = new BoundedCache<string, Position>(RECENT_IDS);
  #index: Promise<IdIndex> | null = null;

  /** @param indexFile where the index of ids is kept between starts; `''`: nowhere */
  constructor(
    readonly reading: LogReading,
    readonly indexFile: string,
  ) {}

  /** The events at these positions, in the order asked; a missing one is a `StoreDamagedError`. */
  async eventsAt(positions: ReadonlyArray<Position>): Promise<ReadonlyArray<StoredEvent>> {
    const found = new Map<Position, StoredEvent>();
    const runs = runsOf(positions);
    const worker = async (): Promise<void> => {
      for (let run = runs.pop(); run !== undefined; run = runs.pop()) await this.#read(run, found);
    };
    await Promise.all(Array.from({ length: Math.min(READS_AT_ONCE, runs.length) }, worker));
    return positions.map((position) => {
      const event = found.get(position);
      if (event === undefined)
        throw new StoreDamagedError(this.reading.connection.name, `the log lacks position ${position}`);
      return event;
    });
  }

  /** The event with this id: the first, should a foreign writer have used it in several streams. */
  async findById(id: string): Promise<StoredEvent | null> {
    if (!isUuid(id)) return null;
    const recent = this.#recent.get(id);
    const [position] = recent === undefined ? ((await this.positionsOf([id]))[0] ?? []) : [recent];
    if (position === undefined) return null;
    this.#recent.set(id, position);
    const [event] = await this.eventsAt([position]);
    return event ?? null;
  }

  /** Positions of all events with each of these ids, the oldest first. */
  async positionsOf(ids: ReadonlyArray<string>): Promise<ReadonlyArray<ReadonlyArray<Position>>> {
    this.#index ??= IdIndex.open(this.indexFile, this.reading);
    let index: IdIndex;
    try {
      index = await this.#index;
    } catch (error) {
      this.#index = null;
      throw error;
    }
    return index.find(ids);
  }

  /** Remembers where an event lies. */
  seen(id: string, position: Position): void {
    this.#recent.set(id, position);
  }

  async close(): Promise<void> {
    const index = await this.#index?.catch(() => null);
    index?.close();
  }

  async #read(run: ReadonlyArray<Position>, found: Map<Position, StoredEvent>): Promise<void> {
    const [first] = run;
    if (first === undefined || first <= 0n) return;
    for (const message of await this.reading.whole(readAllRequest('forwards', first, run.length, null))) {
      const event = message.getEvent();
      const visible = event === undefined ? null : visibleEvent(event);
      if (visible !== null) found.set(visible.position, visible);
    }
  }
}

/**
 * Different positions in runs of neighbours. Where positions count events a run is one read; where they
 * count bytes no two are neighbours.
 */
const runsOf = (positions: ReadonlyArray<Position>): Position[][] => {
  const runs: Position[][] = [];
  const sorted = [...new Set(positions)].sort((a, b) => (a < b ? -1 : 1));
  for (const position of sorted) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && last + 1n === position && run.length < LONGEST_RUN)
      run.push(position);
    else runs.push([position]);
  }
  return runs;
};
