import type { Position } from '@afecto/event-store';
import { StoreDamagedError } from '@afecto/event-store';
import { originOf } from '../checkpoint/checkpoint';
import { isMarkedAsOwn } from '../leaf/own-events';
import { LeafEncoder } from '../leaf/leaf-bytes';
import { Frontier } from '../merkle/frontier';
import type { Hash } from '../merkle/hash';
import type { TreeFile } from '../tree/tree-file';
import { CausationCheck, type Place } from './causation-check';
import type { Claim } from './claims';
import { type CheckedRecord, OrderCheck } from './order-check';
import { TreeComparison } from './tree-comparison';

/** What is known of the first event that differs. */
export interface Difference {
  /** Which event of the log, from 0; with `last` one of several. */
  readonly index: number;
  /** Last event that it may be; null: it is this one. */
  readonly last: number | null;
  /** The event that lies there now; null: none does. */
  readonly eventId: string | null;
  readonly position: Position | null;
  readonly explanation: string;
}

/** What became of a checkpoint. */
export interface CheckedClaim extends Claim {
  /** `beyond`: it speaks of more events than the log has. `untrusted`: `mistrust` says why; it is not compared. */
  readonly verdict: 'holds' | 'differs' | 'beyond' | 'untrusted';
}

export interface LogVerdict {
  /** Events looked at. */
  readonly size: number;
  readonly root: Hash;
  readonly streams: number;
  /** Causes that lie before their effects. */
  readonly causes: number;
  /** Null: nothing in the log contradicts itself, the tree file or a checkpoint. */
  readonly first: Difference | null;
  /** Leaves that the tree file has as the log has them; null: there is no tree file. */
  readonly equalToTree: number | null;
  /** Why the tree file is no witness; null: it is one, or there is none. */
  readonly treeDamage: string | null;
  readonly claims: ReadonlyArray<CheckedClaim>;
  /** False: it was interrupted, and nothing else here counts. */
  readonly complete: boolean;
}

export interface VerifyLogOptions {
  /** The whole log in order. */
  readonly records: () => AsyncIterable<ReadonlyArray<CheckedRecord>>;
  /** Whether the store gives positions without gaps. */
  readonly isDense: boolean;
  readonly tree: TreeFile | null;
  readonly claims: ReadonlyArray<Claim>;
  readonly place: Place;
  readonly signal?: AbortSignal;
  readonly onProgress?: (size: number, position: Position) => void;
}

/** A finding about one event of the log. */
interface Found {
  readonly index: number;
  readonly record: CheckedRecord | null;
  readonly explanation: string;
}

/**
 * Reads a log from its beginning and recomputes everything that is said of it: order, checksums, causes,
 * leaves and roots; compares them with the tree file and with every checkpoint, and names the first
 * event that differs. Memory is flat but for the names of streams.
 */
export const verifyLog = async (options: VerifyLogOptions): Promise<LogVerdict> => {
  const check = new LogCheck(options);
  let complete = true;
  try {
    for await (const page of options.records()) {
      for (const record of page) await check.next(record);
      const last = page.at(-1);
      if (last !== undefined) options.onProgress?.(check.size, last.position);
      if (options.signal?.aborted !== true) continue;
      complete = false;
      break;
    }
  } catch (error) {
    if (!(error instanceof StoreDamagedError)) throw error;
    check.unreadable(error.message);
  }
  return check.verdict(complete);
};

class LogCheck {
  readonly #encoder = new LeafEncoder();
  readonly #frontier = new Frontier();
  readonly #order: OrderCheck;
  readonly #causation: CausationCheck;
  readonly #comparison: TreeComparison;
  readonly #roots = new Map<number, Hash>();
  /** The events at which the tree parts, or a rule is broken, whichever comes first. */
  #broken: Found | null = null;
  #parted: CheckedRecord | null = null;
  #origin = '';

  constructor(readonly options: VerifyLogOptions) {
    this.#order = new OrderCheck(options);
    this.#causation = new CausationCheck(options.place);
    this.#comparison = new TreeComparison(options.tree);
    for (const { signed } of options.claims) if (signed !== null) this.#roots.set(signed.checkpoint.size, '');
    if (this.#roots.has(0)) this.#roots.set(0, this.#frontier.root());
  }

  get size(): number {
    return this.#frontier.size;
  }

  async next(record: CheckedRecord): Promise<void> {
    const index = this.size;
    const wrong = this.#order.next(record) ?? (await this.#causation.next(record));
    if (wrong !== null) this.#breaks(index, record, wrong);
    if (isMarkedAsOwn(record)) return;
    if (index === 0) this.#origin = originOf(record.id);
    const hash = this.#encoder.hash(record);
    const comparison = this.#comparison;
    comparison.leaf(index, record, hash);
    if (comparison.difference?.index === index) this.#parted = record;
    this.#frontier.push(hash, (level, place, node) => comparison.node(level, place, node));
    if (this.#roots.has(this.size)) this.#roots.set(this.size, this.#frontier.root());
  }

  /** The log cannot be read any further. */
  unreadable(message: string): void {
    this.#breaks(this.size, null, `cannot be read: ${message}`);
  }

  verdict(complete: boolean): LogVerdict {
    const comparison = this.#comparison;
    if (complete) comparison.end(this.size);
    const claims = this.options.claims.map((claim) => this.#judged(claim));
    const held = claims.reduce(
      (size, { verdict, signed }) => (verdict === 'holds' ? Math.max(size, signed?.checkpoint.size ?? 0) : size),
      0,
    );
    const { difference } = comparison;
    // A checkpoint that holds over the whole place says that the log is right there, so the tree file is not.
    const isTreeWrong = difference !== null && difference.index < held;
    const treeDamage =
      comparison.damage ??
      (isTreeWrong ? `it differs at event ${difference.index + 1}, for which a signed checkpoint vouches` : null);
    return {
      size: this.size,
      root: this.#frontier.root(),
      streams: this.#order.streams,
      causes: this.#causation.found,
      first: this.#first(isTreeWrong, claims, held),
      equalToTree: this.options.tree === null ? null : comparison.equal,
      treeDamage,
      claims,
      complete,
    };
  }

  #breaks(index: number, record: CheckedRecord | null, explanation: string): void {
    this.#broken ??= { index, record, explanation };
  }

  #judged(claim: Claim): CheckedClaim {
    if (claim.signed === null || claim.mistrust !== null) return { ...claim, verdict: 'untrusted' };
    const { size, root, origin } = claim.signed.checkpoint;
    if (size > this.size) return { ...claim, verdict: 'beyond' };
    return { ...claim, verdict: this.#roots.get(size) === root && origin === this.#origin ? 'holds' : 'differs' };
  }

  #first(isTreeWrong: boolean, claims: ReadonlyArray<CheckedClaim>, held: number): Difference | null {
    const { difference } = this.#comparison;
    const parted: Found | null = difference === null || isTreeWrong ? null : { ...difference, record: this.#parted };
    const broken = this.#broken;
    // Of two findings about one event the tree's says more about what was there before.
    const pinned = parted === null || (broken !== null && broken.index < parted.index) ? broken : parted;
    const failed = this.#failedClaim(claims, held);
    if (pinned !== null && (failed === null || pinned.index <= (failed.last ?? failed.index))) return told(pinned);
    return failed;
  }

  /** What the smallest checkpoint that does not hold says about where the log was changed. */
  #failedClaim(claims: ReadonlyArray<CheckedClaim>, held: number): Difference | null {
    let smallest: CheckedClaim | null = null;
    const sizeOf = (claim: CheckedClaim | null): number => claim?.signed?.checkpoint.size ?? Infinity;
    for (const claim of claims)
      if (
        (claim.verdict === 'differs' || claim.verdict === 'beyond') &&
        // Where a larger one holds, this one is of another history and says nothing about the log.
        sizeOf(claim) > held &&
        sizeOf(claim) < sizeOf(smallest)
      )
        smallest = claim;
    if (smallest?.signed == null) return null;
    const { size, at } = smallest.signed.checkpoint;
    const said = `the checkpoint of ${new Date(at).toISOString()} ${placeOf(smallest)}`;
    const nobody = { eventId: null, position: null };
    if (smallest.verdict === 'beyond')
      return {
        ...nobody,
        index: this.size,
        last: null,
        explanation: `is missing: ${said} speaks of ${size} events, and the log ends after ${this.size}`,
      };
    return {
      ...nobody,
      index: held,
      last: size - 1,
      explanation: `differ: their root is not that of ${said}`,
    };
  }
}

const placeOf = ({ source }: Claim): string =>
  source.kind === 'log' ? `in the log (event ${source.eventId})` : `in ${source.file}`;

const told = ({ index, record, explanation }: Found): Difference => ({
  index,
  last: null,
  eventId: record?.id ?? null,
  position: record?.position ?? null,
  explanation,
});
