import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { StoreDamagedError } from '../store-errors';
import { BoundedCache } from '../bounded-cache';
import type { Names } from './event-row';

/** Stream names kept in memory, so that a scan does not look each one up. */
const NAMES_IN_MEMORY = 200_000;

/** Names of the numbers that rows carry, looked up once. */
export class LogNames implements Names {
  readonly #nameOfStream: StatementSync;
  readonly #nameOfType: StatementSync;
  readonly #streamNames = new BoundedCache<number, string>(NAMES_IN_MEMORY);
  readonly #typeNames = new Map<number, string>();

  constructor(
    database: DatabaseSync,
    readonly file: string,
  ) {
    this.#nameOfStream = database.prepare('SELECT name FROM streams WHERE id = ?');
    this.#nameOfType = database.prepare('SELECT name FROM event_types WHERE id = ?');
  }

  streamName(id: number): string {
    const kept = this.#streamNames.get(id);
    if (kept !== undefined) return kept;
    const name = this.#nameOfStream.get(id)?.['name'];
    if (typeof name !== 'string') throw new StoreDamagedError(this.file, `stream ${id} has lost its name`);
    this.#streamNames.set(id, name);
    return name;
  }

  typeName(id: number): string {
    const kept = this.#typeNames.get(id);
    if (kept !== undefined) return kept;
    const name = this.#nameOfType.get(id)?.['name'];
    if (typeof name !== 'string') throw new StoreDamagedError(this.file, `event type ${id} has lost its name`);
    this.#typeNames.set(id, name);
    return name;
  }

  /** Numbers of a transaction that failed are given out again. */
  clear(): void {
    this.#streamNames.clear();
    this.#typeNames.clear();
  }
}
