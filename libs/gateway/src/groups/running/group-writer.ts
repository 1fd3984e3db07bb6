import * as E from 'fp-ts/Either';
import type { WireError, WireLog } from '../../log/wire-log';
import { groupId, type GroupKey } from '../definition';
import { writeCheckpoint } from '../storage/checkpoints';
import { park, truncateParked, type Parking } from '../storage/parked-messages';

/** Messages parked by one append. */
const PARKED_AT_ONCE = 100;

export interface WriterAnswers {
  readonly parked: (id: string) => void;
  readonly parkFailed: (id: string) => void;
  readonly checkpointed: (place: bigint) => void;
  /** Told once of a checkpoint that the log will never take. */
  readonly onFault: (error: unknown) => void;
}

/**
 * Writes what a group must remember, one append after the other. Of several checkpoints that wait only
 * the last is written; what an unavailable log could not take is tried again with the next `flush`.
 */
export class GroupWriter {
  private parkings: Parking[] = [];
  private checkpoint: bigint | null = null;
  private parkedBefore: bigint | null = null;
  private running: Promise<void> | null = null;
  private hasTold = false;

  constructor(
    private readonly log: WireLog,
    private readonly key: GroupKey,
    private readonly clock: () => number,
    private readonly answers: WriterAnswers,
  ) {}

  addPark(parking: Parking): void {
    this.parkings.push(parking);
  }

  setCheckpoint(place: bigint): void {
    this.checkpoint = place;
  }

  setParkedBefore(eventNumber: bigint): void {
    this.parkedBefore = eventNumber;
  }

  /** Resolves when everything asked for so far has been tried. */
  flush(): Promise<void> {
    if (this.running !== null) return this.running;
    if (!this.hasWork()) return Promise.resolve();
    this.running = this.write();
    return this.running;
  }

  private hasWork(): boolean {
    return this.parkings.length > 0 || this.checkpoint !== null || this.parkedBefore !== null;
  }

  private async write(): Promise<void> {
    try {
      let isRefused = false;
      while (!isRefused && this.hasWork()) {
        await this.writeParkings();
        const checkpointed = await this.writeCheckpoint();
        const truncated = await this.writeParkedBefore();
        isRefused = !checkpointed || !truncated;
      }
    } finally {
      // In the same step as the last look at the work, or work added in between would lie until the next flush.
      this.running = null;
    }
  }

  private async writeParkings(): Promise<void> {
    const batch = this.parkings.splice(0, PARKED_AT_ONCE);
    if (batch.length === 0) return;
    const written = await park(this.log, this.key, batch, this.clock());
    const answer = E.isRight(written) ? this.answers.parked : this.answers.parkFailed;
    for (const { message } of batch) answer(message.id);
  }

  private async writeCheckpoint(): Promise<boolean> {
    const place = this.checkpoint;
    if (place === null) return true;
    this.checkpoint = null;
    const written = await writeCheckpoint(this.log, this.key, place);
    if (E.isRight(written)) this.answers.checkpointed(place);
    else if (written.left.code === 'Unavailable') this.checkpoint ??= place;
    else this.tell(written.left);
    return E.isRight(written);
  }

  private tell(error: WireError): void {
    if (this.hasTold) return;
    this.hasTold = true;
    const why = 'message' in error ? error.message : error.code;
    this.answers.onFault(new Error(`Group ${groupId(this.key)} cannot store its checkpoint: ${why}`));
  }

  private async writeParkedBefore(): Promise<boolean> {
    const before = this.parkedBefore;
    if (before === null) return true;
    this.parkedBefore = null;
    const written = await truncateParked(this.log, this.key, before);
    if (E.isLeft(written)) this.parkedBefore ??= before;
    return E.isRight(written);
  }
}
